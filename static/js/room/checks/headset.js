/* The devices in the room: the panel to choose them, what was chosen, and a headset that is plugged in and asked about. */

import { announce, byId, findAll, say } from "../../shared/dom.js";
import { openSheet } from "../../shared/sheet.js";
import { gettext } from "../../shared/words.js";
import { Choosing } from "./device-lists.js";
import { routeSound } from "./devices.js";

/** @import { Offer } from "../core/connection-banner.js" */
/** @import { Media } from "../core/media.js" */
/** @import { Devices, Kind, Moved, Player } from "./devices.js" */

const CHOSEN = {
  audioinput: gettext("Microphone changed."),
  videoinput: gettext("Camera changed."),
  audiooutput: gettext("Speaker changed."),
};
const FAILED = gettext("That did not work. We went back to what your device chooses.");
const VIRTUAL = ["default", "communications"];

/** @param {MediaDeviceInfo} device */
const nameFor = (device) => device.label || gettext("A headset");

export class Headset {
  /**
   * `contexts` gives the audio contexts of the page, which have a loudspeaker of their own.
   * @param {Devices} devices
   * @param {Media} media
   * @param {{ contexts?: () => (Player | null)[], onCamera?: () => unknown }} [options]
   */
  constructor(devices, media, { contexts = () => [], onCamera = () => {} } = {}) {
    this.devices = devices;
    this.media = media;
    this.contexts = contexts;
    this.onCamera = onCamera;
    /** @type {MediaDeviceInfo | null} The microphone that was plugged in, while it is offered. */
    this.found = null;
    /** @type {MediaDeviceInfo | null} The loudspeaker that came with it. */
    this.speaker = null;
    /** @type {Partial<Record<Kind, string>>} */
    this.taken = { audioinput: devices.chosen("audioinput"), videoinput: devices.chosen("videoinput") };
    this.sheet = byId("devices-sheet");
    this.note = byId("devices-note");
    new Choosing(devices, this.sheet);
    byId("devices-open").addEventListener("click", () => this.open());
    byId("devices-done").addEventListener("click", () => this.sheet.close());
    devices.addEventListener("chosen", ({ detail }) => this.use(detail));
    devices.addEventListener("change", ({ detail }) => this.changed(detail));
    media.addEventListener("change", () => this.route());
  }

  open() {
    say(this.note, "");
    for (const other of findAll(document, "dialog[open]", HTMLDialogElement)) other.close();
    openSheet(this.sheet);
    this.devices.read();
  }

  /** Sound that began just now goes where the rest goes. */
  route() {
    return routeSound(this.devices.chosen("audiooutput"), this.contexts());
  }

  /** @param {{ kind: Kind, id: string }} choice */
  async use({ kind, id }) {
    const worked = kind === "audiooutput" ? await this.route().then(() => true) : await this.media.useDevice(kind, id);
    this.taken[kind] = worked ? id : "";
    if (!worked && id) this.devices.choose(kind, "");
    say(this.note, worked ? CHOSEN[kind] : FAILED);
    if (!this.sheet.open) announce(worked ? CHOSEN[kind] : FAILED);
  }

  /**
   * A new microphone is offered, never taken. What went is let go; a new camera may be tried by itself after a fault.
   * @param {Moved} moved
   */
  changed({ came, went }) {
    if (came.some((one) => one.kind === "videoinput")) this.onCamera();
    if (went.some((one) => one.kind === "audiooutput")) this.route();
    for (const { kind, deviceId } of went)
      if (kind !== "audiooutput" && this.inUse(kind) === deviceId) this.media.useDevice(kind, "");
    const offered = this.found?.deviceId;
    if (went.some((one) => one.deviceId === offered)) this.found = null;
    const microphone = came.find((one) => one.kind === "audioinput" && !VIRTUAL.includes(one.deviceId));
    if (!microphone) return;
    this.found = microphone;
    const speakers = came.filter((one) => one.kind === "audiooutput" && !VIRTUAL.includes(one.deviceId));
    this.speaker = speakers.find((one) => one.groupId && one.groupId === microphone.groupId) ?? speakers[0] ?? null;
    announce(gettext("%(device)s was plugged in. You can use it for your sound.", { device: nameFor(microphone) }));
  }

  /** Which device of a kind this page took last, while it is not the device's own choice. @param {Kind} kind */
  inUse(kind) {
    return this.taken[kind] ?? "";
  }

  /** For the page's banner: what was plugged in, with yes and no; null when nothing was. @returns {Offer | null} */
  get offer() {
    if (!this.found) return null;
    return {
      says: gettext("%(device)s was plugged in.", { device: nameFor(this.found) }),
      words: gettext("Use the headset"),
      icon: "headphones",
      act: () => this.take(),
      no: {
        words: gettext("No, thanks"),
        act: () => {
          this.found = null;
        },
      },
    };
  }

  async take() {
    const { found, speaker } = this;
    if (!found) return;
    this.found = null;
    this.devices.choose("audioinput", found.deviceId);
    if (speaker) this.devices.choose("audiooutput", speaker.deviceId);
  }
}
