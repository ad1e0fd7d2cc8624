import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { afresh, fire, openPage } from "../support/page.js";

beforeEach(() => mock.timers.enable({ apis: ["Date"], now: Date.UTC(2026, 0, 15, 12) }));
afterEach(() => mock.timers.reset());

async function open(html, { onLine = true, secure = true } = {}) {
  openPage(`<main id="main">${html}</main>`);
  registered = [];
  const serviceWorker = { register: (address) => registered.push(address) };
  Object.defineProperty(globalThis, "navigator", {
    value: { onLine, serviceWorker },
    configurable: true,
    writable: true,
  });
  Object.defineProperty(window, "isSecureContext", { value: secure });
  await afresh("page/page.js");
}

let registered;
const banner = () => document.querySelector(".btl-offline");
const note = () => document.getElementById("zone-note");
const zone = (name) => `<p id="zone-note" data-service-zone="${name}" hidden></p>`;

test("the banner is there only without a link, and goes when it is back", async () => {
  await open("");
  assert.equal(banner().hidden, true);
  navigator.onLine = false;
  fire(window, "offline");
  assert.equal(banner().hidden, false);
  navigator.onLine = true;
  fire(window, "online");
  assert.equal(banner().hidden, true);
});

test("a page that is opened without a link says so at once", async () => {
  await open("", { onLine: false });
  assert.equal(banner().hidden, false);
});

test("a device with the service's own clock hears nothing of it", async () => {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  await open(zone(own));
  assert.equal(note().hidden, true);
});

test("another clock is named by its place, also one that agrees in winter only", async () => {
  await open(zone("America/New_York"));
  assert.match(note().textContent, /^Times on this page are New York time\./);
  assert.equal(note().hidden, false);
});

test("the page for a lost link is laid by where that is allowed", async () => {
  await open("");
  assert.deepEqual(registered, ["/offline-worker.js"]);
  await open("", { secure: false });
  assert.deepEqual(registered, []);
});

test("what is wrong with a form has the focus when the page comes", async () => {
  await open('<div class="nhsuk-error-summary">Look here</div>');
  assert.equal(document.activeElement.className, "nhsuk-error-summary");
});
