"""What a form came to, in one cell: the same as its scores and answers, from its sending until it is opened again."""

import json
from datetime import datetime, timedelta
from importlib import import_module

from sqlalchemy import text, update
from sqlmodel import Session, col, select

from backtolife.demo.simulated.service import Size, simulate
from backtolife.outcomes.answering.reopening import open_again
from backtolife.outcomes.catalogue.wording import wording
from backtolife.outcomes.models import Answer, InstrumentResponse, Score
from backtolife.people.models import Person, Role, Service
from backtolife.people.roles import holding
from backtolife.reporting.dataset.loading import load
from backtolife.reporting.dataset.version import version_of
from tests.reporting.conftest import Simulated
from tests.support.factories import Factory
from tests.support.outcomes.sheets import Patient, a_patient

PEG = {"1": 4, "2": 5, "3": 4}


def seen(db: Session, patient: Patient, now: datetime) -> tuple[dict[str, float], str]:
    """The patient's scores as the evidence has them, by milestone, and the version of the data."""
    service = patient.enrolment.service_id
    (member,) = load(db, service_id=service, now=now).members
    return dict(next(iter(member.scores.values()), {})), version_of(db, service_id=service, now=now)


def reopen(make: Factory, patient: Patient, instrument: str) -> None:
    lead = make.db.exec(
        select(Person).where(Person.service_id == patient.enrolment.service_id, holding(Role.FACILITATOR))
    ).one()
    open_again(
        make.db, actor=make.actor(lead), enrolment_id=patient.enrolment.id, milestone_id="baseline",
        instrument=instrument, reason="Pressed the wrong one", now=patient.now,
    )  # fmt: skip


def test_the_evidence_follows_a_form_that_is_sent_opened_again_and_sent_anew(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    peg = patient.open("peg-3")
    patient.say_all(peg, PEG)
    patient.send(peg)
    sent = seen(db, patient, make.now)
    reopen(make, patient, "peg-3")
    opened = seen(db, patient, make.now)
    later = make.now + timedelta(minutes=5)
    patient.say(peg, "1", 10, "later", now=later)
    patient.send(peg, now=later)
    anew = seen(db, patient, make.now)
    assert [scores for scores, _ in (sent, opened, anew)] == [{"baseline": 4.33}, {}, {"baseline": 6.33}]
    assert len({version for _, version in (sent, opened, anew)}) == 3


def test_words_of_ones_own_are_left_out(make: Factory) -> None:
    patient = a_patient(make)
    fft = patient.open("fft")
    own = next(each.id for each in wording("fft").questions if each.kind == "text")
    patient.say_all(fft, {"experience": "good", own: "Priya was kind."})
    assert fft.summary == ""
    assert json.loads(patient.send(fft).summary) == {"experience": "good"}


IN_OWN_WORDS = {each.id for each in wording("fft").questions if each.kind == "text"}


def rows_of(db: Session, service_id: str) -> dict[str, dict[str, float | int | str]]:
    """What each sent form came to by its own rows: figures, or what was chosen where nothing is scored."""
    found: dict[str, dict[str, float | int | str]] = {}
    sent = select(InstrumentResponse.id).where(
        InstrumentResponse.service_id == service_id, col(InstrumentResponse.completed_at).is_not(None)
    )
    scored = set()
    for score in db.exec(select(Score).where(Score.service_id == service_id)):
        if score.scale != "recorded":
            scored.add(score.response_id)
        if score.value is not None:
            found.setdefault(score.response_id, {})[score.scale] = score.value
    for answer in db.exec(select(Answer).where(Answer.service_id == service_id)):
        chosen = answer.words if answer.value is None else answer.value
        if answer.response_id not in scored and chosen != "" and answer.item not in IN_OWN_WORDS:
            found.setdefault(answer.response_id, {})[answer.item] = chosen
    return {key: found.get(key, {}) for key in db.exec(sent)}


def summaries_of(db: Session, service_id: str) -> dict[str, dict[str, float | int | str]]:
    wanted = select(InstrumentResponse.id, InstrumentResponse.summary)
    return {key: json.loads(cell) for key, cell in db.exec(wanted.where(InstrumentResponse.service_id == service_id))}


def test_every_summary_says_what_its_rows_say(simulated: Simulated) -> None:
    with simulated.reading() as db:
        found = summaries_of(db, simulated.service_id)
        assert len(found) > 500
        assert found == rows_of(db, simulated.service_id)


def test_forms_sent_before_there_were_summaries_are_summed_up_by_the_migration(make: Factory, db: Session) -> None:
    size = Size(groups=1, patients=5, waiting=0)
    service: Service = simulate(db, name="Before", size=size, now=make.now, domain="before.example")
    before = summaries_of(db, service.id)
    db.connection().execute(update(InstrumentResponse).values(summary=""))
    migration = import_module("migrations.versions.0020_form_summaries")
    db.connection().execute(text(migration.filled(db.get_bind().dialect.name).replace(":", "\\:")))
    db.expire_all()
    assert summaries_of(db, service.id) == before
