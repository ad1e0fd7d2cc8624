"""Looking back on a session: ready when it ends, with notes and corrections that never lose what was there."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from backtolife import clock
from backtolife.audit import AuditEntry
from backtolife.database.session import session_scope
from backtolife.errors import Conflict, Invalid, NotFound, NotPermitted
from backtolife.people.models import Person, Role, Service
from backtolife.programme.plan.loading import shipped
from backtolife.sessions.records import attendance, checks, corrections, exercise_feedback, notes
from backtolife.sessions.records.models import AttendanceCorrection, Moment, SessionNote
from backtolife.sessions.room.models import Seat
from backtolife.sessions.safety import alerts
from backtolife.sessions.state import script, seats
from backtolife.sessions.summary.services import PersonLine, Summary, summary_of
from tests.support.people.cookies import browser_of
from tests.support.sessions.gathering import Gathering, gather

SECTIONS = shipped().session(1).sections
HOUR = timedelta(minutes=60)


@dataclass
class Ended:
    """A session of an hour: Linda stayed, Joseph fell out after 20 minutes, Maureen did not come."""

    group: Gathering
    linda: Seat
    joseph: Seat
    began: datetime

    @property
    def ended(self) -> datetime:
        return self.began + HOUR

    def look(self) -> Summary:
        actor = self.group.make.actor(self.group.lead)
        return summary_of(self.group.db, group_session=self.group.group_session, actor=actor, now=self.ended)

    def line(self, person: int) -> PersonLine:
        wanted = self.group.patients[person].id
        return next(line for line in self.look().people if line.person.id == wanted)

    def correct(self, person: int, minutes: int, reason: str = "Joined by phone") -> AttendanceCorrection:
        return corrections.correct(
            self.group.db,
            group_session=self.group.group_session,
            person_id=self.group.patients[person].id,
            minutes=minutes,
            reason=reason,
            actor=self.group.make.actor(self.group.lead),
            now=self.ended,
        )

    def write(self, text: str, seen: int) -> SessionNote:
        return notes.write(
            self.group.db,
            group_session=self.group.group_session,
            text=text,
            seen=seen,
            actor=self.group.make.actor(self.group.lead),
            now=self.ended,
        )


def hold_session(group: Gathering, began: datetime) -> Ended:
    db = group.db
    group.sit(group.lead, now=began)
    linda, joseph = (group.sit(person, now=began) for person in group.patients[:2])
    for seat in (linda, joseph):
        group.apply(seats.admit, began, seat=seat.id, now_ms=0)
        attendance.begin_span(db, group_session=group.group_session, seat=seat, connection=seat.id, at=began)
    group.apply(script.start, began, sections=SECTIONS, now_ms=0)
    group.apply(script.next, began + timedelta(minutes=15), sections=SECTIONS, seen=0, now_ms=0)
    db.flush()
    attendance.end_span(db, connection=joseph.id, at=began + timedelta(minutes=20))
    group.apply(script.end, began + HOUR, now_ms=0)
    attendance.end_open_spans(db, group_session=group.group_session, at=began + HOUR)
    db.flush()
    return Ended(group, linda, joseph, began)


@pytest.fixture
def ended(db: Session, now: datetime) -> Ended:
    return hold_session(gather(db, now, ("Linda", "Joseph", "Maureen")), now)


def test_the_summary_is_whole_as_soon_as_the_session_ends(ended: Ended) -> None:
    summary = ended.look()
    assert (summary.minutes, summary.came) == (60, 2)
    assert [(line.person.shown_name, line.minutes) for line in summary.people] == [
        ("Joseph", 20),
        ("Linda", 60),
        ("Maureen", 0),
    ]
    assert ended.line(1).by_section == {SECTIONS[0].id: 15, SECTIONS[1].id: 5}
    assert [each.took for each in summary.sections[:3]] == [15, 45, None]


def test_a_correction_leaves_the_minutes_in_each_part_as_they_were_measured(ended: Ended) -> None:
    measured = ended.line(1).by_section
    ended.correct(1, 0, "Only tried the link")
    assert (ended.line(1).minutes, ended.line(1).by_section) == (0, measured)
    ended.correct(2, 40)
    assert (ended.line(2).minutes, ended.line(2).by_section) == (40, {})


def test_it_says_who_needs_a_call_and_why(ended: Ended) -> None:
    group = ended.group
    alert = alerts.raise_alert(group.db, seat=ended.linda, actor=group.make.actor(group.patients[0]), now=ended.began)
    alert.reason = "pain"
    alerts.take(group.db, alert=alert, actor=group.make.actor(group.spotter), now=ended.began)
    assert ended.line(0).calls == ["Asked for help: too much pain."]
    assert ended.line(1).calls == ["Lost the connection 40 minutes before the end."]
    assert ended.line(2).calls == ["Missed the session."]
    (call,) = ended.look().alerts
    assert (call.person.id, call.taken_by) == (group.patients[0].id, "Tom")


def test_pain_effort_and_how_exercise_felt_stand_beside_the_name(ended: Ended) -> None:
    db = ended.group.db
    checks.keep(db, seat=ended.linda, moment=Moment.BEFORE, now=ended.began, pain=3, effort=2)
    checks.keep(db, seat=ended.linda, moment=Moment.AFTER, now=ended.ended, pain=6, effort=5)
    circuit = next(section for section in SECTIONS if section.kind == "exercise")
    exercise_feedback.keep(db, seat=ended.linda, section_id=circuit.id, way="lying", feels="hard", now=ended.began)
    line = ended.line(0)
    assert line.checks == {"before": {"pain": 3, "effort": 2}, "after": {"pain": 6, "effort": 5}}
    assert [(each.title, each.way, each.feels) for each in line.felt] == [(circuit.title, "lying", "Too hard")]
    assert line.calls == ["Pain was 3 points higher after."]


def test_a_correction_is_what_attendance_returns_and_nothing_measured_is_lost(ended: Ended) -> None:
    ended.correct(1, 55)
    ended.correct(1, 58, "He stayed on by phone")
    ended.correct(2, 40)
    found = attendance.attendance_of(ended.group.db, ended.group.cohort, now=ended.ended)
    minutes = {each.person_id: (each.minutes, each.corrected) for each in found}
    assert minutes == {
        ended.group.patients[0].id: (60, False),
        ended.group.patients[1].id: (58, True),
        ended.group.patients[2].id: (40, True),
    }
    line = ended.line(1)
    assert (line.minutes, line.measured, line.calls) == (58, 20, [])
    assert line.correction is not None and line.correction.reason == "He stayed on by phone"
    rows = ended.group.db.exec(select(AttendanceCorrection)).all()
    assert sorted((row.version, row.minutes) for row in rows) == [(1, 40), (1, 55), (2, 58)]


def test_a_correction_to_nothing_makes_it_missed(ended: Ended) -> None:
    ended.correct(0, 0, "Her son sat in her seat")
    found = attendance.attendance_of(ended.group.db, ended.group.cohort, now=ended.ended)
    assert [each.person_id for each in found] == [ended.group.patients[1].id]
    assert ended.line(0).calls == ["Missed the session."]


def test_every_correction_stays_in_the_log_without_the_reason(ended: Ended) -> None:
    ended.correct(1, 55, "A reason that may name somebody")
    entry = ended.group.db.exec(select(AuditEntry).where(AuditEntry.action == "attendance_corrected")).one()
    assert entry.actor_id == ended.group.lead.id
    assert entry.detail == {"person": ended.group.patients[1].id, "minutes": 55}


def test_a_correction_needs_a_reason_fitting_minutes_and_somebody_of_the_group(ended: Ended, now: datetime) -> None:
    with pytest.raises(Invalid):
        ended.correct(1, 55, "  ")
    with pytest.raises(Invalid):
        ended.correct(1, 241)
    stranger = ended.group.make.person(ended.group.db.get_one(Service, ended.group.cohort.service_id))
    actor = ended.group.make.actor(ended.group.lead)
    with pytest.raises(NotFound):
        corrections.correct(
            ended.group.db,
            group_session=ended.group.group_session,
            person_id=stranger.id,
            minutes=5,
            reason="Why",
            actor=actor,
            now=now,
        )


def test_a_session_that_has_not_started_has_nothing_to_correct(db: Session, now: datetime) -> None:
    group = gather(db, now)
    linda, joseph = (group.sit(person, now=now) for person in group.patients)
    fresh = Ended(group, linda, joseph, now)
    with pytest.raises(Conflict):
        fresh.correct(0, 5)
    assert fresh.look().people == []


def test_a_patient_can_neither_write_notes_nor_correct(ended: Ended) -> None:
    ended.group.lead = ended.group.patients[0]
    with pytest.raises(NotPermitted):
        ended.write("Hello", 0)
    with pytest.raises(NotPermitted):
        ended.correct(0, 90)


def test_notes_keep_every_version_with_who_wrote_it(ended: Ended) -> None:
    ended.write("Good session.", 0)
    ended.write("Good session. Ring Joseph.", 1)
    assert ended.write("Good session. Ring Joseph. ", 1).version == 2
    kept = notes.versions_of(ended.group.db, ended.group.group_session)
    assert [(each.version, each.text) for each in kept] == [(2, "Good session. Ring Joseph."), (1, "Good session.")]
    assert {each.by for each in kept} == {ended.group.lead.id}


def test_two_who_write_at_once_do_not_overwrite_each_other(ended: Ended) -> None:
    ended.write("Priya wrote this.", 0)
    with pytest.raises(Conflict):
        ended.write("Tom wrote this.", 0)
    with pytest.raises(Invalid):
        ended.write("   ", 1)


@dataclass
class Doors:
    """The application with an ended session in it, and browsers of its people."""

    app: Flask
    ended: Ended

    def client(self, person: Person) -> FlaskClient:
        return browser_of(self.app, person)

    @property
    def address(self) -> str:
        return f"/sessions/{self.ended.group.group_session.id}/summary"


@pytest.fixture
def doors(app: Flask) -> Doors:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        ended = hold_session(gather(db, clock.now(), ("Linda", "Joseph", "Maureen")), clock.now() - 2 * HOUR)
    return Doors(app, ended)


def test_the_page_shows_it_all_and_takes_notes_and_corrections(doors: Doors) -> None:
    lead = doors.client(doors.ended.group.lead)
    page = lead.get(doors.address).text
    assert "2 of 3 came" in page
    assert "Lost the connection 40 minutes before the end." in page
    assert lead.post(f"{doors.address}/notes", data={"text": "Ring Joseph", "seen": "0"}).status_code == 302
    given = {"person": doors.ended.group.patients[2].id, "minutes": "42", "reason": "By phone <b>only</b>"}
    assert lead.post(f"{doors.address}/attendance", data=given).status_code == 302
    page = lead.get(doors.address).text
    assert "Ring Joseph" in page
    assert "Corrected by Priya Example: By phone &lt;b&gt;only&lt;/b&gt;" in page
    assert "3 of 3 came" in page


def test_a_form_that_does_not_fit_comes_back_with_what_was_written(doors: Doors) -> None:
    lead = doors.client(doors.ended.group.lead)
    answer = lead.post(f"{doors.address}/attendance", data={"person": "", "minutes": "999", "reason": "Kept words"})
    assert answer.status_code == 400
    assert "Kept words" in answer.text and "Enter 0 to 240 minutes" in answer.text
    lead.post(f"{doors.address}/notes", data={"text": "First", "seen": "0"})
    answer = lead.post(f"{doors.address}/notes", data={"text": "Second, unseen", "seen": "0"})
    assert answer.status_code == 400
    assert "Second, unseen" in answer.text and "First" in answer.text


def test_a_clinical_lead_reads_and_does_not_write(doors: Doors) -> None:
    with session_scope(doors.app.extensions["backtolife.engine"]) as db:
        doors.ended.group.make.db = db
        service = db.get_one(Service, doors.ended.group.cohort.service_id)
        head = doors.ended.group.make.person(service, Role.CLINICAL_LEAD)
    client = doors.client(head)
    page = client.get(doors.address)
    assert page.status_code == 200 and "Save the notes" not in page.text
    assert client.post(f"{doors.address}/notes", data={"text": "No", "seen": "0"}).status_code == 403


def test_the_groups_page_leads_to_the_summary(doors: Doors) -> None:
    page = doors.client(doors.ended.group.lead).get(f"/groups/{doors.ended.group.cohort.id}").text
    assert f'href="{doors.address}"' in page


def test_when_it_is_over_patients_are_asked_and_staff_look_back(doors: Doors) -> None:
    over = doors.address.replace("summary", "gone/ended")
    assert "How was the group for you?" in doors.client(doors.ended.group.patients[0]).get(over).text
    assert f'href="{doors.address}"' in doors.client(doors.ended.group.lead).get(over).text
