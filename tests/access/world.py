"""Two services with one of everything, so that each can knock on the other's doors."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import Session, select

from backtolife.board import services as board
from backtolife.clock import in_zone
from backtolife.content.models import PackageState, Video, VideoPackage
from backtolife.content.services import adopt_scripts
from backtolife.data_life.emergency.models import EmergencyLook
from backtolife.data_life.emergency.opening import LASTS
from backtolife.database.session import new_id
from backtolife.mail import delivery
from backtolife.mail.delivery import OutgoingMessage
from backtolife.outcomes.answering.opening import open_response
from backtolife.outcomes.answering.saving import Given, save
from backtolife.outcomes.models import SafetyTask
from backtolife.people.access import System
from backtolife.people.models import GUESTS, Person, Role, Service
from backtolife.people.second_person.models import RoleProposed
from backtolife.people.signing_in import signin
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.merging import services as merging
from backtolife.programme.patients import notes
from backtolife.programme.patients.calling import calls
from backtolife.programme.places.queue.waiting import wait
from backtolife.programme.places.rules import Wishes
from backtolife.reporting.api.models import ApiClient
from backtolife.reporting.dataset.loading import load
from backtolife.reporting.models import Report
from backtolife.reporting.results.report_page import pack
from backtolife.sessions.room.models import GroupSession, HelpAlert, Seat
from backtolife.sessions.room.services import schedule
from backtolife.sessions.state.rules import Camera, SeatRole, SeatStatus
from tests.access.a_programme import a_programme
from tests.access.around_groups import an_entry_of_the_map
from tests.access.between_sessions import a_goal, an_entry
from tests.support.factories import Factory
from tests.support.outcomes.questionnaires import imported
from tests.support.outcomes.typing import being_typed

CANARY = "Canary"
"""Stands in every name of a service, with its letter: found on another service's page, something leaked."""


@dataclass
class House:
    """One service: someone of each role inside the cohort, and ids of one of everything."""

    letter: str
    tokens: dict[Role, str] = field(default_factory=dict)
    outsiders: dict[Role, str] = field(default_factory=dict)
    """A facilitator and a patient of the same service who are not in the cohort."""
    ids: dict[str, str] = field(default_factory=dict)

    @property
    def canary(self) -> str:
        return f"{CANARY}{self.letter}"


def build(db: Session, letter: str, now: datetime) -> House:
    """Make the house. Its cohort's first session is open at `now`."""
    make, house = Factory(db, now), House(letter)
    house_name = f"{house.canary} service"
    service = make.service(house_name)
    start = (now + timedelta(minutes=5)).replace(second=0, microsecond=0)
    cohort = make.cohort(
        service,
        f"{house.canary} group",
        first_day=in_zone(start, "Europe/London").date(),
        wall_time=in_zone(start, "Europe/London").time(),
    )
    members = {
        Role.FACILITATOR: make.facilitator(cohort, name=f"{house.canary} facilitator"),
        Role.PATIENT: db.get_one(Person, make.enrolment(cohort, f"{house.canary} patient").person_id),
    }
    for role in set(Role) - set(members):
        members[role] = make.person(service, role, f"{house.canary} {role}")
    group_session = schedule(db, cohort=cohort)[0]
    for role in GUESTS:
        members[role].invited_to = group_session.id
    members[Role.COMPANION].beside_id = members[Role.PATIENT].id
    members[Role.COMPANION].whole_course = True
    members[Role.COMPANION].beside_place_id = make.enrolment_of(members[Role.PATIENT], cohort).id
    house.ids["guest_id"] = members[Role.COMPANION].id
    for role, person in members.items():
        house.tokens[role] = signin.begin(db, person=person, now=now)
    other = make.cohort(service, f"{house.canary} other group")
    house.outsiders = {
        Role.FACILITATOR: signin.begin(db, person=make.facilitator(other), now=now),
        Role.PATIENT: signin.begin(db, person=db.get_one(Person, make.enrolment(other).person_id), now=now),
    }
    fill(make, house, cohort, members[Role.PATIENT])
    return house


def call_for_help(db: Session, group_session: GroupSession, patient: Person, now: datetime) -> HelpAlert:
    """The patient sits in the waiting room of the session and has asked for help."""
    seat = Seat(
        service_id=patient.service_id,
        group_session_id=group_session.id,
        cohort_id=group_session.cohort_id,
        person_id=patient.id,
        role=SeatRole.PATIENT,
        status=SeatStatus.LOBBY,
        camera=Camera.OFF,
        lobby_at=now,
    )
    db.add(seat)
    db.flush()
    alert = HelpAlert(service_id=seat.service_id, group_session_id=group_session.id, seat_id=seat.id, at=now)
    db.add(alert)
    db.flush()
    return alert


def somebody_waits(make: Factory, service: Service, canary: str) -> str:
    """The id of somebody's row on the waiting list."""
    admin = make.actor(make.person(service, Role.ADMINISTRATOR))
    person = make.person(service, Role.PATIENT, f"{canary} waits")
    return wait(make.db, person=person, wishes=Wishes(), actor=admin, now=make.now).id


def a_message(make: Factory, patient: Person) -> OutgoingMessage:
    """One that did not reach the patient."""
    message = delivery.queue(
        make.db,
        service_id=patient.service_id,
        key=f"welcome:{patient.id}",
        address=patient.email,
        subject="Welcome to your group",
        body="Hello",
        now=make.now,
        person_id=patient.id,
        state=delivery.MessageState.FAILED,
    )
    assert message is not None
    return message


def fill(make: Factory, house: House, cohort: Cohort, patient: Person) -> None:
    db, now, service = make.db, make.now, make.db.get_one(Service, cohort.service_id)
    group_session = schedule(db, cohort=cohort)[0]
    video = adopt_scripts(db, service=service, actor=System("test", service.id), now=now)[0]
    package = db.exec(select(VideoPackage).where(VideoPackage.video_id == video.id)).one()
    package.state, package.duration_ms, package.trouble = PackageState.PLAYABLE, 60_000, "It went wrong."
    enrolment = make.enrolment_of(patient, cohort)
    actor = make.actor(patient)
    response = open_response(
        db,
        enrolment=enrolment,
        milestone_id="baseline",
        instrument="phq-9",
        actor=actor,
        production=False,
        now=now,
    )
    given = [Given("9", 1, new_id())]
    save(db, response_id=response.id, given=given, actor=actor, site="http://localhost", now=now)
    task = db.exec(select(SafetyTask).where(SafetyTask.response_id == response.id)).one()
    assert isinstance(video, Video)
    program = ApiClient(
        service_id=service.id,
        name=f"{house.canary} program",
        token_hash=new_id(),
        scopes=["results:read"],
        created_by=make.person(service, Role.SERVICE_LEAD).id,
        created_at=now,
        expires_at=now + timedelta(days=30),
    )
    db.add(program)
    caller = db.get_one(Person, make.enrolment(cohort, f"{house.canary} caller").person_id)
    alert = call_for_help(db, group_session, caller, now)
    report = a_report(make, service, cohort)
    house.ids |= {
        "client_id": program.id,
        "consent": "group_agreement",
        **a_programme(make, service),
        "colleague_id": make.person(service, Role.FACILITATOR, f"{house.canary} colleague").id,
        "proposal_id": a_role_that_waits(make, service),
        "look_id": an_emergency(make, patient),
        "post_id": board.write(db, cohort=cohort, actor=actor, text=house.canary, now=now).id,
        "what": "pin",
        "arrival_id": "0" * 32,
        "passkey_id": "none",
        "place_id": "none",
        "alert_id": alert.id,
        "cohort_id": cohort.id,
        "group_session_id": group_session.id,
        "code": group_session.join_code,
        "key": video.key,
        "package_id": package.id,
        "response_id": response.id,
        "task_id": task.id,
        "guide_id": "guide-flare-up-plan",
        "translation": "guide-flare-up-plan.ur",
        "goal_id": a_goal(make, enrolment, house.canary),
        "entry_id": an_entry(make, enrolment, house.canary),
        **two_records(make, service, house.canary),
        "person_id": patient.id,
        "note_id": a_note(make, enrolment),
        "call_id": a_call(make, enrolment),
        "message_id": a_message(make, patient).id,
        "waiting_id": somebody_waits(make, service, house.canary),
        "map_entry_id": an_entry_of_the_map(make, service, house.canary),
        "report_id": report.id,
        "milestone_id": "baseline",
        "import_id": imported(db, service, now).id,
        "typed_id": being_typed(db, make, service, house.canary),
        "enrolment_id": enrolment.id,
        "instrument": "gad-7",
        "line": "holiday",
        "step": "read",
        "number": "1",
        "why": "left",
        "exercise_id": "ex-march",
        "script_id": "relax-breathing",
        "way": "lying",
        "kind": "still",
        "colour": "005eb8",
        "token": "no-such-token",
        "name": "master.m3u8",
    }


def a_role_that_waits(make: Factory, service: Service) -> str:
    """The id of a role that an administrator proposed for a colleague."""
    giver, colleague = make.person(service, Role.ADMINISTRATOR), make.person(service, Role.SERVICE_LEAD)
    proposal = RoleProposed(
        service_id=service.id,
        person_id=colleague.id,
        role=Role.DUTY_CLINICIAN,
        proposed_by=giver.id,
        proposed_at=make.now,
    )
    make.db.add(proposal)
    make.db.flush()
    return proposal.id


def an_emergency(make: Factory, patient: Person) -> str:
    """The id of a look at the patient's record that somebody took in an emergency."""
    who = make.person(make.db.get_one(Service, patient.service_id), Role.DUTY_CLINICIAN)
    look = EmergencyLook(
        service_id=patient.service_id,
        person_id=patient.id,
        by=who.id,
        reason="She rang and fell silent",
        opened_at=make.now,
        ends_at=make.now + LASTS,
    )
    make.db.add(look)
    make.db.flush()
    return look.id


def two_records(make: Factory, service: Service, canary: str) -> dict[str, str]:
    """The ids of two records that may be one person, and of a decision about two others."""
    first, second, third, fourth = (make.person(service, Role.PATIENT, f"{canary} twice") for _ in range(4))
    lead = make.actor(make.person(service, Role.CLINICAL_LEAD))
    pair = merging.set_apart(make.db, first_id=third.id, second_id=fourth.id, actor=lead, now=make.now)
    return {"first_id": first.id, "second_id": second.id, "pair_id": pair.id}


def a_note(make: Factory, enrolment: Enrolment) -> str:
    """The thread of a note about the patient of this place."""
    lead = make.actor(make.person(make.db.get_one(Service, enrolment.service_id), Role.CLINICAL_LEAD))
    return notes.write(make.db, whose=enrolment, text="She sleeps better.", actor=lead, now=make.now).thread


def a_call(make: Factory, enrolment: Enrolment) -> str:
    """A call with the patient of this place."""
    lead = make.actor(make.person(make.db.get_one(Service, enrolment.service_id), Role.CLINICAL_LEAD))
    return calls.record_call(make.db, whose=enrolment, outcome="left_word", words="", actor=lead, now=make.now).id


def a_report(make: Factory, service: Service, cohort: Cohort) -> Report:
    """A report on the cohort, as if it had ended."""
    data = load(make.db, service_id=service.id, now=make.now)
    scope = {"kind": "cohort", "subject": cohort.id, "title": cohort.name}
    report = Report(
        service_id=service.id,
        scope="cohort",
        subject=cohort.id,
        title=cohort.name,
        made_at=make.now,
        made_by=make.person(service, Role.SERVICE_LEAD).id,
        snapshot=pack({"data": data.as_plain(), "scope": scope}),
        snapshot_hash="",
        html_hash="",
    )
    make.db.add(report)
    make.db.flush()
    return report
