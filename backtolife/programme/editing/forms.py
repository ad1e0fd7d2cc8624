"""The forms of the programme editor, made of the parts that a page has."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, cast

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import Field, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.form import BaseForm
from wtforms.validators import InputRequired, NumberRange, Optional, Regexp, ValidationError
from yaml.reader import Reader

from backtolife.people.typed_fields import NoLonger, WholeNumber
from backtolife.programme.editing.parts import Kind, Page, Part, shown
from backtolife.programme.editing.refusing import asks_for

LONGEST_LINE = 200
LONGEST_TEXT = 10_000
LONGEST_DOCUMENT = 60_000
LONGEST_REVISION = 9
NOT_KEPT = Reader.NON_PRINTABLE
MARK = 10
"""The signs of a mark: two texts that differ have the same one in a trillion cases."""


class SeenForm(FlaskForm):
    """Knows which revision of the draft its page showed."""

    seen = HiddenField(default="0")

    @property
    def seen_revision(self) -> int:
        typed = self.seen.data or ""
        return int(typed) if typed.isdecimal() and len(typed) < LONGEST_REVISION else -1


class PartsForm(SeenForm):
    """Also knows what its fields showed when the page was opened: a mark of each, not the words."""

    was = HiddenField(default="")

    def marked(self) -> dict[str, str]:
        pairs = (each.partition("=") for each in (self.was.data or "").split())
        return {name: mark for name, _, mark in pairs}


class PublishForm(FlaskForm):
    """A draft gets its number."""

    version = StringField(
        "Version number",
        [
            InputRequired("Enter a version number"),
            NoLonger(20),
            Regexp(r"^\d{1,4}(\.\d{1,4}){1,2}$", message="Enter a version number, like 1.1.0"),
        ],
        render_kw={"width": "10"},
    )


class ImportForm(FlaskForm):
    """A programme in a file."""

    file = FileField(
        "The file",
        [FileRequired("Choose the file")],
        description="A ZIP file with a whole programme, as you download it here, or one of its YAML files",
        render_kw={"accept": ".zip,.yaml,.yml,application/zip"},
    )
    version = SelectField(
        "Which version does it change?",
        choices=[],
        description="What is different is shown against it. One YAML file takes the other files from it",
    )


def form_of(page: Page, **given: Any) -> PartsForm:
    """A form with a field for each part of the page."""
    made = type("TypedForm", (PartsForm,), {part.name: field_of(part) for part in page.parts})
    return cast("PartsForm", made(**given))


def marks(page: Page, data: Any) -> dict[str, str]:
    """What tells whether a field shows the same as before, by the name of its part."""
    return {part.name: marked(f"{part.label}\n{shown_words(part, data)}") for part in page.parts}


def marked(words: str) -> str:
    return sha256(words.encode()).hexdigest()[:MARK]


def as_field(found: Mapping[str, str]) -> str:
    return " ".join(f"{name}={mark}" for name, mark in found.items())


def shown_words(part: Part, data: Any) -> str:
    """What the field shows, in the words of its choice where it has some."""
    value = shown(part, data)
    typed = "" if value is None else str(value)
    return dict(part.choices).get(typed, typed)


def changed_meanwhile(page: Page, data: Any, form: PartsForm, typed: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What somebody else saved since the page was opened, and is not what was typed: the field's name and its words."""
    before, found = form.marked(), []
    for part in page.parts:
        words = shown_words(part, data)
        same = before.get(part.name, marked(f"{part.label}\n")) == marked(f"{part.label}\n{words}")
        own = "" if typed[part.name] is None else str(typed[part.name])
        if not same and (part.kind is Kind.ORDER or dict(part.choices).get(own, own) != words):
            found.append((part.label, words or "Nothing"))
    return found


def filled(page: Page, data: Any, revision: int) -> PartsForm:
    given = {part.name: shown(part, data) for part in page.parts}
    first = {part.name: part.choices[0][0] for part in page.parts if part.choices and given[part.name] is None}
    given |= first
    was = as_field(marks(page, data))
    return form_of(page, formdata=None, seen=str(revision), was=was, **given)


def typed_in(page: Page, form: PartsForm) -> dict[str, Any]:
    """What was typed, by the name of its part, with the line ends of a file."""
    return {part.name: clean(form[part.name].data) for part in page.parts}


def clean(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return "\n".join(line.rstrip() for line in value.replace("\r\n", "\n").split("\n")).strip()


class NamedNumber(WholeNumber):
    """One of many numbers on a page: what is wrong with it begins with its name."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            words = str(error)
            raise ValueError(f"{self.label.text}: {words[:1].lower()}{words[1:]}") from None


class NamedChoice(SelectField):
    """One of many choices on a page."""

    def pre_validate(self, form: BaseForm) -> None:
        try:
            super().pre_validate(form)
        except ValidationError:
            raise ValidationError(f"{self.label.text}: this is no choice any more. Choose again") from None


def can_be_kept(_: BaseForm, field: Field) -> None:
    """Refuse what no YAML file can hold, as a stray sign of another program."""
    if NOT_KEPT.search(field.data or ""):
        label = field.label.text
        raise ValidationError(f"{label}: there is a character that cannot be shown. Type it again without it")


def field_of(part: Part) -> Any:
    needed = Optional() if part.optional else InputRequired(f"{part.label}: {asks_for(part)}")
    if part.kind is Kind.NUMBER:
        limits = NumberRange(part.low, part.high, f"{part.label}: {asks_for(part)}")
        return NamedNumber(part.label, [needed, limits], render_kw={"inputmode": "numeric", "width": "4"})
    if part.kind in (Kind.CHOICE, Kind.ORDER, Kind.ASIDE):
        return NamedChoice(part.label, choices=[SelectChoice(*each) for each in part.choices])
    if part.kind is Kind.LINE:
        return StringField(part.label, [needed, NoLonger(LONGEST_LINE), can_be_kept], description=part.hint)
    rows = 30 if part.name == "words" else 14 if part.name in ("email", "letter") else 5
    longest = LONGEST_DOCUMENT if part.name == "words" else LONGEST_TEXT
    rules = [needed, NoLonger(longest), can_be_kept]
    return TextAreaField(part.label, rules, description=part.hint, render_kw={"rows": rows})
