"""What is due to be sent, derived from the present times: moving a session then needs no signal."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from backtolife.clock import end_of_quiet

QUIET_FROM, QUIET_UNTIL = 20, 8


@dataclass(frozen=True)
class SessionReminder:
    """A message before a session: due `before` the start, of no use once less than `until` is left."""

    template: str
    before: timedelta
    until: timedelta


SESSION_REMINDERS = (
    SessionReminder("reminder-24h", timedelta(hours=24), timedelta(hours=3)),
    SessionReminder("reminder-1h", timedelta(hours=1), timedelta(0)),
)
URGENT = timedelta(hours=2)
"""A session this near may be announced in quiet hours: late is worse than loud."""


SECOND_AFTER = timedelta(days=3)
"""Between the first message about questions and the second."""
WELCOME_WITHIN = timedelta(days=7)
"""Later than this after somebody got a place, a welcome would only puzzle them."""


MISSED_AFTER, MISSED_WITHIN = timedelta(hours=1), timedelta(hours=24)
"""Between the end of a session and the message to who missed it; a day later it would only surprise."""

MISSED_FOR = timedelta(days=7)
"""The longest that such a message waits, for somebody to look or to ring."""


def missed_is_due(over_at: datetime, now: datetime) -> bool:
    """Whether whoever missed a session that was over then is written to now."""
    return over_at + MISSED_AFTER <= now < over_at + MISSED_WITHIN


def second_is_due(told_at: datetime, now: datetime) -> bool:
    """Whether the first message is old enough for a second one."""
    return told_at + SECOND_AFTER <= now


def newly_enrolled(enrolled_at: datetime, now: datetime) -> bool:
    """Whether somebody got their place a short time ago."""
    return enrolled_at <= now < enrolled_at + WELCOME_WITHIN


def quiet(now: datetime, zone: str) -> bool:
    """Whether it is between 8pm and 8am on the patient's clock."""
    return after_quiet(now, zone) != now


def after_quiet(at: datetime, zone: str) -> datetime:
    """The moment, or the end of the quiet hours that it lies in."""
    return end_of_quiet(at, zone, first=QUIET_UNTIL, last=QUIET_FROM) or at


def reminders_due(starts_at: datetime, now: datetime, zone: str) -> list[str]:
    """Which session reminders may go out at `now` for a session at `starts_at`."""
    left = starts_at - now
    if quiet(now, zone) and left > URGENT:
        return []
    return [each.template for each in SESSION_REMINDERS if each.until < left <= each.before]
