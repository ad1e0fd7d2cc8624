/* What stands in a form, as a draft keeps it: names and values of the fields that somebody can see. */

/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Field */
/** @typedef {[name: string, value: string][]} Fields */

/** Where words are typed. */
export const WORDS = `textarea, input:not([type]), ${["text", "tel", "email", "number", "search", "date", "time"]
  .map((type) => `input[type=${type}]`)
  .join(", ")}`;
const UNKEPT = ["hidden", "password", "file", "submit", "button"];

/**
 * @param {HTMLFormElement} form
 * @returns {Field[]}
 */
function fieldsOf(form) {
  const fields = /** @type {Field[]} */ ([...form.elements].filter((each) => "value" in each && "name" in each));
  return fields.filter((each) => each.name && !UNKEPT.includes(each.type));
}

/** @param {Field} field @returns {field is HTMLInputElement} */
const ticks = (field) => field.type === "checkbox" || field.type === "radio";

/**
 * What stands in the form now; of boxes and choices those that are ticked.
 * @param {HTMLFormElement} form
 * @returns {Fields}
 */
export function read(form) {
  return fieldsOf(form)
    .filter((each) => !ticks(each) || each.checked)
    .map((each) => [each.name, each.value]);
}

/** @param {Field} field @returns {Fields} What the page itself says in one field. */
function stoodIn(field) {
  if (field instanceof HTMLSelectElement) {
    const chosen = [...field.options].filter((each) => each.hasAttribute("selected"));
    const first = field.multiple ? [] : [...field.options].slice(0, 1);
    return (chosen.length ? chosen : first).map((each) => [field.name, each.value]);
  }
  if (field instanceof HTMLInputElement && ticks(field)) return field.defaultChecked ? [[field.name, field.value]] : [];
  return [[field.name, field.defaultValue]];
}

/**
 * What the page itself says in the form, whatever a browser has brought back or somebody has typed since.
 * @param {HTMLFormElement} form
 * @returns {Fields}
 */
export function stood(form) {
  return fieldsOf(form).flatMap(stoodIn);
}

/** @param {Fields} fields @returns {Map<string, string[]>} */
function byName(fields) {
  const found = new Map();
  for (const [name, value] of fields) found.set(name, [...(found.get(name) ?? []), value]);
  return found;
}

/**
 * The form as it stands, with what its writer changed in it; null where the page says something else by now just there.
 * A field that nobody wrote in may change without a word, as one that begins with the time of day.
 * @param {Fields} before what stood there when they began
 * @param {Fields} theirs
 * @param {Fields} now
 * @returns {Fields | null}
 */
export function joined(before, theirs, now) {
  const [was, wrote, is] = [byName(before), byName(theirs), byName(now)];
  const differs = (/** @type {string} */ name, /** @type {Map<string, string[]>} */ other) =>
    JSON.stringify(other.get(name) ?? []) !== JSON.stringify(was.get(name) ?? []);
  const changed = [...new Set([...was.keys(), ...wrote.keys()])].filter((name) => differs(name, wrote));
  if (changed.some((name) => differs(name, is))) return null;
  for (const name of changed) is.set(name, wrote.get(name) ?? []);
  return [...is].flatMap(([name, values]) => values.map((value) => /** @type {[string, string]} */ ([name, value])));
}

/**
 * Put these values into the form. A field they do not name stays; a box or choice they do not name is cleared.
 * @param {HTMLFormElement} form
 * @param {Fields} fields
 */
export function fill(form, fields) {
  /** @type {Map<string, string[]>} */
  const given = new Map();
  for (const [name, value] of fields) given.set(name, [...(given.get(name) ?? []), value]);
  for (const field of fieldsOf(form)) {
    const values = given.get(field.name) ?? [];
    if (ticks(field)) field.checked = values.includes(field.value);
    else field.value = values.shift() ?? field.value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  form.closest("details")?.setAttribute("open", "");
}

/**
 * Whether no words stand in the form. What is ticked says nothing: some choices are made for whoever comes.
 * @param {HTMLFormElement} form
 */
export function empty(form) {
  return fieldsOf(form).every((each) => ticks(each) || !each.value.trim());
}

/**
 * Whether both say the same, but for what is empty.
 * @param {Fields} one
 * @param {Fields} other
 */
export function same(one, other) {
  const told = (/** @type {Fields} */ fields) => JSON.stringify(fields.filter(([, value]) => value.trim()));
  return told(one) === told(other);
}
