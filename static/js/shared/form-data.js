/* What a form holds, as it would be sent. */

/**
 * The form's fields as an ordinary form sends them. Files are left out.
 * @param {HTMLFormElement} form
 */
export function parametersOf(form) {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
  return body;
}

/**
 * The form's field of this name, as an input. Throws where it has none.
 * @param {HTMLFormElement} form
 * @param {string} name
 */
export function inputOf(form, name) {
  const field = form.elements.namedItem(name);
  if (field instanceof HTMLInputElement) return field;
  throw new TypeError(`The form has no input named ${name}`);
}
