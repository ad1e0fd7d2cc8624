"""What a patient's home page asks for first: one thing at a time."""

from enum import StrEnum

from backtolife.programme.cohorts.rules import Door


class Now(StrEnum):
    """The one card at the top of the page."""

    JOIN = "join"
    AGREE = "agree"
    QUESTIONS = "questions"
    VIDEO = "video"
    NOTHING = "nothing"


def what_now(
    *, door: Door | None, before_start: bool, questions_due: bool, video_left: bool, agreement_left: bool = False
) -> Now:
    """The most pressing thing. An open door comes first, then what must be agreed to before one opens. Before session 1
    the questions come before the video, since they plan the care; later the video does, since the group talks about it.
    """
    if door is Door.OPEN:
        return Now.JOIN
    if agreement_left and door is not None:
        return Now.AGREE
    if questions_due and (before_start or not video_left):
        return Now.QUESTIONS
    return Now.VIDEO if video_left else Now.NOTHING


class Step(StrEnum):
    """One ring of the nine-session path."""

    DONE = "done"
    MISSED = "missed"
    NEXT = "next"
    LATER = "later"
    LEFT_OUT = "left out"
    """It does not take place."""


def step(number: int, *, next_number: int | None, came: bool) -> Step:
    """How session `number` stands; `next_number` is the one that is on or comes next, None after the last."""
    if next_number is not None and number == next_number:
        return Step.NEXT
    if next_number is not None and number > next_number:
        return Step.LATER
    return Step.DONE if came else Step.MISSED
