/* livekit-client is the heaviest thing in the room and shows nothing: it comes after what shows. */

const PAUSE = 1000;
/** Ends of a connection that the server or we wanted, by their names. */
const FINAL = ["CLIENT_INITIATED", "DUPLICATE_IDENTITY", "PARTICIPANT_REMOVED", "ROOM_DELETED"];
const address = document.body.dataset.livekit;

/** The library, once `livekit()` has been waited for: nothing before that may ask it for anything. */
export let kit = /** @type {LivekitClient} */ (window.LivekitClient);
/** @type {Promise<void> | null} */
let asked = null;

/**
 * The name of an end of a connection; "" where the library gives none.
 * @param {import("livekit-client").DisconnectReason} [reason]
 */
export const nameOfEnd = (reason) => (reason === undefined ? "" : (kit.DisconnectReason[reason] ?? ""));

/** Whether nobody tries again after this end. @param {import("livekit-client").DisconnectReason} [reason] */
export const isFinal = (reason) => FINAL.includes(nameOfEnd(reason));

/** Resolves when the library is there; asks again for as long as a bad network takes. */
export function livekit() {
  asked ??= come();
  return asked;
}

async function come() {
  for (let tries = 0; !window.LivekitClient; tries += 1) {
    if (tries) await new Promise((done) => setTimeout(done, PAUSE));
    await fetched();
  }
  kit = window.LivekitClient;
}

function fetched() {
  const script = Object.assign(document.createElement("script"), { src: address });
  const done = new Promise((end) => {
    script.onload = end;
    script.onerror = end;
  });
  document.head.append(script);
  return done;
}

livekit();
