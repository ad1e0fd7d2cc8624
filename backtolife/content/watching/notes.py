"""What a patient writes beside a video: for themselves, for their team, or also for their group without a name."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from backtolife import audit
from backtolife.content.models import Video, VideoNote
from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import Conflict, Invalid
from backtolife.people.access import Actor, authorise, may
from backtolife.people.models import Person
from backtolife.people.names import isolated
from backtolife.programme.cohorts.models import Enrolment

LONGEST_NOTE = 4000


@dataclass(frozen=True)
class Shared:
    """A note that its writer lets the team read."""

    name: str
    words: str
    updated_at: datetime


def keep_note(
    db: Db,
    *,
    actor: Actor,
    enrolment: Enrolment,
    video: Video,
    words: str,
    with_team: bool,
    now: datetime,
    with_group: bool = False,
    seen: str | None = None,
) -> VideoNote:
    """Keep what a patient wrote, in place of what they wrote before. Raises Invalid when it is too long.

    `seen` is the version (`version_of`) that the words were written over. Raises Newer when there is another one by
    now, from another device: the person chooses, and nothing is shared until then.
    """
    authorise(actor, "video.record_watching", enrolment)
    if len(words) > LONGEST_NOTE:
        raise Invalid(
            f"Your notes can have up to {LONGEST_NOTE} characters. Please make them a little shorter.", "words"
        )
    one_at_a_time(db, f"note:{enrolment.id}:{video.id}")
    note = note_of(db, enrolment_id=enrolment.id, video_id=video.id)
    if note is not None and seen is not None and version_of(note) != seen and note.words not in (words, ""):
        raise Newer(note)
    if note is None:
        note = VideoNote(service_id=enrolment.service_id, enrolment_id=enrolment.id, video_id=video.id, updated_at=now)
        db.add(note)
    if (note.with_team, note.with_group) != (with_team, with_group):
        audit.record(
            db, actor=actor, action="note_sharing_changed", subject_type="enrolment", subject_id=enrolment.id, now=now,
            with_team=with_team, with_group=with_group,
        )  # fmt: skip
    note.words, note.with_team, note.with_group, note.updated_at = words, with_team, with_group, now
    return note


class Newer(Conflict):
    """The note was changed on another device after these words were begun."""

    def __init__(self, note: VideoNote) -> None:
        super().__init__("You wrote a newer note on another device. Choose which one to keep.")
        self.note = note


def version_of(note: VideoNote | None) -> str:
    """The version of a note: the moment it was saved; empty where there is none."""
    return note.updated_at.isoformat() if note else ""


def note_of(db: Db, *, enrolment_id: str, video_id: str) -> VideoNote | None:
    wanted = select(VideoNote).where(VideoNote.enrolment_id == enrolment_id, VideoNote.video_id == video_id)
    return db.exec(wanted).first()


def shared_notes(db: Db, *, actor: Actor, video: Video, now: datetime) -> list[Shared]:
    """The notes on a video that the actor's own patients let them read. Looking leaves a trace for each patient."""
    wanted = (
        select(VideoNote, Enrolment, Person)
        .join(Enrolment, col(Enrolment.id) == col(VideoNote.enrolment_id))
        .join(Person, col(Person.id) == col(Enrolment.person_id))
        .where(VideoNote.video_id == video.id, col(VideoNote.with_team).is_(True), VideoNote.words != "")
        .order_by(col(Person.shown_name), col(VideoNote.id))
    )
    found = []
    for note, enrolment, person in db.exec(wanted):
        if not may(actor, "patient.read", enrolment):
            continue
        audit.record(db, actor=actor, action="note_read", subject_type="enrolment", subject_id=enrolment.id, now=now)
        found.append(Shared(person.shown_name, note.words, note.updated_at))
    return found


@dataclass(frozen=True)
class Written:
    """What one patient wrote beside a session's video, for the room in which the group talks about it."""

    person_id: str
    name: str
    words: str
    with_team: bool
    with_group: bool


def written_for(db: Db, *, cohort_id: str, session_number: int) -> list[Written]:
    """What the cohort's patients wrote beside the video of a session; who may be shown what is for the caller."""
    wanted = (
        select(VideoNote, Person)
        .join(Enrolment, col(Enrolment.id) == col(VideoNote.enrolment_id))
        .join(Person, col(Person.id) == col(Enrolment.person_id))
        .join(Video, col(Video.id) == col(VideoNote.video_id))
        .where(Enrolment.cohort_id == cohort_id, Video.session_number == session_number, VideoNote.words != "")
        .order_by(col(VideoNote.id))
    )
    return [
        Written(person.id, isolated(person.shown_name), note.words.strip(), note.with_team, note.with_group)
        for note, person in db.exec(wanted)
        if note.words.strip()
    ]
