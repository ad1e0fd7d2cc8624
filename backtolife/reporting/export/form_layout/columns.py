"""What both files say of a form: when, how, and on which version of which words."""

from backtolife.outcomes.models import AdoptedInstrument
from backtolife.reporting.export.columns import Column
from backtolife.reporting.export.csv_cells import Cell, joined, text_of
from backtolife.reporting.export.records import FormRecord

FACTS = (
    Column("invited_at", "When the questions opened to this person", "time in UTC"),
    Column("opened_at", "When the form was first opened", "time in UTC"),
    Column("started_at", "When the first answer was given", "time in UTC"),
    Column("completed_at", "When the form was sent; without it the answers are not a whole form", "time in UTC"),
    Column("before_window", "Sent before the questions open by the group's present dates: it was moved", "yes or no"),
    Column("mode", "How it was answered", "text", "self; telephone; paper"),
    Column("entered_at", "When staff entered the answers; empty where the patient gave them here", "time in UTC"),
    Column("proxy", "Whether somebody else answered in their place", "yes or no"),
    Column("reopened_at", "When staff last opened the form again after it had been sent", "time in UTC"),
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
    times = [form.invited_at, opened.opened_at, opened.started_at, opened.completed_at, before_window(form)]
    how: list[Cell] = [opened.mode.value, opened.entered_at, opened.proxy, opened.reopened_at]
    return [*times, *how, *version_of(form.adopted)]


def before_window(form: FormRecord) -> bool | None:
    """Whether it was sent before its questions open; None for a form that was not sent. Times are text in UTC."""
    if form.opened is None or form.opened.completed_at is None or form.opens_at is None:
        return None
    return form.opened.completed_at < form.opens_at


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
        return f"{form.invited_at or ''}{',' * (len(FACTS) - 1)}"
    times = f"{form.invited_at or ''},{opened.opened_at},{opened.started_at or ''},{opened.completed_at or ''}"
    times = f"{times},{text_of(before_window(form))}"
    version = versions.get(opened.adopted_id)
    if version is None:
        version = versions[opened.adopted_id] = joined(version_of(form.adopted))
    how = f"{opened.mode.value},{opened.entered_at or ''},{text_of(opened.proxy)},{opened.reopened_at or ''}"
    return f"{times},{how},{version}"
