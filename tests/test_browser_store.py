"""What our scripts keep in a browser goes through one module: a browser that keeps nothing throws when it is asked."""

import re
from pathlib import Path

from backtolife.config import ROOT

SCRIPTS = ROOT / "static" / "js"
STORES = re.compile(r"\b(?:localStorage|sessionStorage)\b")


def asking() -> set[str]:
    return {str(path.relative_to(SCRIPTS)) for path in SCRIPTS.rglob("*.js") if STORES.search(path.read_text("utf-8"))}


def test_only_one_script_asks_the_browsers_own_stores() -> None:
    assert asking() == {"shared/store.js"}


def test_no_page_asks_them_in_a_script_of_its_own() -> None:
    pages: list[Path] = [*(ROOT / "templates").rglob("*.jinja")]
    assert len(pages) > 50
    assert not [path.name for path in pages if STORES.search(path.read_text("utf-8"))]
