/**
 * A file check takes a PDF that is dropped anywhere on its form: <form data-drop><input type="file">…</form>
 * A holder who was led to #yours copies an address that says it to nobody else.
 */

// Not before the page is loaded: until then browsers have not looked where the address leads.
addEventListener("load", () => {
  if (location.hash === "#yours") history.replaceState(history.state, "", location.pathname + location.search);
});

function take(form, event) {
  const files = event.dataTransfer?.files;
  if (!files?.length) return;
  const input = form.querySelector("input[type=file]");
  input.files = files;
  form.requestSubmit();
}

for (const form of document.querySelectorAll("[data-drop]")) {
  for (const name of ["dragenter", "dragover"]) {
    form.addEventListener(name, (event) => { event.preventDefault(); form.classList.add("is-over"); });
  }
  for (const name of ["dragleave", "drop"]) {
    form.addEventListener(name, () => form.classList.remove("is-over"));
  }
  form.addEventListener("drop", (event) => { event.preventDefault(); take(form, event); });
}
