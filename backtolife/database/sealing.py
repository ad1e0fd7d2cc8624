"""What is kept closed in the database: encrypted with a key that is not in it, and found again by a mark."""

import base64
import hmac
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from backtolife.config import data_keys
from backtolife.errors import Invalid
from backtolife.text.characters import refuse_unkeepable

NONCE = 12
KEY = 32
KEY_ID = 8
VERSION = "e1"
"""So each closed value begins, then the id of its key; values from before there were ids have neither."""
CANNOT_OPEN = (
    "What is kept here cannot be read with the DATA_KEY of this installation. Set the key it was kept with, as "
    "DATA_KEY or in DATA_KEY_OLD."
)


class Key:
    """One key, with what is made from it. Its id stands in each value closed with it, and tells nothing about it."""

    def __init__(self, secret: str) -> None:
        self.closing = AESGCM(derived(secret, "close"))
        self.marking = derived(secret, "mark")
        self.id = derived(secret, "id").hex()[:KEY_ID]


class Sealing:
    """Closes and opens single values by AES-GCM. A closed value fits its own place alone: copied into another row it
    does not open. The first key closes; the older ones still open what they closed.
    """

    def __init__(self, key: str, *older: str) -> None:
        self._keys = tuple(made(each) for each in (key, *older))
        self._by_id = {each.id: each for each in self._keys}
        self._begins = f"{VERSION}.{self._keys[0].id}."

    @property
    def key_ids(self) -> tuple[str, ...]:
        """The newest first."""
        return tuple(each.id for each in self._keys)

    def close(self, text: str, *, place: str) -> str:
        """The text as it is kept in `place` (table, row and column in one line). Raises Invalid for characters that we
        cannot save: the database's own guard sees only what is closed already.
        """
        refuse_unkeepable(text)
        nonce = secrets.token_bytes(NONCE)
        closed = self._keys[0].closing.encrypt(nonce, text.encode(), place.encode())
        return self._begins + base64.urlsafe_b64encode(nonce + closed).decode()

    def open(self, closed: str, *, place: str) -> str:
        """The text again. Raises Invalid for another key, another place, or a changed value."""
        keys, packed = self._keys, closed
        if is_closed(closed):
            _, key_id, packed = closed.split(".", 2)
            keys = (self._by_id[key_id],) if key_id in self._by_id else ()
        try:
            raw = base64.urlsafe_b64decode(packed)
        except ValueError:
            raise Invalid(CANNOT_OPEN) from None
        for key in keys:
            try:
                return key.closing.decrypt(raw[:NONCE], raw[NONCE:], place.encode()).decode()
            except (InvalidTag, ValueError):
                continue
        raise Invalid(CANNOT_OPEN)

    def is_newest(self, closed: str) -> bool:
        """Whether this value is closed with the newest key."""
        return closed.startswith(self._begins)

    def mark(self, text: str, *, of: str) -> str:
        """By what equal texts of one kind are found without opening any."""
        return marked(self._keys[0], text, of)

    def marks(self, text: str, *, of: str) -> list[str]:
        """The same by each key: what was marked before the key was changed is found too."""
        return [marked(each, text, of) for each in self._keys]


def is_closed(value: str) -> bool:
    return value.startswith(f"{VERSION}.") and value.count(".") == 2


def marked(key: Key, text: str, of: str) -> str:
    return hmac.digest(key.marking, f"{of}\x1f{text}".encode(), "sha256").hex()


@lru_cache(maxsize=64)
def made(secret: str) -> Key:
    return Key(secret)


def derived(key: str, purpose: str) -> bytes:
    return HKDF(hashes.SHA256(), KEY, salt=None, info=f"backtolife {purpose}".encode()).derive(key.encode())


def ours() -> Sealing:
    """With the keys of this installation. Columns ask for it themselves, so that nothing is ever kept without."""
    return ring(data_keys())


@lru_cache(maxsize=16)
def ring(keys: tuple[str, ...]) -> Sealing:
    return Sealing(*keys)
