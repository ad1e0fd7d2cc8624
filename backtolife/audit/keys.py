"""The keys of the audit log. Without one, whoever writes into the database can make no entry that fits."""

import hmac
from dataclasses import dataclass
from functools import lru_cache

from backtolife.config import audit_keys
from backtolife.database.sealing import derived

MARK = 16


@dataclass(frozen=True)
class AuditKey:
    """One key. Its mark stands in each entry made with it, and tells nothing about it."""

    secret: bytes
    mark: str

    def sign(self, words: bytes) -> str:
        return hmac.digest(self.secret, words, "sha256").hex()


def keys() -> tuple[AuditKey, ...]:
    """Those of this installation, the newest first. Read where they are used: no process and no command can be
    started without them.
    """
    return tuple(made(each) for each in audit_keys())


def key_of(mark: str) -> AuditKey | None:
    """The key with which an entry was made; None when it is not among ours."""
    return next((each for each in keys() if each.mark == mark), None)


@lru_cache(maxsize=16)
def made(key: str) -> AuditKey:
    return AuditKey(derived(key, "audit"), derived(key, "audit mark").hex()[:MARK])
