/** Passkeys: fetches the question, has the browser answer it, and sends the form with the answer. */

const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
const toText = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const withBytes = (list) => (list ?? []).map((one) => ({ ...one, id: toBytes(one.id) }));

async function question(form) {
  const token = form.querySelector('[name="csrf_token"]')?.value;
  const answer = await fetch(`${form.getAttribute("action")}/question`, {
    method: "POST",
    headers: { accept: "application/json", ...(token && { "x-csrf-token": token }) },
  });
  const document_ = await answer.json();
  if (!answer.ok) throw new Error(document_.detail);
  return document_;
}

async function make(form) {
  const asked = await question(form);
  const publicKey = {
    ...asked,
    challenge: toBytes(asked.challenge),
    user: { ...asked.user, id: toBytes(asked.user.id) },
    excludeCredentials: withBytes(asked.excludeCredentials),
  };
  const { response, ...made } = described(await navigator.credentials.create({ publicKey }));
  return { ...made, response: { clientDataJSON: toText(response.clientDataJSON), attestationObject: toText(response.attestationObject) } };
}

async function show(form) {
  const asked = await question(form);
  const publicKey = { ...asked, challenge: toBytes(asked.challenge), allowCredentials: withBytes(asked.allowCredentials) };
  const { response, ...shown } = described(await navigator.credentials.get({ publicKey }));
  return {
    ...shown,
    response: {
      clientDataJSON: toText(response.clientDataJSON),
      authenticatorData: toText(response.authenticatorData),
      signature: toText(response.signature),
      userHandle: response.userHandle && toText(response.userHandle),
    },
  };
}

function described(credential) {
  return { id: credential.id, rawId: toText(credential.rawId), type: credential.type, response: credential.response };
}

function say(form, text) {
  const message = form.querySelector("[data-message]");
  message.textContent = text;
  message.hidden = !text;
}

async function press(event) {
  const form = event.currentTarget;
  event.preventDefault();
  if (form.dataset.busy) return;
  form.dataset.busy = "yes";
  say(form, "");
  try {
    const credential = await (form.dataset.passkey === "make" ? make : show)(form);
    form.elements.credential.value = JSON.stringify(credential);
    form.submit();
  } catch (error) {
    say(form, error.name === "NotAllowedError" ? form.dataset.cancelled : error.name === "Error" ? error.message : form.dataset.unable);
  }
  delete form.dataset.busy;
}

for (const form of document.querySelectorAll("[data-passkey]")) form.addEventListener("submit", press);
