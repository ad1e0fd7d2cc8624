"""Who should be rung after a session, and why. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

FELL_OUT_MINUTES = 5
"""Leaving this long before the end is worth asking about."""
PAIN_UP = 3
"""Pain that is this much higher after than before is worth asking about."""
REASON_WORDS = {
    "pain": "too much pain",
    "upset": "felt upset",
    "unwell": "felt unwell",
    "technical": "could not hear or see",
}


@dataclass(frozen=True)
class Course:
    """How a session went for one patient. `alerts` holds the reason of each call for help, empty where none was given.

    `gone_before_end` is in minutes, None for one who did not come.
    """

    came: bool
    said_not_coming: bool = False
    """They told us that they could not come, and did not."""
    gone_before_end: int | None = None
    left_on_purpose: bool = False
    removed: bool = False
    alerts: Sequence[str] = ()
    pain_change: int | None = None
    news: bool = False
    signs: Sequence[str] = ()
    """The warning signs they ticked at the door, in the words of the page."""
    left: bool = False
    """They have left the group since."""
    died: bool = False


def why_call(course: Course) -> list[str]:
    """Every reason to ring, the gravest first; none when all went well, and for somebody who has died.

    Who has left the group since is rung only about what somebody must know of: that they asked for help, or a sign.
    """
    if course.died:
        return []
    reasons = [
        f"Asked for help: {REASON_WORDS[reason]}." if reason in REASON_WORDS else "Asked for help."
        for reason in course.alerts
    ]
    reasons += [f"Ticked a warning sign before the session: {sign}." for sign in course.signs]
    if course.left:
        return reasons
    if course.removed:
        reasons.append("Was removed from the session.")
    if not course.came:
        return reasons if course.said_not_coming else [*reasons, "Missed the session."]
    gone = course.gone_before_end
    if gone is not None and gone >= FELL_OUT_MINUTES and not course.removed:
        how = "Left" if course.left_on_purpose else "Lost the connection"
        reasons.append(f"{how} {gone} minutes before the end.")
    if course.pain_change is not None and course.pain_change >= PAIN_UP:
        reasons.append(f"Pain was {course.pain_change} points higher after.")
    if course.news and not course.signs:
        reasons.append("Told us about something new before the session.")
    return reasons
