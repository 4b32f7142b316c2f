/** What an owner chooses, shown while it is chosen; and the wait until it is in use. */

const WAIT = 300; // milliseconds after the last change
const LOOK_AGAIN = 1000;
const PROCESSES_IN_A_ROW = 4; // answers from new processes until all of them count as new
const form = document.querySelector("form[data-live]");
const after = document.querySelector("a[data-after]");
let timer;
let request;

function fetched(method, address, body, take) {
  const asking = new XMLHttpRequest();
  asking.responseType = "document";
  asking.open(method, address);
  asking.onload = () => take(asking.response);
  asking.onerror = () => take(null);
  asking.send(body);
  return asking;
}

function show() {
  request?.abort();
  request = fetched("POST", form.dataset.live, new FormData(form), (page) => {
    const drawn = page?.querySelector("[data-preview]");
    if (!drawn) return;
    document.querySelector("[data-preview]").replaceChildren(...document.adoptNode(drawn).childNodes);
    for (const file of form.querySelectorAll("input[type=file]")) file.value = ""; // kept by now, under its hash
    for (const field of form.querySelectorAll(".input")) mark(field, page);
  });
}

/** The sentence beside a field, as the server says it. */
function mark(field, page) {
  field.parentElement.querySelector(".error")?.remove();
  const said = page.getElementById(`${field.id}-error`);
  field.toggleAttribute("aria-invalid", Boolean(said));
  if (said) field.before(document.adoptNode(said));
}

function lookWhetherReady(ready = 0) {
  fetched("GET", after.href, null, (page) => {
    const isNew = page?.querySelector(".setup") && !page.querySelector("[data-waiting]");
    const count = isNew ? ready + 1 : 0;
    if (count >= PROCESSES_IN_A_ROW) {
      const line = document.querySelector("[data-ready]");
      line.textContent = line.dataset.ready;
    } else {
      setTimeout(lookWhetherReady, LOOK_AGAIN, count);
    }
  });
}

if (form) {
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, WAIT);
  });
}
if (after) lookWhetherReady();
