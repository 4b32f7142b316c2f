/** Copy buttons: <button data-copy="text" data-copied="Copied"><span aria-live="polite">Copy</span></button> */

async function copy(button) {
  const label = button.querySelector("[aria-live]");
  const before = label.textContent;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    return; // not allowed here: the text stands beside the button and can be selected
  }
  label.textContent = button.dataset.copied;
  setTimeout(() => { label.textContent = before; }, 2000);
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", () => copy(button));
}
