"""Reading a FHIR Questionnaire: its questions in order, each with its answers, in nothing but plain text.

Nothing falls out silently: what cannot be taken over is a fault, or a note that is shown before the form is loaded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from backtolife.errors import Invalid
from backtolife.outcomes.catalogue.json_node import JsonNode
from backtolife.outcomes.fhir.answer_options import ValueSets
from backtolife.outcomes.fhir.faults import Faults
from backtolife.outcomes.fhir.left_out import formulas_of, note_head, refuse_modifiers
from backtolife.outcomes.fhir.plain_text import plain, plain_at
from backtolife.outcomes.fhir.question import Found, read_question

OURS, LOINC = "urn:backtolife:instrument", "http://loinc.org"
DEEPEST, MOST_ITEMS = 8, 500
NO_QUESTIONNAIRE = "This file holds no questionnaire. Choose a file with a FHIR Questionnaire, in JSON."


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """What a file says about itself and what it asks. `url`, `version` and `copyright` are empty where it has none."""

    node: JsonNode
    url: str
    version: str
    title: str
    copyright: str
    instrument: str
    """The id of our instrument, where the file names it; else empty."""
    panels: tuple[str, ...]
    """The LOINC codes that the file gives itself as a whole."""
    intro: str
    questions: tuple[Found, ...]
    formulas: tuple[str, ...] = field(default=())
    notes: tuple[str, ...] = field(default=())
    """What is in the file and will not be asked or shown, each in a sentence."""
    faults: tuple[Invalid, ...] = field(default=())


class Walk:
    """One reading of a file from top to bottom."""

    def __init__(self, sets: ValueSets) -> None:
        self.sets = sets
        self.faults = Faults()
        self.intro: list[str] = []
        self.found: list[Found] = []
        self.formulas: list[str] = []
        self.notes: list[str] = []

    def go(self, node: JsonNode, stems: tuple[str, ...], depth: int) -> None:
        """Take every item below `place`. Words that stand before questions go with each question they stand before."""
        if depth > DEEPEST:
            raise node.refuse(f"must not hold items more than {DEEPEST} deep")
        own, waiting = list(stems), ""
        for item in node.list_at("item"):
            if len(self.found) >= MOST_ITEMS:
                raise node.refuse(f"must not ask more than {MOST_ITEMS} questions")
            kind = self.faults.read(partial(kind_of, item), "")
            if kind == "display":
                words = self.faults.read(partial(words_of, item), "")
                if depth == 0 and not self.found:
                    self.intro.append(words)
                else:
                    own, waiting = [*own, words], words
            elif kind == "group":
                heading = self.faults.read(partial(prefixed, item), "")
                before = len(self.found)
                self.go(item, (*own, heading) if heading else tuple(own), depth + 1)
                waiting = waiting if len(self.found) == before else ""
            elif kind:
                self.found.append(read_question(item, kind, " ".join(own), self.sets, self.faults))
                waiting = ""
                self.formulas += self.faults.read(partial(formulas_of, item), list[str]())
                self.below(item, tuple(own), depth)
        if waiting:
            self.notes.append(f"The words “{waiting}” come after the last question. Patients do not see them.")

    def below(self, question: JsonNode, stems: tuple[str, ...], depth: int) -> None:
        """Questions under a question follow it. Words under it are its help, which it has read itself."""
        asked = [each for each in question.list_at("item") if each.object().get("type") != "display"]
        if asked:
            inner = JsonNode(question.file, question.path, {"item": [each.value for each in asked]})
            self.go(inner, stems, depth + 1)


def kind_of(node: JsonNode) -> str:
    return node.at("type").text()


def words_of(node: JsonNode) -> str:
    return plain(node.at("text"))


def prefixed(node: JsonNode) -> str:
    """A heading with the number or letter that stands before it."""
    return f"{plain_at(node, 'prefix')} {plain_at(node, 'text')}".strip()


def read_questionnaire(file: JsonNode) -> Questionnaire:
    """The questionnaire in a FHIR file. `faults` holds all that is missing or not plain text, with its spot.

    Raises Invalid only where there is no questionnaire to read.
    """
    whole, beside = only_questionnaire(file)
    sets = ValueSets(whole, beside)
    walk = Walk(sets)
    walk.faults.read(lambda: refuse_modifiers(whole), None)
    walk.formulas += walk.faults.read(partial(formulas_of, whole), list[str]())
    walk.go(whole, (), 0)
    notes = walk.faults.read(partial(note_head, whole), list[str]())
    heads = {
        name: walk.faults.read(partial(plain_at, whole, name), "")
        for name in ("url", "version", "title", "name", "copyright")
    }
    title = heads["title"] or heads["name"] or walk.faults.read(lambda: plain(whole.at("title")), "")
    named = [*whole.list_at("identifier"), *whole.list_at("code")]
    return Questionnaire(
        node=whole,
        url=heads["url"],
        version=heads["version"],
        title=title,
        copyright=heads["copyright"],
        instrument=next((value_of(each) for each in named if each.object().get("system") == OURS), ""),
        panels=tuple(value_of(each) for each in named if each.object().get("system") == LOINC),
        intro=" ".join(each for each in walk.intro if each),
        questions=tuple(walk.found),
        formulas=tuple(walk.formulas),
        notes=(*notes, *walk.notes),
        faults=tuple(walk.faults.found),
    )


def value_of(named: JsonNode) -> str:
    """The value of an identifier or the code of a coding."""
    words: Mapping[str, object] = named.object()
    return str(words.get("value") or words.get("code") or "")


def only_questionnaire(file: JsonNode) -> tuple[JsonNode, list[JsonNode]]:
    """The questionnaire itself and what stands beside it. Raises Invalid for a bundle with none or with several."""
    kind = file.object().get("resourceType")
    if kind == "Questionnaire":
        return file, []
    if kind != "Bundle":
        raise Invalid(NO_QUESTIONNAIRE)
    inside = [entry.at("resource") for entry in file.list_at("entry") if entry.maybe("resource") is not None]
    found = [each for each in inside if each.object().get("resourceType") == "Questionnaire"]
    if len(found) != 1:
        raise file.refuse(f"is a Bundle with {len(found)} questionnaires. Load a file with one")
    return found[0], [each for each in inside if each is not found[0]]
