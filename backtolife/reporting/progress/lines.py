"""One person's scores over time, with what may be said about them: published sizes only on official wording."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.outcomes.answering.responses import form_for
from backtolife.outcomes.asking.due import due_for
from backtolife.outcomes.asking.schedule import Ask
from backtolife.outcomes.catalogue.instrument import Instrument
from backtolife.outcomes.catalogue.shipped import load_instrument
from backtolife.outcomes.catalogue.wording import Form
from backtolife.outcomes.models import AdoptedInstrument, InstrumentResponse, Score
from backtolife.outcomes.scoring.change import Change, change
from backtolife.programme.cohorts.models import Enrolment
from backtolife.reporting.charts.own_line import Point, own_line
from backtolife.reporting.charts.picture import Picture

SHORT = {
    "baseline": "Start",
    "mid": "Halfway",
    "end": "End",
    "review": "Review",
    "month-3": "3 months",
    "month-6": "6 months",
    "month-12": "12 months",
}
DOMAINS = ("pain disability", "confidence", "mood", "pain", "beliefs about pain", "quality of life", "work", "risk")
ORDER = {domain: place for place, domain in enumerate(DOMAINS)}


@dataclass(frozen=True)
class Moment:
    """One sent form: its score (None where it could not be computed), its band, and how it reached us."""

    ask: Ask
    response: InstrumentResponse
    value: float | None
    band: str
    official: bool
    wording_hash: str


@dataclass(frozen=True)
class OwnLine:
    """One questionnaire of one person. `change` is None while there are not two scores in the same words."""

    instrument: Instrument
    form: Form
    moments: list[Moment]
    change: Change | None
    picture: Picture

    @property
    def first(self) -> Moment:
        return self.scored[0]

    @property
    def last(self) -> Moment:
        return self.scored[-1]

    @property
    def scored(self) -> list[Moment]:
        return [each for each in self.moments if each.value is not None]

    @property
    def highest(self) -> int:
        return self.instrument.scale(self.instrument.primary or "").highest


def own_lines(db: Db, *, enrolment: Enrolment, now: datetime) -> list[OwnLine]:
    """A line for every questionnaire with a score that has a better and a worse, in the order of the four questions."""
    asks = [
        due.ask
        for due in due_for(db, enrolment=enrolment, now=now)
        if not due.ask.after_session and due.state != "upcoming"
    ]
    found: dict[str, list[Moment]] = {}
    for ask in asks:
        for moment in moments_of(db, enrolment, ask):
            found.setdefault(moment.response.instrument, []).append(moment)
    lines = [line for name, moments in found.items() if (line := as_line(db, name, moments, asks))]
    return sorted(lines, key=lambda line: ORDER.get(line.instrument.domain, len(ORDER)))


def moments_of(db: Db, enrolment: Enrolment, ask: Ask) -> list[Moment]:
    wanted = (
        select(InstrumentResponse, Score, AdoptedInstrument)
        .join(Score, col(Score.response_id) == col(InstrumentResponse.id))
        .join(AdoptedInstrument, col(AdoptedInstrument.id) == col(InstrumentResponse.adopted_id))
        .where(InstrumentResponse.enrolment_id == enrolment.id, InstrumentResponse.milestone_id == ask.id)
    )
    return [
        Moment(ask, response, score.value, score.band or "", not adopted.in_house, adopted.wording_hash)
        for response, score, adopted in db.exec(wanted)
        if score.scale == load_instrument(response.instrument).primary
    ]


def as_line(db: Db, name: str, moments: list[Moment], asks: Sequence[Ask]) -> OwnLine | None:
    instrument = load_instrument(name)
    scored = [each for each in moments if each.value is not None]
    if instrument.primary is None or instrument.higher_is_better is None or not scored:
        return None
    form, scale = form_for(db, scored[-1].response), instrument.scale(instrument.primary)
    values = {each.ask.id: each for each in moments}
    points = [point_of(ask, values.get(ask.id), name) for ask in asks]
    picture = own_line(
        f"line-{name.replace('.', '-')}",
        form.topic,
        points,
        lowest=scale.lowest,
        highest=scale.highest,
        higher_is_better=instrument.higher_is_better,
    )
    return OwnLine(instrument, form, moments, change_of(instrument, scored), picture)


def point_of(ask: Ask, moment: Moment | None, name: str) -> Point:
    label = SHORT.get(ask.id, ask.label)
    if moment is not None:
        return Point(label, moment.value, "gaps")
    return Point(label, None, "no answer" if name in ask.instruments else "not asked")


def change_of(instrument: Instrument, scored: Sequence[Moment]) -> Change | None:
    """From the first score to the last. In-house words, or other words than at the start, get no published size."""
    first, last = scored[0], scored[-1]
    if len(scored) < 2:
        return None
    same = first.official and last.official and first.wording_hash == last.wording_hash
    return change(instrument, {"baseline": first.value, "followup": last.value, "in_house": not same})
