"""Groups as a kind of work that a colleague holds and hands over when their account is switched off."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.errors import Invalid
from backtolife.people.access import Actor
from backtolife.people.models import Person, Role
from backtolife.people.names import isolated
from backtolife.people.roles import holding, roles_of
from backtolife.programme.cohorts.models import Cohort, CohortStaff, SessionCover, SessionDate
from backtolife.programme.staffing import services
from backtolife.programme.staffing.services import DOES


class GroupsHeld:
    """Groups with a session still to come, and single sessions in which somebody stands in."""

    may_wait = True
    words = "the groups"

    def held(self, db: Db, *, person: Person, now: datetime) -> Sequence[str]:
        coming = select(SessionDate.id).where(SessionDate.cohort_id == Cohort.id, col(SessionDate.ends_at) > now)
        groups = select(CohortStaff, Cohort).join(Cohort, col(Cohort.id) == col(CohortStaff.cohort_id))
        theirs = groups.where(CohortStaff.person_id == person.id, coming.exists()).order_by(col(Cohort.first_day))
        covers = select(SessionCover.id).join(SessionDate, col(SessionDate.id) == col(SessionCover.session_date_id))
        single = len(db.exec(covers.where(SessionCover.person_id == person.id, col(SessionDate.ends_at) > now)).all())
        words = [f"{DOES[row.place]} {isolated(cohort.name)}" for row, cohort in db.exec(theirs)]
        return [*words, *([f"stands in for {single} {'session' if single == 1 else 'sessions'}"] if single else [])]

    def hand_over(self, db: Db, *, person: Person, to: Person, actor: Actor, now: datetime) -> None:
        """Raises Invalid for who is no facilitator, Clashes for the groups that `to` cannot take."""
        if not self.held(db, person=person, now=now):
            return
        if Role.FACILITATOR not in roles_of(db, to):
            raise Invalid(f"{isolated(to.full_name)} is not a facilitator, so cannot take over groups.", "to")
        services.hand_over(db, giver=person, taker=to, actor=actor, now=now)

    def able(self, db: Db, *, person: Person, now: datetime) -> set[str]:
        del now
        wanted = select(Person.id).where(Person.service_id == person.service_id, holding(Role.FACILITATOR))
        return set(db.exec(wanted))
