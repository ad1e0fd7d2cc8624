"""Half of a character, as a keyboard or a cut text can leave it, is no text that a database keeps."""

import re
from typing import Any

from flask.json.provider import DefaultJSONProvider

ESCAPES = re.compile(r"\\\\|\\u[dD][89aAbB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
BACKSLASH, PAIR = 2, 12
"""How long the escape of a backslash is, and of a whole character: those two stay."""


def whole(text: str) -> str:
    """JSON with the sign for an unreadable character in place of each half one; everything else as it was."""
    return ESCAPES.sub(lambda found: found[0] if len(found[0]) in (BACKSLASH, PAIR) else r"\ufffd", text)


class WholeText(DefaultJSONProvider):
    """Reads what browsers and programs send. Half a character spoils neither its own text nor others sent along."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        return super().loads(whole(s.decode() if isinstance(s, bytes) else s), **kwargs)
