/**
 * Comfort for writing a lesson. The form works without it. The server draws and judges everything: the preview is the
 * real lesson page fetched as a document, messages are parts of the saved page; nodes are moved in, never strings.
 */

import { edit, insert, wordsIn } from "./markdown.js";
import { askForLink, askForPicture } from "./ask.js";

const form = document.getElementById("lesson");
const area = form.elements.text;
const words = form.dataset;
const status = form.querySelector("[data-status]");
const seen = document.querySelector("[data-seen]");
const pane = document.getElementById("seen");
const WAIT_TO_SAVE = 2000;
const WAIT_TO_LOOK = 500;
const WAIT_TO_RETRY = 5000;

let unsaved = false;
let saving = false;
let stopped = false;
let leaving = false;
let goOn = null;
let saveTimer = 0;
let lookTimer = 0;
let looking = null;

function say(text, failed = false) {
  status.querySelector("span").textContent = text;
  status.classList.toggle("saved--failed", failed);
}

/** The form as it stands, without a chosen file: that one waits for its button. */
function fields() {
  const all = new FormData(form);
  all.delete("picture");
  return all;
}

/** Sends the form; the answer is a document of its own, parsed by the browser. */
function send(address, body) {
  const request = new XMLHttpRequest();
  const answer = new Promise((resolve, reject) => {
    request.open("POST", address);
    request.responseType = "document";
    request.timeout = 20000;
    request.onload = () => resolve({ status: request.status, page: request.response });
    request.onerror = request.ontimeout = () => reject(new Error("no connection"));
  });
  request.send(body);
  return { answer, request };
}

// Saving by itself

function touched() {
  unsaved = true;
  if (!stopped) {
    say(words.waiting);
    clearTimeout(saveTimer);
    saveTimer = setTimeout(save, WAIT_TO_SAVE);
  }
  clearTimeout(lookTimer);
  lookTimer = setTimeout(look, WAIT_TO_LOOK);
  count();
}

async function save() {
  if (saving || stopped || !unsaved || leaving) return;
  saving = true;
  unsaved = false;
  say(words.saving);
  const body = fields();
  body.append("auto", "1");
  try {
    took(await send(form.action, body).answer);
  } catch {
    unsaved = true;
    say(words.failed, true);
    setTimeout(save, WAIT_TO_RETRY);
  } finally {
    saving = false;
    goOn?.();
  }
  if (unsaved && !stopped && !status.classList.contains("saved--failed")) touched();
}

function took({ status: code, page }) {
  const saved = code === 200 && page?.getElementById("lesson");
  if (!saved) {
    unsaved = true;
    if (code >= 500) throw new Error(String(code));
    stopped = true;
    say({ 401: words.out, 403: words.out, 409: words.conflict }[code] ?? words.refused, true);
    return;
  }
  form.elements.base.value = saved.elements.base.value;
  for (const part of page.querySelectorAll("[data-said]")) renew(part);
  const time = new Date().toLocaleTimeString(document.documentElement.lang, { timeStyle: "short", hourCycle: "h23" });
  say(words.saved.replace("{time}", time));
}

/** Takes over what the checker says about a field, and leaves the field itself alone: somebody is typing in it. */
function renew(part) {
  const old = document.getElementById(part.id);
  if (!old) return;
  if (part.id === "text-said" || part.id === "said-file") {
    old.replaceChildren(...[...part.childNodes].map((node) => document.importNode(node, true)));
    return;
  }
  const boxes = [old.querySelectorAll(".said"), part.querySelectorAll(".said")].map((list) => [...list]);
  boxes[0].forEach((box, at) => {
    const fresh = boxes[1][at];
    if (!fresh) return;
    for (const line of box.querySelectorAll(".error, .doubt")) line.remove();
    const field = box.querySelector(".field");
    const error = fresh.querySelector(".error");
    const input = field?.querySelector(".input");
    input?.toggleAttribute("aria-invalid", false);
    if (error && field) {
      field.insertBefore(document.importNode(error, true), input.closest(".with-unit") ?? input);
      input.setAttribute("aria-invalid", "true");
      input.setAttribute("aria-describedby", error.id);
    }
    for (const doubt of fresh.querySelectorAll(".doubt")) box.append(document.importNode(doubt, true));
  });
}

// Preview

async function look() {
  if (pane.offsetParent === null) return;
  looking?.abort();
  const { answer, request } = send(words.preview, fields());
  looking = request;
  try {
    const { page } = await answer;
    const article = page?.querySelector("article.prose");
    if (!article) throw new Error("no lesson in the answer");
    show(document.importNode(article, true));
  } catch {
    if (request !== looking) return;
    seen.classList.add("is-old");
    say(words.unseen);
  }
}

/** Only what differs is exchanged, so that pictures do not flicker and the place stays. */
function show(article) {
  seen.classList.remove("is-old");
  for (const one of article.querySelectorAll("[id]")) one.id = `seen-${one.id}`;
  for (const link of article.querySelectorAll("a")) link.target = "_blank";
  const old = seen.querySelector("article");
  if (!old) return seen.replaceChildren(article);
  const [was, now] = [[...old.childNodes], [...article.childNodes]];
  let start = 0;
  while (start < was.length && start < now.length && was[start].isEqualNode(now[start])) start += 1;
  let end = 0;
  while (end < was.length - start && end < now.length - start && was.at(-1 - end).isEqualNode(now.at(-1 - end))) end += 1;
  for (const node of was.slice(start, was.length - end)) node.remove();
  const before = was[was.length - end] ?? null;
  for (const node of now.slice(start, now.length - end)) old.insertBefore(node, before);
}

function count() {
  const n = wordsIn(area.value);
  form.querySelector("[data-count]").textContent = words.words.replace("{n}", n).replace("{m}", Math.max(1, Math.round(n / 200)));
}

// Toolbar, keys, pictures

async function act(what, file) {
  // A dialog takes the place in the text away with the focus.
  const place = [area.selectionStart, area.selectionEnd];
  const back = () => { area.focus(); area.setSelectionRange(...place); };
  if (what === "link") {
    const link = await askForLink(area.value.slice(...place));
    back();
    if (link) insert(area, `[${link.text}](${link.to})`);
  } else if (what === "picture") {
    const markdown = await askForPicture(form, file);
    back();
    if (markdown) insert(area, markdown, { alone: true });
  } else {
    edit(area, what);
  }
}

const KEYS = { b: "bold", i: "italic", k: "link", e: "code" };

/** By the place of the key, so that it is the same on every layout. */
function asked(event) {
  if (!(event.ctrlKey || event.metaKey)) return null;
  if (event.altKey) return { Digit2: "h2", Digit3: "h3", KeyP: "picture" }[event.code] ?? null;
  if (event.shiftKey) return { Digit8: "ul", Digit7: "ol" }[event.code] ?? null;
  return KEYS[event.key.toLowerCase()] ?? null;
}

area.addEventListener("keydown", (event) => {
  const what = asked(event);
  if (!what) return;
  event.preventDefault();
  act(what);
});

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "s") {
    event.preventDefault();
    if (stopped) form.requestSubmit();
    else { unsaved = true; clearTimeout(saveTimer); save(); }
  }
});

const tools = form.querySelector("[role=toolbar]");
const buttons = [...tools.querySelectorAll(".tool")];
tools.addEventListener("click", (event) => {
  const button = event.target.closest(".tool");
  if (button) act(button.dataset.do);
});
tools.addEventListener("keydown", (event) => {
  const at = buttons.indexOf(document.activeElement);
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const next = event.key === "Home" ? 0 : event.key === "End" ? buttons.length - 1 : step ? (at + step + buttons.length) % buttons.length : -1;
  if (at < 0 || next < 0) return;
  event.preventDefault();
  buttons[at].tabIndex = -1;
  buttons[next].tabIndex = 0;
  buttons[next].focus();
});

function pictureIn(data) {
  return [...(data?.files ?? [])].find((file) => file.type.startsWith("image/"));
}
area.addEventListener("paste", (event) => {
  const file = pictureIn(event.clipboardData);
  if (!file) return;
  event.preventDefault();
  act("picture", file);
});
area.addEventListener("dragover", (event) => {
  if (![...event.dataTransfer.types].includes("Files")) return;
  event.preventDefault();
  area.classList.add("is-over");
});
area.addEventListener("dragleave", () => area.classList.remove("is-over"));
area.addEventListener("drop", (event) => {
  area.classList.remove("is-over");
  const file = pictureIn(event.dataTransfer);
  if (!file) return;
  event.preventDefault();
  act("picture", file);
});

// The page

function goToLine(line) {
  const lines = area.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  area.focus();
  area.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
}

form.addEventListener("input", (event) => { if (event.target.type !== "file" && !["alt", "decorative"].includes(event.target.name)) touched(); });
form.addEventListener("submit", (event) => {
  if (event.submitter?.formTarget) return;
  leaving = true;
  if (!saving) return;
  // What is being saved at this moment is our own: without its base the form would seem to overwrite somebody else.
  event.preventDefault();
  goOn = () => form.requestSubmit(event.submitter);
});
form.addEventListener("click", (event) => {
  const link = event.target.closest("[data-line]");
  if (!link || link === form) return;
  event.preventDefault();
  goToLine(Number(link.dataset.line));
});
form.querySelector("[data-toggle]").addEventListener("click", ({ currentTarget }) => {
  const shown = pane.classList.toggle("is-shown");
  currentTarget.setAttribute("aria-expanded", String(shown));
  if (shown) { look(); pane.scrollIntoView(); }
});
addEventListener("beforeunload", (event) => { if (unsaved && !leaving) event.preventDefault(); });
addEventListener("online", save);

// A page that shows two versions waits for its author before anything is saved.
stopped = Boolean(form.querySelector(".summary"));
count();
look();
if (words.line) goToLine(Number(words.line));
