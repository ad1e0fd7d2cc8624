"""What somebody reads who has just answered an offer: what became of their answer, and whom to call. Pure."""

from dataclasses import dataclass
from datetime import date

from backtolife.programme.cohorts.rules import IN_THE_GROUP, EnrolmentState
from backtolife.programme.places.rules import Said
from backtolife.text.catalogues.worded import worded

OFFER_TAKEN_BACK = worded("We are sorry. We offered you a place by mistake, and had to take the offer back.")


@dataclass(frozen=True)
class Before:
    """What they had answered before, and when."""

    said: Said
    day: date


def answered_words(state: EnrolmentState, said: Said, phone: str, before: Before | None, *, counted: bool) -> str:
    """`state` is that of the place; an answer that does not count comes after another one, or too late."""
    if counted:
        return counted_words(said, phone)
    if state is EnrolmentState.OFFER_TAKEN_BACK:
        return worded(
            "We are sorry. We offered you a place by mistake, and had to take the offer back. Questions? "
            "Please call us on %(phone)s.",
            phone=phone,
        )
    if state in IN_THE_GROUP:
        return has_a_place(said, phone, before)
    if said is Said.YES:
        return too_late(phone, before)
    if before is None:
        return worded(
            "We have your answer already. If something has changed, please call us on %(phone)s.", phone=phone
        )
    return worded(
        "We have your answer already, given on %(day)s. If something has changed, please call us on %(phone)s.",
        day=before.day,
        phone=phone,
    )


def counted_words(said: Said, phone: str) -> str:
    return {
        Said.YES: worded("Thank you. You have a place, and we look forward to seeing you."),
        Said.NO: worded("Thank you for telling us. If you change your mind, please call us on %(phone)s.", phone=phone),
        Said.NOT_NOW: worded(
            "Thank you. You are on our list for a later group. Any questions? Call us on %(phone)s.", phone=phone
        ),
        Said.NOTHING: "The place is free.",
    }[said]


def has_a_place(said: Said, phone: str, before: Before | None) -> str:
    if said is Said.YES:
        if before is None:
            return worded("You said yes, and you have your place.")
        return worded("You said yes on %(day)s, and you have your place.", day=before.day)
    if before is None:
        return worded(
            "You said yes, so you have a place. If you cannot come after all, please call us on %(phone)s.", phone=phone
        )
    return worded(
        "You said yes on %(day)s, so you have a place. If you cannot come after all, please call us on %(phone)s.",
        day=before.day,
        phone=phone,
    )


def too_late(phone: str, before: Before | None) -> str:
    if before is not None and before.said is Said.NO:
        return worded(
            "You said no on %(day)s, so the place is not kept for you. We have kept that you would like to come, "
            "and will call you. Or call us on %(phone)s.",
            day=before.day,
            phone=phone,
        )
    if before is not None and before.said is Said.NOT_NOW:
        return worded(
            "You said not now on %(day)s, so the place is not kept for you. We have kept that you would like to come, "
            "and will call you. Or call us on %(phone)s.",
            day=before.day,
            phone=phone,
        )
    return worded(
        "This offer has ended. We have kept that you would like to come, and will call you. Or call us on %(phone)s.",
        phone=phone,
    )
