/* The cameras, microphones and loudspeakers of this device: which there are, which was chosen, what came and went. */

import { onDevice } from "../../shared/store.js";
import { TypedEvents } from "../../shared/typed-events.js";

/** @typedef {"audioinput" | "videoinput" | "audiooutput"} Kind */
/** @typedef {{ id: string, label: string }} Choice */
/** @typedef {{ came: MediaDeviceInfo[], went: MediaDeviceInfo[] }} Moved */
/**
 * @typedef {object} Heard
 * @property {Moved} change the list of devices is another one
 * @property {undefined} named the same devices have other names or ids
 * @property {{ kind: Kind, id: string }} chosen
 */

const SETTLE_MS = 600;
const SHELF = "devices";
/** @type {Kind[]} */
export const KINDS = ["audioinput", "videoinput", "audiooutput"];
const FOLLOWS = ["default", "communications"];

/** Whether this browser can send sound to another loudspeaker than the device's own choice. */
export const canRoute = () => "setSinkId" in HTMLMediaElement.prototype;

/** What the person chose on this device. */
const remembered = () => onDevice.read(SHELF, /** @type {Partial<Record<Kind, Choice>>} */ ({}));

/**
 * One for a page.
 * @extends {TypedEvents<Heard>}
 */
export class Devices extends TypedEvents {
  constructor() {
    super();
    /** @type {MediaDeviceInfo[]} */
    this.list = [];
    this.waiting = 0;
    this.named = false;
    navigator.mediaDevices?.addEventListener("devicechange", () => this.soon());
    this.ready = this.read();
  }

  /** Browsers tell of one plug several times, and of every new name after a capture: wait until it is quiet. */
  soon() {
    clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => this.read(), SETTLE_MS);
  }

  /** Read the list anew. Names and ids that a capture has uncovered are no change of devices. */
  async read() {
    const found = ((await navigator.mediaDevices?.enumerateDevices?.()) ?? []).filter((one) =>
      KINDS.includes(one.kind),
    );
    const named = found.length > 0 && found.every((one) => one.deviceId);
    const before = this.list;
    const comparable = named && this.named;
    this.list = found;
    this.named = named;
    /** @param {MediaDeviceInfo} one @param {MediaDeviceInfo[]} others */
    const isNew = (one, others) => !others.some((other) => other.kind === one.kind && other.deviceId === one.deviceId);
    const came = comparable ? found.filter((one) => isNew(one, before)) : [];
    const went = comparable ? before.filter((one) => isNew(one, found)) : [];
    if (came.length || went.length) this.fire("change", { came, went });
    else this.fire("named");
  }

  /** What can be chosen of a kind: real devices that have a name. @param {Kind} kind */
  of(kind) {
    if (kind === "audiooutput" && !canRoute()) return [];
    return this.list.filter((one) => one.kind === kind && one.deviceId && one.label && !FOLLOWS.includes(one.deviceId));
  }

  /**
   * The chosen device of a kind while it is there, or "" for the device's own choice. Safari changes ids, not names.
   * @param {Kind} kind
   */
  chosen(kind) {
    const choice = remembered()[kind];
    if (!choice) return "";
    const all = this.list.filter((one) => one.kind === kind && one.deviceId);
    if (!all.length) return choice.id;
    return (
      (all.find((one) => one.deviceId === choice.id) ?? all.find((one) => one.label && one.label === choice.label))
        ?.deviceId ?? ""
    );
  }

  /** Remember a choice on this device; "" for the device's own choice. @param {Kind} kind @param {string} id */
  choose(kind, id) {
    const { [kind]: before, ...rest } = remembered();
    const label = this.list.find((one) => one.kind === kind && one.deviceId === id)?.label ?? before?.label ?? "";
    onDevice.write(SHELF, id ? { ...rest, [kind]: { id, label } } : rest);
    this.fire("chosen", { kind, id });
  }

  /**
   * How a capture asks for the chosen device: exactly, while it is seen to be there; else it is no more than a hint.
   * @param {Kind} kind
   * @returns {{ deviceId?: { exact: string } | { ideal: string } }}
   */
  wish(kind) {
    const id = this.chosen(kind);
    if (!id) return {};
    return {
      deviceId: this.list.some((one) => one.kind === kind && one.deviceId === id) ? { exact: id } : { ideal: id },
    };
  }
}

/**
 * What can be sent to a loudspeaker, where the browser can.
 * @typedef {{ sinkId?: string | object, setSinkId?: (id: string) => Promise<void> }} Player
 */

/** @returns {NodeListOf<HTMLMediaElement>} */
const pagePlayers = () => document.querySelectorAll("audio, video");

/**
 * Have everything that this page plays heard from a loudspeaker; "" is the device's own choice.
 * @param {string} id
 * @param {(Player | null | undefined)[]} [contexts]
 */
export async function routeSound(id, contexts = []) {
  if (!canRoute()) return;
  const players = [...pagePlayers(), ...contexts];
  await Promise.allSettled(players.map((one) => one && one.sinkId !== id && one.setSinkId?.(id)));
}
