"""What is kept closed in the database: encrypted with a key that is not in it, and found again by a mark."""

import base64
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from backtolife.errors import Invalid

NONCE = 12
KEY = 32
CANNOT_OPEN = "What is kept here cannot be read with the DATA_KEY of this installation. Set the key it was kept with."


class Sealing:
    """Closes and opens single values by AES-GCM. A closed value fits its own place alone: copied into another row it
    does not open.
    """

    def __init__(self, key: str) -> None:
        self._closing = AESGCM(derived(key, "close"))
        self._marking = derived(key, "mark")

    def close(self, text: str, *, place: str) -> str:
        """The text as it is kept in `place` (table, row and column in one line)."""
        nonce = secrets.token_bytes(NONCE)
        closed = self._closing.encrypt(nonce, text.encode(), place.encode())
        return base64.urlsafe_b64encode(nonce + closed).decode()

    def open(self, closed: str, *, place: str) -> str:
        """The text again. Raises Invalid for another key, another place, or a changed value."""
        try:
            raw = base64.urlsafe_b64decode(closed)
            return self._closing.decrypt(raw[:NONCE], raw[NONCE:], place.encode()).decode()
        except (InvalidTag, ValueError):
            raise Invalid(CANNOT_OPEN) from None

    def mark(self, text: str, *, of: str) -> str:
        """By what equal texts of one kind are found without opening any."""
        return hmac.digest(self._marking, f"{of}\x1f{text}".encode(), "sha256").hex()


def derived(key: str, purpose: str) -> bytes:
    return HKDF(hashes.SHA256(), KEY, salt=None, info=f"backtolife {purpose}".encode()).derive(key.encode())
