"""What may be said of a place: the answer to its offer and by when; at its end who decided, and why."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from backtolife.clock import in_zone
from backtolife.errors import Conflict, Invalid
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.text.dates_in_words import day

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
    """How somebody left. `agreed_later`: what they said now to the questions some months after the end.

    None: nobody asked, and what they said before counts.
    """

    decided_by: DecidedBy
    reason: Reason
    words: str = ""
    agreed_later: bool | None = None


def check_leaving(leaving: Leaving) -> None:
    """Raise Invalid for a reason that says nothing: "something else" needs words, and words have an end."""
    if leaving.reason is Reason.OTHER and not leaving.words.strip():
        raise Invalid("Say in a few words what the reason was.", "words")
    check_words(leaving.words)


def check_words(words: str) -> None:
    """Raise Invalid for more words than are kept."""
    if len(words) > LONGEST_WORDS:
        raise Invalid(f"Use at most {LONGEST_WORDS} characters.", "words")


class Said(StrEnum):
    """What somebody answered to an offer."""

    YES = "yes"
    NO = "no"
    NOT_NOW = "not_now"
    NOTHING = "nothing"
    """Staff could not reach them, and free the place."""


ANSWERS: dict[Said, str] = {
    Said.YES: "Yes",
    Said.NO: "No",
    Said.NOT_NOW: "Not now, perhaps later",
    Said.NOTHING: "We could not reach them: free the place",
}
USUAL_TIME = timedelta(days=7)
LONGEST_TIME = timedelta(days=60)


def usual_answer_by(today: date, first: date) -> date:
    """The last day to answer that is suggested: a week ahead, yet before the first session that they would come to.

    On the day of that session itself, today; without one to come, a week ahead.
    """
    week = today + USUAL_TIME
    return week if first < today else max(min(week, first - timedelta(days=1)), min(today + timedelta(days=1), first))


def last_moment(answer_by: date, now: datetime, zone: str, first: datetime | None = None) -> datetime:
    """The end of the last day to answer, and no later than `first`, when they would come for the first time.

    Raises Invalid for a day that is over, after that of `first`, or very far.
    """
    end = datetime.combine(answer_by + timedelta(days=1), time(), ZoneInfo(zone)) - timedelta(seconds=1)
    if end <= now:
        raise Invalid("This day is over. Choose today or a later day.", "answer_by")
    if first is not None and now < first and in_zone(first, zone).date() < answer_by:
        raise Invalid(
            f"This is after their first session, on {day(first, zone)}. Choose that day or an earlier one.", "answer_by"
        )
    if end > now + LONGEST_TIME:
        raise Invalid(f"Choose a day in the next {LONGEST_TIME.days} days.", "answer_by")
    return min(end, first) if first is not None and first > now else end


def remind_at(offered_at: datetime, answer_by: datetime) -> datetime:
    """When somebody who has not answered is reminded, once: half way."""
    return offered_at + (answer_by - offered_at) / 2


def moves_to(state: EnrolmentState, said: Said, *, by_staff: bool) -> EnrolmentState | None:
    """Where an answer moves a place; None where it changes nothing and somebody should be rung.

    The first answer counts. Staff may still write down a yes of somebody who had said no: they can see whether there is
    room, and talk.
    """
    if state is EnrolmentState.INVITED:
        return EnrolmentState.ENROLLED if said is Said.YES else EnrolmentState.DECLINED
    if state is EnrolmentState.DECLINED and said is Said.YES and by_staff:
        return EnrolmentState.ENROLLED
    return None


class Way(StrEnum):
    """How somebody who waits would meet a group."""

    REMOTE = "remote"
    FACE_TO_FACE = "face_to_face"
    EITHER = "either"


WAYS: dict[Way, str] = {
    Way.REMOTE: "By video, from home",
    Way.FACE_TO_FACE: "Face to face",
    Way.EITHER: "Either",
}
TIMES: dict[str, str] = {"morning": "Mornings", "afternoon": "Afternoons", "evening": "Evenings"}


@dataclass(frozen=True)
class Wishes:
    """What suits somebody who waits: parts of the day (none: any), the way, the earliest start."""

    times: tuple[str, ...] = ()
    way: Way = Way.EITHER
    earliest: date | None = None
    words: str = ""


def part_of_day(wall_time: str) -> str:
    """The part of the day of HH:MM."""
    hour = int(wall_time[:2])
    return "morning" if hour < 12 else "afternoon" if hour < 17 else "evening"


def fits(wishes: Wishes, *, first_day: date, wall_time: str) -> bool:
    """Whether a group by video that starts then suits somebody."""
    in_time = wishes.earliest is None or wishes.earliest <= first_day
    suits = not wishes.times or part_of_day(wall_time) in wishes.times
    return in_time and suits and wishes.way is not Way.FACE_TO_FACE


def check_jump(*, in_turn: bool, reason: str) -> None:
    """Raise Invalid when somebody is to be taken before those who wait longer, and nobody says why."""
    if not in_turn and not reason.strip():
        raise Invalid("Somebody who fits this group has waited longer. Write why this person goes first.", "jump")
    check_words(reason)


def refuse_late(next_number: int, *, until: int) -> None:
    """Raise Conflict when somebody would come for the first time later than the programme allows."""
    if next_number > until:
        raise Conflict(
            f"This group goes on with session {next_number}, and somebody new can join until session {until}. "
            "Choose a group that begins later."
        )


def may_transfer(state: EnrolmentState) -> bool:
    """Whether somebody who stands there can be moved to another group: who was only offered a place is offered anew."""
    return state in (EnrolmentState.ENROLLED, EnrolmentState.STARTED)
