/* An EventTarget whose events have names that are checked, and carry what those names say. */

/** @typedef {new () => Pick<EventTarget, "dispatchEvent" | "removeEventListener">} Sender without the names of events */

/**
 * `Events` maps each event's name to what it carries as `detail`; undefined for nothing.
 * @template {object} Events
 */
export class TypedEvents extends /** @type {Sender} */ (EventTarget) {
  /**
   * @template {keyof Events & string} Name
   * @param {Name} name
   * @param {(event: CustomEvent<Events[Name]>) => void} listener
   * @param {AddEventListenerOptions} [options]
   */
  addEventListener(name, listener, options) {
    EventTarget.prototype.addEventListener.call(this, name, /** @type {EventListener} */ (listener), options);
  }

  /**
   * Tell everybody who listens.
   * @template {keyof Events & string} Name
   * @param {Name} name
   * @param {Events[Name]} [detail]
   */
  fire(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
