"""Passwords: argon2id, and what makes one acceptable. Length counts; odd characters are not demanded."""

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from backtolife.errors import Invalid

SHORTEST, LONGEST = 12, 200
TOO_COMMON = ("password", "123456789012", "qwertyuiop", "letmein", "backtolife")
_hasher = PasswordHasher()
NOBODY = _hasher.hash("no one has this password")
"""Checked when the address is unknown, so that the answer takes as long as for a known one."""


def hash_password(password: str) -> str:
    """The argon2id hash of `password`. Raises Invalid when it is too short, too long or easy to guess."""
    if len(password) < SHORTEST:
        raise Invalid(f"Use at least {SHORTEST} characters. Three or four words work well.", "password")
    if len(password) > LONGEST:
        raise Invalid(f"Use at most {LONGEST} characters.", "password")
    if any(password.lower().startswith(word) for word in TOO_COMMON) or len(set(password)) < 5:
        raise Invalid("That is easy to guess. Use three or four words that do not belong together.", "password")
    return _hasher.hash(password)


def password_fits(password_hash: str, password: str) -> bool:
    """Whether `password` is the one behind `password_hash`; takes as long when there is none."""
    try:
        return _hasher.verify(password_hash or NOBODY, password) and bool(password_hash)
    except (Argon2Error, InvalidHashError):
        return False
