/* The form before the session on its way: kept on the page until the server has it, sent again by itself. Without this
   script it is sent as any form is. */

const AGAIN_MS = 2500;
const KEPT = "Saved on this device. We send it by itself as soon as we can. Keep this page open.";

/** Have `form` sent by this page, and go to `onward` when it was taken. `note` says so while it has to wait. */
export function sendPatiently(form, note, onward) {
  let sending = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sending) return;
    sending = true;
    let answer = await send(form);
    while (answer === "away") {
      note.textContent = KEPT;
      await new Promise((done) => setTimeout(done, AGAIN_MS));
      answer = await send(form);
    }
    if (answer === "taken") location.assign(onward);
    else form.submit(); // the page that says why comes from the server
  });
}

async function send(form) {
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" });
    if (answer.type === "opaqueredirect") return "taken";
    return answer.status >= 500 ? "away" : "refused";
  } catch {
    return "away";
  }
}
