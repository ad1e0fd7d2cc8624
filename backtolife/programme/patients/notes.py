"""Notes of staff about one patient: dated, by whom, and corrected without losing what stood there before."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from backtolife import audit
from backtolife.database.session import Db, new_id, one_at_a_time
from backtolife.errors import Conflict, Invalid, NotFound
from backtolife.people.access import Actor, authorise
from backtolife.people.models import Person
from backtolife.people.names import isolated
from backtolife.programme.patients.models import PatientNote
from backtolife.programme.patients.whose.finding import Whose

LONGEST = 5000
CHANGED_MEANWHILE = "Somebody changed this note while you had it open. It is shown as it is now; your words are below."


@dataclass(frozen=True)
class Version:
    """One version of a note, with the name of whoever wrote it."""

    row: PatientNote
    by: str


@dataclass(frozen=True)
class Note:
    """A note as it stands, and what stood there before, the newest first."""

    newest: Version
    earlier: tuple[Version, ...]

    @property
    def written_at(self) -> datetime:
        """When it was first written."""
        return (self.earlier or (self.newest,))[-1].row.at


def words_kept(text: str) -> str:
    """The text as we keep it. Raises Invalid for an empty or too long one."""
    words = text.replace("\r\n", "\n").strip()
    if not words:
        raise Invalid("Write the note", "text")
    if len(words) > LONGEST:
        raise Invalid(f"Please keep this under {LONGEST} characters.", "text")
    return words


def write(db: Db, *, whose: Whose, text: str, actor: Actor, now: datetime) -> PatientNote:
    """Write a note about this patient. Raises Invalid."""
    authorise(actor, "note.write", whose)
    return add(db, whose, thread=new_id(), version=1, text=words_kept(text), actor=actor, now=now)


def correct(db: Db, *, whose: Whose, thread: str, seen: int, text: str, actor: Actor, now: datetime) -> PatientNote:
    """Put a note right; what stood there stays readable. `seen` is the version that the page showed.

    Raises NotFound for a note about somebody else, Conflict where a colleague was quicker, Invalid.
    """
    authorise(actor, "note.write", whose)
    words = words_kept(text)
    one_at_a_time(db, f"note:{thread}")
    newest = find_note(db, whose=whose, thread=thread).newest.row
    if newest.version != seen:
        raise Conflict(CHANGED_MEANWHILE)
    if words == newest.text:
        return newest
    return add(db, whose, thread=thread, version=seen + 1, text=words, actor=actor, now=now)


def add(db: Db, whose: Whose, *, thread: str, version: int, text: str, actor: Actor, now: datetime) -> PatientNote:
    row = PatientNote(
        service_id=whose.service_id,
        person_id=whose.person_id,
        thread=thread,
        version=version,
        text=text,
        by=actor.id,
        at=now,
    )
    db.add(row)
    db.flush()
    action = "note_written" if version == 1 else "note_corrected"
    audit.record(db, actor=actor, action=action, subject_type="note", subject_id=thread, now=now)
    return row


def notes_of(db: Db, person_id: str) -> list[Note]:
    """Every note about this patient, the one written last first. One statement."""
    wanted = select(PatientNote, Person.full_name).join(Person, col(Person.id) == col(PatientNote.by))
    rows = db.exec(wanted.where(PatientNote.person_id == person_id).order_by(col(PatientNote.version).desc())).all()
    threads: dict[str, list[Version]] = {}
    for row, name in rows:
        threads.setdefault(row.thread, []).append(Version(row, isolated(name)))
    found = [Note(versions[0], tuple(versions[1:])) for versions in threads.values()]
    return sorted(found, key=lambda each: each.written_at, reverse=True)


def find_note(db: Db, *, whose: Whose, thread: str) -> Note:
    """One note about this patient. Raises NotFound."""
    found = next((each for each in notes_of(db, whose.person_id) if each.newest.row.thread == thread), None)
    if found is None:
        raise NotFound("We could not find this note.")
    return found
