"""A question to the group and its answers: kept by seat so that nobody counts twice, told only as counts."""

from datetime import datetime

from sqlmodel import select

from backtolife.database.session import Db
from backtolife.errors import Conflict, Invalid, NotFound
from backtolife.sessions.records.poll_models import Poll, PollAnswer
from backtolife.sessions.room.models import GroupSession, Seat
from backtolife.sessions.state.room_state import Counts
from backtolife.sessions.state.small_counts import counted


def ask(db: Db, *, group_session: GroupSession, seat: Seat, question: str, options: list[str], now: datetime) -> Poll:
    """Keep a question of a facilitator. Raises Invalid for one without words or with the same answer twice."""
    words, answers = question.strip(), [option.strip() for option in options]
    if not words:
        raise Invalid("Write the question first.", "question")
    if not all(answers) or len({answer.lower() for answer in answers}) != len(answers):
        raise Invalid("Enter at least two answers, each different from the others.", "options")
    poll = Poll(
        service_id=group_session.service_id,
        group_session_id=group_session.id,
        question=words,
        options=answers,
        asked_by=seat.person_id,
        asked_at=now,
    )
    db.add(poll)
    db.flush()
    return poll


def find(db: Db, *, group_session: GroupSession, poll_id: str) -> Poll:
    """A question of this session. Raises NotFound for one of another."""
    poll = db.get(Poll, poll_id)
    if poll is None or poll.group_session_id != group_session.id:
        raise NotFound("This question is not on the screen any more.")
    return poll


def answer(db: Db, *, poll: Poll, seat: Seat, choice: int, now: datetime) -> None:
    """Keep what one seat chose; choosing again replaces it. Raises Conflict once closed, Invalid for no such answer."""
    if poll.closed_at is not None:
        raise Conflict("This question is closed.")
    if not 0 <= choice < len(poll.options):
        raise Invalid("Choose one of the answers.", "choice")
    found = db.exec(select(PollAnswer).where(PollAnswer.poll_id == poll.id, PollAnswer.seat_id == seat.id)).first()
    if found is None:
        found = PollAnswer(service_id=seat.service_id, poll_id=poll.id, seat_id=seat.id, choice=choice, at=now)
        db.add(found)
    found.choice, found.at = choice, now
    db.flush()


def counts_of(db: Db, poll: Poll, shown: Counts | None) -> Counts:
    """How many have answered and what the group may see of it; `shown` is what the room's document held before."""
    chosen = db.exec(select(PollAnswer.choice).where(PollAnswer.poll_id == poll.id)).all()
    return counted(chosen, shown, places=len(poll.options))


def close(poll: Poll, now: datetime) -> None:
    poll.closed_at = poll.closed_at or now


def own_answer(db: Db, seat: Seat, poll_id: str) -> int | None:
    """What this seat chose, so that its own page can show it again."""
    return db.exec(
        select(PollAnswer.choice).where(PollAnswer.poll_id == poll_id, PollAnswer.seat_id == seat.id)
    ).first()
