/** Practice questions checked in place. The server answers with the same question, told; its nodes are moved in. */

const CHECKED = "form[data-check]";

class NoConnection extends Error {}

/** The answer as a document of its own. XMLHttpRequest, because it parses without a string of HTML in our hands. */
function post(form) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.responseType = "document";
    request.timeout = 15000;
    request.setRequestHeader("x-fragment", "1");
    request.onload = () => {
      const known = [200, 422].includes(request.status) && request.response?.querySelector(CHECKED);
      return known ? resolve(request.response) : reject(new Error(String(request.status)));
    };
    request.onerror = request.ontimeout = () => reject(new NoConnection());
    request.send(new URLSearchParams(new FormData(form)));
  });
}

/** Puts every part of the answer in the place of the part with its id. */
function take(answer) {
  for (const part of [...answer.body.children]) {
    const old = part.id && document.getElementById(part.id);
    if (old) old.replaceWith(document.importNode(part, true));
  }
}

/** Leaves everything as it is: whoever sends the page itself into a tunnel loses it to the browser's own error page. */
function say(form, button) {
  const status = form.querySelector("[data-status]");
  status.textContent = form.dataset.failed;
  status.classList.add("error");
  button.removeAttribute("aria-disabled");
}

async function check(event) {
  const form = event.target.closest(CHECKED);
  if (!form || event.defaultPrevented) return;
  event.preventDefault();
  const button = form.querySelector("button:not([type=button])");
  button.setAttribute("aria-disabled", "true");
  try {
    take(await post(form));
    document.querySelector(`#${CSS.escape(form.id)} [data-focus]`)?.focus();
  } catch (fault) {
    if (fault instanceof NoConnection) return say(form, button);
    // Without a fast way there is the plain one: the page itself, with its own error page if need be.
    form.removeAttribute("data-check");
    form.submit();
  }
}

document.addEventListener("submit", check);
