"""A closed task can be added to and opened again; what was written at closing stays as it was."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from backtolife.audit import AuditEntry
from backtolife.errors import Conflict, Invalid
from backtolife.mail.delivery import OutgoingMessage
from backtolife.outcomes.models import Level, SafetyTask, TaskState
from backtolife.outcomes.safety import tasks
from backtolife.outcomes.safety.after_closing import LONGEST_REASON, add_note, open_again
from backtolife.outcomes.safety.assurance import assurance
from backtolife.outcomes.safety.escalating import escalate_late
from backtolife.outcomes.safety.history import history_of, tasks_about
from backtolife.outcomes.safety.history_models import TaskNote, TaskReopening
from backtolife.people.access import Actor, OutOfReach, System
from backtolife.people.models import Person, Role, Service
from tests.outcomes.safety.test_safety_tasks import NOTES, staff, the_task
from tests.support.factories import Factory
from tests.support.outcomes.sheets import SITE, Patient, a_patient

LATER = tasks.Notes("Rang again.", "Higher than we thought.", "GP today.", False)


class Closed:
    """A task that Dora, on duty, took and closed within the hour; Grace leads, Priya leads the group."""

    def __init__(self, make: Factory, value: int = 2) -> None:
        self.make, self.db = make, make.db
        self.patient: Patient = a_patient(make)
        self.patient.say(self.patient.open("phq-9"), "9", value)
        self.now = self.patient.now + timedelta(hours=1)
        self.dora = make.actor(staff(make, self.patient, Role.DUTY_CLINICIAN))
        self.grace = make.actor(staff(make, self.patient, Role.CLINICAL_LEAD))
        tasks.take(self.db, actor=self.dora, task_id=self.task.id, now=self.patient.now)
        self.close(NOTES, self.now)

    @property
    def task(self) -> SafetyTask:
        return the_task(self.db)

    def close(self, notes: tasks.Notes, now: datetime, by: Actor | None = None) -> None:
        tasks.close(self.db, actor=by or self.dora, task_id=self.task.id, notes=notes, now=now)

    def open(self, now: datetime, by: Actor | None = None, reason: str = "They rang back.", seen: int = 0) -> None:
        open_again(self.db, actor=by or self.grace, task_id=self.task.id, reason=reason, seen=seen, site=SITE, now=now)

    def add(self, text: str, now: datetime, by: Actor | None = None) -> TaskNote:
        return add_note(self.db, actor=by or self.grace, task_id=self.task.id, text=text, now=now)

    def messages(self) -> set[str]:
        return {each.key for each in self.db.exec(select(OutgoingMessage))}


@pytest.fixture
def closed(make: Factory) -> Closed:
    return Closed(make)


def test_a_note_is_added_with_time_and_name_and_what_was_written_at_closing_stays(closed: Closed, db: Session) -> None:
    before = closed.task.model_dump()
    closed.add("  Their daughter rang.\nAll is well. ", closed.now + timedelta(days=1))
    closed.add("Letter sent.", closed.now + timedelta(days=2), by=closed.dora)
    db.expire_all()
    assert closed.task.model_dump() == before
    notes = history_of(db, closed.task).notes
    assert [(each.by, each.text, each.at - closed.now) for each in notes] == [
        ("Grace Example", "Their daughter rang.\nAll is well.", timedelta(days=1)),
        ("Dora Example", "Letter sent.", timedelta(days=2)),
    ]


def test_a_note_sent_twice_is_there_once(closed: Closed, db: Session) -> None:
    for _ in range(2):
        closed.add("Letter sent.", closed.now)
    assert len(db.exec(select(TaskNote)).all()) == 1


@pytest.mark.parametrize("text", [" \n", "x" * (tasks.LONGEST_NOTE + 1)])
def test_a_note_that_is_empty_or_too_long_is_refused_in_words(closed: Closed, text: str) -> None:
    with pytest.raises(Invalid) as refused:
        closed.add(text, closed.now)
    assert refused.value.field == "text"


def test_a_task_that_was_never_closed_has_notes_of_its_own(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    patient.say(patient.open("phq-9"), "9", 2)
    lead = make.actor(staff(make, patient, Role.CLINICAL_LEAD))
    with pytest.raises(Conflict, match="its own notes"):
        add_note(db, actor=lead, task_id=the_task(db).id, text="Rang.", now=patient.now)
    with pytest.raises(Conflict, match="nothing to open again"):
        open_again(db, actor=lead, task_id=the_task(db).id, reason="Why not", seen=0, site=SITE, now=patient.now)


def test_whoever_opens_a_task_again_has_it_with_the_time_that_a_new_one_has(closed: Closed, db: Session) -> None:
    later = closed.now + timedelta(days=3)
    closed.open(later)
    task = closed.task
    assert (task.state, task.acknowledged_by, task.owner_id) == (TaskState.TAKEN, closed.grace.id, closed.grace.id)
    assert db.get_one(Person, task.backup_id).shown_name == "Dora"
    assert (task.acknowledged_at, task.due_at) == (later, later)
    assert later < task.promised_at
    assert (task.contact, task.gp_informed, task.closed_at, task.closed_by) == ("", None, None, None)
    assert [work.task.id for work in tasks.open_tasks(db, actor=closed.dora)] == [task.id]


def test_how_it_was_closed_before_stays_word_for_word(closed: Closed, db: Session) -> None:
    before = closed.task.model_dump()
    closed.add("Their daughter rang.", closed.now + timedelta(hours=1))
    closed.open(closed.now + timedelta(days=1), reason=" They rang back. ")
    closed.close(LATER, closed.now + timedelta(days=1, hours=1), by=closed.grace)
    closed.open(closed.now + timedelta(days=2), by=closed.dora, reason="The GP did not get it.", seen=1)
    closed.close(NOTES, closed.now + timedelta(days=2, hours=1))
    closed.add("Now it is done.", closed.now + timedelta(days=3))
    db.expire_all()
    found = history_of(db, closed.task)
    first, second = found.earlier
    kept = ("contact", "assessment", "plan", "gp_informed", "closed_at", "promised_at")
    assert {name: getattr(first.row, name) for name in kept} == {name: before[name] for name in kept}
    assert (first.closed_by, first.opened_by, first.row.reason) == ("Dora Example", "Grace Example", "They rang back.")
    assert [each.text for each in first.notes] == ["Their daughter rang."]
    assert (second.closed_by, second.opened_by, second.row.contact) == ("Grace Example", "Dora Example", LATER.contact)
    assert [each.text for each in found.notes] == ["Now it is done."]
    assert (closed.task.state, closed.task.contact) == (TaskState.DONE, NOTES.contact)


@pytest.mark.parametrize("reason", ["  ", "x" * (LONGEST_REASON + 1)])
def test_a_task_is_not_opened_again_without_a_reason(closed: Closed, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        closed.open(closed.now, reason=reason)
    assert (refused.value.field, closed.task.state) == ("reason", TaskState.DONE)


def test_the_second_who_opens_it_reads_who_was_quicker(closed: Closed) -> None:
    closed.open(closed.now, by=closed.dora)
    with pytest.raises(Conflict, match=r"Dora.* has opened this task again already"):
        closed.open(closed.now)
    assert closed.task.acknowledged_by == closed.dora.id


def test_who_has_not_read_the_newest_closing_does_not_open_it(closed: Closed) -> None:
    closed.open(closed.now, by=closed.dora)
    closed.close(LATER, closed.now)
    with pytest.raises(Conflict, match="Read how it was closed"):
        closed.open(closed.now, seen=0)
    closed.open(closed.now, seen=1)


def test_notes_from_before_it_was_opened_again_do_not_close_it(closed: Closed, db: Session) -> None:
    closed.open(closed.now)
    with pytest.raises(Conflict, match="closed and opened again while you were on the page"):
        tasks.close(db, actor=closed.dora, task_id=closed.task.id, notes=NOTES, now=closed.now, seen=0)
    assert (closed.task.state, closed.task.contact) == (TaskState.TAKEN, "")


def test_a_note_written_while_somebody_opens_the_task_is_kept(closed: Closed, db: Session) -> None:
    closed.open(closed.now)
    closed.add("I reached them.", closed.now + timedelta(seconds=1), by=closed.dora)
    assert [each.text for each in history_of(db, closed.task).notes] == ["I reached them."]


def test_a_task_is_not_opened_beside_a_newer_one_about_the_same(closed: Closed, db: Session) -> None:
    first = closed.task.id
    response = closed.patient.open("phq-9")
    closed.patient.say(response, "9", 3, "newer", now=closed.now + timedelta(minutes=1))
    with pytest.raises(Conflict, match="A newer task about the same is open"):
        open_again(db, actor=closed.grace, task_id=first, reason="Why", seen=0, site=SITE, now=closed.now)


def test_another_group_and_another_service_find_no_task_to_put_right(
    closed: Closed, make: Factory, db: Session
) -> None:
    service = db.get_one(Service, closed.task.service_id)
    outsider = make.facilitator(make.cohort(service))
    for each in (outsider, make.person(make.service(), Role.CLINICAL_LEAD)):
        with pytest.raises(OutOfReach):
            closed.add("Hello", closed.now, by=make.actor(each))
        with pytest.raises(OutOfReach):
            closed.open(closed.now, by=make.actor(each))
    assert tasks_about(db, actor=make.actor(outsider), enrolment=closed.patient.enrolment) == []


def test_each_step_leaves_a_trace_without_a_word_of_it(closed: Closed, db: Session) -> None:
    closed.add("Their daughter rang.", closed.now)
    closed.open(closed.now)
    closed.close(LATER, closed.now)
    entries = db.exec(select(AuditEntry).where(AuditEntry.subject_id == closed.task.id)).all()
    done = [each.action for each in sorted(entries, key=lambda each: each.number)]
    assert done[-4:] == ["task_note_added", "task_opened_again", "task_noted", "task_closed"]
    assert not [each for each in entries if "rang" in str(each.detail)]


def test_who_closed_it_is_told_that_it_was_opened_again(closed: Closed) -> None:
    before = closed.messages()
    closed.open(closed.now)
    assert closed.messages() - before == {f"task:{closed.task.id}:opened-again-1:{closed.dora.id}"}


def test_a_task_opened_again_goes_up_again_when_its_new_time_is_over(closed: Closed, db: Session) -> None:
    system = System("scheduler", closed.task.service_id)
    closed.open(closed.now, seen=0)
    overdue = closed.task.promised_at + timedelta(minutes=1)
    assert escalate_late(db, actor=system, site=SITE, now=closed.task.promised_at - timedelta(minutes=1)) == 0
    assert escalate_late(db, actor=system, site=SITE, now=overdue) == 2
    closed.close(LATER, overdue)
    closed.open(overdue, seen=1)
    closed.task.promised_at = overdue
    db.flush()
    before = closed.messages()
    assert escalate_late(db, actor=system, site=SITE, now=overdue + timedelta(minutes=1)) == 2
    assert len(closed.messages() - before) == 2


def test_a_new_answer_is_told_where_an_older_task_is_open_again(closed: Closed, db: Session) -> None:
    response = closed.patient.open("phq-9")
    closed.open(closed.now)
    before = closed.messages()
    for key in ("newer", "newest"):
        closed.patient.say(response, "9", 2, key, now=closed.now + timedelta(minutes=5))
    assert {key.rpartition(":")[2] for key in closed.messages() - before} == {closed.grace.id, closed.dora.id}
    assert len(db.exec(select(SafetyTask)).all()) == 1


def test_the_page_of_the_patient_lists_each_task_with_what_was_added(closed: Closed, db: Session) -> None:
    closed.add("Their daughter rang.", closed.now)
    closed.open(closed.now + timedelta(days=1))
    (told,) = tasks_about(db, actor=closed.grace, enrolment=closed.patient.enrolment)
    assert (told.task.id, told.taken_by, told.closed_by) == (closed.task.id, "Grace Example", "")
    assert [each.text for each in told.history.earlier[0].notes] == ["Their daughter rang."]


def test_a_task_opened_again_counts_as_open_until_it_is_closed_again(closed: Closed, db: Session) -> None:
    def counts(now: datetime) -> tuple[int, int, int]:
        found = assurance(db, actor=closed.grace, now=now)
        return found.open, found.late, found.opened_again

    later = closed.now + timedelta(days=7)
    assert counts(later) == (0, 0, 0)
    closed.open(later)
    assert counts(later) == (1, 0, 1)
    closed.close(LATER, later + timedelta(minutes=30))
    assert counts(later + timedelta(hours=1)) == (0, 0, 1)
    (raised,) = assurance(db, actor=closed.grace, now=later).raised
    assert raised.task is not None
    assert raised.task.closed_at == later + timedelta(minutes=30)
    closed.open(later + timedelta(hours=1), seen=1)
    closed.close(LATER, closed.task.promised_at + timedelta(minutes=1))
    assert counts(later + timedelta(days=1)) == (0, 1, 1)


def test_opening_a_task_again_does_not_make_a_late_closing_one_in_time(make: Factory, db: Session) -> None:
    closed = Closed(make, value=1)
    task = closed.task
    assert task.level is Level.SAME_DAY
    task.promised_at = closed.now - timedelta(minutes=1)
    db.flush()
    assert assurance(db, actor=closed.grace, now=closed.now).late == 1
    closed.open(closed.now)
    closed.close(LATER, closed.now + timedelta(minutes=1))
    assert task.closed_at is not None
    assert task.closed_at < task.promised_at
    assert assurance(db, actor=closed.grace, now=closed.now).late == 1


def test_where_an_older_task_is_open_again_it_is_the_one_that_is_shown(closed: Closed, db: Session) -> None:
    first = closed.task.id
    response = closed.patient.open("phq-9")
    closed.patient.say(response, "9", 3, "newer", now=closed.now + timedelta(minutes=1))
    newer = db.exec(select(SafetyTask).where(col(SafetyTask.id) != first)).one()
    tasks.take(db, actor=closed.dora, task_id=newer.id, now=closed.now)
    tasks.close(db, actor=closed.dora, task_id=newer.id, notes=NOTES, now=closed.now)
    open_again(db, actor=closed.grace, task_id=first, reason="Why", seen=0, site=SITE, now=closed.now)
    (raised,) = assurance(db, actor=closed.grace, now=closed.now).raised
    assert raised.task is not None
    assert raised.task.id == first
    assert len(db.exec(select(TaskReopening)).all()) == 1
