/** Comfort for the order of modules and lessons: moves happen in place, and lessons can be dragged by their grip. */

const IDS = "#outline, #checker";

/** The page after the form was sent, as a document: XMLHttpRequest parses it, no string of HTML in our hands. */
function send(address, fields) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.responseType = "document";
    request.timeout = 15000;
    request.onload = () => (request.status === 200 && request.response ? resolve(request.response) : reject(new Error(String(request.status))));
    request.onerror = request.ontimeout = () => reject(new Error("no connection"));
    request.send(new URLSearchParams(fields));
  });
}

function take(page) {
  for (const part of page.querySelectorAll(IDS)) document.getElementById(part.id)?.replaceWith(document.importNode(part, true));
  makeDraggable();
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest(".mover");
  const button = event.submitter;
  if (!form || !button) return;
  event.preventDefault();
  try {
    take(await send(form.action, new FormData(form, button)));
    const again = document.querySelector(`[data-key="${CSS.escape(button.dataset.key)}"]`);
    (again?.disabled ? again.parentElement.querySelector("button:not(:disabled)") : again)?.focus();
  } catch {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "do", value: button.value }));
    form.submit();
  }
});

let dragged = null;

function unmark() {
  for (const row of document.querySelectorAll(".drop-before, .drop-after")) row.classList.remove("drop-before", "drop-after");
}

function makeDraggable() {
  for (const grip of document.querySelectorAll(".grip")) {
    const row = grip.closest("li");
    grip.addEventListener("pointerdown", () => { row.draggable = true; });
    row.addEventListener("dragstart", () => { dragged = row; row.classList.add("is-dragged"); });
    row.addEventListener("dragend", () => { row.draggable = false; row.classList.remove("is-dragged"); unmark(); dragged = null; });
  }
}

function isBelowMiddle(event, row) {
  const box = row.getBoundingClientRect();
  return event.clientY > box.top + box.height / 2;
}

document.addEventListener("dragover", (event) => {
  const row = event.target.closest?.("[data-lesson]");
  const module = event.target.closest?.("[data-module]");
  if (!dragged || !module) return;
  event.preventDefault();
  unmark();
  row?.classList.add(isBelowMiddle(event, row) ? "drop-after" : "drop-before");
});

document.addEventListener("drop", async (event) => {
  const module = event.target.closest?.("[data-module]");
  if (!dragged || !module) return;
  event.preventDefault();
  const row = event.target.closest("[data-lesson]");
  const others = [...module.querySelectorAll("[data-lesson]")].filter((one) => one !== dragged);
  const at = row && row !== dragged ? others.indexOf(row) + Number(isBelowMiddle(event, row)) : others.length;
  if (row === dragged) return;
  const outline = document.getElementById("outline");
  const fields = new FormData(document.querySelector(".mover"));
  const token = { form_token: fields.get("form_token"), csrf_token: fields.get("csrf_token") };
  const order = { do: "to", lesson: dragged.dataset.lesson, into: module.dataset.module, to: at };
  try { take(await send(outline.dataset.order, { ...token, ...order })); } catch { location.reload(); }
});

makeDraggable();
