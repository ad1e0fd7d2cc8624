/* Making elements. Words always go in as text, never as mark-up: names and messages come from people. */

/** An element with attributes and children; strings become text. `on` attaches listeners. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** One of the page's drawings, by name. */
export function icon(name, size = 24) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const shape = { class: "btl-icon", width: size, height: size, viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", "stroke-width": "1.9", "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true", focusable: "false" };
  for (const [key, value] of Object.entries(shape)) svg.setAttribute(key, value);
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

/** Somebody's name with why they are here, for guests. */
export function nameOf(person) {
  if (person.role === "companion") return person.beside ? `${person.name}, with ${person.beside.name}` : person.name;
  return person.role === "observer" ? `${person.name}, looks on` : person.name;
}

export const byId = (id) => document.getElementById(id);

/** Set an element's words only when they differ, so that screen readers do not repeat them. */
export function say(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

/** Read the data that the page carries. */
export function pageData() {
  return JSON.parse(byId("room-data").textContent);
}

/** Announce something once, politely. */
export function announce(words) {
  say(byId("announce"), "");
  setTimeout(() => say(byId("announce"), words), 60);
}
