"""What is due to be sent, derived from the present times: moving a session then needs no signal."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from backtolife.clock import end_of_quiet

QUIET_FROM, QUIET_UNTIL = 20, 8


@dataclass(frozen=True)
class Window:
    """When a message may go: from `since` on and before `until`; in quiet hours only from `loud_from` on."""

    since: datetime
    until: datetime
    loud_from: datetime | None = None
    """From here on late is worse than loud; None: it never goes in quiet hours."""

    def goes_at(self, now: datetime, zone: str) -> datetime | None:
        """The first moment from `now` on at which it goes; None where there is none any more."""
        at = max(now, self.since)
        morning = after_quiet(at, zone)
        if morning != at:
            at = morning if self.loud_from is None else min(morning, max(at, self.loud_from))
        return at if at < self.until else None

    def is_open(self, now: datetime, zone: str) -> bool:
        """Whether it goes at `now`."""
        return self.goes_at(now, zone) == now

    def waits_for_morning(self, now: datetime, zone: str) -> bool:
        """Whether quiet hours put it off, seen from `now`."""
        at = self.goes_at(now, zone)
        return at is not None and at > max(now, self.since)


@dataclass(frozen=True)
class SessionReminder:
    """A message before a session: due `before` the start, of no use once less than `until` is left."""

    template: str
    before: timedelta
    until: timedelta

    def window(self, starts_at: datetime) -> Window:
        return Window(starts_at - self.before, starts_at - self.until, starts_at - URGENT)


URGENT = timedelta(hours=2)
"""A session this near may be announced in quiet hours: late is worse than loud."""
SESSION_REMINDERS = (
    SessionReminder("reminder-24h", timedelta(hours=24), timedelta(hours=3)),
    SessionReminder("reminder-1h", timedelta(hours=1), timedelta(0)),
)

AT_ONCE = frozenset({"reminder-1h"})
"""What heeds nobody's quiet hours: late is worse than loud."""

SECOND_AFTER = timedelta(days=3)
"""Between the first message about questions and the second."""
WELCOME_WITHIN = timedelta(days=7)
"""Later than this after somebody got a place, a welcome would only puzzle them."""


MISSED_AFTER, MISSED_WITHIN = timedelta(hours=1), timedelta(hours=24)
"""Between the end of a session and the message to who missed it; a day later it would only surprise."""

MISSED_FOR = timedelta(days=7)
"""The longest that such a message waits, for somebody to look or to ring."""


def missed_window(over_at: datetime, of_use_until: datetime) -> Window:
    """When whoever missed a session that was over then is written to."""
    return Window(over_at + MISSED_AFTER, min(over_at + MISSED_WITHIN, of_use_until))


def welcome_window(enrolled_at: datetime) -> Window:
    """When whoever got a place then is welcomed."""
    return Window(enrolled_at, enrolled_at + WELCOME_WITHIN)


def newly_enrolled(enrolled_at: datetime, now: datetime) -> bool:
    """Whether somebody got their place a short time ago."""
    window = welcome_window(enrolled_at)
    return window.since <= now < window.until


def after_quiet(at: datetime, zone: str) -> datetime:
    """The moment, or the end of the quiet hours that it lies in."""
    return end_of_quiet(at, zone, first=QUIET_UNTIL, last=QUIET_FROM) or at
