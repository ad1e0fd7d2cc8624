"""Passwords: argon2id, and what makes one acceptable. Length and being hard to guess count; odd characters do not."""

import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from backtolife.errors import BacktolifeError, Invalid

SHORTEST, LONGEST = 12, 200
LOOKED_AT = 72
"""The first so many characters are judged; what follows only makes a password harder to guess."""
FEWEST_GUESSES = 10**10
"""What a list of common passwords, names and words, with digits and years behind them, must not reach."""
OUR_WORDS = ("backtolife", "back to life", "nhs", "physio", "physiotherapy", "clinic", "hospital", "rehab", "patient")
AT_ONCE = 2
"""Passwords looked at at the same time: each takes 64 MiB and a core for a moment."""
WAITING = 40
_hasher = PasswordHasher()
NOBODY = _hasher.hash("no one has this password")
"""Checked when the address is unknown, so that the answer takes as long as for a known one."""
_slots = threading.Semaphore(AT_ONCE)
_queue = threading.Semaphore(AT_ONCE + WAITING)


class Busy(BacktolifeError):
    """Too many people sign in at this moment."""

    status = 503


@contextmanager
def _one_of_few() -> Iterator[None]:
    """Wait for one's turn. Raises Busy when too many wait already: each of them holds a thread of the site."""
    if not _queue.acquire(blocking=False):
        raise Busy("Very many people are signing in just now. Please wait a minute, then try again.")
    try:
        with _slots:
            yield
    finally:
        _queue.release()


def hash_password(password: str, own: Sequence[str] = ()) -> str:
    """The argon2id hash of `password`. Raises Invalid when it is too short, too long or easy to guess, also for whoever
    knows the `own` words of its person: their address, their names, their service.

    It takes a moment on purpose: never call it while a transaction is open.
    """
    if len(password) < SHORTEST:
        raise Invalid(f"Use at least {SHORTEST} characters. Three or four words work well.", "password")
    if len(password) > LONGEST:
        raise Invalid(f"Use at most {LONGEST} characters.", "password")
    if is_easy(password, own):
        raise Invalid("That is easy to guess. Use three or four words that do not belong together.", "password")
    with _one_of_few():
        return _hasher.hash(password)


def is_easy(password: str, own: Sequence[str] = ()) -> bool:
    """Whether common passwords, names, words, rows of keys, dates and digits put together make it."""
    from zxcvbn import zxcvbn  # noqa: PLC0415 - its lists are large, and a process that sets no password needs none

    return bool(zxcvbn(password[:LOOKED_AT], user_inputs=[*OUR_WORDS, *parts_of(own)])["guesses"] < FEWEST_GUESSES)


def parts_of(own: Sequence[str]) -> list[str]:
    """Each of the words whole, run together and in its parts: “sam@example.org” is also “sam”, “example” and “org”."""
    parts = [part for words in own for part in (words, "".join(words.split()), *re.split(r"[^\w]+", words))]
    return [part.lower() for part in dict.fromkeys(parts) if part]


def password_fits(password_hash: str, password: str) -> bool:
    """Whether `password` is the one behind `password_hash`; takes as long when there is none.

    It takes a moment on purpose: never call it while a transaction is open. Raises Busy.
    """
    with _one_of_few():
        try:
            return _hasher.verify(password_hash or NOBODY, password[: LONGEST + 1]) and bool(password_hash)
        except (Argon2Error, InvalidHashError):
            return False
