"""Official words are typed in more than one sitting by more than one person, checked as a file is, and corrected."""

from datetime import datetime

import pytest
from sqlmodel import Session, select

from backtolife.errors import Conflict, Invalid, NotFound
from backtolife.outcomes.catalogue.shipped import load_instrument, shipped_instruments
from backtolife.outcomes.forms.adoption import adopt
from backtolife.outcomes.forms.importing import form_in
from backtolife.outcomes.forms.models import ImportedForm
from backtolife.outcomes.typed import services
from backtolife.people.access import Actor
from backtolife.people.models import Role
from tests.support.factories import Factory
from tests.support.outcomes.questionnaires import made_up_table
from tests.support.outcomes.typing import typed_out

TYPED = sorted({each.id for each in shipped_instruments() if load_instrument(each.id).items})


@pytest.fixture
def lead(make: Factory) -> Actor:
    return make.actor(make.person(make.service(), Role.CLINICAL_LEAD))


def typed(db: Session, lead: Actor, words: dict[str, str], now: datetime, instrument: str = "pseq-10") -> str:
    row = services.start(db, actor=lead, instrument=instrument, now=now)
    services.save(db, actor=lead, typed_id=row.id, sent=words, shown={}, now=now)
    return row.id


@pytest.mark.parametrize("instrument", TYPED)
def test_every_questionnaire_with_items_can_be_typed_and_loaded(
    db: Session, lead: Actor, now: datetime, instrument: str
) -> None:
    measure = load_instrument(instrument)
    table = made_up_table(instrument) if measure.readiness == "needs_table" else None
    typed_id = typed(db, lead, typed_out(instrument), now, instrument)
    form = form_in(services.load(db, actor=lead, typed_id=typed_id, table=table, now=now))
    scored = {question.id: question for question in form.questions}
    assert set(scored) == set(measure.positions)
    assert scored[measure.items[0].id].text == "Example question 1?"
    assert form.lead_in == "In the last week:"
    assert form.intro == "Example instructions."
    assert form.in_house is False


def test_answers_keep_the_order_of_the_paper_when_they_count_the_other_way_round(
    db: Session, lead: Actor, now: datetime
) -> None:
    words = typed_out("cpaq-8")
    row = services.load(db, actor=lead, typed_id=typed(db, lead, words, now, "cpaq-8"), table=None, now=now)
    first, last = form_in(row).question("1"), form_in(row).question("8")
    assert [each.label for each in first.options] == [each.label for each in last.options]
    assert [each.value for each in first.options] == [6, 5, 4, 3, 2, 1, 0]
    assert [each.value for each in last.options] == [0, 1, 2, 3, 4, 5, 6]


def test_words_at_two_ends_make_a_scale(db: Session, lead: Actor, now: datetime) -> None:
    words = {name: said for name, said in typed_out("pseq-10").items() if name not in {f"all-{n}" for n in range(1, 6)}}
    row = services.load(db, actor=lead, typed_id=typed(db, lead, words, now), table=None, now=now)
    question = form_in(row).questions[0]
    assert (question.kind, question.lowest_label, question.highest_label) == ("scale", "Answer", "Answer")


def test_an_unfinished_form_is_kept_and_says_what_is_missing(db: Session, lead: Actor, now: datetime) -> None:
    typed_id = typed(db, lead, {"title": "Half", "q-1": "First words"}, now)
    with pytest.raises(Invalid) as refused:
        services.load(db, actor=lead, typed_id=typed_id, table=None, now=now)
    assert "Question 2: type its words." in refused.value.message
    assert "Question 1: type its words" not in refused.value.message
    assert services.find(db, actor=lead, typed_id=typed_id).words == {"title": "Half", "q-1": "First words"}


def test_what_a_file_may_not_hold_a_page_may_not_either(db: Session, lead: Actor, now: datetime) -> None:
    typed_id = typed(db, lead, typed_out("pseq-10") | {"q-3": "<b>Bold</b> words"}, now)
    with pytest.raises(Invalid, match="Question 3: holds markup"):
        services.load(db, actor=lead, typed_id=typed_id, table=None, now=now)
    assert db.exec(select(ImportedForm)).all() == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"licence_holder": ""}, "needs a licence from"),
        ({"licence_expires_on": "2020-01-01"}, "This licence has expired"),
        ({"licence_expires_on": "2031-02-30"}, "Enter the last day of the licence as a date"),
        ({"url": "example form"}, "Start the form’s address with https://"),
    ],
)
def test_a_licence_or_source_that_is_not_whole_is_refused(
    db: Session, lead: Actor, now: datetime, change: dict[str, str], said: str
) -> None:
    typed_id = typed(db, lead, typed_out("pseq-10") | change, now)
    with pytest.raises(Invalid, match=said):
        services.load(db, actor=lead, typed_id=typed_id, table=None, now=now)


def test_two_people_who_type_at_once_lose_nothing(db: Session, make: Factory, lead: Actor, now: datetime) -> None:
    typed_id = typed(db, lead, {"q-1": "As it was", "q-2": "Both"}, now)
    shown = {"q-1": "As it was", "q-2": "Both"}
    services.save(db, actor=lead, typed_id=typed_id, sent={"q-1": "Hers", "q-2": "Hers too"}, shown=shown, now=now)
    saved = services.save(
        db, actor=lead, typed_id=typed_id, sent={"q-1": "As it was", "q-2": "His", "q-3": "His"}, shown=shown, now=now
    )
    assert saved.theirs == {"q-2": "Hers too"}
    assert saved.row.words == {"q-1": "Hers", "q-2": "Hers too", "q-3": "His"}


def test_a_loaded_form_is_corrected_as_a_new_version(db: Session, lead: Actor, now: datetime) -> None:
    typed_id = typed(db, lead, typed_out("pseq-10"), now)
    first = services.load(db, actor=lead, typed_id=typed_id, table=None, now=now)
    with pytest.raises(Conflict, match="Correct them as a new version"):
        services.save(db, actor=lead, typed_id=typed_id, sent={"q-1": "Other"}, shown={}, now=now)
    again = services.correct(db, actor=lead, typed_id=typed_id, now=now)
    words = again.words | {"q-1": "Corrected", "version": "1.1"}
    services.save(db, actor=lead, typed_id=again.id, sent=words, shown=again.words, now=now)
    second = services.load(db, actor=lead, typed_id=again.id, table=None, now=now)
    assert form_in(first).questions[0].text == "Example question 1?"
    assert (second.version, form_in(second).questions[0].text) == ("1.1", "Corrected")


def test_loading_is_undone_until_somebody_is_asked_in_the_words(db: Session, lead: Actor, now: datetime) -> None:
    typed_id = typed(db, lead, typed_out("pseq-10"), now)
    services.load(db, actor=lead, typed_id=typed_id, table=None, now=now)
    services.take_back(db, actor=lead, typed_id=typed_id, now=now)
    assert db.exec(select(ImportedForm)).all() == []
    services.load(db, actor=lead, typed_id=typed_id, table=None, now=now)
    adopt(db, service_id=lead.service_id, instrument="pseq-10", now=now)
    with pytest.raises(Conflict, match="Patients are asked in these words already"):
        services.take_back(db, actor=lead, typed_id=typed_id, now=now)


def test_a_removed_form_comes_back_with_every_word(db: Session, lead: Actor, now: datetime) -> None:
    typed_id = typed(db, lead, {"title": "Kept"}, now)
    services.remove(db, actor=lead, typed_id=typed_id, now=now)
    with pytest.raises(Conflict, match="Bring it back first"):
        services.save(db, actor=lead, typed_id=typed_id, sent={}, shown={}, now=now)
    services.bring_back(db, actor=lead, typed_id=typed_id, now=now)
    assert services.find(db, actor=lead, typed_id=typed_id).words == {"title": "Kept"}


def test_another_service_does_not_find_it(db: Session, make: Factory, lead: Actor, now: datetime) -> None:
    typed_id = typed(db, lead, {"title": "Ours"}, now)
    stranger = make.actor(make.person(make.service(), Role.CLINICAL_LEAD))
    with pytest.raises(NotFound):
        services.find(db, actor=stranger, typed_id=typed_id)
