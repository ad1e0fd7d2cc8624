/* A page for a unit test: a document without a browser, whose clocks are those that the test has stopped. */

import { Window } from "happy-dom";

import { rest } from "./rest.js";

const NAMES = [
  ...["document", "location", "history", "navigator", "DOMParser", "FormData", "CSS", "getComputedStyle"],
  ...["Node", "Element", "HTMLElement", "HTMLFormElement", "HTMLInputElement", "HTMLTextAreaElement", "SVGElement"],
  ...["HTMLSelectElement", "HTMLButtonElement", "HTMLAnchorElement", "HTMLDialogElement", "HTMLProgressElement"],
  ...["HTMLImageElement", "HTMLVideoElement", "HTMLMediaElement"],
];
const CLOCKS = ["setTimeout", "clearTimeout", "setInterval", "clearInterval"];

/** Open a page with `html` in its body, as the globals that a script finds. Returns its window. */
export function openPage(html = "", { url = "https://clinic.example/page" } = {}) {
  const window = new Window({ url, settings: { disableJavaScriptFileLoading: true } });
  window.document.body.innerHTML = html;
  for (const name of CLOCKS) window[name] = (...given) => globalThis[name](...given);
  const page = { window, ...Object.fromEntries(NAMES.map((name) => [name, window[name]])) };
  for (const [name, value] of Object.entries(page)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
  return window;
}

export { pass, rest } from "./rest.js";

/** A module loaded as for a page of its own: what it keeps at its top level is new. */
export async function afresh(path) {
  fresh += 1;
  return import(`../../../static/js/${path}?page=${fresh}`);
}
let fresh = 0;

/** Have something happen on the page. Returns the event. */
export function fire(target, name, more = {}) {
  const event = Object.assign(new window.Event(name, { bubbles: true, cancelable: true }), more);
  target.dispatchEvent(event);
  return event;
}

/** Write `words` into a field, in place of what stands there. */
export async function write(field, words) {
  field.value = words;
  fire(field, "input");
  await rest();
}

/** Press an element as a person does. */
export function press(element) {
  return fire(element, "click");
}
