"""Where what is typed into a form goes when it is sent, also before the page's own program runs."""

import re
from pathlib import Path

import pytest

from backtolife.config import ROOT

TEMPLATES = ROOT / "templates"
FORM = re.compile(r"<form\b[^>]*>", re.DOTALL)
SAYS_HOW = re.compile(r'method="(post|dialog|get)"')
ASKS_BY_ADDRESS = {"data_life/looks.jinja", "pathway/planning/planner.jinja"}
"""Days, kinds and numbers of a whole service, nothing that somebody writes about a person."""


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.jinja")), ids=lambda path: path.name)
def test_no_form_puts_what_is_typed_into_an_address(path: Path) -> None:
    name = path.relative_to(TEMPLATES).as_posix()
    ways = {(SAYS_HOW.search(each) or ["", "get"])[1] for each in FORM.findall(path.read_text(encoding="utf-8"))}
    assert "get" not in ways or name in ASKS_BY_ADDRESS
