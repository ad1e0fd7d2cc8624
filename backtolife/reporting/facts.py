"""What both files say of a form: when, how, and on which version of which words."""

from backtolife.outcomes.models import AdoptedInstrument
from backtolife.reporting.cells import Cell, joined
from backtolife.reporting.columns import Column
from backtolife.reporting.records import FormRecord

FACTS = (
    Column("invited_at", "When the questions opened to this person", "time in UTC"),
    Column("opened_at", "When the form was first opened", "time in UTC"),
    Column("started_at", "When the first answer was given", "time in UTC"),
    Column("completed_at", "When the form was sent; without it the answers are not a whole form", "time in UTC"),
    Column("mode", "How it was answered", "text", "self; telephone; paper"),
    Column("instrument_version", "The version of the scoring", "text"),
    Column("instrument_hash", "The fingerprint of that version", "text"),
    Column("wording", "The name of the words that were read", "text"),
    Column("wording_version", "Their version", "text"),
    Column("wording_hash", "Their fingerprint", "text"),
    Column("in_house", "Whether the words are in-house; then never compare with published results", "yes or no"),
)


def facts_of(form: FormRecord) -> list[Cell]:
    """The cells of `FACTS`; all but the first are empty for a form that was never opened."""
    opened = form.opened
    if opened is None or form.adopted is None:
        return [form.invited_at, *[None] * (len(FACTS) - 1)]
    times = [form.invited_at, opened.opened_at, opened.started_at, opened.completed_at]
    return [*times, opened.mode.value, *version_of(form.adopted)]


def version_of(adopted: AdoptedInstrument) -> list[Cell]:
    """Which version of which words: the last six of `FACTS`."""
    return [
        adopted.version,
        adopted.instrument_hash,
        adopted.wording,
        adopted.wording_version,
        adopted.wording_hash,
        adopted.in_house,
    ]


def facts_text(form: FormRecord, versions: dict[str, str]) -> str:
    """The same cells as CSV; what they say of the version is written once and kept in `versions`."""
    opened = form.opened
    if opened is None or form.adopted is None:
        return f"{form.invited_at or ''},,,,,,,,,,"
    times = f"{form.invited_at or ''},{opened.opened_at},{opened.started_at or ''},{opened.completed_at or ''}"
    version = versions.get(opened.adopted_id)
    if version is None:
        version = versions[opened.adopted_id] = joined(version_of(form.adopted))
    return f"{times},{opened.mode.value},{version}"
