"""What a request of the API asks for: which rows, how many, and after which one."""

import base64
import binascii
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from backtolife.errors import Invalid, NotFound

MOST, USUAL = 500, 100
NAME = "^[A-Za-z0-9._-]{1,64}$"
OFFSET = re.compile("([Zz]|[+-][0-9]{2}:[0-9]{2})$", re.ASCII)
CURSOR = "^[A-Za-z0-9_-]{1,500}$"
FILTERS = ("person", "milestone", "instrument")
NO_PAGE = "There is no such page. Leave the cursor out to start again."


@dataclass(frozen=True)
class Wanted:
    """At most `limit` rows that fit `filters`, after the row whose key is `after`.

    With `since` only rows that came or changed at that moment or later.
    """

    limit: int
    after: tuple[str, ...] | None
    filters: Mapping[str, str]
    since: datetime | None = None


def wanted(query: Mapping[str, Sequence[str]], allowed: Collection[str], key_length: int) -> Wanted:
    """What the query says. Raises Invalid for what the API does not know, NotFound for a cursor it did not give."""
    for name, values in query.items():
        if name not in {"limit", "cursor", "since", *allowed}:
            raise Invalid(f"There is no parameter “{name}”.", name)
        if len(values) != 1:
            raise Invalid(f"Give “{name}” once.", name)
    given = {name: values[0] for name, values in query.items()}
    filters = {name: given[name] for name in allowed if name in given}
    for name, value in filters.items():
        if not re.fullmatch(NAME, value):
            raise Invalid(f"“{name}” is 1 to 64 letters, digits, dots, dashes or underscores.", name)
    limit, after = limit_of(given.get("limit")), after_of(given.get("cursor"), key_length)
    return Wanted(limit, after, filters, since_of(given.get("since")))


def limit_of(text: str | None) -> int:
    if text is None:
        return USUAL
    if not re.fullmatch("[0-9]{1,3}", text, re.ASCII) or not 1 <= int(text) <= MOST:
        raise Invalid(f"“limit” is a whole number from 1 to {MOST}.", "limit")
    return int(text)


def since_of(text: str | None) -> datetime | None:
    """A moment with its offset from UTC, such as 2026-03-03T09:00:00Z."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text).astimezone(UTC) if text[10:11] in ("T", "t") else None
    except (ValueError, OverflowError):
        found = None
    if found is None or not OFFSET.search(text):
        raise Invalid("“since” is a moment in UTC, such as 2026-03-03T09:00:00Z.", "since")
    return found


def after_of(cursor: str | None, length: int) -> tuple[str, ...] | None:
    """The key behind a cursor. It holds names that the rows show as well, and no id."""
    if cursor is None:
        return None
    if not re.fullmatch(CURSOR, cursor):
        raise Invalid("“cursor” is what the page before gave as next_cursor.", "cursor")
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        raise NotFound(NO_PAGE) from None
    if not isinstance(key, list) or len(key) != length or not all(isinstance(each, str) for each in key):
        raise NotFound(NO_PAGE)
    if any("\x00" in each for each in key):
        raise NotFound(NO_PAGE)
    return tuple(key)


def cursor_of(key: Sequence[str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(list(key)).encode()).decode().rstrip("=")
