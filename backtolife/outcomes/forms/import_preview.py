"""A file before it is loaded: read, matched with an instrument, and everything a person has to know or write."""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from backtolife.errors import Invalid, NotFound
from backtolife.outcomes.catalogue.instrument import Instrument
from backtolife.outcomes.catalogue.json_node import JsonNode
from backtolife.outcomes.catalogue.shipped import load_instrument
from backtolife.outcomes.fhir.faults import Faults
from backtolife.outcomes.fhir.mapping import check_asked
from backtolife.outcomes.fhir.matching import LEFT_OUT, Match, check_matches, check_says_so, matched
from backtolife.outcomes.fhir.notes import notes_of
from backtolife.outcomes.fhir.plain_text import plain
from backtolife.outcomes.fhir.reading import Questionnaire, read_questionnaire

LARGEST_FILE = 2_000_000
LENGTHS = {"url": 300, "version": 60, "title": 120}


@dataclass(frozen=True)
class Head:
    """What a person writes where the file does not say it itself."""

    url: str = ""
    version: str = ""
    copyright: str = ""


HEAD_WORDS = {
    "url": "This file does not say its address (url). Write one that names this form, such as https://example.org/form.",
    "version": "This file does not say its version. Write one, such as 1.0.",
    "copyright": "This file does not say who holds the copyright. Write what the owner asks to be shown.",
}
ADDRESS = re.compile(r"(https?://|urn:)[^\s|]+")


@dataclass(frozen=True)
class Preview:
    """A file before it is loaded: what becomes of each question, what is not taken over, and what is still missing."""

    found: Questionnaire
    instrument: Instrument
    matches: list[Match]
    notes: list[str]
    missing: tuple[str, ...]
    """Which of url, version and copyright a person has to write."""


def read_json(data: bytes, name: str) -> JsonNode:
    """The file as a Place, in UTF-8, 16 or 32. Raises Invalid when it is too large or no JSON."""
    if len(data) > LARGEST_FILE:
        raise Invalid("This file is too large for a questionnaire. Choose the Questionnaire file alone.", "file")
    try:
        return JsonNode(name, "", json.loads(data))
    except (ValueError, RecursionError):
        raise Invalid("This file is not JSON. Choose a FHIR R4 Questionnaire in JSON.", "file") from None


def preview(
    file: JsonNode, *, instrument: str = "", chosen: Mapping[str, str] | None = None, not_scored: Collection[str] = ()
) -> Preview:
    """What loading the file would do. Raises Invalid, saying everything at once, for what no choice on a page mends."""
    found = read_questionnaire(file)
    measure = instrument_of(file, found, instrument)
    if not measure.items:
        raise Invalid(f"{measure.name} cannot be loaded yet: its list of items is not in this product.")
    matches = matched(found, measure, chosen or {}, not_scored)
    check_enough(found, matches, measure)
    missing = tuple(name for name in HEAD_WORDS if not getattr(found, name))
    return Preview(found, measure, matches, notes_of(found, matches, measure), missing)


def check_enough(found: Questionnaire, matches: Sequence[Match], measure: Instrument) -> None:
    """Raises Invalid for what stands in the file itself, and for fewer questions than the instrument has."""
    faults = Faults()
    for fault in found.faults:
        faults.add(fault)
    check_says_so(found, measure, faults)
    certain = [each for each in matches if each.sure and each.part in measure.positions]
    for each in certain:
        check_asked(each, measure.items[measure.positions[each.part]], faults)
    if len([each for each in matches if each.part != LEFT_OUT]) < len(measure.items):
        check_matches(matches, measure, faults)
    faults.settle()


def with_head(found: Questionnaire, head: Head) -> Questionnaire:
    """The questionnaire with what a person wrote where the file is silent; what the file says stands.

    A fault is added, naming the field, for what is still missing, too long, or no address.
    """
    faults = Faults()
    for fault in found.faults:
        faults.add(fault)
    values: dict[str, str] = {}
    for name, words in HEAD_WORDS.items():
        written = JsonNode("the page", name, getattr(head, name))
        values[name] = getattr(found, name) or faults.read(partial(plain_or_empty, written), "")
        if not values[name]:
            faults.add(Invalid(words, name))
    if values["url"] and not found.url and not ADDRESS.fullmatch(values["url"]):
        faults.add(Invalid("Start the form’s address with https:// or urn: and leave no space in it.", "url"))
    done = replace(found, url=values["url"], version=values["version"], copyright=values["copyright"])
    for name, most in LENGTHS.items():
        if len(getattr(done, name)) > most:
            faults.add(Invalid(f"The form’s {name} must be at most {most} characters.", name))
    return replace(done, faults=tuple(faults.found))


def plain_or_empty(node: JsonNode) -> str:
    return plain(node) if str(node.value).strip() else ""


def instrument_of(file: JsonNode, found: Questionnaire, named: str) -> Instrument:
    """The instrument whose words these are: the one that was `named`, or what the file says itself.

    Raises Invalid for neither.
    """
    wanted = named or found.instrument
    if not wanted:
        raise Invalid("Say which instrument this is, such as pseq-10.", "instrument")
    try:
        return load_instrument(wanted)
    except NotFound as error:
        raise Invalid(f"{file.file}: {error.message}", "instrument") from None
