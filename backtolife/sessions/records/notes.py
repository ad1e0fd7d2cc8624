"""What staff write about a session: one text for all of them, every version kept with who wrote it and when."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select

from backtolife import audit
from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import Conflict, Invalid
from backtolife.people.access import Actor, authorise
from backtolife.sessions.records.models import SessionNote
from backtolife.sessions.room.models import GroupSession

LONGEST = 8000


def versions_of(db: Db, group_session: GroupSession) -> Sequence[SessionNote]:
    """Every version, newest first."""
    wanted = select(SessionNote).where(SessionNote.group_session_id == group_session.id)
    return db.exec(wanted.order_by(col(SessionNote.version).desc())).all()


def write(db: Db, *, group_session: GroupSession, text: str, seen: int, actor: Actor, now: datetime) -> SessionNote:
    """Add a version. `seen` is the version that the writer's page showed, 0 for none.

    Raises Conflict when somebody else has written since, Invalid for no text or too much. The same text again adds
    nothing.
    """
    authorise(actor, "attendance.correct", group_session)
    one_at_a_time(db, f"session-note:{group_session.id}")
    newest = next(iter(versions_of(db, group_session)), None)
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise Invalid(f"Write something, at most {LONGEST} characters.", "text")
    if newest is not None and newest.text == text:
        return newest
    if seen != (newest.version if newest else 0):
        raise Conflict("Someone else saved notes while you wrote. Their text is below. Add yours to it, then save.")
    note = SessionNote(
        service_id=group_session.service_id,
        group_session_id=group_session.id,
        version=seen + 1,
        text=text,
        by=actor.id,
        at=now,
    )
    db.add(note)
    audit.record(
        db,
        actor=actor,
        action="session_note_written",
        subject_type="group_session",
        subject_id=group_session.id,
        now=now,
        version=note.version,
    )
    return note
