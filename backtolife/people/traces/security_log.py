"""What a watcher of attacks needs to see: failed sign-ins, codes and throttles, with where they came from.

One line each, never with an address, a name or anything that was typed. An account is shown as a keyed hash, so that
tries at one account can be counted, and nobody who reads the log learns whose it is.
"""

import hashlib
import hmac

import structlog
from flask import request

from backtolife.people.request import settings

log = structlog.get_logger(__name__)


def note(event: str, *, account: str = "", **more: str | int) -> None:
    """Write one line about `event`, with the caller's address and the place it knocked at."""
    key = settings().secret_keys[0].encode()
    if account:
        more["account"] = hmac.new(key, account.strip().lower().encode(), hashlib.sha256).hexdigest()[:16]
    log.warning("security", what=event, source=request.remote_addr or "", endpoint=request.endpoint or "", **more)
