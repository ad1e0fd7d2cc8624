"""Margins: how much worse would still be as good, fixed before the results come, by name and with a reason."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import col, select

from backtolife import audit
from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import Invalid
from backtolife.outcomes.catalogue.shipped import load_instrument
from backtolife.people.access import Actor, authorise
from backtolife.people.models import Person
from backtolife.programme.plan.loading import shipped
from backtolife.reporting.analysis.comparison.margin import Margin
from backtolife.reporting.dataset.shape import OWN
from backtolife.reporting.figures.face_to_face.published import published
from backtolife.reporting.models import FixedMargin

SUGGESTED: Mapping[str, float] = {"rmdq-24": 1.0, "pseq-10": 2.5, "phq-9": 1.5, "gad-7": 1.5, "peg-3": 0.5}
"""Points to begin a discussion with, about 20 to 45 per cent of the change one person notices; version 1, 2026. A
proposal of those who wrote the programme, from no study: the clinical lead decides."""
LONGEST_SOURCE = 300


def measures() -> dict[str, str]:
    """The instruments of the programme with one score that has a better and a worse, by id, with their names."""
    found = {name: load_instrument(name) for name in {*shipped().instrument_ids, *SUGGESTED}}
    return {
        name: each.name
        for name, each in sorted(found.items())
        if each.primary and each.higher_is_better is not None and name not in {"group-experience", "pgic"}
    }


def milestones() -> dict[str, str]:
    """Where a comparison can be made: everything after the start."""
    return {each.id: each.label for each in shipped().milestones if each.id != "baseline"}


def against() -> dict[str, str]:
    """What one can compare with, in words."""
    return {OWN: "Our own face-to-face groups", **{each.id: each.said for each in published() if each.figures}}


def fix(
    db: Db,
    *,
    actor: Actor,
    instrument: str,
    milestone: str,
    beside: str,
    plan: Mapping[str, float],
    source: str,
    now: datetime,
) -> FixedMargin:
    """A new version of one margin, from this moment. `plan` holds points, sd, icc and group_size.

    Raises Invalid for a plan that cannot be, and for a published result of another measure or time.
    """
    authorise(actor, "margin.fix", actor)
    if instrument not in measures() or milestone not in milestones() or beside not in against():
        raise Invalid("Choose a measure, a time and what to compare with.", "instrument")
    other = next((each for each in published() if each.id == beside), None)
    if other is not None and (other.instrument, other.milestone) != (instrument, milestone):
        raise Invalid(
            f"That result is of {other.instrument.upper()}, {milestones()[other.milestone].lower()}. "
            "Choose the same measure and time, or compare with your own groups.",
            "beside",
        )
    why = source.strip()
    if not why or len(why) > LONGEST_SOURCE:
        raise Invalid(f"Say in a few words why this size, in at most {LONGEST_SOURCE} characters.", "source")
    who = db.get_one(Person, actor.id).full_name
    Margin(**plan, fixed_on=now.date(), fixed_by=who, reason=why, version="1")
    one_at_a_time(db, f"margin:{actor.service_id}")
    version = max((each.version for each in versions(db, actor, instrument, milestone)), default=0) + 1
    fixed = FixedMargin(
        service_id=actor.service_id,
        instrument=instrument,
        milestone=milestone,
        version=version,
        against=beside,
        source=why,
        fixed_at=now,
        fixed_by=actor.id,
        points=plan["points"],
        sd=plan["sd"],
        icc=plan["icc"],
        group_size=plan["group_size"],
    )
    db.add(fixed)
    audit.record(
        db,
        actor=actor,
        action="margin_fixed",
        subject_type="margin",
        subject_id=fixed.id,
        now=now,
        instrument=instrument,
        milestone=milestone,
        version=version,
        **plan,
    )
    return fixed


def versions(db: Db, actor: Actor, instrument: str, milestone: str) -> Sequence[FixedMargin]:
    wanted = select(FixedMargin).where(
        FixedMargin.service_id == actor.service_id,
        FixedMargin.instrument == instrument,
        FixedMargin.milestone == milestone,
    )
    return db.exec(wanted).all()


def history(db: Db, *, actor: Actor) -> list[tuple[FixedMargin, str]]:
    """Every version ever fixed, newest first, with who fixed it."""
    authorise(actor, "report.read", actor)
    wanted = select(FixedMargin, Person.full_name).join(Person, col(Person.id) == col(FixedMargin.fixed_by))
    rows = db.exec(wanted.where(FixedMargin.service_id == actor.service_id).order_by(col(FixedMargin.fixed_at).desc()))
    return [(margin, name) for margin, name in rows]
