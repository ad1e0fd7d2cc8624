/* The lists from which a person chooses microphone, camera and loudspeaker, before the session and in it. */

import { find } from "../../shared/dom.js";
import { gettext } from "../../shared/words.js";
import { KINDS } from "./devices.js";

/** @import { Devices, Kind } from "./devices.js" */

const OWN = gettext("What my device chooses");

/** Fill and follow the lists in `box`. Those with nothing to choose from are not shown; nor is `box` without any. */
export class Choosing {
  /** @param {Devices} devices @param {HTMLElement} box */
  constructor(devices, box) {
    this.devices = devices;
    this.box = box;
    for (const kind of KINDS)
      this.select(kind).addEventListener("change", () => devices.choose(kind, this.select(kind).value));
    for (const name of /** @type {const} */ (["change", "named", "chosen"]))
      devices.addEventListener(name, () => this.draw());
    devices.ready.then(() => this.draw());
  }

  /** @param {Kind} kind */
  select(kind) {
    return find(this.box, `select[data-kind="${kind}"]`, HTMLSelectElement);
  }

  /** What shows and hides with the list. @param {HTMLSelectElement} select */
  row(select) {
    return /** @type {HTMLElement} */ (select.closest("[data-row]"));
  }

  draw() {
    for (const kind of KINDS) this.drawOne(kind, this.select(kind));
    const nothing = KINDS.every((kind) => this.row(this.select(kind)).hidden);
    const none = this.box.querySelector("[data-none]");
    if (none instanceof HTMLElement) none.hidden = !nothing;
    else this.box.hidden = nothing;
  }

  /** @param {Kind} kind @param {HTMLSelectElement} select */
  drawOne(kind, select) {
    const found = this.devices.of(kind);
    const chosen = this.devices.chosen(kind);
    this.row(select).hidden = found.length < 2 && !chosen;
    const options = [["", OWN], ...found.map((one) => [one.deviceId, one.label])];
    const key = JSON.stringify(options);
    if (this.box.dataset[kind] !== key) {
      this.box.dataset[kind] = key;
      select.replaceChildren(
        ...options.map(([value, words]) =>
          Object.assign(document.createElement("option"), { value, textContent: words }),
        ),
      );
    }
    select.value = chosen;
  }
}
