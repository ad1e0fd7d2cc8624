"""Browsers in which a member of staff has signed in before.

While wrong passwords from elsewhere make everybody else wait at an account, its owner's own browser is not made to
wait: it has a count of its own. The cookie says for which accounts, as keyed hashes, and nothing else; it signs nobody
in.
"""

import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import Any

from flask import request
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from backtolife.people.request import settings

COOKIE = "known-browser"
LIFE = timedelta(days=180)
MOST_ACCOUNTS = 12
"""A clinic's shared computer is known to this many of its people."""


def cookie_name() -> str:
    return f"__Host-{COOKIE}" if settings().secure else COOKIE


def serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(list(reversed(settings().secret_keys)), salt=COOKIE)


def account(email: str) -> str:
    """The address as a keyed hash: whoever reads the cookie at a shared computer cannot try addresses against it."""
    key = settings().secret_keys[0].encode()
    return hmac.new(key, email.strip().lower().encode(), hashlib.sha256).hexdigest()[:22]


def read() -> dict[str, Any]:
    try:
        found = serializer().loads(request.cookies.get(cookie_name(), ""), max_age=int(LIFE.total_seconds()))
    except BadData:
        return {"browser": "", "accounts": []}
    return found if isinstance(found, dict) else {"browser": "", "accounts": []}


def name() -> str:
    """What this browser is called in its cookie; empty for one in which nobody of staff has signed in."""
    return str(read()["browser"])


def key_for(email: str) -> str:
    """Under which key wrong passwords for this address are counted when they come from this browser."""
    found, who = read(), account(email)
    return f"{who}:{found['browser']}" if who in found["accounts"] else who


def remember(response: Response, email: str) -> None:
    """This browser has just given the right password of this address."""
    found, who = read(), account(email)
    accounts = [who, *(other for other in found["accounts"] if other != who)][:MOST_ACCOUNTS]
    value = {"browser": found["browser"] or secrets.token_urlsafe(12), "accounts": accounts}
    response.set_cookie(
        cookie_name(),
        serializer().dumps(value),
        max_age=int(LIFE.total_seconds()),
        secure=settings().secure,
        httponly=True,
        samesite="Lax",
    )
