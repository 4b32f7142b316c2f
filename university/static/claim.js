/** Shows the name as the certificate will print it, drawn by the server, while it is typed. */

const WAIT = 400; // milliseconds after the last key
const frame = document.querySelector("[data-preview]");
const fields = document.querySelectorAll("[data-name]");
const form = fields[0]?.form;
let timer;
let request;

function show() {
  request?.abort();
  request = new XMLHttpRequest();
  request.responseType = "document";
  request.open("POST", form.querySelector("[formaction]").getAttribute("formaction"));
  request.onload = () => {
    const drawn = request.response?.querySelector("[data-preview]");
    if (drawn) frame.replaceChildren(...document.adoptNode(drawn).childNodes);
  };
  request.send(new FormData(form));
}

if (frame && form) {
  for (const field of fields) {
    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(show, WAIT);
    });
  }
}
