"""A form on an open page: its fields, and sending it with words of ours past everything the page would forbid."""

import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

RECORD = re.compile(r"[0-9a-f]{32}")
FIELDS = """() => [...document.forms].map((form) => ({
  method: form.method,
  action: new URL(form.getAttribute('action') || '', location.href).pathname,
  fields: [...form.elements].filter((each) => each.name && each.name !== 'csrf_token' && !each.disabled &&
      ['INPUT', 'TEXTAREA', 'SELECT'].includes(each.tagName) &&
      !['submit', 'button', 'image', 'reset'].includes(each.type))
    .map((each) => ({name: each.name, most: each.maxLength > 0 ? each.maxLength : 10000,
      typed: !['hidden', 'radio', 'checkbox', 'file', 'range', 'select-one', 'select-multiple'].includes(each.type),
      writes: !each.readOnly &&
      (each.tagName === 'TEXTAREA' || (['text', 'search'].includes(each.type) && !each.pattern &&
        !['numeric', 'decimal', 'tel', 'email'].includes(each.inputMode) &&
        each.autocomplete !== 'one-time-code'))}))}))"""
SEND = """([at, values]) => {
  const form = document.forms[at];
  const plain = {email: `soak.${Math.floor(Math.random() * 1e9)}@example.org`, tel: '07700 900123', time: '10:00',
    url: 'https://example.org/', date: '2027-03-02', month: '2027-03', number: '1', password: 'lantern orchard pebble'};
  for (const each of [...form.elements]) {
    if (!each.name || each.name === 'csrf_token') continue;
    if (each.name in values) {
      if (each.tagName === 'SELECT') each.append(new Option('x', values[each.name], true, true));
      else if (['radio', 'checkbox'].includes(each.type)) { each.value = values[each.name]; each.checked = true; }
      else {
        if (each.tagName === 'INPUT') each.type = 'text';
        each.removeAttribute('maxlength');
        each.value = values[each.name];
      }
    } else if (each.type === 'file') continue;
    else if (each.tagName === 'SELECT') {
      const filled = [...each.options].find((one) => one.value);
      if (!each.value && filled) each.value = filled.value;
    } else if (['radio', 'checkbox'].includes(each.type)) {
      const same = [...form.elements].filter((other) => other.name === each.name);
      if (!same.some((other) => other.checked)) each.checked = true;
    } else if (!each.value) {
      const part = {day: '12', month: '3', year: '1970'}[each.name.split(/[-_.]/).pop()];
      each.value = each.min || plain[each.type] || part || (each.autocomplete === 'one-time-code' ? '123456' : '') ||
        (['numeric', 'decimal'].includes(each.inputMode) ? '1' : 'Words');
    }
  }
  HTMLFormElement.prototype.submit.call(form);
}"""
"""What is not hostile in a send is as a person would fill it in, so that the rest of the form is read and kept."""


@dataclass(frozen=True)
class Field:
    """One field. `most` counts characters. What is not typed is chosen from, or hidden.

    `writes` is true of a typed one where people write words of their own.
    """

    name: str
    most: int
    typed: bool
    writes: bool


@dataclass(frozen=True)
class Form:
    """One form: `at` is its place on the page now, `key` is the same each time the page is opened."""

    at: int
    key: str
    fields: tuple[Field, ...]


def forms_of(page: Page) -> list[Form]:
    """The first form of each kind on the page that is open: of a list there are more and fewer each time.

    Those that only the page itself reads, and sends on by the socket of the room, have tests of their own.
    """
    found: dict[str, Form] = {}
    for at, form in enumerate(page.evaluate(FIELDS)):
        named: dict[str, Field] = {}
        for each in form["fields"]:
            named.setdefault(each["name"], Field(**each))
        key = " ".join([without_records(form["action"]), *sorted({without_records(name) for name in named})])
        if form["method"] != "dialog":
            found.setdefault(key, Form(at, key, tuple(named.values())))
    return list(found.values())


def without_records(words: str) -> str:
    """The same for every record of a kind: its id may stand in an address and in the name of a field."""
    return RECORD.sub("…", words)


def send(page: Page, form: Form, values: dict[str, str]) -> Any:
    """Send it with `values` by name of field. Returns the answer, once its page has loaded."""
    with page.expect_navigation(wait_until="load", timeout=30_000) as moved:
        page.evaluate(SEND, [form.at, values])
    return moved.value
