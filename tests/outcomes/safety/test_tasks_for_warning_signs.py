"""A warning sign that a patient ticks at the door is a task for a clinician at that moment; only a person closes it."""

from datetime import date

import pytest
from flask import Flask
from sqlmodel import select

from backtolife import clock
from backtolife.audit import AuditEntry
from backtolife.database.session import session_scope
from backtolife.mail.delivery import OutgoingMessage
from backtolife.outcomes.models import Level, SafetyTask, TaskState
from backtolife.outcomes.safety import tasks
from backtolife.people.models import Person, Role, Service
from backtolife.sessions.room import seats
from backtolife.sessions.room.models import GroupSession
from tests.support.sessions.door import Door, before_the_door

NOTES = tasks.Notes("Rang at 2pm.", "Seen in A&E.", "Rests until Friday.", True)
READY = {"camera": "off", "where": "At home", "phone": "01632 960100", "news": "Since <Tuesday>"}


@pytest.fixture
def door(site: Flask) -> Door:
    """Linda, signed in before the door, in a service with a duty clinician called Dora."""
    found = before_the_door(site, site.test_client())
    with session_scope(site.extensions["backtolife.engine"]) as db:
        found.group.make.db = db
        service = db.get_one(Service, found.linda.service_id)
        found.group.make.person(service, Role.DUTY_CLINICIAN, "Dora")
    found.sign_in(found.linda)
    return found


def tick(door: Door, sign: str, *, on: bool = True) -> None:
    sent = door.client.post(f"{door.page}/warning-signs", data={"sign": sign, **({"ticked": "y"} if on else {})})
    assert sent.status_code == 204


def kept(door: Door) -> list[SafetyTask]:
    with door.database() as db:
        return list(db.exec(select(SafetyTask).order_by(SafetyTask.raised_at)))


def dora(door: Door) -> Person:
    with door.database() as db:
        return db.exec(select(Person).where(Person.shown_name == "Dora")).one()


def close(door: Door, task: SafetyTask) -> None:
    with session_scope(door.app.extensions["backtolife.engine"]) as db:
        door.group.make.db = db
        actor = door.group.make.actor(db.get_one(Person, dora(door).id))
        tasks.take(db, actor=actor, task_id=task.id, now=clock.now())
        tasks.close(db, actor=actor, task_id=task.id, notes=NOTES, now=clock.now())


@pytest.mark.parametrize(
    ("sign", "level"),
    [("emergency", Level.URGENT), ("today", Level.SAME_DAY), ("not_today", Level.NEXT_DAY)],
)
def test_a_tick_is_a_task_as_urgent_as_the_sign_for_a_named_clinician(door: Door, sign: str, level: Level) -> None:
    tick(door, sign)
    (task,) = kept(door)
    assert (task.level, task.state, task.group_session_id) == (level, TaskState.NEW, door.group.group_session.id)
    assert (task.response_id, task.owner_id) == (None, dora(door).id)


def test_ticks_sent_with_the_form_are_a_task_although_the_form_is_refused(door: Door) -> None:
    sent = door.client.post(f"{door.page}/get-ready", data={**READY, "phone": "", "flags": ["today", "not_today"]})
    assert sent.status_code == 400
    assert [task.level for task in kept(door)] == [Level.SAME_DAY]


def test_a_graver_sign_raises_the_open_task_and_a_milder_one_leaves_it(door: Door) -> None:
    for sign in ("not_today", "emergency", "today"):
        tick(door, sign)
    assert [task.level for task in kept(door)] == [Level.URGENT]


def test_a_tick_that_is_taken_off_leaves_the_task_open_and_its_page_says_when(door: Door) -> None:
    tick(door, "today")
    tick(door, "today", on=False)
    (task,) = kept(door)
    assert task.state is TaskState.NEW
    door.sign_in(dora(door))
    assert "Taken off: I feel ill" in door.client.get(f"/tasks/{task.id}").text


def test_a_tick_sent_again_adds_nothing_and_a_new_one_after_the_task_was_closed_is_a_new_task(door: Door) -> None:
    tick(door, "today")
    close(door, kept(door)[0])
    tick(door, "today")
    assert [task.state for task in kept(door)] == [TaskState.DONE]
    tick(door, "emergency")
    assert [task.state for task in kept(door)] == [TaskState.DONE, TaskState.NEW]


def test_the_page_shows_who_ticked_which_sign_what_was_advised_and_what_they_wrote(door: Door) -> None:
    door.client.post(f"{door.page}/get-ready", data={**READY, "flags": ["emergency"]})
    (task,) = kept(door)
    door.sign_in(dora(door))
    page, every = door.client.get(f"/tasks/{task.id}").text, door.client.get("/tasks").text
    said = ("New numb skin", "before session 1", "Go to A&amp;E now, or call 999", "Since &lt;Tuesday&gt;", "Act now")
    assert [words for words in said if words not in page] == []
    assert "ticked “New numb skin, a change when I pee, or both legs weak” before session 1" in every
    assert "self-harm" not in page + every
    assert "Samaritans" not in page


def test_the_clinicians_mail_says_nothing_of_the_sign(door: Door) -> None:
    tick(door, "emergency")
    (task,) = kept(door)
    with door.database() as db:
        told = db.exec(select(OutgoingMessage).where(OutgoingMessage.person_id == dora(door).id)).all()
    assert [each.urgent for each in told] == [True]
    assert f"/tasks/{task.id}" in told[0].body
    assert "numb" not in (told[0].subject + told[0].body).lower()


def test_a_duty_clinician_who_may_open_no_patient_page_reads_who_it_is_and_where_and_the_look_is_kept(
    door: Door,
) -> None:
    with session_scope(door.app.extensions["backtolife.engine"]) as db:
        linda = db.get_one(Person, door.linda.id)
        linda.address, linda.date_of_birth = "3 Elm Road, Leeds", date(1961, 5, 4)
        linda.clinician, linda.clinician_phone = "Dr Rao, Elm Surgery", "01632 960999"
    door.client.post(
        f"{door.page}/get-ready", data={**READY, "where": "Somewhere else", "address": "The <Barn>, Ilkley"}
    )
    tick(door, "emergency")
    (task,) = kept(door)
    door.sign_in(dora(door))
    page = door.client.get(f"/tasks/{task.id}").text
    said = ("The &lt;Barn&gt;, Ilkley", "Said at the door", "3 Elm Road, Leeds", "4 May 1961", "Dr Rao, Elm Surgery")
    assert [words for words in (*said, "tel:01632960999", "01632 960100") if words not in page] == []
    assert door.client.get(f"/people/{door.linda.id}").status_code in (403, 404)
    with door.database() as db:
        looks = db.exec(
            select(AuditEntry).where(AuditEntry.subject_id == task.id, AuditEntry.actor_id == dora(door).id)
        )
        assert [each.action for each in looks] == ["task_seen"]


def test_what_was_said_at_the_door_is_gone_from_the_task_once_the_session_forgot_it(door: Door) -> None:
    door.client.post(f"{door.page}/get-ready", data={**READY, "where": "Somewhere else", "address": "The Barn"})
    tick(door, "today")
    (task,) = kept(door)
    with session_scope(door.app.extensions["backtolife.engine"]) as db:
        seats.forget_answers(db, group_session=db.get_one(GroupSession, door.group.group_session.id))
    door.sign_in(dora(door))
    page = door.client.get(f"/tasks/{task.id}").text
    assert "The Barn" not in page
    assert "Forgotten: the session is over" in page


def test_nobody_of_another_service_sees_the_task(door: Door) -> None:
    tick(door, "emergency")
    (task,) = kept(door)
    with session_scope(door.app.extensions["backtolife.engine"]) as db:
        door.group.make.db = db
        stranger = door.group.make.person(door.group.make.service(), Role.DUTY_CLINICIAN, "Stranger")
    door.sign_in(stranger)
    assert door.client.get(f"/tasks/{task.id}").status_code == 404
    assert "Linda" not in door.client.get("/tasks").text


def test_what_became_of_a_sign_is_read_on_the_patients_page_and_after_the_session(door: Door) -> None:
    tick(door, "today")
    (task,) = kept(door)
    with session_scope(door.app.extensions["backtolife.engine"]) as db:
        held = db.get_one(GroupSession, door.group.group_session.id)
        held.started_at = clock.now()
    pages = (f"/patients/{task.enrolment_id}", f"{door.page}/summary")

    def read(words: str) -> None:
        door.sign_in(door.group.lead)
        for page in pages:
            assert words in " ".join(door.client.get(page).text.split()), page

    read("The safety task waits: nobody has it yet.")
    close(door, task)
    read("Dora Example has dealt with this: the safety task was closed today at")
    door.sign_in(dora(door))
    sent = door.client.post(f"/tasks/{task.id}/open-again", data={"reason": "She is at home again.", "seen": "0"})
    assert sent.status_code == 302
    assert "She is at home again." in door.client.get(f"/tasks/{task.id}").text
    read("The safety task was closed and opened again. Dora Example has it since today at")
    for page in pages:
        assert NOTES.assessment not in door.client.get(page).text, "what was found stays on the task"
