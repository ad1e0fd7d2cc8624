"""The rows that made-up lives leave behind, written in bulk; scores come from the product's own scoring."""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from backtolife.content.models import VideoNote, Watching
from backtolife.database.closed import on_row
from backtolife.database.session import Db, Row, metadata, new_id
from backtolife.demo.simulated.forms import SAFETY_ITEM, filled
from backtolife.demo.simulated.lives import Life
from backtolife.demo.simulated.sentences import in_own_words, note_on_video
from backtolife.mail.channels import Channel
from backtolife.outcomes.answering.submitting import RECORDED, values_to_score
from backtolife.outcomes.answering.summary import summary
from backtolife.outcomes.asking.schedule import Ask
from backtolife.outcomes.catalogue.shipped import load_instrument
from backtolife.outcomes.catalogue.wording import wording
from backtolife.outcomes.models import AdoptedInstrument, Answer, InstrumentResponse, Level, Mode, Score
from backtolife.outcomes.safety.raising import raise_task
from backtolife.outcomes.scoring.alerts import safety_level
from backtolife.outcomes.scoring.score import score
from backtolife.people.access import System
from backtolife.people.models import Background, Kind, Person
from backtolife.programme.cohorts.models import Cohort, Enrolment, EnrolmentChange, SessionDate
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.consent.models import ConsentAnswer, ConsentText
from backtolife.programme.consent.rules import ConsentKind
from backtolife.programme.places.models import EndKind, PlaceEnding
from backtolife.programme.places.rules import DecidedBy, Reason
from backtolife.programme.practice.models import PracticeEntry
from backtolife.programme.practice.rules import OTHER, Felt
from backtolife.sessions.room.models import AttendanceSpan, GroupSession, GroupStatus, Seat
from backtolife.sessions.state.rules import Camera, SeatRole, SeatStatus
from backtolife.sessions.trial.models import TrialRun
from backtolife.sessions.trial.rules import Network

SITE = "http://127.0.0.1"
LEFT_AFTER = timedelta(days=88)
"""Between the first session and the day on which staff wrote down that somebody no longer comes."""
WHY = (
    Reason.WORK, Reason.TECHNOLOGY, Reason.BETTER, Reason.WORK, Reason.TIMES, Reason.NO_CONTACT, Reason.TECHNOLOGY,
    Reason.WORSE, Reason.GROUP, Reason.WORK, Reason.FAMILY,
)  # fmt: skip
"""Why people leave, taken in turn."""
AT_HOME = ("A walk", "My stretches", "The stairs", "Slow breathing", "Some gardening")
"""What people do at home and write down."""
ORDER: tuple[type[Row], ...] = (
    Person, Background, ConsentAnswer, Enrolment, EnrolmentChange, PlaceEnding, TrialRun, Watching, VideoNote, Seat,
    AttendanceSpan, PracticeEntry,
    InstrumentResponse, Answer, Score,
)  # fmt: skip


@dataclass
class Rows:
    """Everything to be written, by table."""

    dice: random.Random
    pen: random.Random
    """The dice of what people write, so that their numbers stay as they are however much they write."""
    trying: random.Random
    """The dice of who tries camera, sound and network at home, for the same reason."""
    service_id: str
    wordings: dict[str, AdoptedInstrument]
    packages: list[tuple[str, str]]
    domain: str
    texts: Sequence[ConsentText] = ()
    """What the service asks: whoever has a place has said yes, but to questions after leaving."""
    called: Sequence[str] = ()
    """What patients are called, the first first; who comes after them has a number for a name."""
    writing: random.Random = field(default_factory=lambda: random.Random("diaries"))  # noqa: S311 - made-up people
    """The dice of who keeps a practice diary."""
    held: dict[type[Row], list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    patients: Iterator[int] = field(default_factory=lambda: count(1))
    places: Iterator[int] = field(default_factory=lambda: count(1))
    worrying: list[tuple[str, str, int, datetime]] = field(default_factory=list)
    """(enrolment, response, answer, when) of each answer to the safety question that a clinician must see."""

    def add(self, table: type[Row], **values: Any) -> str:
        key = new_id()
        row = on_row(metadata.tables[str(table.__tablename__)], values, row_id=key, service_id=self.service_id)
        self.held[table].append({"id": key, "service_id": self.service_id, **row})
        return key

    def write(self, db: Db) -> None:
        """Put them into the database, and hold nothing more."""
        db.flush()
        for table in ORDER:
            if self.held[table]:
                db.connection().execute(metadata.tables[str(table.__tablename__)].insert(), self.held[table])
        self.held.clear()

    def person(self, life: Life, at: datetime) -> str:
        number = next(self.patients)
        named = self.called[number - 1] if number <= len(self.called) else ""
        person = self.add(
            Person, kind=Kind.PATIENT, email=f"patient{number}@{self.domain}",
            full_name=named or f"Patient {number} Simulated",
            shown_name=named.partition(" ")[0] or f"Patient {number}", job="", phone="", channel=Channel.EMAIL,
            emergency_name="", emergency_phone="", password_hash="", active=True, created_at=at,
        )  # fmt: skip
        self.add(Background, person_id=person, updated_at=at, **life.traits)
        return person

    def waiting(self, people: Iterable[Life], first: datetime, last: datetime) -> None:
        """People whom the service knows and has not given a place."""
        for life in people:
            self.person(life, first + self.dice.random() * (last - first))

    def group(
        self,
        cohort: Cohort,
        dated: Sequence[tuple[SessionDate, GroupSession]],
        asks: Sequence[Ask],
        people: Iterable[Life],
        *,
        now: datetime,
    ) -> None:
        """One group's past until `now`."""
        sessions = [session for _, session in dated]
        for date, session in dated:
            if date.ends_at < now:
                session.status, session.started_at, session.ended_at = GroupStatus.ENDED, date.starts_at, date.ends_at
        for life in people:
            start = dated[0][0].starts_at
            person = self.person(life, start - timedelta(days=self.dice.randint(25, 80)))
            enrolment = self.enrolment(cohort, person, life, start - timedelta(days=21), start)
            self.trial(person, life, start, now)
            self.attendance(cohort, sessions, person, life)
            for video, package in self.packages[: life.videos]:
                seen = start + timedelta(days=self.dice.randint(0, 50))
                self.add(
                    Watching, enrolment_id=enrolment, video_id=video, package_id=package, ranges=[], position_ms=0,
                    share=1.0, updated_at=seen, finished_at=seen,
                )  # fmt: skip
                self.note(enrolment, video, seen)
            self.diary(enrolment, life, start, now)
            for ask in asks:
                self.milestone(enrolment, life, ask)

    def trial(self, person: str, life: Life, start: datetime, now: datetime) -> None:
        """Two of three try at home, most of them in the week before, and some only once they have been to a session."""
        at = start - timedelta(days=self.trying.randint(-9, 14), hours=self.trying.randint(1, 6))
        if self.trying.random() < 0.67 and life.said_yes and at < now:
            self.add(
                TrialRun, person_id=person, run=new_id(), at=at, camera=self.trying.random() < 0.92,
                sound=self.trying.random() < 0.9, network=self.trying.choices([*Network], (8, 2, 1))[0],
                help_at=None, called_at=None, called_by="",
            )  # fmt: skip

    def diary(self, enrolment: str, life: Life, start: datetime, now: datetime) -> None:
        """Two of three keep a diary, as often a week as they like; some give no minutes."""
        if not life.came or self.writing.random() > 0.67:
            return
        usual = self.writing.randint(1, 5)
        for number in life.came:
            for _ in range(self.writing.randint(0, usual)):
                at = start + timedelta(
                    days=7 * (number - 1) + self.writing.randint(0, 6), hours=self.writing.randint(1, 8)
                )
                minutes = self.writing.choice((5, 10, 10, 15, 20, None))
                felt = self.writing.choice([*Felt, None])
                if at < now:
                    self.add(
                        PracticeEntry, enrolment_id=enrolment, client_key=new_id(), edit=0, day=at.date(),
                        device_day=None, written_at=at, arrived_at=at, item=OTHER,
                        what=self.writing.choice(AT_HOME), minutes=minutes, felt=felt, note="",
                    )  # fmt: skip

    def note(self, enrolment: str, video: str, at: datetime) -> None:
        """What somebody wrote beside a video, if anything, and who may read it."""
        if words := note_on_video(self.pen):
            self.add(
                VideoNote, enrolment_id=enrolment, video_id=video, words=words, with_team=self.pen.random() < 0.6,
                with_group=self.pen.random() < 0.4, updated_at=at,
            )  # fmt: skip

    def enrolment(self, cohort: Cohort, person: str, life: Life, at: datetime, start: datetime) -> str:
        states = [EnrolmentState.INVITED]
        if life.said_yes:
            states.append(EnrolmentState.ENROLLED)
            if life.came:
                states.append(EnrolmentState.STARTED)
            states.append(EnrolmentState.COMPLETED if len(life.came) >= 6 else EnrolmentState.WITHDRAWN)
        else:
            states.append(EnrolmentState.DECLINED)
        times = {EnrolmentState.STARTED: start, EnrolmentState.COMPLETED: start + timedelta(days=50)}
        number = next(self.places)
        enrolment = self.add(
            Enrolment, cohort_id=cohort.id, person_id=person, code=f"S{number:06}",
            state=states[-1], enrolled_at=at,
        )  # fmt: skip
        for text in self.texts:
            self.add(
                ConsentAnswer, person_id=person, kind=text.kind, text_id=text.id, version=text.version,
                agreed=text.kind is not ConsentKind.LATER, by_telephone=False, at=at, by=person, replaced_at=None,
            )  # fmt: skip
        left_at = start + LEFT_AFTER if life.came else at
        if states[-1] is EnrolmentState.WITHDRAWN:
            self.add(
                PlaceEnding, enrolment_id=enrolment, kind=EndKind.WITHDRAWN, state_before=states[-2],
                decided_by=DecidedBy.PATIENT, reason=WHY[number % len(WHY)], words="", at=left_at,
                by="simulated", taken_back_at=None, taken_back_by="",
            )  # fmt: skip
        for state in states:
            when = left_at if state is EnrolmentState.WITHDRAWN else at
            self.add(
                EnrolmentChange,
                enrolment_id=enrolment,
                state=state,
                at=times.get(state, when),
                by="simulated",
                reason="",
            )
        return enrolment

    def attendance(self, cohort: Cohort, sessions: Sequence[GroupSession], person: str, life: Life) -> None:
        for session in sessions:
            start, minutes = session.started_at, life.came.get(session.number)
            if start is None or minutes is None:
                continue
            seat = self.add(
                Seat, group_session_id=session.id, cohort_id=cohort.id, person_id=person, role=SeatRole.PATIENT,
                status=SeatStatus.LEFT, camera=Camera.EVERYONE, place="", phone="", emergency_name="",
                emergency_phone="", space_ready=[], news="", lobby_at=start, admitted_at=start,
            )  # fmt: skip
            self.add(
                AttendanceSpan, group_session_id=session.id, seat_id=seat, connection=new_id(), joined_at=start,
                left_at=start + timedelta(minutes=minutes),
            )  # fmt: skip

    def milestone(self, enrolment: str, life: Life, ask: Ask) -> None:
        """What somebody sent of what they were asked."""
        at = ask.opens_at + self.dice.random() * (min(ask.due_at, ask.closes_at) - ask.opens_at)
        if ask.after_session:
            if ask.session in life.felt:
                value = life.felt[ask.session]
                self.form(enrolment, ask.id, "group-experience", {"1": value, "2": min(10, value + 1), "3": value}, at)
        elif ask.id in life.answers:
            for instrument in ask.instruments:
                self.form(enrolment, ask.id, instrument, filled(self.dice, life, instrument, ask.id), at)

    def form(self, enrolment: str, milestone: str, instrument: str, values: dict[str, Any], at: datetime) -> None:
        words, adopted = wording(instrument), self.wordings[instrument]
        values = {**values, **in_own_words(self.pen, words, values)}
        result = score(load_instrument(instrument, adopted.version), values_to_score(words, values))
        response = self.add(
            InstrumentResponse, enrolment_id=enrolment, milestone_id=milestone, instrument=instrument,
            adopted_id=adopted.id, opened_at=at, started_at=at, completed_at=at + timedelta(minutes=4), mode=Mode.SELF,
            entered_by=None, proxy="", summary=summary(result, words, values),
        )  # fmt: skip
        for item, value in values.items():
            number = isinstance(value, int)
            self.add(
                Answer, response_id=response, item=item, value=value if number else None,
                words="" if number else value, answered_at=at, client_key=item,
            )  # fmt: skip
        figures = {key: (each.value, each.band) for key, each in result.figures.items()} or {RECORDED: (None, None)}
        for scale, (value, band) in figures.items():
            self.add(
                Score, response_id=response, scale=scale, value=value, band=band, missing=result.missing,
                status=result.status, scored_at=at + timedelta(minutes=4),
            )  # fmt: skip
        if instrument == "phq-9" and values.get(SAFETY_ITEM, 0):
            self.worrying.append((enrolment, response, values[SAFETY_ITEM], at))


def tell_clinicians(db: Db, rows: Rows, actor: System) -> None:
    """A task for each answer that a clinician must see, as in life. They stay open until a person closes them."""
    for enrolment, response, value, at in rows.worrying:
        level = safety_level(load_instrument("phq-9"), SAFETY_ITEM, value)
        if level is not None:
            raise_task(
                db, enrolment=db.get_one(Enrolment, enrolment), response=db.get_one(InstrumentResponse, response),
                item=SAFETY_ITEM, level=Level(level), value=value, actor=actor, site=SITE, now=at,
            )  # fmt: skip
