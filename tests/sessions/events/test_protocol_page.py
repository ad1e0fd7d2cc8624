"""docs/room-protocol.md names every event and every message, and no other."""

import re

from backtolife.config import ROOT
from tools.room_protocol import PAGE, with_table

SAYS = re.compile(r'emit\(\s*"(\w+)"|Note\("(\w+)"')


def test_the_table_of_events_is_what_the_code_takes() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert with_table(page) == page, "write it anew: python -m tools.room_protocol"


def test_every_message_to_a_page_is_named() -> None:
    told = set()
    for path in (ROOT / "backtolife" / "sessions").rglob("*.py"):
        told |= {one or other for one, other in SAYS.findall(path.read_text(encoding="utf-8"))}
    page = PAGE.read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `(\w+)` \|", page[page.index("**Messages to a page**") :], re.MULTILINE))
    assert named == told
