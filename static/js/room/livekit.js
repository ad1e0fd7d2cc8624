/* livekit-client is the heaviest thing in the room and shows nothing: it comes after what shows. */

const PAUSE = 1000;
/** Ends of a connection that the server or we wanted, by their names: nobody tries again after one of these. */
export const FINAL = ["CLIENT_INITIATED", "DUPLICATE_IDENTITY", "PARTICIPANT_REMOVED", "ROOM_DELETED"];
const address = document.body.dataset.livekit;

/** The library, once `livekit()` has been waited for. */
export let kit = window.LivekitClient ?? null;
let asked = null;

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
  const done = new Promise((end) => { script.onload = end; script.onerror = end; });
  document.head.append(script);
  return done;
}

livekit();
