/** Says what the hour typed in UTC is on the clock of whoever plans a publish. */

const field = document.getElementById("due_at");
const here = document.getElementById("due-here");

function tell() {
  const moment = new Date(`${field.value}Z`);
  const words = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "full", timeStyle: "long" });
  here.textContent = Number.isNaN(moment.getTime()) ? "" : here.dataset.here.replace("{moment}", words.format(moment));
}

if (field && here) {
  field.addEventListener("input", tell);
  tell();
}
