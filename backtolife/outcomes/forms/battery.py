"""Which instruments a service asks at each milestone: the programme's own, or what it chose before a window opened."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from backtolife import audit
from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import Conflict, Invalid, NotFound
from backtolife.outcomes.catalogue.instrument import Instrument
from backtolife.outcomes.catalogue.shipped import load_instrument, shipped_instruments
from backtolife.outcomes.forms.models import ChosenBattery
from backtolife.outcomes.forms.service_wording import words_of_each
from backtolife.people.access import Actor, authorise
from backtolife.programme.adopted.services import newest
from backtolife.programme.plan.loading import shipped
from backtolife.programme.plan.template import Milestone

ALL_FOUR = {
    "pain disability": "what pain stops people doing",
    "confidence": "how sure they feel",
    "mood": "mood",
    "satisfaction": "what they think of the care",
}
"""What every milestone asks about, so that no service is measured by half."""
MOST = 12


@dataclass(frozen=True)
class Choice:
    """One milestone on the page: what new windows ask, and what could be asked instead."""

    milestone: Milestone
    instruments: tuple[str, ...]
    chosen: ChosenBattery | None
    """The service's own choice in force; None where the programme's stands."""


def choices_of(db: Db, service_id: str) -> dict[str, list[ChosenBattery]]:
    """Every choice the service ever made, by milestone, oldest first."""
    rows = db.exec(
        select(ChosenBattery).where(ChosenBattery.service_id == service_id).order_by(col(ChosenBattery.chosen_at))
    )
    found: dict[str, list[ChosenBattery]] = {}
    for row in rows:
        found.setdefault(row.milestone_id, []).append(row)
    return found


def in_force(choices: Iterable[ChosenBattery], opens_at: datetime) -> ChosenBattery | None:
    """The newest choice made before a window opened. One that is open keeps what it asks: nobody is asked twice."""
    before = [choice for choice in choices if choice.chosen_at < opens_at]
    return max(before, key=lambda choice: choice.chosen_at, default=None)


def chosen_instruments(db: Db, *, service_id: str) -> set[str]:
    """Every instrument that the service ever chose for a milestone."""
    return {name for rows in choices_of(db, service_id).values() for row in rows for name in row.instruments}


def batteries(db: Db, *, actor: Actor) -> list[Choice]:
    """What the service asks at each milestone of the programme whose window opens from now on."""
    authorise(actor, "battery.choose", actor)
    choices = choices_of(db, actor.service_id)
    found = []
    for milestone in newest(db, actor.service_id).milestones:
        last = max(choices.get(milestone.id, []), key=lambda row: row.chosen_at, default=None)
        names = tuple(last.instruments) if last else milestone.instrument_ids
        found.append(Choice(milestone, names, last))
    return found


def askable(db: Db, *, service_id: str, now: datetime) -> list[Instrument]:
    """The newest version of every instrument the service has words for, by domain and name."""
    newest = {each.id: each for each in shipped_instruments()}
    ready = words_of_each(db, service_id=service_id, instruments=newest, now=now)
    return sorted((newest[name] for name in ready), key=lambda each: (each.domain, each.name))


def choose(db: Db, *, actor: Actor, milestone_id: str, instruments: Sequence[str], now: datetime) -> ChosenBattery:
    """What windows of this milestone ask that open from now on. Raises Invalid, Conflict or NotFound."""
    authorise(actor, "battery.choose", actor)
    if milestone_id not in {milestone.id for milestone in newest(db, actor.service_id).milestones}:
        raise NotFound("There is no such milestone. Go back and choose one from the list.")
    names = list(dict.fromkeys(instruments))
    if not 0 < len(names) <= MOST:
        raise Invalid(f"Choose 1 to {MOST} sets of questions.", "instruments")
    ready = words_of_each(db, service_id=actor.service_id, instruments=names, now=now)
    for name in names:
        if name not in ready:
            raise Conflict(f"“{name}” has no words yet. Load its official form first.")
    if left_out := missing_domains(names):
        raise Invalid(f"Every milestone asks about all four. These questions leave out {left_out}.", "instruments")
    if fallback := set(names) & set(shipped().instrument_fallback.values()) & twins_of(names):
        raise Invalid(
            f"“{fallback.pop()}” asks the same as another set you chose. Choose one of the two.", "instruments"
        )
    one_at_a_time(db, f"battery:{actor.service_id}")
    row = ChosenBattery(
        service_id=actor.service_id,
        milestone_id=milestone_id,
        instruments=names,
        chosen_by=actor.id,
        chosen_at=now,
    )
    db.add(row)
    db.flush()
    audit.record(
        db,
        actor=actor,
        action="battery_chosen",
        subject_type="milestone",
        subject_id=milestone_id,
        now=now,
        instruments=names,
    )
    return row


def twins_of(names: Iterable[str]) -> set[str]:
    fallback: Mapping[str, str] = shipped().instrument_fallback
    return {fallback[name] for name in names if name in fallback}


def missing_domains(names: Iterable[str]) -> str:
    """In words, which of the four nobody would be asked about; empty when none is left out."""
    asked = {load_instrument(name).domain for name in names}
    return " and ".join(words for domain, words in ALL_FOUR.items() if domain not in asked)
