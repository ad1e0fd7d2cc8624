"""The rota: who covers safety tasks when, who is away, which days nobody works, and where nobody covers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from backtolife import audit
from backtolife.clock import in_zone
from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import Invalid, NotFound
from backtolife.outcomes.safety.bank_holidays import bank_holidays
from backtolife.outcomes.safety.on_call import LOOK_AHEAD_DAYS, away_among, holidays_of
from backtolife.outcomes.safety.response_times import OPENS, works
from backtolife.outcomes.safety.rota_models import BankHoliday, DutyShift, StaffLeave
from backtolife.people.access import Actor, authorise
from backtolife.people.models import Person, Role, Service
from backtolife.people.roles import holding
from backtolife.people.working import who_can_work

CLINICAL = (Role.DUTY_CLINICIAN, Role.CLINICAL_LEAD, Role.FACILITATOR)
LONGEST_SHIFT, LONGEST_LEAVE = timedelta(days=14), timedelta(days=366)
SATURDAY = 5
NO_ROW = "We could not find this line. Somebody may have removed it already."


@dataclass(frozen=True)
class Day:
    """One coming day: who is on duty when work begins, who is away, and whether anybody at all covers."""

    day: date
    holiday: str
    on_duty: list[Person]
    away: list[Person]
    covered: bool


@dataclass(frozen=True)
class Rota:
    """Everything the page shows, from today on."""

    days: list[Day]
    shifts: list[tuple[DutyShift, Person]]
    leave: list[tuple[StaffLeave, Person]]
    holidays: list[BankHoliday]
    """Entered by hand, on top of `known`."""
    known: Mapping[date, str]
    """The bank holidays of the service's country, up to the end of next year."""


def rota_of(db: Db, *, actor: Actor, now: datetime) -> Rota:
    authorise(actor, "rota.read", actor)
    service = db.get_one(Service, actor.service_id)
    today = in_zone(now, service.zone).date()
    shifts = (
        select(DutyShift, Person)
        .join(Person, col(Person.id) == col(DutyShift.person_id))
        .where(DutyShift.service_id == service.id, DutyShift.ends_at > now)
    )
    leave = (
        select(StaffLeave, Person)
        .join(Person, col(Person.id) == col(StaffLeave.person_id))
        .where(StaffLeave.service_id == service.id, StaffLeave.last_day >= today)
    )
    holidays = select(BankHoliday).where(BankHoliday.service_id == service.id, BankHoliday.day >= today)
    return Rota(
        days=days_of(db, service, [today + timedelta(days=ahead) for ahead in range(LOOK_AHEAD_DAYS)]),
        shifts=list(db.exec(shifts.order_by(col(DutyShift.starts_at), col(DutyShift.backup)))),
        leave=list(db.exec(leave.order_by(col(StaffLeave.first_day)))),
        holidays=list(db.exec(holidays.order_by(col(BankHoliday.day)))),
        known={day: name for day, name in coming_holidays(service, now).items() if day >= today},
    )


def days_of(db: Db, service: Service, days: Sequence[date]) -> list[Day]:
    """`days`, in order and without a gap, as the rota has them when work begins."""
    moments = {day: datetime.combine(day, OPENS, ZoneInfo(service.zone)) for day in days}
    everybody = clinicians(db, service.id)
    wanted = select(DutyShift, Person).join(Person, col(Person.id) == col(DutyShift.person_id)).where(who_can_work())
    wanted = wanted.where(DutyShift.service_id == service.id)
    wanted = wanted.where(DutyShift.starts_at <= moments[days[-1]], DutyShift.ends_at > moments[days[0]])
    shifts = list(db.exec(wanted.order_by(col(DutyShift.backup), col(DutyShift.starts_at), col(Person.id))))
    absent = away_among(db, {*(each.id for each in everybody), *(each.id for _, each in shifts)}, days)
    entered = select(BankHoliday).where(BankHoliday.service_id == service.id)
    entered = entered.where(BankHoliday.day >= days[0], BankHoliday.day <= days[-1])
    names = {each.day: each.name for each in db.exec(entered)}
    found = []
    for day in days:
        away = absent.get(day, ())
        name = names.get(day) or bank_holidays(service.zone, day.year, service.country).get(day, "")
        duty = [person for shift, person in shifts if shift.starts_at <= moments[day] < shift.ends_at]
        found.append(
            Day(
                day=day,
                holiday=name,
                on_duty=[person for person in duty if person.id not in away],
                away=[person for person in everybody if person.id in away],
                covered=not works(day, {day} if name else set()) or any(each.id not in away for each in everybody),
            )
        )
    return found


def clinicians(db: Db, service_id: str) -> list[Person]:
    """Everybody who may be on the rota, by name: whoever was only invited covers nothing yet."""
    wanted = select(Person).where(Person.service_id == service_id, holding(*CLINICAL), who_can_work())
    return list(db.exec(wanted.order_by(col(Person.full_name), col(Person.id))))


def find_clinician(db: Db, service_id: str, person_id: str) -> Person:
    """Raises Invalid for somebody who cannot cover a task."""
    for person in clinicians(db, service_id):
        if person.id == person_id:
            return person
    raise Invalid("Choose somebody from the list.", "person")


def add_shift(
    db: Db, *, actor: Actor, person_id: str, starts_at: datetime, ends_at: datetime, backup: bool, now: datetime
) -> DutyShift:
    """Put somebody on duty. Raises Invalid, naming the field, for times that make no shift."""
    authorise(actor, "rota.manage", actor)
    person = find_clinician(db, actor.service_id, person_id)
    if not timedelta(0) < ends_at - starts_at <= LONGEST_SHIFT:
        raise Invalid("A duty shift ends after it starts, and lasts at most 14 days.", "ends_at")
    if ends_at <= now:
        raise Invalid("This time is over. Choose one that is still to come.", "ends_at")
    row = DutyShift(
        service_id=actor.service_id, person_id=person.id, starts_at=starts_at, ends_at=ends_at, backup=backup
    )
    return keep(db, actor, row, "duty_added", now)


def add_leave(db: Db, *, actor: Actor, person_id: str, first_day: date, last_day: date, now: datetime) -> StaffLeave:
    """Somebody is away. Raises Invalid, naming the field."""
    authorise(actor, "rota.manage", actor)
    person = find_clinician(db, actor.service_id, person_id)
    if not timedelta(0) <= last_day - first_day <= LONGEST_LEAVE:
        raise Invalid("The last day comes after the first, and leave lasts at most a year.", "last_day")
    row = StaffLeave(service_id=actor.service_id, person_id=person.id, first_day=first_day, last_day=last_day)
    return keep(db, actor, row, "leave_added", now)


def add_holidays(db: Db, *, actor: Actor, days: dict[date, str], now: datetime) -> int:
    """Days nobody works. One that stands already is left as it is. Returns how many are new."""
    authorise(actor, "rota.manage", actor)
    one_at_a_time(db, f"rota:{actor.service_id}")
    known = holidays_of(db, db.get_one(Service, actor.service_id), now)
    fresh = {day: name.strip() for day, name in days.items() if day not in known}
    for day, name in fresh.items():
        if not 0 < len(name) <= 60:
            raise Invalid("Give the day a name of at most 60 characters.", "name")
        keep(db, actor, BankHoliday(service_id=actor.service_id, day=day, name=name), "holiday_added", now)
    return len(fresh)


def coming_holidays(service: Service, now: datetime) -> dict[date, str]:
    """The bank holidays of the service's country in this year and the next, known by themselves."""
    year = in_zone(now, service.zone).year
    return {
        **bank_holidays(service.zone, year, service.country),
        **bank_holidays(service.zone, year + 1, service.country),
    }


Line = DutyShift | StaffLeave | BankHoliday
KINDS: dict[str, type[Line]] = {"duty": DutyShift, "leave": StaffLeave, "holiday": BankHoliday}


Kept = TypeVar("Kept", DutyShift, StaffLeave, BankHoliday)


def keep(db: Db, actor: Actor, row: Kept, action: str, now: datetime) -> Kept:
    db.add(row)
    db.flush()
    audit.record(db, actor=actor, action=action, subject_type="rota", subject_id=row.id, now=now)
    return row


def take_away(db: Db, *, actor: Actor, line: str, line_id: str, now: datetime) -> None:
    """Take one line off the rota; `line` is duty, leave or holiday. Raises NotFound."""
    authorise(actor, "rota.manage", actor)
    if not line_id:
        raise Invalid("Choose a line to remove.")
    row = db.get(KINDS[line], line_id) if line in KINDS else None
    if row is None or row.service_id != actor.service_id:
        raise NotFound(NO_ROW)
    db.delete(row)
    db.flush()
    audit.record(db, actor=actor, action=f"{line}_removed", subject_type="rota", subject_id=line_id, now=now)


def uncovered(days: Sequence[Day]) -> list[tuple[date, date]]:
    """Working days on which every clinician is away, when PHQ-8 is asked: the first and the last of each row of them.

    Days on which nobody works anyway end no row.
    """
    runs: list[tuple[date, date]] = []
    goes_on = False
    for day in days:
        if not day.covered:
            runs = [*runs[:-1], (runs[-1][0], day.day)] if goes_on else [*runs, (day.day, day.day)]
        goes_on = bool(runs) and (not day.covered or (goes_on and bool(day.holiday or day.day.weekday() >= SATURDAY)))
    return runs
