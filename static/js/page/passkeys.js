/* Passkeys: the device makes or uses one, and what it says goes with the form. Without a script, or on a device that
   knows no passkeys, nothing of this shows. */

import { find } from "../shared/dom.js";
import { inputOf } from "../shared/form-data.js";

const FAILED = "Your device did not give a passkey. Try once more, or use another way.";

/** @param {string} text In base64url. */
function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

/** @param {ArrayBuffer | null | undefined} buffer */
function text(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer ?? new ArrayBuffer(0)));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** @param {{id: string}[]} known */
const described = (known) => known.map((each) => ({ type: /** @type {const} */ ("public-key"), id: bytes(each.id) }));

/** @param {any} told What our side asks for. */
function ask(told) {
  const challenge = bytes(told.challenge);
  if (!told.user) return navigator.credentials.get({ publicKey: { ...told, challenge, allowCredentials: [] } });
  const user = { ...told.user, id: bytes(told.user.id) };
  const excludeCredentials = described(told.excludeCredentials ?? []);
  return navigator.credentials.create({ publicKey: { ...told, challenge, user, excludeCredentials } });
}

/** @param {PublicKeyCredential} made */
function answer(made) {
  const { response } = made;
  const parts = { clientDataJSON: text(response.clientDataJSON) };
  if (response instanceof AuthenticatorAttestationResponse) {
    Object.assign(parts, { attestationObject: text(response.attestationObject) });
  } else if (response instanceof AuthenticatorAssertionResponse) {
    const { authenticatorData, signature, userHandle } = response;
    Object.assign(parts, { authenticatorData: text(authenticatorData), signature: text(signature) });
    if (userHandle) Object.assign(parts, { userHandle: text(userHandle) });
  }
  return { id: made.id, rawId: text(made.rawId), type: made.type, response: parts, clientExtensionResults: {} };
}

/** @param {HTMLFormElement} form */
async function send(form) {
  const body = new URLSearchParams({ csrf_token: inputOf(form, "csrf_token").value });
  const headers = { Accept: "application/json" };
  const told = await fetch(form.dataset.options ?? "", { method: "POST", headers, body });
  if (!told.ok) throw new Error(`${told.status}`);
  const made = await ask(await told.json());
  if (!(made instanceof PublicKeyCredential)) throw new Error("none");
  inputOf(form, "passkey_answer").value = JSON.stringify(answer(made));
  form.submit();
}

const form = document.getElementById("passkey");
if (form instanceof HTMLFormElement && window.PublicKeyCredential) {
  form.hidden = false;
  const said = find(form, "[role=alert]");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    said.textContent = "";
    send(form).catch(() => {
      said.textContent = FAILED;
    });
  });
}
