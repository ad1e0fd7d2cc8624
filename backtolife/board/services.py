"""The group's board between sessions: write, read, report; facilitators pin, hide with a reason, and let stand."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import col, select

from backtolife import audit
from backtolife.board.models import BoardPost, BoardReport
from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import Conflict, Invalid, NotFound
from backtolife.people.access import Actor, authorise, may
from backtolife.people.models import Person
from backtolife.programme.cohorts.models import Cohort

LONGEST = 1000
MOST_A_DAY = 20
KEY_CHARACTERS = 32
NEWEST = 200
NO_POST = "We could not find that message. It may have been taken off the board."


@dataclass(frozen=True)
class Shown:
    """A message as one reader sees it."""

    post: BoardPost
    writer: Person
    mine: bool
    reported_by_me: bool
    reports: list[str] = field(default_factory=list)
    """For facilitators: the open reports' reasons."""

    @property
    def by_staff(self) -> bool:
        return self.writer.is_staff


def write(db: Db, *, cohort: Cohort, actor: Actor, text: str, now: datetime, key: str = "") -> BoardPost:
    """Put a message on the board, once for each `key`. Raises Invalid for nothing, too much, or too many in one day."""
    authorise(actor, "board.write", cohort)
    words = text.strip()
    if not words:
        raise Invalid("Write something first", "text")
    if len(words) > LONGEST:
        raise Invalid(f"Use at most {LONGEST} characters", "text")
    one_at_a_time(db, f"board:{actor.id}")
    sent = select(BoardPost).where(BoardPost.person_id == actor.id, BoardPost.form_key == key[:KEY_CHARACTERS])
    before = db.exec(sent).first() if key else None
    if before is not None and (before.text, before.cohort_id) == (words, cohort.id):
        return before
    today = select(BoardPost.id).where(BoardPost.person_id == actor.id, BoardPost.at > now - timedelta(days=1))
    if len(db.exec(today).all()) >= MOST_A_DAY:
        raise Invalid("You have written a lot today. Please carry on tomorrow", "text")
    post = BoardPost(service_id=cohort.service_id, cohort_id=cohort.id, person_id=actor.id, text=words, at=now)
    post.form_key = key[:KEY_CHARACTERS] if key and before is None else None
    db.add(post)
    db.flush()
    note(db, "board_written", post, actor, now)
    return post


def shown_to(db: Db, *, cohort: Cohort, actor: Actor) -> list[Shown]:
    """The board as the actor may see it: pinned messages first, then the newest. Hidden ones only for moderators."""
    authorise(actor, "board.read", cohort)
    moderates = may(actor, "board.moderate", cohort)
    wanted = select(BoardPost, Person).join(Person, col(Person.id) == col(BoardPost.person_id))
    wanted = wanted.where(BoardPost.cohort_id == cohort.id)
    if not moderates:
        wanted = wanted.where(col(BoardPost.hidden_at).is_(None))
    order = (col(BoardPost.pinned_at).is_(None), col(BoardPost.at).desc(), col(BoardPost.id))
    rows = db.exec(wanted.order_by(*order).limit(NEWEST)).all()
    reports: dict[str, list[BoardReport]] = {}
    for report in db.exec(select(BoardReport).where(col(BoardReport.post_id).in_([post.id for post, _ in rows]))):
        reports.setdefault(report.post_id, []).append(report)
    return [as_shown(post, writer, actor, reports.get(post.id, []), moderates) for post, writer in rows]


def as_shown(post: BoardPost, writer: Person, actor: Actor, reports: list[BoardReport], moderates: bool) -> Shown:
    waiting = [each.reason for each in reports if each.settled_at is None]
    mine = any(each.person_id == actor.id for each in reports)
    return Shown(post, writer, post.person_id == actor.id, mine, waiting if moderates else [])


def find_post(db: Db, *, cohort: Cohort, post_id: str, actor: Actor, action: str) -> BoardPost:
    """A message of this board, when the actor may do `action` with it. Raises NotFound, also for a hidden one."""
    found = db.get(BoardPost, post_id)
    if found is None or found.cohort_id != cohort.id:
        raise NotFound(NO_POST)
    authorise(actor, action, found)
    if found.hidden_at is not None and not may(actor, "board.moderate", found):
        raise NotFound(NO_POST)
    return found


def take_back(db: Db, *, post: BoardPost, actor: Actor, now: datetime) -> None:
    """The writer takes their own message off the board. Raises NotFound for somebody else's."""
    authorise(actor, "board.take_back", post)
    put_away(db, post=post, actor=actor, reason="Taken back by its writer", now=now)


def hide(db: Db, *, post: BoardPost, actor: Actor, reason: str, now: datetime) -> None:
    """Take a message off the board, with the reason why. Raises Invalid without one."""
    authorise(actor, "board.moderate", post)
    if not reason.strip():
        raise Invalid("Say why you are hiding it", "reason")
    put_away(db, post=post, actor=actor, reason=reason.strip()[:300], now=now)


def put_away(db: Db, *, post: BoardPost, actor: Actor, reason: str, now: datetime) -> None:
    if post.hidden_at is not None:
        raise Conflict("This message is hidden already.")
    post.hidden_at, post.hidden_by, post.hidden_reason, post.pinned_at = now, actor.id, reason, None
    settle(db, post, now)
    note(db, "board_hidden", post, actor, now)


def let_stand(db: Db, *, post: BoardPost, actor: Actor, now: datetime) -> None:
    """Show a hidden message again, or settle reports of one that may stay."""
    authorise(actor, "board.moderate", post)
    post.hidden_at, post.hidden_by, post.hidden_reason = None, None, ""
    settle(db, post, now)
    note(db, "board_let_stand", post, actor, now)


def pin(db: Db, *, post: BoardPost, actor: Actor, pinned: bool, now: datetime) -> None:
    """Keep a message at the top, or let it go. Raises Conflict for a hidden one."""
    authorise(actor, "board.moderate", post)
    if pinned and post.hidden_at is not None:
        raise Conflict("This message is hidden. Show it again first.")
    post.pinned_at = now if pinned else None
    note(db, "board_pinned" if pinned else "board_unpinned", post, actor, now)


def report(db: Db, *, post: BoardPost, actor: Actor, reason: str, now: datetime) -> None:
    """Ask the facilitators to look at a message. Asking twice is once."""
    asked = select(BoardReport).where(BoardReport.post_id == post.id, BoardReport.person_id == actor.id)
    if db.exec(asked).first() is not None:
        return
    words = reason.strip()[:300]
    db.add(BoardReport(service_id=post.service_id, post_id=post.id, person_id=actor.id, reason=words, at=now))
    note(db, "board_reported", post, actor, now)


def settle(db: Db, post: BoardPost, now: datetime) -> None:
    for each in db.exec(
        select(BoardReport).where(BoardReport.post_id == post.id, col(BoardReport.settled_at).is_(None))
    ):
        each.settled_at = now


def note(db: Db, action: str, post: BoardPost, actor: Actor, now: datetime) -> None:
    audit.record(db, actor=actor, action=action, subject_type="board_post", subject_id=post.id, now=now)
