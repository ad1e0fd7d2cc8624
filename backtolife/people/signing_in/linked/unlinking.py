"""One sign-in for several services ends: by its person's wish, or because one account was opened in another way.

What lets somebody into an account in another way than was shown when it was linked (a link to its mailbox, a second
step that was taken off, the account switched off and on) says nothing about the other services. So it ends the link
first: whoever looks after one service, or reads a mailbox there, never comes into another one.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import and_, or_
from sqlmodel import col, select

from backtolife import audit
from backtolife.audit import Acting
from backtolife.database.session import Db
from backtolife.people.access import System
from backtolife.people.models import Person, SignedIn
from backtolife.people.signing_in.linked.accounts import hold, rows_with
from backtolife.people.signing_in.messages import queue_to

SUBJECT = "You sign in to each of your services by itself again"
BODY = (
    "Hello {name},\n\nOne sign-in opened several services for you. {what}\n\nFrom now on you sign in to {service} by "
    "itself. If you have no password here, press “Forgotten password?” on the sign-in page for staff.\n\n"
    "If you did not expect this, tell an administrator of your service at once.\n\n{service}\n"
)
ELSEWHERE = "This ended, because something about your account in another service was changed."


class Why(StrEnum):
    """What ended the link."""

    ASKED = "asked"
    SWITCHED_OFF = "switched_off"
    SECOND_STEP_RESET = "second_step_reset"
    NEW_PASSWORD = "new_password"  # noqa: S105 - a reason, not a password
    FIRST_SECOND_STEP = "first_second_step"
    ORGANISATION = "organisation"
    BY_THE_SERVICE = "by_the_service"
    SIGNED_OUT = "signed_out"


WORDS: dict[Why, str] = {
    Why.ASKED: "You ended this.",
    Why.SECOND_STEP_RESET: "This ended, because the second step of your account here was taken off.",
    Why.NEW_PASSWORD: "This ended, because a new password was chosen here by a link that was e-mailed.",
    Why.FIRST_SECOND_STEP: "This ended, because a second step was set up here after a password alone.",
    Why.ORGANISATION: "This ended, because your account here was joined with the one at your organisation.",
    Why.BY_THE_SERVICE: "This ended, because an administrator of your service ended it.",
    Why.SIGNED_OUT: "This ended, because an administrator of your service signed you out everywhere.",
}


def unlink(db: Db, *, person: Person, actor: Acting, why: Why, now: datetime, keep: str = "") -> bool:
    """This account is opened by its own sign-in alone from now on; False where it was so before.

    Where the other accounts are more than one, they stay linked with each other. What was opened through this account
    ends, and what was opened into it, but for the sign-in `keep`. An account that is switched off leaves the others'
    sign-ins as they are: that somebody has left one service is no doubt about who they are.
    """
    hold(db)
    rows = rows_with(db, person.id)
    if not rows:
        return False
    others = [db.get_one(Person, each.person_id) for each in rows if each.person_id != person.id]
    for row in rows:
        if row.person_id == person.id or len(others) == 1:
            db.delete(row)
    db.flush()
    end_what_it_opened(db, person, why, now, keep)
    note(db, person, actor, why.value, now)
    if why is not Why.SWITCHED_OFF:  # there is no signing in here to be told of
        tell(db, person, WORDS[why], now)
    for other in others:
        note(db, other, System("sign-in", other.service_id), "other_account", now)
        tell(db, other, WORDS[why] if why is Why.ASKED else ELSEWHERE, now)
    return True


def end_what_it_opened(db: Db, person: Person, why: Why, now: datetime, keep: str) -> None:
    came_here = and_(col(SignedIn.person_id) == person.id, col(SignedIn.through_id).is_not(None))
    went_from_here = col(SignedIn.through_id) == person.id
    wanted = came_here if why is Why.SWITCHED_OFF else or_(came_here, went_from_here)
    open_ones = select(SignedIn).where(wanted, col(SignedIn.ended_at).is_(None), SignedIn.id != keep)
    for signed_in in db.exec(open_ones):
        signed_in.ended_at = now
    db.flush()


def note(db: Db, person: Person, actor: Acting, why: str, now: datetime) -> None:
    audit.record(
        db, actor=actor, action="accounts_unlinked", subject_type="person", subject_id=person.id, now=now, why=why
    )


def tell(db: Db, person: Person, what: str, now: datetime) -> None:
    key = f"unlinked:{person.id}:{now.isoformat()}"
    queue_to(db, person, key=key, subject=SUBJECT, body=BODY, now=now, what=what)
