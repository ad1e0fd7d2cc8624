"""Where somebody stands in a group, in words for staff, in the order of a list."""

from collections.abc import Collection, Mapping

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.programme.cohorts.models import EnrolmentChange
from backtolife.programme.cohorts.rules import EnrolmentState

STATE_WORDS: Mapping[EnrolmentState, str] = {
    EnrolmentState.INVITED: "Offered a place",
    EnrolmentState.ENROLLED: "Said yes, has a place",
    EnrolmentState.STARTED: "Has started",
    EnrolmentState.COMPLETED: "Has completed",
    EnrolmentState.DECLINED: "Said no, or gave no answer",
    EnrolmentState.OFFER_TAKEN_BACK: "Offer taken back",
    EnrolmentState.WITHDRAWN: "Has left",
    EnrolmentState.DIED: "Has died",
}
DECLINED_WORDS: Mapping[str, str] = {"no": "Said no", "not_now": "Said not now", "nothing": "Gave no answer"}
"""The same of who has no place after an offer, by why: somebody who may come later is not somebody who said no."""


def words_of(state: EnrolmentState, why: str = "") -> str:
    """Where somebody stands; `why` is the reason that was kept with that change."""
    return DECLINED_WORDS.get(why, STATE_WORDS[state]) if state is EnrolmentState.DECLINED else STATE_WORDS[state]


def whys_declined(db: Db, enrolment_ids: Collection[str]) -> dict[str, str]:
    """Why the place went to nobody, by its id, for those of these places that were declined. One statement."""
    if not enrolment_ids:
        return {}
    wanted = select(EnrolmentChange.enrolment_id, EnrolmentChange.reason).where(
        col(EnrolmentChange.enrolment_id).in_(enrolment_ids), EnrolmentChange.state == EnrolmentState.DECLINED
    )
    return dict(db.exec(wanted.order_by(col(EnrolmentChange.at))).all())
