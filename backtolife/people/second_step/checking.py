"""What a request does with a code: count the try before it is looked at, and write down what was wrong."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from flask import request

from backtolife.errors import Invalid
from backtolife.people.limits.throttle import TooOften
from backtolife.people.limits.throttles import count_wrong, passwords, refuse_caller
from backtolife.people.models import Person
from backtolife.people.second_step.services import CodeUsed
from backtolife.people.signing_in import known_browser
from backtolife.people.traces import security_log

Found = TypeVar("Found")


def counted(person: Person, look: Callable[[], Found], now: datetime) -> Found:
    """What `look` finds. Wrong codes make whoever tries wait, as wrong passwords do; the right one ends the count.

    Raises Invalid or TooOften, each of which leaves a line in the security log.
    """
    known = known_browser.key_for(person.email)
    key = f"code:{known}"
    try:
        if known == known_browser.account(person.email):
            refuse_caller(request.remote_addr, now)
        passwords.begin(key, now)
    except TooOften:
        security_log.note("throttled", account=person.email)
        raise
    try:
        found = look()
    except Invalid as error:
        count_wrong(request.remote_addr, now)
        security_log.note("code_used_again" if isinstance(error, CodeUsed) else "code_wrong", account=person.email)
        raise
    passwords.clear(key)
    return found
