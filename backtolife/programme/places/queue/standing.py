"""Where somebody without a place in a group stands, in words for themselves: the same on each of their pages."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.programme.cohorts.left import left_words
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.places.offer_lists import changed_minds
from backtolife.programme.places.queue.waiting import wait_of
from backtolife.text.catalogues.worded import worded

NO_PLACE = worded("You have no place in a group yet. If you think you should, please call us.")
OFFERED = worded("There is a place for you in a group. Please tell us first if you would like it.")
WILL_CALL = worded("You told us that you would like to come. We have kept that, and will call you.")
WAITS = worded("You are on our waiting list. We write to you as soon as there is a place for you.")


@dataclass(frozen=True)
class Standing:
    """`words` say it in short; `since` is when they came onto the waiting list."""

    words: str
    offered: bool = False
    """A place is held for them until they answer."""
    will_call: bool = False
    """They said yes too late, and somebody rings them."""
    since: datetime | None = None


def standing_of(db: Db, *, person_id: str) -> Standing:
    """Where this person stands, who has no place. What is still to come counts before what is over."""
    states = (EnrolmentState.INVITED, EnrolmentState.DECLINED)
    wanted = select(Enrolment.id, Enrolment.state).where(Enrolment.person_id == person_id)
    places = db.exec(wanted.where(col(Enrolment.state).in_(states))).all()
    if any(state is EnrolmentState.INVITED for _, state in places):
        return Standing(OFFERED, offered=True)
    will_call = bool(changed_minds(db, [place for place, _ in places]))
    wait = wait_of(db, person_id=person_id)
    since = wait.since if wait is not None else None
    if will_call:
        return Standing(WILL_CALL, will_call=True, since=since)
    if since is not None:
        return Standing(WAITS, since=since)
    return Standing(left_words(db, person_id=person_id) or NO_PLACE)
