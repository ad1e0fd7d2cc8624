"""The words a patient sees for an instrument. The product's own are marked in-house and never the official ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast, get_args

from backtolife.errors import Invalid, NotFound
from backtolife.outcomes.catalogue.instrument import Instrument
from backtolife.outcomes.catalogue.json_node import JsonNode, open_file
from backtolife.outcomes.catalogue.shipped import load_instrument
from backtolife.outcomes.catalogue.tables import Tables, read_tables

HERE = Path(__file__).parent / "words"
Kind = Literal["choice", "tick", "scale", "number", "text"]


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose. `value` is what is stored and scored."""

    value: int | str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question. Its id is the instrument's item id, unless `item` is False: then it is asked but not scored.

    choice and tick have `options`; scale (drawn as buttons or a slider) and number run from `minimum` to `maximum`,
    a scale with words at both ends; text is free text of at most `longest` characters.
    """

    id: str
    kind: Kind
    text: str
    hint: str | None
    item: bool
    options: tuple[Option, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    lowest_label: str | None = None
    highest_label: str | None = None
    unit: str | None = None
    longest: int | None = None
    lead_in: str | None = None
    """Words that stand before this question and not before every one: those of its group."""


@dataclass(frozen=True, slots=True)
class Form:
    """The wording of one instrument version, hashed: every answer pins the form it was given on.

    `layout` is "one_by_one" or "tick_list" (one page; `none_label` names the box that says nothing applies, stored as
    none_apply_confirmed). `topic` is short, for a heading; `lead_in` stands above every question. `tables` came with an
    official form whose figures are looked up.
    """

    id: str
    version: str
    hash: str
    instrument: str
    instrument_version: str
    name: str
    topic: str
    in_house: bool
    layout: Literal["one_by_one", "tick_list"]
    intro: str
    lead_in: str | None
    none_label: str | None
    questions: tuple[Question, ...]
    tables: Tables = field(hash=False)

    @property
    def official(self) -> Tables | None:
        """What scoring may take from the official form: its tables, if it has any; None for words that are ours."""
        return None if self.in_house else self.tables

    def question(self, name: str) -> Question:
        """The question with this id. Raises NotFound."""
        for question in self.questions:
            if question.id == name:
                return question
        raise NotFound("There is no such question on this form. Go back and open the form again.")

    def scorable(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """Those of `answers` (question id to answer) that scoring takes, without free text and the like."""
        scored = {question.id for question in self.questions if question.item}
        return {name: value for name, value in answers.items() if name in scored}


@cache
def wording(instrument: str) -> Form:
    """The newest in-house wording for the instrument with this id. Raises NotFound where it has to be imported."""
    path = HERE / f"{instrument}.json"
    if path not in HERE.glob("*.json"):
        name = load_instrument(instrument).name
        raise NotFound(f"{name} has no in-house wording. Import the official form before you send it.")
    whole = open_file(path)
    return read_form(whole, load_instrument(instrument))


@cache
def earlier_wording(instrument: str, form_hash: str) -> Form | None:
    """In-house words that were asked before, by their hash: answers that were given to them are read with them."""
    measure = load_instrument(instrument)
    kept = (read_form(open_file(path), measure) for path in sorted((HERE / "earlier").glob(f"{measure.id}.v*.json")))
    return next((form for form in kept if form.hash == form_hash), None)


def read_form(whole: JsonNode, instrument: Instrument) -> Form:
    """The form a wording file describes. Raises Invalid when it does not fit the instrument, item for item."""
    whole.only(
        *("id", "version", "instrument", "instrument_version", "name", "topic", "in_house", "layout", "intro"),
        *("lead_in", "none_label", "options", "questions", "tables"),
    )
    if (whole.at("instrument").value, whole.at("instrument_version").value) != (instrument.id, instrument.version):
        raise whole.at("instrument").refuse(f"must be {instrument.id} version {instrument.version}")
    shared = whole.maybe("options")
    questions = tuple(_question(node, shared) for node in whole.at("questions").each())
    _check_fit(whole, instrument, questions)
    layout = whole.at("layout").one_of("one_by_one", "tick_list")
    if (layout == "tick_list") != (whole.maybe("none_label") is not None):
        raise whole.refuse("a tick-list, and nothing else, has a none_label")
    return Form(
        id=whole.at("id").text(),
        version=whole.at("version").text(),
        hash=whole.digest(),
        instrument=instrument.id,
        instrument_version=instrument.version,
        name=whole.at("name").text(),
        topic=whole.at("topic").text(),
        in_house=whole.at("in_house").flag(),
        layout="tick_list" if layout == "tick_list" else "one_by_one",
        intro=whole.at("intro").text(),
        lead_in=whole.text_at("lead_in"),
        none_label=whole.text_at("none_label"),
        questions=questions,
        tables=read_tables(whole.maybe("tables"), instrument),
    )


def _question(node: JsonNode, shared: JsonNode | None) -> Question:
    node.only(
        *("id", "kind", "text", "hint", "item", "options", "min", "max"),
        *("lowest_label", "highest_label", "unit", "longest", "lead_in"),
    )
    kind = cast(Kind, node.at("kind").one_of(*get_args(Kind)))
    options = node.maybe("options") or (shared if kind in ("choice", "tick") else None)
    if (kind in ("choice", "tick")) != (options is not None):
        raise node.refuse("a choice or a tick, and nothing else, has options")
    low, high, longest, item = (node.maybe(name) for name in ("min", "max", "longest", "item"))
    if kind in ("scale", "number") and (low is None or high is None):
        raise node.refuse("must have min and max")
    if kind == "text" and longest is None:
        raise node.refuse("must say how long the text may be, as “longest”")
    return Question(
        id=node.at("id").text(),
        kind=kind,
        text=node.at("text").text(),
        hint=node.text_at("hint"),
        item=True if item is None else item.flag(),
        options=() if options is None else tuple(_option(option) for option in options.each()),
        minimum=None if low is None else low.whole(),
        maximum=None if high is None else high.whole(),
        lowest_label=node.at("lowest_label").text() if kind == "scale" else None,
        highest_label=node.at("highest_label").text() if kind == "scale" else None,
        unit=node.text_at("unit"),
        longest=None if longest is None else longest.whole(),
        lead_in=node.text_at("lead_in"),
    )


def _option(node: JsonNode) -> Option:
    node.only("value", "label")
    value = node.at("value").value
    if type(value) not in (int, str):
        raise node.at("value").refuse("must be a whole number or a word")
    return Option(value, node.at("label").text())


def _check_fit(whole: JsonNode, instrument: Instrument, questions: tuple[Question, ...]) -> None:
    asked = {question.id: question for question in questions if question.item}
    ids, own = [question.id for question in questions if question.item], [item.id for item in instrument.items]
    if ids != own and (whole.at("in_house").flag() or sorted(ids) != sorted(own)):
        raise whole.at("questions").refuse("must ask every item of the instrument once, and our own words in its order")
    for item in instrument.items:
        question = asked[item.id]
        given: set[Any] = {option.value for option in question.options}
        if question.kind in ("scale", "number") and question.minimum is not None and question.maximum is not None:
            given = set(range(question.minimum, question.maximum + 1))
        allowed: set[Any] = set(item.choices) if item.kind == "choice" else set(item.points)
        if item.kind == "number" and item.minimum is not None and item.maximum is not None:
            allowed = set(range(item.minimum, item.maximum + 1))
        if question.kind == "tick":
            allowed = {max(item.points)}
        if given != allowed:
            raise Invalid(f"{whole.file}: question {question.id}: its answers must be those of the instrument's item.")
