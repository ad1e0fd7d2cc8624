"""What people answered and watched, for a whole service at once: scores by wording, and words as they are."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean
from typing import Any

from sqlalchemy import case, func, literal
from sqlalchemy import select as columns
from sqlmodel import col, select

from backtolife.content.models import Watching
from backtolife.database.session import Db
from backtolife.outcomes.catalogue.shipped import load_instrument
from backtolife.outcomes.models import AdoptedInstrument, InstrumentResponse
from backtolife.programme.cohorts.models import Enrolment
from backtolife.reporting.dataset.final import Finals, Forms, forms_as_counted
from backtolife.reporting.dataset.shape import Wording

EXPERIENCE = "group-experience"
AS_THEY_ARE = {"work-status": ("situation", "days_missed"), "fft": ("experience",)}
"""Questions that are counted, not scored, by instrument."""


@dataclass(slots=True)
class Answered:
    """One enrolment's answers."""

    videos: int = 0
    videos_read: int = 0
    experience: float | None = None
    scores: dict[str, dict[str, float]] = field(default_factory=dict)
    words: dict[str, dict[str, str | int]] = field(default_factory=dict)


class AnsweredBy(dict[str, Answered]):
    """By enrolment; `wordings` are those the scores point at."""

    wordings: dict[str, Wording]


@dataclass(frozen=True, slots=True)
class Use:
    """What is read of the forms on one wording: `scale` where they are compared, `items` where answers are counted."""

    name: str
    """The wording's place in the data's list."""
    wording: Wording
    scale: str | None
    items: tuple[str, ...]


def answered_by(db: Db, service_id: str, finals: Finals, cohort_of: Mapping[str, str]) -> AnsweredBy:
    """Everybody's sent forms as they count, and the videos they saw, in a few queries."""
    found, uses = AnsweredBy(), uses_of(db, service_id)
    places: dict[str, tuple[str, Use]] = {}
    counted = [key for key, use in uses.items() if use.scale or use.items or use.wording.instrument == EXPERIENCE]
    for enrolment, forms in forms_that_count(db, service_id, counted, finals):
        for key in forms.keys() - places.keys():
            milestone, adopted = key.split(" ")
            places[key] = milestone, uses[adopted]
        found[enrolment] = taken(forms, places)
    for enrolment, count, read in videos_by(db, service_id, finals, cohort_of):
        of = found.setdefault(enrolment, Answered())
        of.videos, of.videos_read = count, read
    used = {wording for each in found.values() for wording in each.scores}
    found.wordings = {use.name: use.wording for use in uses.values() if use.name in used}
    return found


READ = case((col(Watching.read_at) == col(Watching.finished_at), 1), else_=0)
"""Whether a video counts because it was read."""


def videos_by(db: Db, service_id: str, finals: Finals, cohort_of: Mapping[str, str]) -> Iterator[tuple[str, int, int]]:
    """How many videos each enrolment finished while it counted, and how many of them by reading the words.

    Only few go on after that: those are looked at.
    """
    finished = Watching.service_id == service_id, col(Watching.finished_at).is_not(None)
    newest_of = func.max(col(Watching.finished_at))
    seen = select(Watching.enrolment_id, func.count(), newest_of, func.sum(READ)).where(*finished)
    late = []
    for enrolment, count, newest, read in db.exec(seen.group_by(col(Watching.enrolment_id))):
        if enrolment in cohort_of and newest is not None:
            if finals.counts(cohort_of[enrolment], newest):
                yield enrolment, count, int(read)
            else:
                late.append(enrolment)
    if late:
        times = select(Watching.enrolment_id, Watching.finished_at, READ).where(*finished)
        rows = db.exec(times.where(col(Watching.enrolment_id).in_(late)))
        counted = [(one, read) for one, at, read in rows if at is not None and finals.counts(cohort_of[one], at)]
        reads = Counter(one for one, read in counted if read)
        yield from ((one, count, reads[one]) for one, count in Counter(one for one, _ in counted).items())


def uses_of(db: Db, service_id: str) -> dict[str, Use]:
    """By the id of the adopted wording, in the order of the data's list."""
    asked = select(AdoptedInstrument).where(AdoptedInstrument.service_id == service_id)
    adopted = sorted(db.exec(asked), key=lambda row: (row.instrument, row.in_house, row.adopted_at, row.id))
    return {
        row.id: Use(
            name=str(place),
            wording=Wording(row.instrument, row.version, row.wording, row.in_house),
            scale=compared(row.instrument, row.version),
            items=AS_THEY_ARE.get(row.instrument, ()),
        )
        for place, row in enumerate(adopted)
    }


def compared(instrument: str, version: str) -> str | None:
    """The scale whose change is shown; None where there is no single score, or it has no better and worse."""
    measure = load_instrument(instrument, version)
    if measure.higher_is_better is None or instrument in {EXPERIENCE, "pgic", *AS_THEY_ARE}:
        return None
    return measure.primary


def forms_that_count(
    db: Db, service_id: str, wordings: Sequence[str], finals: Finals
) -> Iterator[tuple[str, dict[str, dict[str, Any]]]]:
    """The sent forms, with those that came or were changed too late as they stood on their last day."""
    changed = forms_as_counted(db, service_id, finals)
    for enrolment, forms in sent_forms(db, service_id, wordings):
        yield enrolment, as_counted(forms, changed.pop(enrolment, {}), wordings)
    for enrolment, others in changed.items():
        yield enrolment, as_counted({}, others, wordings)


def as_counted(forms: dict[str, dict[str, Any]], changed: Forms, wordings: Sequence[str]) -> dict[str, dict[str, Any]]:
    for key, came_to in changed.items():
        if came_to is None:
            forms.pop(key, None)
        elif key.split(" ")[1] in wordings:
            forms[key] = came_to
    return forms


def sent_forms(db: Db, service_id: str, wordings: Sequence[str]) -> Iterator[tuple[str, dict[str, dict[str, Any]]]]:
    """For each enrolment what its sent forms on these wordings came to, by milestone and wording with a space between.

    The database writes one JSON an enrolment: a row a form would be thirty times as many.
    """
    response = InstrumentResponse
    one = literal('"') + col(response.milestone_id) + " " + col(response.adopted_id) + '":' + col(response.summary)
    forms = (
        columns(func.aggregate_strings(one, ","))
        .where(
            col(response.enrolment_id) == col(Enrolment.id),
            col(response.completed_at).is_not(None),
            col(response.adopted_id).in_(wordings),
        )
        .correlate(Enrolment)
        .scalar_subquery()
    )
    wanted = columns(col(Enrolment.id), forms).where(col(Enrolment.service_id) == service_id)
    for enrolment, written in db.connection().execute(wanted):
        if written:
            yield enrolment, json.loads(f"{{{written}}}")


def taken(forms: Mapping[str, dict[str, Any]], places: Mapping[str, tuple[str, Use]]) -> Answered:
    """What counts of one enrolment's forms: scores that are compared, answers as they are, how each session felt.

    `places` says which milestone and wording each of them is of.
    """
    held, felt = Answered(), []
    for key, came_to in forms.items():
        milestone, use = places[key]
        if use.scale:
            if use.scale in came_to:
                held.scores.setdefault(use.name, {})[milestone] = came_to[use.scale]
        elif use.wording.instrument == EXPERIENCE:
            felt += [came_to["mean"]] if "mean" in came_to else []
        elif chosen := {item: came_to[item] for item in use.items if item in came_to}:
            held.words.setdefault(milestone, {}).update(chosen)
    held.experience = round(fmean(felt), 6) if felt else None
    return held
