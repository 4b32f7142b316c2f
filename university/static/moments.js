/** Says moments on the reader's own clock; without a script the page says them in UTC. */

const language = document.documentElement.lang;
const own = navigator.languages.find((one) => one.startsWith(language)) ?? language;
const words = new Intl.DateTimeFormat(own, { dateStyle: "long", timeStyle: "short" });

for (const moment of document.querySelectorAll("time[data-moment]")) {
  moment.title = moment.textContent;
  moment.textContent = words.format(new Date(moment.dateTime));
}
