"""Plans: written down by staff in a session, corrected by staff, every version kept with who wrote it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from backtolife import audit
from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import Conflict, NotFound
from backtolife.people.access import Actor, authorise
from backtolife.people.models import Person
from backtolife.programme.agreed import rules
from backtolife.programme.agreed.models import WeekPlan
from backtolife.programme.agreed.rules import Went, Wording
from backtolife.programme.cohorts.models import Enrolment, SessionDate
from backtolife.programme.cohorts.services import dates_of

MEANWHILE = "Somebody changed this plan while you wrote. It is shown as it is now. Change it again if you like."
NO_PLAN = "Nothing is written down for that session. Open the page again."
NO_SESSION = "This group has not had that session yet. Open the page again."


@dataclass(frozen=True)
class OwnPlan:
    """What somebody agreed in one session, with every version and who wrote it, the newest first."""

    versions: list[tuple[WeekPlan, Person]]

    @property
    def newest(self) -> WeekPlan:
        return self.versions[0][0]

    @property
    def session_number(self) -> int:
        return self.newest.session_number

    @property
    def wording(self) -> Wording:
        return wording_of(self.newest)

    @property
    def went(self) -> str:
        """How it went, in words; empty until they said."""
        return rules.WENT[self.newest.went] if self.newest.went else ""


def wording_of(row: WeekPlan) -> Wording:
    return Wording(row.what, row.how_much, row.when, row.sure)


def plans_of(db: Db, enrolment_ids: Collection[str]) -> dict[str, list[OwnPlan]]:
    """The plans of each of these places, the newest session first; a place without any is not named. One statement."""
    wanted = (
        select(WeekPlan, Person)
        .join(Person, col(Person.id) == col(WeekPlan.by))
        .where(col(WeekPlan.enrolment_id).in_(enrolment_ids))
        .order_by(col(WeekPlan.session_number).desc(), col(WeekPlan.version).desc())
    )
    found: dict[str, dict[int, OwnPlan]] = {}
    for row, writer in db.exec(wanted):
        own = found.setdefault(row.enrolment_id, {}).setdefault(row.session_number, OwnPlan([]))
        own.versions.append((row, writer))
    return {place: list(plans.values()) for place, plans in found.items()}


def set_plan(
    db: Db, *, enrolment: Enrolment, session_number: int, plan: Wording, seen: int, actor: Actor, now: datetime
) -> None:
    """Write down what a patient means to do after a session, or put it right. `seen` is the version that the page
    showed, 0 for none. The same plan again adds nothing.

    Raises Invalid for no words, too many, or a number that cannot be; Conflict when somebody else wrote since;
    NotFound for a session that has not begun.
    """
    authorise(actor, "plan.set", enrolment)
    kept = rules.kept(plan)
    refuse_later(db, enrolment, session_number, now)
    before = held(db, enrolment, session_number)
    if before is not None and wording_of(before) == kept:
        return
    if (before.version if before else 0) != seen:
        raise Conflict(MEANWHILE)
    row = WeekPlan(
        service_id=enrolment.service_id,
        enrolment_id=enrolment.id,
        session_number=session_number,
        version=seen + 1,
        what=kept.what,
        how_much=kept.how_much,
        when=kept.when,
        sure=kept.sure,
        went=before.went if before else None,
        by=actor.id,
        at=now,
    )
    add(db, row, action="plan_set", actor=actor)


def say_went(db: Db, *, enrolment: Enrolment, session_number: int, went: Went, actor: Actor, now: datetime) -> None:
    """Write down how a plan went. The same again adds nothing. Raises NotFound where there is no plan."""
    authorise(actor, "plan.set", enrolment)
    before = held(db, enrolment, session_number)
    if before is None:
        raise NotFound(NO_PLAN)
    if before.went is went:
        return
    same = before.model_dump(exclude={"id", "version", "went", "by", "at"})
    row = WeekPlan(**same, version=before.version + 1, went=went, by=actor.id, at=now)
    add(db, row, action="plan_went", actor=actor)


def held(db: Db, enrolment: Enrolment, session_number: int) -> WeekPlan | None:
    """The newest version, nobody else's turn until the transaction ends."""
    one_at_a_time(db, f"plans:{enrolment.id}")
    every = select(WeekPlan).where(WeekPlan.enrolment_id == enrolment.id, WeekPlan.session_number == session_number)
    return db.exec(every.order_by(col(WeekPlan.version).desc()).limit(1)).first()


def add(db: Db, row: WeekPlan, *, action: str, actor: Actor) -> None:
    db.add(row)
    db.flush()
    audit.record(
        db,
        actor=actor,
        action=action,
        subject_type="enrolment",
        subject_id=row.enrolment_id,
        now=row.at,
        session=row.session_number,
    )


def refuse_later(db: Db, enrolment: Enrolment, session_number: int, now: datetime) -> None:
    """Raise NotFound for a session that the group has not come to: it may be early by its doors."""
    dates = dates_of(db, enrolment.cohort_id)
    if session_number > session_now(dates, now) or session_number not in {each.number for each in dates}:
        raise NotFound(NO_SESSION)


def session_now(dates: Sequence[SessionDate], now: datetime) -> int:
    """The number of the newest session whose room has opened; 0 before the first."""
    return max((each.number for each in dates if each.opens_at <= now), default=0)
