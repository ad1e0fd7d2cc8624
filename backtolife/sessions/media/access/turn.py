"""TURN servers for clients behind firewalls: credentials that expire, as coturn's `use-auth-secret` checks them."""

import base64
import hashlib
import hmac

from livekit.protocol import rtc

LIFETIME = 3600
"""Seconds in which a credential opens a relay. One that is in use goes on; who reconnects is given new ones."""


def ice_servers(urls: tuple[str, ...], secret: str, sid: str, now: float) -> list[rtc.ICEServer]:
    """The relay servers for one participant; none when none are configured. `now` is in seconds since 1970."""
    if not urls:
        return []
    user = f"{int(now) + LIFETIME}:{sid}"
    digest = hmac.new(secret.encode(), user.encode(), hashlib.sha1).digest()
    return [rtc.ICEServer(urls=list(urls), username=user, credential=base64.b64encode(digest).decode())]
