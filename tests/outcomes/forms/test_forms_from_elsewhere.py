"""Questionnaires as other people's programs write them: each loads with the right words, or is refused by name."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from sqlmodel import Session

from backtolife.errors import Conflict, Invalid
from backtolife.outcomes.catalogue.json_node import JsonNode
from backtolife.outcomes.catalogue.shipped import load_instrument
from backtolife.outcomes.catalogue.wording import Form
from backtolife.outcomes.fhir.faults import messages_of
from backtolife.outcomes.forms import importing
from backtolife.outcomes.forms.import_preview import Head, Preview, preview, read_json
from backtolife.outcomes.forms.models import ImportedForm
from backtolife.people.access import System
from backtolife.people.models import Service
from tests.support.factories import Factory
from tests.support.outcomes.questionnaires import FROM_ELSEWHERE, LICENCE, filled, from_elsewhere

STEM = "STEM: in the last fourteen days, how often did each of these trouble you?"
ITEMS = list("123456789")
SCALE = [(0, "Never"), (1, "Some days"), (2, "Most days"), (3, "Every day")]
OFFICIAL = [(0, "Not at all"), (1, "Several days"), (2, "More than half the days"), (3, "Nearly every day")]


@dataclass(frozen=True)
class Desk:
    """A service at which forms are loaded."""

    db: Session
    service: Service
    now: datetime

    def load(self, file: JsonNode, **more: Any) -> ImportedForm:
        return loaded(self.db, self.service, self.now, file, **more)

    def form(self, name: str, **more: Any) -> Form:
        return importing.form_in(self.load(case(name), **more))


@pytest.fixture
def desk(make: Factory, db: Session, now: datetime) -> Desk:
    return Desk(db, make.service(), now)


def case(name: str) -> JsonNode:
    return read_json(from_elsewhere(name).read_bytes(), name)


def loaded(db: Session, service: Service, now: datetime, file: JsonNode, **more: Any) -> ImportedForm:
    actor = System("test", service.id)
    return importing.load(db, service=service, actor=actor, file=file, now=now, **({"instrument": "phq-9"} | more))


def seen(name: str) -> Preview:
    return preview(case(name), instrument="phq-9")


TAKEN = [
    *("00-flat-ok", "01-stem-in-group", "03-stem-display-top", "04-itemweight", "05-ordinal-inside-decimal-prefix"),
    *("06-contained-valueset", "09-enablewhen-extra", "12-hidden-item", "13-r5-coding", "14-total-readonly"),
    *("15-help-under-question", "16-question-under-question", "17-prefix", "18-signs-less-than", "19-ampersand-entity"),
    *("20-options-high-first", "21-bundle", "22-utf16", "23-bom", "24-same-words-other-url", "25-same-words-third-url"),
    *("26-with-text", "40-contained-vs-ordinal", "40-r5-coding", "40-score-no-formula", "40-stu3-option"),
]
REFUSED = {
    "10-enablewhen-on-scored": ["“Made-up trouble number 4” (/44254-1) is scored, but asked only after some answers"],
    "11-repeats-true": [f"“Made-up trouble number {n}” " for n in range(1, 10)],
    "40-enablewhen-item9": ["“Made-up words about harm to oneself” (/44260-8) is scored, but asked only after"],
    "40-implicitRules": ["follows rules of its own (implicitRules http://example.org/rules)"],
    "40-modifier-ext": ["“Made-up words about little interest” has a modifierExtension (http://example.org/rev"],
    "40-retired": ["says that this form is retired"],
}
ASKED = {"07-lforms-no-url-no-version": ("url", "version"), "08-no-copyright": ("copyright",), "40-order-nocodes": ()}


def test_every_case_has_a_test() -> None:
    assert sorted(path.stem for path in FROM_ELSEWHERE) == sorted([*TAKEN, *REFUSED, *ASKED])


@pytest.mark.parametrize("name", TAKEN)
def test_a_form_by_somebody_else_loads_as_it_comes(desk: Desk, name: str) -> None:
    form = desk.form(name)
    scored = [question for question in form.questions if question.item]
    assert [question.id for question in scored] == ITEMS
    for question in scored:
        options = sorted((option.value, option.label) for option in question.options)
        assert options == (OFFICIAL if name.startswith("40") else SCALE)
    assert all("rouble" in question.text or "words" in question.text or "<" in question.text for question in scored)


@pytest.mark.parametrize("name", REFUSED)
def test_a_form_that_would_be_asked_or_scored_another_way_is_refused_by_name(desk: Desk, name: str) -> None:
    for refusing in (lambda: seen(name), lambda: desk.form(name)):
        with pytest.raises(Invalid) as refused:
            refusing()
        messages = messages_of(refused.value)
        assert len(messages) == len(REFUSED[name])
        for message, words in zip(messages, REFUSED[name], strict=True):
            assert words in message


@pytest.mark.parametrize("name", ["07-lforms-no-url-no-version", "08-no-copyright"])
def test_a_form_without_url_version_or_copyright_asks_for_them(desk: Desk, name: str) -> None:
    assert seen(name).missing == ASKED[name]
    with pytest.raises(Invalid) as refused:
        desk.form(name)
    assert len(messages_of(refused.value)) == len(ASKED[name])
    with pytest.raises(Invalid):
        desk.load(case(name), head=Head("no address", " ", " "))
    row = desk.load(case(name), head=Head("https://us.example/f", "3", "© Us"))
    written = {"url": "https://us.example/f", "version": "3", "copyright": "© Us"}
    assert {key: getattr(row, key) for key in ASKED[name]} == {key: written[key] for key in ASKED[name]}


@pytest.mark.parametrize(
    ("name", "lead_in", "intro"),
    [
        ("01-stem-in-group", STEM, "Mood form 01-stem-in-group"),
        ("03-stem-display-top", "Part A", STEM),
        ("06-contained-valueset", STEM, "Mood form 06-contained-valueset"),
    ],
)
def test_the_words_before_the_questions_are_kept(desk: Desk, name: str, lead_in: str, intro: str) -> None:
    form = desk.form(name)
    assert (form.lead_in, form.intro) == (lead_in, intro)


def test_words_inside_a_group_go_with_the_questions_they_stand_before() -> None:
    file = filled("pseq-10")
    first, rest = file["item"][:4], file["item"][4:]
    display = {"linkId": "d", "type": "display", "text": "Now think of last week."}
    last = {"linkId": "z", "type": "display", "text": "Thank you."}
    file["item"] = [
        {"linkId": "a", "type": "group", "text": "At home", "item": [*first[:2], display, *first[2:]]},
        {"linkId": "b", "type": "group", "prefix": "B", "text": "Out", "item": [*rest, last]},
    ]
    found = preview(JsonNode("f", "", file))
    stems = [match.found.lead_in for match in found.matches]
    assert stems == ["At home"] * 2 + ["At home Now think of last week."] * 2 + ["B Out"] * 6
    assert "The words “Thank you.” come after the last question. Patients do not see them." in found.notes


@pytest.mark.parametrize(
    ("name", "number", "words"),
    [
        ("17-prefix", 0, "1. Made-up trouble number 1"),
        ("18-signs-less-than", 0, "Pain < usual & stiffness, 50% of the time"),
        ("18-signs-less-than", 2, "Rate <5 or >5"),
        ("19-ampersand-entity", 0, "Trouble & strife"),
        ("16-question-under-question", 2, "NESTED: if so, tell us more"),
        ("26-with-text", 9, "Is there anything more to say?"),
        ("09-enablewhen-extra", 9, "Only if you ticked any trouble: how hard did they make things?"),
    ],
)
def test_each_question_has_the_words_of_the_file(desk: Desk, name: str, number: int, words: str) -> None:
    assert desk.form(name).questions[number].text == words


def test_help_below_a_question_is_its_hint(desk: Desk) -> None:
    assert desk.form("15-help-under-question").questions[0].hint == "HELP: think of a usual day"


def test_answers_stay_in_the_order_of_the_file(desk: Desk) -> None:
    options = desk.form("20-options-high-first").questions[0].options
    assert [option.value for option in options] == [3, 2, 1, 0]


@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("09-enablewhen-extra", "is asked of everybody. The file asks it only after some answers."),
        ("12-hidden-item", "“HIDDEN: for the office only” (hid) is left out: the file says it is hidden."),
        ("14-total-readonly", "“Total score” (/44261-6) is left out: the file says it is computed."),
        ("40-score-no-formula", "“total” (/44261-6) is left out: the file says it is read-only."),
        ("05-ordinal-inside-decimal-prefix", "The number printed before each answer is kept"),
        ("40-r5-coding", "The file demands an answer to some questions."),
        ("40-r5-coding", "The file calls itself a draft."),
    ],
)
def test_what_is_not_taken_over_is_shown(name: str, note: str) -> None:
    assert any(note in each for each in seen(name).notes), seen(name).notes


def test_nothing_that_is_unknown_here_falls_out_without_a_word() -> None:
    file = filled("pseq-10")
    file |= {"description": "Do not use it at night.", "effectivePeriod": {"end": "2020"}}
    file["item"][0] |= {"_text": {"id": "x"}, "initial": [{"valueInteger": 3}]}
    file["item"][1]["extension"] = [{"url": "http://example.org/StructureDefinition/weighs-double"}]
    file["item"].append({"linkId": "when", "type": "date", "text": "On which day?"})
    notes = "\n".join(preview(JsonNode("f", "", file)).notes)
    for words in ("at night", "effectivePeriod", "_text (1)", "initial (1)", "weighs-double (1)", "“On which day?”"):
        assert words in notes


def test_a_total_without_a_formula_can_be_named_as_not_scored(desk: Desk) -> None:
    file = filled("pseq-10")
    file["identifier"] = []
    file["item"].append({"linkId": "sum", "type": "decimal", "text": "Total"})
    with pytest.raises(Invalid, match="name its linkId as not scored"):
        desk.load(JsonNode("f", "", file), instrument="pseq-10", terms=LICENCE)
    found = preview(JsonNode("f", "", file), instrument="pseq-10", not_scored=["sum"])
    assert [match.part for match in found.matches] == [*map(str, range(1, 11)), "left-out"]


def test_a_file_that_says_it_is_another_instrument_is_refused() -> None:
    with pytest.raises(Invalid, match="says that it is Pain Self-Efficacy Questionnaire, and you chose"):
        preview(JsonNode("f", "", filled("pseq-10")), instrument="phq-9")
    by_panel = filled("pseq-10") | {"identifier": [], "code": [{"system": "http://loinc.org", "code": "69737-5"}]}
    with pytest.raises(Invalid, match="says that it is GAD-7"):
        preview(JsonNode("f", "", by_panel), instrument="pseq-10")
    by_items = filled("gad-7") | {"identifier": []}
    with pytest.raises(Invalid, match="says that it is GAD-7"):
        preview(JsonNode("f", "", by_items), instrument="phq-9")


def test_all_faults_of_a_file_are_said_at_once() -> None:
    file = filled("pseq-10")
    file["item"][0]["text"] = "<b>Bold</b>"
    file["item"][3]["text"] = ""
    file["item"][5] |= {"repeats": True}
    file["item"][7]["answerOption"] = []
    file["item"][7]["answerValueSet"] = "http://elsewhere.example/vs"
    with pytest.raises(Invalid) as refused:
        preview(JsonNode("f", "", file))
    said = messages_of(refused.value)
    assert len(said) == 4
    for words in ("item[0].text: holds markup", "item[3].text: must be text", "takes several", "is not in this file"):
        assert any(words in each for each in said)


@pytest.mark.parametrize("words", ["<script>x", "<img src=x onerror=y>", "a </b> b", "&lt;b&gt;x", "<svg onload=a"])
def test_markup_in_any_spelling_is_refused(words: str) -> None:
    file = filled("pseq-10")
    file["item"][0]["text"] = words
    with pytest.raises(Invalid, match="only plain text"):
        preview(JsonNode("f", "", file))


def test_the_same_words_under_another_url_are_answered_in_words(desk: Desk) -> None:
    desk.load(case("00-flat-ok"))
    for name in ("24-same-words-other-url", "25-same-words-third-url"):
        with pytest.raises(
            Conflict, match="These words are loaded already, as “Mood form 00-flat-ok” from https://forms"
        ):
            desk.load(case(name))


def test_a_form_without_codes_is_never_matched_to_the_safety_question_by_its_order(desk: Desk) -> None:
    found = seen("40-order-nocodes")
    parts = {match.found.text.removeprefix("Made-up words about "): match.part for match in found.matches}
    assert parts["tiredness"] == ""
    assert load_instrument("phq-9").alerts[0].item == 8
    with pytest.raises(Invalid, match="Say which question is “9"):
        desk.load(case("40-order-nocodes"))
    with pytest.raises(Invalid, match="cannot both be “4"):
        desk.load(case("40-order-nocodes"), chosen={"q8": "4", "q3": "4"})
    form = importing.form_in(desk.load(case("40-order-nocodes"), chosen={"q8": "9", "q3": "4"}))
    assert {question.id: question.text.removeprefix("Made-up words about ") for question in form.questions} == {
        "1": "little interest",
        "2": "low mood",
        "3": "sleep",
        "9": "harm to oneself",
        "5": "appetite",
        "6": "feeling bad about oneself",
        "7": "concentrating",
        "8": "moving slowly or fidgeting",
        "4": "tiredness",
    }
    assert [question.id for question in form.questions] == list("123956784")


def test_the_names_of_the_file_are_kept_for_what_leaves_here(desk: Desk) -> None:
    row = desk.load(case("20-options-high-first"))
    assert row.links["9"]["linkId"] == "/44260-8"
    assert row.links["9"]["codings"]["3"] == {"system": "http://loinc.org", "code": "LA65611-3", "display": "Every day"}
