"""WTForms fields as parameters of the NHS.UK component macros: label, hint, error, value, in one place."""

from typing import Any

from flask import g
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    FileField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
)

from backtolife.text.said import translated


def nhsuk_params(field: Field) -> dict[str, Any]:
    """The macro parameters for `field`, with the name of the component under `component`.

    A field's `description` becomes its hint and `render_kw` its attributes. Radios get `idPrefix`, not also `id`:
    both together give two elements one id.
    """
    component = component_of(field)
    params: dict[str, Any] = {
        "component": component,
        "name": field.name,
        "hint": {"text": field.description} if field.description else None,
        "errorMessage": {"text": translated(field.errors[0])} if field.errors else None,
    }
    if component in ("radios", "checkboxes"):
        legend = {"text": field.label.text, "classes": "nhsuk-fieldset__legend--s"}
        params |= {"idPrefix": field.id, "items": items(field)}
        if not isinstance(field, BooleanField):
            params["fieldset"] = {"legend": legend}
        return params
    attributes = dict(field.render_kw or {})
    params |= {"id": field.id, "label": {"text": field.label.text}, "attributes": attributes}
    for key in ("autocomplete", "inputmode", "rows", "spellcheck", "type", "width"):
        if key in attributes:
            params[key] = attributes.pop(key)
    if component == "select":
        return params | {"items": items(field)}
    if component not in ("password", "file"):
        params["value"] = field._value()
    return params


def component_of(field: Field) -> str:
    kinds: tuple[tuple[type[Field], str], ...] = (
        (RadioField, "radios"),
        (SelectMultipleField, "checkboxes"),
        (BooleanField, "checkboxes"),
        (SelectField, "select"),
        (TextAreaField, "textarea"),
        (PasswordField, "password"),
        (FileField, "file"),
    )
    return next((name for kind, name in kinds if isinstance(field, kind)), "input")


def items(field: Field) -> list[dict[str, Any]]:
    """The choices; `checked` is set on each, because the macros take an integer 0 for no value at all."""
    if isinstance(field, BooleanField):
        return [{"value": "y", "text": field.label.text, "checked": bool(field.data)}]
    return [
        {"value": str(value), "text": label, "checked": chosen, "selected": chosen}
        for value, label, chosen, *_ in field.iter_choices()
    ]


def nhsuk_errors(form: FlaskForm) -> None:
    """Note what is wrong with the form: all of it, for nobody should mend one thing at a time."""
    for error in form.form_errors:
        note_problem(str(translated(error)))
    for field in form:
        if not isinstance(field, HiddenField):
            note_errors(field)


def note_errors(field: Field) -> None:
    for error in field.errors:
        note_problem(str(translated(error)), f"#{field.id}")


def note_problem(text: str, href: str = "") -> None:
    """What the page says above everything else, with a link to where it can be mended, if there is one. Said once."""
    problem = {"text": text, "href": href} if href else {"text": text}
    if problem not in problems_here():
        g.problems.append(problem)


def problems_here() -> list[dict[str, str]]:
    if "problems" not in g:
        g.problems = []
    problems: list[dict[str, str]] = g.problems
    return problems
