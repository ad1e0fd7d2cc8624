"""The events in docs/room-protocol.md, written from the code: `python -m tools.room_protocol` writes them anew."""

from backtolife.config import ROOT
from backtolife.sessions.events.reading import Limits, limits_of
from backtolife.sessions.events.registry import EVENTS, Event

PAGE = ROOT / "docs" / "room-protocol.md"
BEGIN, END = "<!-- events: made by tools/room_protocol.py -->\n", "<!-- events end -->\n"


def table() -> str:
    """One row an event: its name, the action that must be allowed, its fields, how many a second, what it does."""
    rows = ["| event | allowed by | carries | a second | waiting people too |", "|---|---|---|---|---|"]
    return "\n".join([*rows, *(row(name, event) for name, event in EVENTS.items())]) + "\n"


def row(name: str, event: Event) -> str:
    needed = event.payload.__required_keys__
    fields = ", ".join(field(key, limits, key in needed) for key, limits in limits_of(event.payload).items()) or "–"
    waiting = "–" if event.admitted else "yes"
    return f"| `{name}` | `{event.permission}` | {fields} | {event.per_second:g} | {waiting} |"


def field(name: str, limits: Limits, needed: bool) -> str:
    return f"`{name}`: {in_short(limits)}{'' if needed else ', optional'}"


def in_short(limits: Limits) -> str:
    if "enum" in limits:
        return " or ".join(limits["enum"])
    match limits["type"]:
        case "integer":
            return f"{limits['minimum']} to {limits['maximum']}"
        case "array":
            return f"{limits['minItems']} to {limits['maxItems']} × {in_short(limits['items'])}"
        case "string":
            return f"text up to {limits['maxLength']}"


def with_table(page: str) -> str:
    """`page` with the table as the code says it now."""
    before, _, rest = page.partition(BEGIN)
    return before + BEGIN + table() + END + rest.partition(END)[2]


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
