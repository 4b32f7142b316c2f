/** Shows the name on the preview of the certificate while it is typed. */

const frame = document.querySelector("[data-preview]");
const preview = frame?.querySelector(".cert__name");
const fields = document.querySelectorAll("[data-name]");

function show() {
  const name = [...fields].map((field) => field.value.trim()).filter(Boolean).join(" ");
  preview.textContent = name || frame.dataset.preview;
  preview.classList.toggle("cert__name--long", name.length > 22);
}

if (preview) {
  for (const field of fields) field.addEventListener("input", show);
}
