/** The two questions of the lesson editor: where a link leads, and what a picture shows. */

const linkDialog = document.getElementById("ask-link");
const pictureDialog = document.getElementById("ask-picture");

/** Text and target of a link; null when it was cancelled. */
export function askForLink(text) {
  const [words, target] = linkDialog.querySelectorAll("input");
  words.value = text;
  target.value = "";
  linkDialog.returnValue = "";
  linkDialog.showModal();
  (text ? target : words).focus();
  return new Promise((resolve) => {
    linkDialog.addEventListener("close", () => {
      const to = target.value.trim();
      const isSent = linkDialog.returnValue === "ok" && to;
      resolve(isSent ? { text: words.value.trim() || to, to: to.includes(" ") ? `<${to}>` : to } : null);
    }, { once: true });
  });
}

/** How a picture is written in the text, once the server has taken it; null when it was cancelled. */
export function askForPicture(lesson, pasted) {
  const ask = pictureDialog.querySelector("form");
  const file = document.getElementById("ask-file");
  const problem = pictureDialog.querySelector("[data-problem]");
  ask.reset();
  problem.hidden = true;
  file.hidden = Boolean(pasted);
  pictureDialog.querySelector("[data-name]").textContent = pasted ? `${pasted.name} · ${Math.ceil(pasted.size / 1024)} KiB` : "";
  pictureDialog.showModal();
  (pasted ? document.getElementById("ask-alt") : file).focus();
  return new Promise((resolve) => {
    const stop = new AbortController();
    const end = (markdown) => { stop.abort(); pictureDialog.close(); resolve(markdown); };
    const say = (text) => { problem.querySelector("span").textContent = text; problem.hidden = false; };
    const submit = async (event) => {
      event.preventDefault();
      try { end(await upload(lesson, pasted ?? file.files[0])); } catch (fault) { say(fault.message); }
    };
    ask.addEventListener("submit", submit, { signal: stop.signal });
    pictureDialog.querySelector("[data-cancel]").addEventListener("click", () => end(null), { signal: stop.signal });
    pictureDialog.addEventListener("cancel", () => end(null), { signal: stop.signal });
  });
}

async function upload(lesson, file) {
  const body = new FormData();
  for (const name of ["form_token", "csrf_token"]) body.append(name, lesson.elements[name].value);
  if (file) body.append("picture", file, "picture");
  body.append("alt", document.getElementById("ask-alt").value);
  if (document.getElementById("ask-decorative").checked) body.append("decorative", "true");
  const answer = await fetch(lesson.dataset.pictures, { method: "POST", body, headers: { accept: "application/json" } }).catch(() => null);
  const told = await answer?.json().catch(() => null);
  if (!answer?.ok || !told?.markdown) throw new Error(told?.detail || lesson.dataset.notAdded);
  return told.markdown;
}
