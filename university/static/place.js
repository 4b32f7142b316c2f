/** Notes which heading was reached, when the page is left: "Continue" then leads there, also on another device. */

const text = document.querySelector("[data-place]");
const headings = text ? [...text.querySelectorAll(":scope > h2[id]")] : [];
const EDGE = 0.4; // of the window's height: what is above it has been reached
let noted = "";

/** The last heading above the edge, or nothing near the top. */
function reached() {
  const edge = innerHeight * EDGE;
  return headings.findLast((heading) => heading.getBoundingClientRect().top < edge)?.id ?? "";
}

function note() {
  const heading = reached();
  if (heading === noted) return;
  noted = heading;
  navigator.sendBeacon(text.dataset.place, new URLSearchParams({ heading }));
}

if (headings.length) {
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") note(); });
  addEventListener("pagehide", note);
}
