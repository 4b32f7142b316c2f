/** Marks in a Markdown text, put around or before what is selected. The browser's own undo takes them back. */

const LINES = { h2: "## ", h3: "### ", ul: "- ", ol: "1. ", quote: "> " };
const AROUND = { bold: "**", italic: "*" };
const ALERTS = { note: "NOTE", tip: "TIP", warning: "WARNING" };
const TABLE = "| A | B |\n| --- | --- |\n| 1 | 2 |";

/** Replaces a piece of the text as if it had been typed, so that Ctrl+Z undoes it. */
function replace(area, start, end, text, selectFrom = start + text.length, selectTo = selectFrom) {
  area.focus();
  area.setSelectionRange(start, end);
  const done = text ? document.execCommand("insertText", false, text) : document.execCommand("delete");
  if (!done) {
    area.setRangeText(text, start, end, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
  area.setSelectionRange(selectFrom, selectTo);
}

export function edit(area, what) {
  if (what in LINES) marksBefore(area, LINES[what]);
  else if (what in AROUND) marksAround(area, AROUND[what]);
  else if (what in ALERTS) insert(area, `> [!${ALERTS[what]}]\n> ${chosen(area).replaceAll("\n", "\n> ")}`, { alone: true });
  else if (what === "table") insert(area, TABLE, { alone: true });
  else if (what === "code") code(area);
}

/** Puts a piece of text at the cursor; `alone` gives it a paragraph of its own. */
export function insert(area, text, { alone = false } = {}) {
  const { selectionStart: start, selectionEnd: end, value } = area;
  const before = alone && start > 0 ? "\n".repeat(2 - Math.min(2, /\n*$/.exec(value.slice(0, start))[0].length)) : "";
  const wanted = end === value.length ? 1 : 2;
  const after = alone ? "\n".repeat(Math.max(0, wanted - /^\n*/.exec(value.slice(end))[0].length)) : "";
  const at = start + before.length + text.length;
  replace(area, start, end, before + text + after, at, at);
}

function chosen(area) {
  return area.value.slice(area.selectionStart, area.selectionEnd);
}

function marksAround(area, mark) {
  const { selectionStart: start, selectionEnd: end, value } = area;
  const [outerStart, outerEnd] = [start - mark.length, end + mark.length];
  if (value.slice(outerStart, start) === mark && value.slice(end, outerEnd) === mark) {
    replace(area, outerStart, outerEnd, value.slice(start, end), outerStart, outerStart + end - start);
  } else {
    replace(area, start, end, mark + value.slice(start, end) + mark, start + mark.length, end + mark.length);
  }
}

/** Before every chosen line, or away again where all of them have it. */
function marksBefore(area, mark) {
  const { value } = area;
  const start = value.lastIndexOf("\n", area.selectionStart - 1) + 1;
  const found = value.indexOf("\n", area.selectionEnd);
  const end = found < 0 ? value.length : found;
  const lines = value.slice(start, end).split("\n");
  const has = lines.every((line) => line.startsWith(mark));
  const marked = lines.map((line, at) => (has ? line.slice(mark.length) : (mark === "1. " ? `${at + 1}. ` : mark) + line.replace(/^#{1,6} /, "")));
  const text = marked.join("\n");
  replace(area, start, end, text, start + text.length, start + text.length);
}

function code(area) {
  const text = chosen(area);
  if (text.includes("\n")) insert(area, `\`\`\`\n${text}\n\`\`\``, { alone: true });
  else marksAround(area, "`");
}

export function wordsIn(text) {
  return (text.match(/[\p{L}\p{N}][\p{L}\p{N}'’-]*/gu) ?? []).length;
}
