/** An exam page that saves each answer when it is given, shows the time left, and says so when the line is down. */

const form = document.querySelector("form[data-sitting]");
const words = form.dataset;
const status = document.querySelector("[data-status]");
const clock = document.querySelector("[data-clock]");
const waiting = new Set();
const WAIT_TO_RETRY = 5000;
let retryTimer = 0;
let busy = false;
let leaving = false;
let isEnding = false;
let isAsking = false;
let endsAt = words.seconds ? performance.now() + Number(words.seconds) * 1000 : null;

/** The fields of the questions that wait to be saved. */
function fieldsOf(questions) {
  const fields = new URLSearchParams();
  const all = new FormData(form);
  const names = new Set(all.getAll("asked").filter((id) => questions.has(id)).map((id) => `q.${id}`));
  for (const [name, value] of all) {
    const isAsked = name === "asked" && questions.has(value);
    const isAnswer = names.has(name.split(".").slice(0, 2).join("."));
    if (isAsked || isAnswer || name === "form_token") fields.append(name, value);
  }
  return fields;
}

function say(text, failed = false) {
  status.textContent = text;
  status.classList.toggle("saved--failed", failed);
}

function note(id, problem, isAnswered) {
  const line = form.querySelector(`[data-question="${CSS.escape(id)}"] [data-problem]`);
  line.textContent = problem ?? "";
  line.hidden = !problem;
  document.querySelector(`[data-for="${CSS.escape(id)}"]`)?.classList.toggle("done", isAnswered);
}

async function save() {
  if (busy || !waiting.size) return;
  busy = true;
  const sent = new Set(waiting);
  waiting.clear();
  say(words.saving);
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: fieldsOf(sent),
      headers: { accept: "application/json" },
      signal: AbortSignal.timeout(15000),
    });
    if (!answer.ok) throw new Error(String(answer.status));
    took(await answer.json(), sent);
  } catch {
    for (const id of sent) waiting.add(id);
    say(words.failed, true);
    saveLater();
  } finally {
    busy = false;
  }
  if (waiting.size && !status.classList.contains("saved--failed")) save();
}

function saveLater() {
  clearTimeout(retryTimer);
  retryTimer = setTimeout(save, WAIT_TO_RETRY);
}

function took(answer, sent) {
  if (answer.result) return leave(answer.result);
  if (answer.seconds_left !== null) endsAt = performance.now() + answer.seconds_left * 1000;
  for (const id of sent) note(id, answer.problems[id], !answer.unanswered.includes(id));
  const done = document.querySelectorAll("[data-for].done").length;
  say(`${words.saved} · ${words.answered.replace("{done}", done)}`);
}

function leave(address) {
  leaving = true;
  say(words.over);
  location.assign(address);
}

/** Whole minutes while there are many, then minutes and seconds. */
function shown(seconds) {
  const minutes = Math.floor(seconds / 60);
  return seconds > 600 ? `${Math.ceil(seconds / 60)} min` : `${minutes}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
}

/** Asks the server; what it replied, or null without a connection. */
function ask(milliseconds) {
  const request = { headers: { accept: "application/json" }, signal: AbortSignal.timeout(milliseconds) };
  return fetch(form.action, request).catch(() => null);
}

/** Staff may have given more time since: the server's clock is asked, and asked again at the end. True: it replied. */
async function look() {
  const reply = await ask(4000);
  const answer = await reply?.json().catch(() => null);
  if (leaving || !answer) return reply !== null;
  if (answer.result) leave(answer.result);
  else if (answer.seconds_left !== null) endsAt = performance.now() + answer.seconds_left * 1000;
  return true;
}

async function tick() {
  const left = Math.max(0, (endsAt - performance.now()) / 1000);
  clock.textContent = words.left.replace("{time}", shown(left));
  clock.parentElement.classList.toggle("clock--short", left < 120);
  if (left > 0 || leaving || isEnding) return;
  isEnding = true;
  const isReached = await look();
  isEnding = false;
  if (leaving || endsAt > performance.now()) return;
  say(words.over);
  if (!isReached) return; // asked again in a second; what is saved counts
  leaving = true;
  handIn();
}

/** At the end of the time everything on the page is sent once more and handed in; the server allows some seconds. */
function handIn() {
  const end = document.createElement("input");
  Object.assign(end, { type: "hidden", name: "hand_in", value: "anyway" });
  form.append(end);
  form.submit();
}

/** Sends the page once the server is known to answer: without a connection the browser would put its error page here. */
async function send(button) {
  isAsking = true;
  say(words.saving);
  const reply = await ask(15_000);
  isAsking = false;
  if (!reply) {
    say(words.unsent, true);
    return saveLater(); // until then these words can be read
  }
  leaving = true;
  form.requestSubmit(button);
}

form.addEventListener("change", (event) => {
  const question = event.target.closest("[data-question]");
  if (!question) return;
  waiting.add(question.dataset.question);
  save();
});
form.addEventListener("submit", (event) => {
  if (leaving) return;
  event.preventDefault();
  if (!isAsking) send(event.submitter);
});
addEventListener("online", save);
addEventListener("beforeunload", (event) => {
  if (waiting.size && !leaving) event.preventDefault();
});
for (const button of form.querySelectorAll("button[name=save]")) button.hidden = true;
if (endsAt !== null && clock) {
  tick();
  setInterval(tick, 1000);
  setInterval(look, 60_000);
}
