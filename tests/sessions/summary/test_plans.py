"""What was agreed in a session stands on the page that looks back on it."""

from datetime import datetime

from sqlmodel import Session

from backtolife.programme.agreed.rules import Wording
from backtolife.programme.agreed.services import set_plan
from tests.sessions.summary.test_summary import hold_session
from tests.support.sessions.gathering import gather


def test_it_shows_what_each_person_agreed_in_this_session_to_do_until_the_next(db: Session, now: datetime) -> None:
    ended = hold_session(gather(db, now, ("Linda", "Joseph", "Maureen")), now)
    group = ended.group
    place = group.make.enrolment_of(group.patients[0], group.cohort)
    plan = Wording("Walk to the shop", "twice", "", 6)
    actor = group.make.actor(group.lead)
    set_plan(group.db, enrolment=place, session_number=1, plan=plan, seen=0, actor=actor, now=ended.ended)
    assert [line.plan for line in ended.look().people] == ["", "Walk to the shop, twice", ""]
