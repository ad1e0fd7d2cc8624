"""A patient's own picture, and what a facilitator sees of one patient."""

from functools import partial

from flask import Blueprint, render_template

from backtolife import audit
from backtolife.errors import NotFound
from backtolife.outcomes.asking.due import due_for
from backtolife.outcomes.asking.readiness import unsigned_of, waits
from backtolife.outcomes.asking.schedule import ask_of
from backtolife.outcomes.catalogue.wording import Form
from backtolife.outcomes.forms.service_wording import words_for_service
from backtolife.outcomes.safety.history import tasks_about
from backtolife.outcomes.staff_entry.forms import AgainForm
from backtolife.outcomes.tasks.became import became_of_signs
from backtolife.people.access import may, permission
from backtolife.people.models import Person
from backtolife.people.request import actor, db, now, sealing, service, settings
from backtolife.programme.agreed.services import plans_of
from backtolife.programme.cohorts.enrolment import enrolment_of, find_enrolment
from backtolife.programme.cohorts.models import Cohort
from backtolife.programme.consent.asking import lacking
from backtolife.programme.goals.services import goals_of
from backtolife.programme.patients.whose.around import asked_for
from backtolife.programme.patients.whose.finding import Unplaced, address_of
from backtolife.programme.places.queue.standing import standing_of
from backtolife.programme.places.queue.waiting import wait_of
from backtolife.programme.places.rules import TIMES, WAYS
from backtolife.programme.practice.rules import FELT
from backtolife.programme.practice.services import diary_in
from backtolife.programme.prescribed.services import prescribed_to
from backtolife.reporting.progress.answers_given import answers_given
from backtolife.reporting.progress.lines import own_lines
from backtolife.reporting.progress.patient_page import about_patient, patient_page
from backtolife.reporting.progress.risk_class import stratified
from backtolife.reporting.progress.sentences import number, reliable_mark, sentences, tag_of
from backtolife.sessions.records.warnings_kept import signs_of_patient
from backtolife.sessions.trial.services import tried_by

progress_pages = Blueprint("progress", __name__)
pages = Blueprint("patients", __name__, url_prefix="/patients")


@progress_pages.get("/progress")
@permission("progress.read")
def show() -> str:
    """A patient's own lines over time."""
    try:
        enrolment = enrolment_of(db(), actor=actor())
    except NotFound:
        standing = standing_of(db(), person_id=actor().id)
        return render_template("reporting/progress.jinja", lines=[], cohort=None, standing=standing)
    lines = own_lines(db(), enrolment=enrolment, now=now())
    return render_template(
        "reporting/progress.jinja",
        lines=[(line, tag_of(line), sentences(line)) for line in lines],
        cohort=db().get_one(Cohort, enrolment.cohort_id),
    )


@pages.get("/<enrolment_id>", endpoint="show")
@pages.get("/person/<person_id>", endpoint="show")
@permission("patient.lines")
def show_patient(**at: str) -> str:
    """Who is due, who is behind, tasks and lines of one patient. Looking leaves a trace."""
    enrolment = asked_for("patient.lines", at)
    if isinstance(enrolment, Unplaced):
        return page_without_place(enrolment)
    audit.record(
        db(), actor=actor(), action="patient_seen", subject_type="enrolment", subject_id=enrolment.id, now=now()
    )
    lines = own_lines(db(), enrolment=enrolment, now=now())
    dues = [due for due in due_for(db(), enrolment=enrolment, now=now()) if due.state != "upcoming" or due.responses]
    service_id, production = enrolment.service_id, settings().production
    not_ready = unsigned_of(db(), service_id=service_id, dues=dues, production=production, now=now())
    return render_template(
        "reporting/patient.jinja",
        page=patient_page(db(), enrolment=enrolment, sealing=sealing(), now=now()),
        enrolment=enrolment,
        at=address_of(enrolment),
        may_write=may(actor(), "note.write", enrolment),
        may_see_looks=may(actor(), "looks.read", enrolment),
        may_book=may(actor(), "companion.book", enrolment),
        may_look=partial(may, actor(), "patient.lines"),
        dues=dues,
        waits=lambda due: waits(due, not_ready),
        lines=[(line, tag_of(line), reliable_mark(line)) for line in lines],
        goals=goals_of(db(), [enrolment.id]).get(enrolment.id, []),
        plans=plans_of(db(), [enrolment.id]).get(enrolment.id, []),
        exercises=prescribed_to(db(), enrolment),
        diary=diary_in(db(), enrolment),
        felt=FELT,
        tasks=tasks_about(db(), actor=actor(), enrolment=enrolment),
        warnings=signs_of_patient(db(), person_id=enrolment.person_id, cohort_id=enrolment.cohort_id),
        became=became_of_signs(db(), enrolment_ids=[enrolment.id]),
        stratified=stratified(db(), enrolment),
        words=words,
        number=number,
        lacks=lacking(db(), person_ids=[enrolment.person_id], service_id=service_id).get(enrolment.person_id, ""),
        tried=tried_by(db(), [enrolment.person_id]).get(enrolment.person_id),
        again=AgainForm(formdata=None),
        person=lambda key: db().get_one(Person, key),
        now=now(),
    )


def page_without_place(whose: Unplaced) -> str:
    """Who they are, how they are reached, and what was written and said, of somebody without a place."""
    audit.record(
        db(), actor=actor(), action="patient_seen", subject_type="person", subject_id=whose.person_id, now=now()
    )
    zone, wait = service().zone, wait_of(db(), person_id=whose.person_id)
    return render_template(
        "reporting/patient/without_place.jinja",
        page=about_patient(db(), person_id=whose.person_id, zone=zone, sealing=sealing(), now=now()),
        at=address_of(whose),
        wait=wait,
        words=WAYS,
        times=TIMES,
        may_write=may(actor(), "note.write", whose),
        may_change_wait=may(actor(), "waiting.change", whose),
        may_change_place=may(actor(), "place.change", whose),
        may_take_back_death=may(actor(), "death.take_back", whose),
        may_erase=may(actor(), "erasure.read", whose),
        now=now(),
    )


@pages.get("/<enrolment_id>/answers/<response_id>", endpoint="answers")
@permission("patient.lines")
def show_answers(enrolment_id: str, response_id: str) -> str:
    """The single answers of one form. Looking leaves a trace."""
    enrolment = find_enrolment(db(), actor=actor(), enrolment_id=enrolment_id, action="patient.lines")
    found = answers_given(db(), enrolment=enrolment, response_id=response_id, actor=actor())
    audit.record(db(), actor=actor(), action="answers_seen", subject_type="response", subject_id=response_id, now=now())
    return render_template(
        "reporting/answers.jinja",
        found=found,
        enrolment=enrolment,
        patient=db().get_one(Person, enrolment.person_id),
        ask=ask_of(db(), db().get_one(Cohort, enrolment.cohort_id), found.response.milestone_id),
    )


def words(instrument: str) -> Form:
    return words_for_service(db(), service_id=actor().service_id, instrument=instrument, now=now())
