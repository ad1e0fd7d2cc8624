"""What the API can be asked for. One table says what each row holds; the reading and the description follow it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import col

from backtolife.outcomes.models import AdoptedInstrument, Answer, InstrumentResponse, Score
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.reporting.api.paging import FILTERS
from backtolife.reporting.dataset.rows import reopened_at, utc_text

TEXT: dict[str, Any] = {"type": "string"}
MAYBE_TEXT: dict[str, Any] = {"type": ["string", "null"]}
TIME: dict[str, Any] = {"type": "string", "format": "date-time"}
MAYBE_TIME: dict[str, Any] = {"type": ["string", "null"], "format": "date-time"}
WHOLE: dict[str, Any] = {"type": "integer"}
MAYBE_WHOLE: dict[str, Any] = {"type": ["integer", "null"]}
MAYBE_NUMBER: dict[str, Any] = {"type": ["number", "null"]}
FLAG: dict[str, Any] = {"type": "boolean"}


@dataclass(frozen=True)
class Field:
    """One value of a row: where it comes from, what it is, and its meaning. Without a source it is worked out."""

    name: str
    source: Any
    schema: dict[str, Any]
    meaning: str


@dataclass(frozen=True)
class Resource:
    """One kind of row. `key` are the names that order it, and of which a cursor is made."""

    name: str
    scope: str
    about: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    filters: Sequence[str] = FILTERS
    rows_of: Any = None
    """The table with one row for each row here, where that is not the form itself."""


FORM = InstrumentResponse
PERSON = (
    Field("person", col(Enrolment.code), TEXT, "The code of the person, as in the files"),
    Field("group", col(Cohort.name), TEXT, "The name of the group"),
)
ASKED = (
    Field("milestone", col(FORM.milestone_id), TEXT, "When it was asked, such as baseline"),
    Field("instrument", col(FORM.instrument), TEXT, "What was asked, such as phq-9"),
)
VERSION = (
    Field("instrument_version", col(AdoptedInstrument.version), TEXT, "The version of the scoring"),
    Field("instrument_hash", col(AdoptedInstrument.instrument_hash), TEXT, "Its fingerprint"),
    Field("wording", col(AdoptedInstrument.wording), TEXT, "The name of the words that were read"),
    Field("wording_version", col(AdoptedInstrument.wording_version), TEXT, "Their version"),
    Field("wording_hash", col(AdoptedInstrument.wording_hash), TEXT, "Their fingerprint"),
    Field("in_house", col(AdoptedInstrument.in_house), FLAG, "In-house words: never compare with published results"),
)
COMPLETED = Field("completed_at", utc_text(FORM.completed_at), MAYBE_TIME, "When the form was sent")

PEOPLE = Resource(
    "people",
    "results:read",
    "Everyone who ever had a place, by code.",
    (
        *PERSON,
        Field(
            "state", col(Enrolment.state), TEXT, "invited, declined, enrolled, started, completed, withdrawn or died"
        ),
        Field("enrolled_at", utc_text(Enrolment.enrolled_at), TIME, "When they were given a place"),
        Field("left_at", None, MAYBE_TIME, "When they left, if they did"),
    ),
    ("person",),
    ("person",),
)
FORMS = Resource(
    "forms",
    "results:read",
    "Forms that were opened, with their times.",
    (
        *PERSON,
        *ASKED,
        Field("invited_at", None, MAYBE_TIME, "When the questions opened to this person"),
        Field("opened_at", utc_text(FORM.opened_at), TIME, "When the form was first opened"),
        Field("started_at", utc_text(FORM.started_at), MAYBE_TIME, "When the first answer was given"),
        COMPLETED,
        Field("mode", col(FORM.mode), TEXT, "self, telephone or paper"),
        Field("entered_at", utc_text(FORM.entered_at), MAYBE_TIME, "When staff entered the answers"),
        Field("proxy", col(FORM.proxy) != "", FLAG, "Whether somebody else answered in their place"),
        Field("reopened_at", reopened_at(), MAYBE_TIME, "When staff last opened the form again after its sending"),
        *VERSION,
    ),
    ("person", "milestone", "instrument"),
)
SCORES = Resource(
    "scores",
    "results:read",
    "Scores of forms that were sent.",
    (
        *PERSON,
        *ASKED,
        Field("scale", col(Score.scale), TEXT, "Which figure"),
        Field("value", col(Score.value), MAYBE_NUMBER, "The figure; null where it could not be computed"),
        Field("band", col(Score.band), MAYBE_TEXT, "The band it falls in, where there are bands"),
        Field("missing", col(Score.missing), WHOLE, "How many questions of the form were empty"),
        Field("status", col(Score.status), TEXT, "Whether there is a figure, and if not why"),
        COMPLETED,
        *VERSION,
    ),
    ("person", "milestone", "instrument", "scale"),
    rows_of=Score,
)
ANSWERS = Resource(
    "answers",
    "answers:read",
    "Answers as they are now, free text among them. Those of a form that was not sent are not a whole form.",
    (
        *PERSON,
        *ASKED,
        Field("item", col(Answer.item), TEXT, "The question"),
        Field("value", col(Answer.value), MAYBE_WHOLE, "The answer as a number"),
        Field("words", col(Answer.words), MAYBE_TEXT, "The answer as words: a choice or free text"),
        Field("answered_at", utc_text(Answer.answered_at), TIME, "When it was given"),
        COMPLETED,
        *VERSION,
    ),
    ("person", "milestone", "instrument", "item"),
    rows_of=Answer,
)
RESOURCES = {each.name: each for each in (PEOPLE, FORMS, SCORES, ANSWERS)}
