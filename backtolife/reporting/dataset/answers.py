"""What people answered and watched, for a whole service at once: scores by wording, and words as they are."""

from dataclasses import dataclass, field

from sqlalchemy import func
from sqlalchemy import select as columns
from sqlmodel import col, select

from backtolife.content.models import Watching
from backtolife.db import Db
from backtolife.outcomes.catalogue import load_instrument
from backtolife.outcomes.models import AdoptedInstrument, Answer, InstrumentResponse, Score
from backtolife.reporting.dataset.shape import Wording

EXPERIENCE = "group-experience"
AS_THEY_ARE = {"work-status": ("situation", "days_missed"), "fft": ("experience",)}
"""Questions that are counted, not scored, by instrument."""


@dataclass(slots=True)
class Answered:
    """One enrolment's answers."""

    videos: int = 0
    experience: float | None = None
    scores: dict[str, dict[str, float]] = field(default_factory=dict)
    words: dict[str, dict[str, str | int]] = field(default_factory=dict)


class AnsweredBy(dict[str, Answered]):
    """By enrolment; `wordings` are those the scores point at."""

    wordings: dict[str, Wording]


def answered_by(db: Db, service_id: str) -> AnsweredBy:
    """Everybody's sent forms, in five queries."""
    found = AnsweredBy()
    asked = select(AdoptedInstrument).where(AdoptedInstrument.service_id == service_id)
    adopted = sorted(db.exec(asked), key=lambda row: (row.instrument, row.in_house, row.adopted_at, row.id))
    names = {row.id: str(place) for place, row in enumerate(adopted)}
    scale = {row.id: compared(row.instrument, row.version) for row in adopted}
    take_scores(db, service_id, found, names, scale)
    take_words(db, service_id, found)
    take_experience(db, service_id, found)
    seen = select(Watching.enrolment_id, func.count()).where(
        Watching.service_id == service_id, col(Watching.finished_at).is_not(None)
    )
    for enrolment, count in db.exec(seen.group_by(col(Watching.enrolment_id))):
        of(found, enrolment).videos = count
    used = {wording for each in found.values() for wording in each.scores}
    found.wordings = {
        names[row.id]: Wording(row.instrument, row.version, row.wording, row.in_house)
        for row in adopted
        if names[row.id] in used
    }
    return found


def compared(instrument: str, version: str) -> str | None:
    """The scale whose change is shown; None where there is no single score, or it has no better and worse."""
    measure = load_instrument(instrument, version)
    if measure.higher_is_better is None or instrument in {EXPERIENCE, "pgic", *AS_THEY_ARE}:
        return None
    return measure.primary


def of(found: AnsweredBy, enrolment: str) -> Answered:
    held = found.get(enrolment)
    if held is None:
        held = found[enrolment] = Answered()
    return held


def take_scores(
    db: Db, service_id: str, found: AnsweredBy, names: dict[str, str], scale: dict[str, str | None]
) -> None:
    response = InstrumentResponse
    shown = sorted({name for name in scale.values() if name})
    wanted = (
        columns(
            col(response.enrolment_id),
            col(response.milestone_id),
            col(response.adopted_id),
            col(Score.scale),
            col(Score.value),
        )
        .join(Score, col(Score.response_id) == col(response.id))
        .where(
            col(response.service_id) == service_id,
            col(response.completed_at).is_not(None),
            col(response.adopted_id).in_([key for key, name in scale.items() if name]),
            col(Score.scale).in_(shown),
            col(Score.value).is_not(None),
        )
    )
    for enrolment, milestone, adopted, name, value in db.connection().execute(wanted):
        if scale[adopted] == name and value is not None:
            of(found, enrolment).scores.setdefault(names[adopted], {})[milestone] = value


def take_words(db: Db, service_id: str, found: AnsweredBy) -> None:
    response = InstrumentResponse
    wanted = (
        columns(
            col(response.enrolment_id),
            col(response.milestone_id),
            col(response.instrument),
            col(Answer.item),
            col(Answer.value),
            col(Answer.words),
        )
        .join(Answer, col(Answer.response_id) == col(response.id))
        .where(
            col(response.service_id) == service_id,
            col(response.completed_at).is_not(None),
            col(response.instrument).in_(list(AS_THEY_ARE)),
            col(Answer.item).in_([item for items in AS_THEY_ARE.values() for item in items]),
        )
    )
    for enrolment, milestone, instrument, item, value, words in db.connection().execute(wanted):
        answer = words if value is None else value
        if item in AS_THEY_ARE[instrument] and answer != "":
            of(found, enrolment).words.setdefault(milestone, {})[item] = answer


def take_experience(db: Db, service_id: str, found: AnsweredBy) -> None:
    """Each enrolment's mean over the sessions they told us about."""
    wanted = (
        columns(col(InstrumentResponse.enrolment_id), func.avg(col(Score.value)))
        .join(Score, col(Score.response_id) == col(InstrumentResponse.id))
        .where(
            col(InstrumentResponse.service_id) == service_id,
            col(InstrumentResponse.instrument) == EXPERIENCE,
            col(InstrumentResponse.completed_at).is_not(None),
            col(Score.scale) == "mean",
        )
        .group_by(col(InstrumentResponse.enrolment_id))
    )
    for enrolment, mean in db.connection().execute(wanted):
        of(found, enrolment).experience = round(float(mean), 6)
