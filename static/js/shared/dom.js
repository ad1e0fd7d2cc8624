/* Making and finding elements. Words always go in as text, never as mark-up: names and messages come from people. */

import { gettext } from "./words.js";

/** @typedef {Record<string, (event: any) => void>} Listeners By the name of their event. */
/** @typedef {string | number | boolean | null | undefined} Attribute Not set when false, null or undefined. */
/** @typedef {Node | string | false | null | undefined} Child Left out when false, null or undefined. */

/**
 * An element with attributes and children; strings become text. `on` attaches listeners.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {{on?: Listeners, [name: string]: Attribute | Listeners}} attributes
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "object" && value !== null) listen(element, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  for (const child of children) {
    if (child !== null && child !== undefined && child !== false) element.append(child);
  }
  return element;
}

/** @param {HTMLElement} element @param {Listeners} listeners */
function listen(element, listeners) {
  for (const [event, listener] of Object.entries(listeners)) element.addEventListener(event, listener);
}

/**
 * One of the page's drawings, by name.
 * @param {string} name
 * @param {number} size In CSS pixels.
 */
export function icon(name, size = 24) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const shape = {
    class: "btl-icon",
    width: size,
    height: size,
    viewBox: "0 0 24 24",
    fill: "none",
    stroke: "currentColor",
    "stroke-width": "1.9",
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
    "aria-hidden": "true",
    focusable: "false",
  };
  for (const [key, value] of Object.entries(shape)) svg.setAttribute(key, String(value));
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

/**
 * Somebody's name with why they are here, for guests.
 * @param {{name: string, role: string, beside?: {name: string} | null}} person
 */
export function nameOf(person) {
  const { name, role, beside } = person;
  if (role === "companion") return beside ? gettext("%(name)s, with %(other)s", { name, other: beside.name }) : name;
  return role === "observer" ? gettext("%(name)s, observer", { name }) : name;
}

/**
 * An element that the page's template holds: only an id that is listed, with its kind, in page-elements.d.ts.
 * @template {keyof PageElements} Id
 * @param {Id} id
 */
export const byId = (id) => /** @type {PageElements[Id]} */ (/** @type {unknown} */ (document.getElementById(id)));

/**
 * The first element within `root` that fits the selector. Throws where there is none of that kind.
 * @template {Element} [T=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} [kind]
 * @returns {T}
 */
export function find(root, selector, kind) {
  const found = root.querySelector(selector);
  if (!(found instanceof (kind ?? HTMLElement))) throw new TypeError(`The page has nothing at ${selector}`);
  return /** @type {T} */ (found);
}

/**
 * Every HTML element within `root` that fits the selector.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} [kind]
 * @returns {T[]}
 */
export function findAll(root, selector, kind) {
  const wanted = kind ?? HTMLElement;
  return /** @type {T[]} */ ([...root.querySelectorAll(selector)].filter((each) => each instanceof wanted));
}

/**
 * Set an element's words only when they differ, so that screen readers do not repeat them.
 * @param {Element} element
 * @param {string} words
 */
export function say(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

/** Read the data that the page carries. Its shape is what the page's view in Python puts there. */
export function pageData() {
  return JSON.parse(byId("room-data").textContent ?? "");
}

/**
 * Announce something once, politely.
 * @param {string} words
 */
export function announce(words) {
  say(byId("announce"), "");
  setTimeout(() => say(byId("announce"), words), 60);
}
