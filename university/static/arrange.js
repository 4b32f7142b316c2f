/**
 * Comfort for the order of things: the buttons of `.mover` move in place, and `.grip` takes a thing along under a
 * mouse, a pen or a finger. Both send the one form that the buttons send, and say aloud where the thing is now.
 *
 * A page names its lists by `data-list` and an id, the things in them by `data-item` with their title, the parts that
 * a move changes by `data-arranged`, and the sentence by `data-told` on the element that tells it.
 */

const TELLER = document.querySelector("[data-told]");
const EDGE = 70;

/** The page after the form was sent, as a document: XMLHttpRequest parses it, no string of HTML in our hands. */
function send(address, fields) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.responseType = "document";
    request.timeout = 15000;
    request.onload = () => (request.status === 200 && request.response?.querySelector("[data-arranged]") ? resolve(request.response) : reject(new Error(String(request.status))));
    request.onerror = request.ontimeout = () => reject(new Error("no connection"));
    request.send(new URLSearchParams(fields));
  });
}

/** The plain way, for when the quick one fails: the page that comes then says why. */
function sendPlainly(form, fields) {
  for (const [name, value] of fields) {
    if (form.elements.namedItem(name)?.value === value) continue;
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  form.submit();
}

async function arrange(form, fields) {
  try {
    const page = await send(form.action, fields);
    for (const part of page.querySelectorAll("[data-arranged]")) document.getElementById(part.id)?.replaceWith(document.importNode(part, true));
    return true;
  } catch {
    sendPlainly(form, fields);
    return false;
  }
}

function tell(title, place, count) {
  if (TELLER) TELLER.textContent = TELLER.dataset.told.replace("{title}", title).replace("{place}", place).replace("{count}", count);
}

const listOf = (item) => item.parentElement.closest("[data-list]");
const itemsOf = (list) => [...list.querySelectorAll("[data-item]")].filter((one) => listOf(one) === list);

document.addEventListener("submit", async (event) => {
  const form = event.target.closest(".mover");
  const button = event.submitter;
  if (!form || !["up", "down"].includes(button?.value)) return;
  event.preventDefault();
  const item = button.closest("[data-item]");
  const { id } = listOf(item);
  const at = itemsOf(listOf(item)).indexOf(item) + (button.value === "up" ? -1 : 1);
  if (!(await arrange(form, new FormData(form, button)))) return;
  const items = itemsOf(document.getElementById(id));
  tell(item.dataset.item, at + 1, items.length);
  const again = items[at]?.querySelector(`.mover [value="${button.value}"]`);
  (again?.disabled ? again.parentElement.querySelector("button:not(:disabled)") : again)?.focus();
});

/** What is under way: the thing, where its finger or pointer is, and the place it would have. */
let drag = null;

document.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest(".grip");
  if (!grip || event.button !== 0 || drag) return;
  event.preventDefault();
  const item = grip.closest("[data-item]");
  drag = { item, kind: listOf(item).dataset.list, pointer: event.pointerId, x: event.clientX, y: event.clientY, place: null };
  grip.setPointerCapture(event.pointerId);
  item.classList.add("is-dragged");
  follow();
});

document.addEventListener("pointermove", (event) => {
  if (drag?.pointer !== event.pointerId) return;
  Object.assign(drag, { x: event.clientX, y: event.clientY });
  aim();
});

document.addEventListener("pointerup", async (event) => {
  if (drag?.pointer !== event.pointerId) return;
  const { item, place } = drag;
  end();
  if (place) await drop(item, place);
});
document.addEventListener("pointercancel", end);
document.addEventListener("keydown", (event) => { if (event.key === "Escape") end(); });

function end() {
  drag?.item.classList.remove("is-dragged");
  drag = null;
  unmark();
}

function unmark() {
  for (const one of document.querySelectorAll(".drop-before, .drop-after, .drop-into")) one.classList.remove("drop-before", "drop-after", "drop-into");
}

/** Near an edge the page moves along, as long as something is dragged. */
function follow() {
  if (!drag) return;
  const by = drag.y < EDGE ? -12 : drag.y > innerHeight - EDGE ? 12 : 0;
  if (by) {
    scrollBy({ top: by, behavior: "instant" });
    aim();
  }
  requestAnimationFrame(follow);
}

/** Where it would go, with a line between its neighbours to be. */
function aim() {
  unmark();
  drag.place = null;
  const list = listUnder(drag.x, drag.y);
  if (!list) return;
  const others = itemsOf(list).filter((one) => one !== drag.item);
  const at = others.filter((one) => middle(one) < drag.y).length;
  if (list === listOf(drag.item) && at === itemsOf(list).indexOf(drag.item)) return;
  drag.place = { list, at };
  if (!others.length) list.classList.add("drop-into");
  else if (at < others.length) others[at].classList.add("drop-before");
  else others.at(-1).classList.add("drop-after");
}

function listUnder(x, y) {
  const lists = [...document.querySelectorAll(`[data-list="${drag.kind}"]`)];
  const away = (list) => { const box = list.getBoundingClientRect(); return Math.max(box.top - y, y - box.bottom, 0) + Math.max(box.left - x, x - box.right, 0); };
  return lists.reduce((nearest, one) => (away(one) < away(nearest) ? one : nearest), lists[0]);
}

function middle(one) {
  const box = one.getBoundingClientRect();
  return box.top + box.height / 2;
}

async function drop(item, { list, at }) {
  const form = item.querySelector("form.mover") ?? item.closest("form");
  const fields = new FormData(form);
  if (item.dataset.row) {
    fields.set("do", `to:${item.dataset.row}:${at}`);
  } else {
    fields.set("do", "to");
    fields.set("to", at);
    if (list.dataset.into) fields.set("into", list.dataset.into);
  }
  const count = new Set([...itemsOf(list), item]).size;
  if (await arrange(form, fields)) tell(item.dataset.item, at + 1, count);
}
