"""A browser's cookie, signed as the site signs it."""

from typing import Any

from flask import Flask


def cookie_of(app: Flask, holds: dict[str, Any]) -> str:
    """`name=value`, for a Cookie header."""
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps(holds)}"
