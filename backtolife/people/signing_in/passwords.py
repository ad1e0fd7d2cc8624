"""Passwords: argon2id, and what makes one acceptable. Length and being hard to guess count; odd characters do not."""

import os
import re
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

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
YIELDS = 19
"""How far the threads that look at passwords stand behind (nice): whoever saves an answer goes first."""
T = TypeVar("T")
_hasher = PasswordHasher()
NOBODY = _hasher.hash("no one has this password")
"""Checked when the address is unknown, so that the answer takes as long as for a known one."""
_queue = threading.Semaphore(AT_ONCE + WAITING)


def stand_behind() -> None:
    """Let this thread, and those that argon2 starts from it, give way to all others of the process."""
    with suppress(OSError, AttributeError):  # only Linux knows it of a single thread
        this = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, this, max(YIELDS, os.getpriority(os.PRIO_PROCESS, this)))


_lookers = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="password", initializer=stand_behind)


class Busy(BacktolifeError):
    """Too many people sign in at this moment."""

    status = 503


def _in_turn(look: Callable[[], T]) -> T:
    """Wait for one's turn. Raises Busy when too many wait already: each of them holds a thread of the site."""
    if not _queue.acquire(blocking=False):
        raise Busy("Very many people are signing in just now. Please wait a minute, then try again.")
    try:
        return _lookers.submit(look).result()
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
    return _in_turn(lambda: _hasher.hash(password))


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
    try:
        fits = _in_turn(lambda: _hasher.verify(password_hash or NOBODY, password[: LONGEST + 1]))
    except (Argon2Error, InvalidHashError):
        return False
    return fits and bool(password_hash)
