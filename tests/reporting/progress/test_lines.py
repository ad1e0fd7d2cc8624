"""A person's own scores over time, in plain words, with published sizes on official wording only."""

from datetime import datetime, timedelta

from flask import Flask
from sqlmodel import Session

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.outcomes.asking.schedule import ask_of
from backtolife.outcomes.forms import battery
from backtolife.people.models import Person, Role, Service
from backtolife.people.signing_in import signin
from backtolife.programme.cohorts.models import Cohort
from backtolife.reporting.progress.lines import OwnLine, own_lines
from backtolife.reporting.progress.risk_class import stratified
from backtolife.reporting.progress.sentences import reliable_mark, sentences, tag_of
from tests.support.factories import Factory
from tests.support.outcomes.questionnaires import imported
from tests.support.outcomes.sheets import Patient, a_patient, staffed


def answered(patient: Patient, instrument: str, milestone: str, value: int, count: int) -> datetime:
    """Send one form on the day the milestone is due, every answer the same."""
    cohort = patient.db.get_one(Cohort, patient.enrolment.cohort_id)
    now = ask_of(patient.db, cohort, milestone).due_at.replace(hour=12)
    response = patient.open(instrument, milestone, now=now)
    patient.say_all(response, {str(number): value for number in range(1, count + 1)}, now=now)
    patient.send(response, now=now)
    return now


def only(lines: list[OwnLine], instrument: str) -> OwnLine:
    return next(line for line in lines if line.instrument.id == instrument)


def test_in_house_words_get_numbers_and_no_claim(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    answered(patient, "gad-7", "baseline", 2, 7)
    now = answered(patient, "gad-7", "end", 1, 7)
    line = only(own_lines(db, enrolment=patient.enrolment, now=now), "gad-7")
    assert tag_of(line)[0] == "7 lower than before"
    assert sentences(line) == "Your score was 14 out of 21 at first. Now it is 7. Lower is better."
    assert "notice" not in sentences(line)
    assert reliable_mark(line) == ""
    assert line.picture.rows == (("Start", "14"), ("Halfway", "not asked"), ("End", "7"))


def test_official_words_say_what_people_notice_and_what_is_reliable(make: Factory, db: Session, now: datetime) -> None:
    cohort = staffed(make)
    service = db.get_one(Service, cohort.service_id)
    imported(db, service, now - timedelta(days=60), "gad-7")
    patient = a_patient(make, cohort)
    answered(patient, "gad-7", "baseline", 2, 7)
    now = answered(patient, "gad-7", "end", 1, 7)
    line = only(own_lines(db, enrolment=patient.enrolment, now=now), "gad-7")
    assert "It improved by 7" in sentences(line)
    assert "is thought to be a change people notice" in sentences(line)
    assert tag_of(line)[0] == "Better"
    assert reliable_mark(line) == "Reliably improved (limit 4)"


def test_one_score_is_no_change_and_none_is_no_line(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    assert own_lines(db, enrolment=patient.enrolment, now=patient.now) == []
    now = answered(patient, "gad-7", "baseline", 1, 7)
    line = only(own_lines(db, enrolment=patient.enrolment, now=now), "gad-7")
    assert (line.change, tag_of(line)[0]) == (None, "First score")


def test_risk_is_not_stratified_without_the_official_form(make: Factory, db: Session, now: datetime) -> None:
    cohort = staffed(make)
    service = db.get_one(Service, cohort.service_id)
    patient = a_patient(make, cohort)
    assert stratified(db, patient.enrolment) == "Not stratified"
    imported(db, service, now - timedelta(days=60), "start-back-9")
    lead = make.actor(make.person(service, Role.CLINICAL_LEAD))
    chosen = ["start-back-9", "rmdq-24", "semcd-6", "phq-9", "fft"]
    battery.choose(db, actor=lead, milestone_id="baseline", instruments=chosen, now=now - timedelta(days=50))
    response = patient.open("start-back-9")
    patient.say_all(response, {str(number): 1 for number in range(1, 9)} | {"9": 4})
    patient.send(response)
    assert stratified(db, patient.enrolment) == "High risk"


def test_the_pages_show_the_line_its_words_and_its_table(app: Flask) -> None:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        now = clock.now()
        make = Factory(db, now)
        service = make.service()
        cohort = make.cohort(service, first_day=(now + timedelta(days=7)).date())
        facilitator, enrolment = make.facilitator(cohort, name="Priya"), make.enrolment(cohort, "Maureen")
        person = db.get_one(Person, enrolment.person_id)
        patient = Patient(db, enrolment, make.actor(person), now)
        response = patient.open("gad-7")
        patient.say_all(response, {str(number): 1 for number in range(1, 8)})
        patient.send(response)
        tokens = [signin.begin(db, person=each, now=now) for each in (person, facilitator)]
        address = f"/patients/{enrolment.id}"
    own, staff = (app.test_client() for _ in tokens)
    for client, token in zip((own, staff), tokens, strict=True):
        with client.session_transaction() as session:
            session["signed_in"] = token
    page = own.get("/progress").get_data(as_text=True)
    for words in ("<svg", "Your score is 7 out of 21. Lower is better.", "See the numbers in a table", "own questions"):
        assert words in page
    page = staff.get(address).get_data(as_text=True)
    for words in ("Maureen", "Not stratified", "Enter answers", "Open again", "in-house"):
        assert words in page
    entry = staff.get(f"{address}/questions/baseline/peg-3").get_data(as_text=True)
    assert "When did they answer?" in entry
    data = {"mode": "telephone", "given_at": f"{now:%Y-%m-%dT%H:%M}", "key": "k", "q-1": "5", "q-2": "5", "q-3": "99"}
    refused = staff.post(f"{address}/questions/baseline/peg-3", data=data)
    assert refused.status_code == 400
    sent = staff.post(f"{address}/questions/baseline/peg-3", data=data | {"key": "l", "q-3": "5"})
    assert sent.status_code == 302, sent.get_data(as_text=True)
    assert "By telephone" in staff.get(address).get_data(as_text=True)
