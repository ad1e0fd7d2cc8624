"""What may be said of the end of a place: who decided, and why."""

from dataclasses import dataclass
from enum import StrEnum

from backtolife.errors import Invalid

LONGEST_WORDS = 500


class DecidedBy(StrEnum):
    """Whose decision it was that somebody left."""

    PATIENT = "patient"
    TOGETHER = "together"
    TEAM = "team"


class Reason(StrEnum):
    """Why somebody left, as it is counted."""

    TECHNOLOGY = "technology"
    BETTER = "better"
    WORSE = "worse"
    WORK = "work"
    OTHER_TREATMENT = "other_treatment"
    ILL = "ill"
    FAMILY = "family"
    TIMES = "times"
    GROUP = "group"
    MOVED_AWAY = "moved_away"
    NO_CONTACT = "no_contact"
    OTHER = "other"


REASONS: dict[Reason, str] = {
    Reason.TECHNOLOGY: "Lost to technology: device, sound, picture or network",
    Reason.BETTER: "Got better",
    Reason.WORSE: "Got worse",
    Reason.WORK: "Work",
    Reason.OTHER_TREATMENT: "Moved to another treatment",
    Reason.ILL: "Another illness",
    Reason.FAMILY: "Family or caring for somebody",
    Reason.TIMES: "The day or the time did not fit",
    Reason.GROUP: "A group was not right for them",
    Reason.MOVED_AWAY: "Moved away",
    Reason.NO_CONTACT: "We could not reach them",
    Reason.OTHER: "Something else",
}
DECIDED: dict[DecidedBy, str] = {
    DecidedBy.PATIENT: "The patient",
    DecidedBy.TOGETHER: "The patient and the team together",
    DecidedBy.TEAM: "The team",
}


@dataclass(frozen=True)
class Leaving:
    """How somebody left. `agreed_later`: they agreed to the questions some months after the end."""

    decided_by: DecidedBy
    reason: Reason
    words: str = ""
    agreed_later: bool = False


def check_leaving(leaving: Leaving) -> None:
    """Raise Invalid for a reason that says nothing: "something else" needs words, and words have an end."""
    if leaving.reason is Reason.OTHER and not leaving.words.strip():
        raise Invalid("Say in a few words what the reason was.", "words")
    check_words(leaving.words)


def check_words(words: str) -> None:
    """Raise Invalid for more words than are kept."""
    if len(words) > LONGEST_WORDS:
        raise Invalid(f"Use at most {LONGEST_WORDS} characters.", "words")
