"""Official wording comes in as a FHIR Questionnaire: checked, licensed, kept for good, asked and scored."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from backtolife.audit import AuditEntry
from backtolife.errors import Conflict, Invalid
from backtolife.outcomes.catalogue.json_node import JsonNode
from backtolife.outcomes.catalogue.shipped import load_instrument, shipped_instruments
from backtolife.outcomes.catalogue.wording import Form, wording
from backtolife.outcomes.fhir.mapping import as_form
from backtolife.outcomes.fhir.plain_text import CONTROL, FORMULA, ORDINAL
from backtolife.outcomes.fhir.reading import read_questionnaire
from backtolife.outcomes.fhir.writing import template, written
from backtolife.outcomes.forms import importing
from backtolife.outcomes.forms.adoption import adopt, form_of, ready_to_ask
from backtolife.outcomes.forms.import_preview import Head, read_json, with_head
from backtolife.outcomes.forms.importing import Terms
from backtolife.outcomes.forms.service_wording import words_for_service, words_of_each
from backtolife.people.access import System
from tests.support.factories import Factory
from tests.support.outcomes.questionnaires import LICENCE, filled, imported

WITH_ITEMS = sorted({each.id for each in shipped_instruments() if each.items})
Change = Callable[[dict[str, Any]], object]


def mapped(form: dict[str, Any], instrument: str, **more: Any) -> Form:
    found = with_head(read_questionnaire(JsonNode("f.json", "", form)), Head())
    return as_form(found, load_instrument(instrument), **more).form


def test_questions_with_our_ids_may_stand_in_another_order_and_keep_it() -> None:
    form = filled("pseq-10")
    swapped(form)
    assert [question.id for question in mapped(form, "pseq-10").questions][:3] == ["2", "1", "3"]


@pytest.mark.parametrize("instrument", WITH_ITEMS)
def test_the_empty_form_filled_in_comes_back_item_for_item(instrument: str) -> None:
    form = mapped(filled(instrument), instrument)
    measure = load_instrument(instrument)
    assert [question.id for question in form.questions if question.item] == [item.id for item in measure.items]
    assert not form.in_house
    assert (form.layout == "tick_list") == measure.tick_list


@pytest.mark.parametrize("instrument", WITH_ITEMS)
def test_an_empty_form_that_was_not_filled_in_is_refused(instrument: str) -> None:
    with pytest.raises(Invalid, match="must be text and not empty"):
        mapped(template(load_instrument(instrument)), instrument)


@pytest.mark.parametrize("instrument", ["rmdq-24", "peg-3", "phq-9", "semcd-6", "fft", "work-status"])
def test_our_own_words_written_out_are_a_questionnaire_that_can_be_read(instrument: str) -> None:
    own = wording(instrument)
    resource = written(own, load_instrument(instrument), url="urn:x", rights="Ours")
    found = mapped(json.loads(json.dumps(resource)), instrument)
    assert [question.kind for question in found.questions] == [question.kind for question in own.questions]


def pop_last(form: dict[str, Any]) -> None:
    form["item"].pop()


def out_of_range(form: dict[str, Any]) -> None:
    form["item"][2]["answerOption"][0]["valueCoding"]["extension"][0]["valueDecimal"] = 7


def no_ordinal(form: dict[str, Any]) -> None:
    del form["item"][0]["answerOption"][3]["valueCoding"]["extension"]


def swapped(form: dict[str, Any]) -> None:
    form["item"][0], form["item"][1] = form["item"][1], form["item"][0]


def one_more(form: dict[str, Any]) -> None:
    form["identifier"] = []
    form["item"].append(form["item"][0] | {"linkId": "11"})


BAD: list[tuple[Change, str]] = [
    (pop_last, "has 10 questions with a score, and this file has 9"),
    (one_more, "this file has 11"),
    (out_of_range, r"item\[2\]: has the ordinalValues 7, 1, 2, 3, 4, 5, 6, but its answers must run from 0 to 6"),
    (no_ordinal, "needs an ordinalValue for “Answer 3”"),
    (lambda form: form.pop("url"), r"does not say its address \(url\)"),
    (lambda form: form.pop("version"), "does not say its version"),
    (lambda form: form.update(copyright=" "), "does not say who holds the copyright"),
    (lambda form: form["item"][4].update(text="How <script>alert(1)</script> sure?"), "markup or a script"),
    (lambda form: form["item"][4].update(text="<img src=x onerror=alert(1)>"), "markup or a script"),
    (lambda form: form.update(title="javascript:alert(1)"), "markup or a script"),
    (lambda form: form["item"][0]["answerOption"][0]["valueCoding"].update(display="\u202eevil"), "cannot be shown"),
    (lambda form: form["item"][0].update(text="x <" + " " * 200_000 + "x"), "longer than 2000"),
    (lambda form: form.update(resourceType="Patient"), "This file holds no questionnaire"),
    (lambda form: form.pop("resourceType"), "This file holds no questionnaire"),
    (lambda form: form.update(item="none"), "must be a list"),
]


@pytest.mark.parametrize(("spoil", "words"), BAD)
def test_a_form_that_does_not_fit_is_refused_with_the_place(spoil: Change, words: str) -> None:
    form = filled("pseq-10")
    spoil(form)
    with pytest.raises(Invalid, match=words):
        mapped(form, "pseq-10")


@pytest.mark.parametrize("data", [b"{", b"\xff\xfe", b"[" * 100_000, b" " * 2_000_001])
def test_what_is_no_json_or_too_large_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid):
        read_json(data, "f.json")


def test_loinc_codes_groups_and_a_formula_are_understood() -> None:
    """The shape in which LOINC gives PHQ-9 away: coded linkIds in a group, one question and a total beside the nine."""
    form = filled("phq-9")
    for item in form["item"]:
        item["linkId"] = f"/{item['code'][0]['code']}"
    extra = {"linkId": "/69722-7", "text": "How hard was it?", "type": "choice"}
    extra["answerOption"] = [{"valueCoding": {"code": "LA1", "display": "Not at all"}}]  # type: ignore[assignment]
    total = {"linkId": "/44261-6", "text": "Total", "type": "decimal"}
    total["extension"] = [{"url": FORMULA, "valueExpression": {"expression": "sum()"}}]  # type: ignore[assignment]
    form["item"] = [{"linkId": "g", "type": "group", "text": "PHQ", "item": [*form["item"], extra, total]}]
    found = mapped(form, "phq-9", not_scored=["/69722-7"])
    assert [question.id for question in found.questions] == [*"123456789", "extra-69722-7"]
    assert read_questionnaire(JsonNode("f", "", form)).formulas == ("sum()",)


def test_a_score_in_place_of_a_number_is_turned_back_into_the_answer() -> None:
    """STarT Back 9 scores its five answers 0, 0, 0, 1, 1; the file may say the score or the place."""
    form = filled("start-back-9")
    for option, points in zip(form["item"][8]["answerOption"], (0, 0, 0, 1, 1), strict=True):
        option["valueCoding"]["extension"] = [{"url": ORDINAL, "valueDecimal": points}]
    assert [option.value for option in mapped(form, "start-back-9").questions[8].options] == [0, 1, 2, 3, 4]


def test_a_scale_has_the_words_at_its_ends() -> None:
    form = filled("peg-3")
    for item in form["item"]:
        labels = {"lower": "No pain", "upper": "Worst pain"}
        concepts = {end: {"coding": [{"code": end}]} for end in labels}
        item |= {
            "type": "integer",
            "answerOption": [],
            "extension": [
                {"url": "http://hl7.org/fhir/StructureDefinition/minValue", "valueInteger": 0},
                {"url": "http://hl7.org/fhir/StructureDefinition/maxValue", "valueInteger": 10},
            ],
            "item": [
                {
                    "linkId": f"{item['linkId']}{end}",
                    "type": "display",
                    "text": words,
                    "extension": [{"url": CONTROL, "valueCodeableConcept": concepts[end]}],
                }
                for end, words in labels.items()
            ],
        }
    first = mapped(form, "peg-3").questions[0]
    assert (first.kind, first.lowest_label, first.highest_label) == ("scale", "No pain", "Worst pain")
    form["item"][0]["extension"][1]["valueInteger"] = 100
    with pytest.raises(Invalid, match="must run from 0 to 10, not from 0 to 100"):
        mapped(form, "peg-3")


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        (Terms(), "licence_holder"),
        (Terms("Trust"), "licence_reference"),
        (Terms("Trust", "L-1"), "licence_expires_on"),
        (Terms("Trust", "L-1", date(2026, 3, 2)), "licence_expires_on"),
    ],
)
def test_a_form_that_needs_a_licence_is_not_loaded_without(
    make: Factory, db: Session, now: datetime, terms: Terms, field: str
) -> None:
    service = make.service()
    with pytest.raises(Invalid) as refused:
        importing.load(
            db,
            service=service,
            actor=System("test", service.id),
            file=JsonNode("f", "", filled("pseq-10")),
            now=now,
            terms=terms,
        )
    assert refused.value.field == field


def test_a_form_free_to_use_needs_no_licence_and_no_service_reads_anothers(
    make: Factory, db: Session, now: datetime
) -> None:
    service, other = make.service(), make.service()
    row = importing.load(
        db, service=service, actor=System("test", service.id), file=JsonNode("f", "", filled("phq-9")), now=now
    )
    assert row.licence_expires_on is None
    mine = words_for_service(db, service_id=service.id, instrument="phq-9", now=now)
    theirs = words_for_service(db, service_id=other.id, instrument="phq-9", now=now)
    assert (mine.in_house, theirs.in_house) == (False, True)


def test_the_same_file_twice_is_one_and_other_words_need_a_new_version(
    make: Factory, db: Session, now: datetime
) -> None:
    service = make.service()
    first = imported(db, service, now)
    assert imported(db, service, now).id == first.id
    changed = filled("pseq-10")
    changed["item"][0]["text"] = "Other words?"
    with pytest.raises(Conflict, match="needs a new version"):
        imported(db, service, now, form=changed)
    second = imported(db, service, now + timedelta(days=1), form=changed | {"version": "1.1"})
    assert second.form_hash != first.form_hash
    newest = importing.newest_of_each(db, service_id=service.id, instruments=["pseq-10"], today=now.date())
    assert newest == {"pseq-10": second}
    actions = [entry.action for entry in db.exec(select(AuditEntry).where(AuditEntry.service_id == service.id))]
    assert actions.count("wording_imported") == 2


def test_a_form_opened_on_old_words_keeps_them(make: Factory, db: Session, now: datetime) -> None:
    service = make.service()
    imported(db, service, now)
    before = adopt(db, service_id=service.id, instrument="pseq-10", now=now)
    later = now + timedelta(days=1)
    imported(db, service, later, form=filled("pseq-10", "2.0"))
    after = adopt(db, service_id=service.id, instrument="pseq-10", now=later)
    assert (form_of(db, before).version, form_of(db, after).version) == ("1.0", "2.0")
    assert form_of(db, before).hash == before.wording_hash
    ready_to_ask(after, production=True)


def test_no_form_is_opened_once_the_licence_is_over(make: Factory, db: Session, now: datetime) -> None:
    service = make.service()
    imported(db, service, now)
    assert LICENCE.expires_on is not None
    over = now.replace(year=LICENCE.expires_on.year + 1)
    ready = [words_of_each(db, service_id=service.id, instruments=["pseq-10"], now=at) for at in (now, over)]
    assert [list(each) for each in ready] == [["pseq-10"], []]
