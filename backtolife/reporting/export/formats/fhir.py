"""HL7 FHIR R4: one bundle of a QuestionnaireResponse for each form that was begun and an Observation for each score."""

import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from backtolife.errors import BacktolifeError
from backtolife.outcomes.answering.responses import NONE_APPLY
from backtolife.outcomes.catalogue.instrument import Instrument
from backtolife.outcomes.catalogue.shipped import load_instrument
from backtolife.outcomes.catalogue.wording import Form, Question
from backtolife.outcomes.forms.adoption import form_of
from backtolife.outcomes.forms.import_links import Links
from backtolife.outcomes.forms.importing import by_hash
from backtolife.outcomes.models import AdoptedInstrument
from backtolife.reporting.dataset.rows import Figure, Given
from backtolife.reporting.export.csv_cells import moment_text
from backtolife.reporting.export.records import FormRecord, PersonRecord
from backtolife.reporting.export.source import Source

Resource = dict[str, Any]
NAMES = uuid.UUID("5f1f7c1e-8d1b-5f6e-9a53-3d6d1f0b7c42")
"""Ids are made of the code, the milestone and the instrument: the same in every export, and no id of ours."""
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
UCUM = "http://unitsofmeasure.org"
PERSON_SYSTEM = "urn:backtolife:participant-code"
UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""Signs that FHIR does not allow in text."""
NOT_COMPARED = "In-house wording: never compare with published results."


def bundle(source: Source) -> Iterator[str]:
    """The bundle, one entry at a time."""
    head = {"resourceType": "Bundle", "type": "collection", "timestamp": moment_text(source.now)}
    yield json.dumps(head)[:-1] + ', "entry": ['
    between, words = "\n", Words(source)
    for person in source.people(came=False):
        parts = [json.dumps(each, ensure_ascii=False) for each in entries(person, words)]
        if parts:
            yield between + ",\n".join(parts)
            between = ",\n"
    yield "\n]}\n"


@dataclass(frozen=True)
class Names:
    """The `url|version` of the form somebody else wrote, and its own linkIds and codings by our question ids."""

    canonical: str = ""
    links: Links = field(default_factory=dict)

    def link_id(self, question: str) -> str:
        return str(self.links.get(question, {}).get("linkId") or question)

    def coding(self, answer: Given) -> Resource | None:
        stored = str(answer.value) if answer.value is not None else answer.words
        found = dict(self.links.get(answer.item, {}).get("codings") or {}).get(stored)
        return None if found is None else dict(found)


class Words:
    """The wording behind each row of `adopted_instrument`, read once. None where the product no longer holds it."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._known: dict[str, Form | None] = {}
        self._names: dict[str, Names] = {}

    def names(self, adopted: AdoptedInstrument) -> Names:
        """How the file that the words came from names them; nothing for our own words."""
        if adopted.id not in self._names:
            row = by_hash(self.source.db, service_id=adopted.service_id, form_hash=adopted.wording_hash)
            self._names[adopted.id] = Names() if row is None else Names(f"{row.url}|{row.version}", row.links)
        return self._names[adopted.id]

    def of(self, adopted: AdoptedInstrument) -> Form | None:
        if adopted.id not in self._known:
            try:
                self._known[adopted.id] = form_of(self.source.db, adopted)
            except BacktolifeError:
                self._known[adopted.id] = None
        return self._known[adopted.id]


def entries(person: PersonRecord, words: Words) -> Iterator[Resource]:
    """What a person's forms come to; a form nobody began is not in the bundle."""
    for form in person.forms:
        if form.opened is not None and form.adopted is not None and form.opened.started_at:
            name = f"{person.code}/{form.milestone}/{form.instrument}"
            yield entry(name, response(person, form, form.adopted, words))
            for score in form.scores:
                yield entry(f"{name}/{score.scale}", observation(person, form, form.adopted, score, name))


def entry(name: str, resource: Resource) -> Resource:
    own = id_of(name)
    kind = resource.pop("resourceType")
    return {"fullUrl": f"urn:uuid:{own}", "resource": {"resourceType": kind, "id": own, **resource}}


def id_of(name: str) -> str:
    return str(uuid.uuid5(NAMES, name))


def subject(person: PersonRecord) -> Resource:
    """A person by code alone; there is no Patient in the bundle."""
    return {"type": "Patient", "identifier": {"system": PERSON_SYSTEM, "value": person.code}}


def canonical(adopted: AdoptedInstrument) -> str:
    """Names the very words: their fingerprint is in it."""
    return f"urn:backtolife:questionnaire:{adopted.instrument}:{adopted.wording_hash}|{adopted.wording_version}"


def response(person: PersonRecord, form: FormRecord, adopted: AdoptedInstrument, words: Words) -> Resource:
    opened, names, asked = form.opened, words.names(adopted), words.of(adopted)
    found: Resource = {
        "resourceType": "QuestionnaireResponse",
        "identifier": {"system": "urn:backtolife:milestone", "value": form.milestone},
        "questionnaire": names.canonical or canonical(adopted),
        "status": "completed" if opened and opened.completed_at else "in-progress",
        "subject": subject(person),
    }
    if opened and (authored := opened.completed_at or opened.started_at):
        found["authored"] = authored
    questions = {question.id: question for question in asked.questions} if asked else {}
    places = {name: place for place, name in enumerate(questions)}
    given = sorted(form.answers, key=lambda answer: places.get(answer.item, len(places)))
    items = [item(answer, questions.get(answer.item), names) for answer in given if stands(answer)]
    return {**found, "item": items} if items else found


def stands(answer: Given) -> bool:
    return answer.value is not None or bool(readable(answer.words))


def item(answer: Given, question: Question | None, names: Names) -> Resource:
    found: Resource = {"linkId": names.link_id(answer.item)}
    if question is not None:
        found["text"] = question.text
    coding = names.coding(answer)
    return {**found, "answer": [value_of(answer, question) if coding is None else {"valueCoding": coding}]}


def value_of(answer: Given, question: Question | None) -> Resource:
    if answer.item == NONE_APPLY or (question is not None and question.kind == "tick"):
        return {"valueBoolean": bool(answer.value)}
    if answer.value is not None:
        return {"valueInteger": answer.value}
    for option in question.options if question is not None else ():
        if option.value == answer.words:
            return {"valueCoding": {"code": answer.words, "display": option.label}}
    return {"valueString": readable(answer.words)}


def readable(words: str) -> str:
    return UNREADABLE.sub("", words).strip()


def observation(
    person: PersonRecord, form: FormRecord, adopted: AdoptedInstrument, score: Figure, name: str
) -> Resource:
    measure = load_instrument(adopted.instrument, adopted.version)
    found: Resource = {
        "resourceType": "Observation",
        "status": "final",
        "category": [{"coding": [{"system": CATEGORY, "code": "survey"}]}],
        "code": code_of(measure, score, adopted),
        "subject": subject(person),
        "derivedFrom": [{"reference": f"urn:uuid:{id_of(name)}"}],
        "method": {"text": f"{measure.name} scoring, version {adopted.version}, {adopted.instrument_hash}"},
    }
    if form.opened and form.opened.completed_at:
        found["effectiveDateTime"] = form.opened.completed_at
    if score.value is None:
        found["dataAbsentReason"] = {"text": score.status}
    else:
        found["valueQuantity"] = {"value": score.value, "unit": "score", "system": UCUM, "code": "{score}"}
    if score.band:
        found["interpretation"] = [{"text": score.band}]
    return {**found, "note": [{"text": NOT_COMPARED}]} if adopted.in_house else found


def code_of(measure: Instrument, score: Figure, adopted: AdoptedInstrument) -> Resource:
    """What was measured. In-house words get no LOINC code: they are not the questionnaire that the code stands for."""
    label = next((scale.label for scale in measure.scales if scale.id == score.scale), score.scale)
    found: Resource = {
        "coding": [{"system": f"urn:backtolife:scale:{adopted.instrument}", "code": score.scale, "display": label}],
        "text": f"{adopted.wording}: {label}" if adopted.in_house else f"{measure.name}: {label}",
    }
    loinc = dict(measure.codes.get("loinc") or {}).get(score.scale)
    if isinstance(loinc, str) and not adopted.in_house:
        found["coding"].append({"system": "http://loinc.org", "code": loinc})
    return found
