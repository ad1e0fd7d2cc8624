"""docs/pathway.md names what there is: each file that it names is there, and each other row says what is not."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "pathway.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (?!what it |---)(.+?) \| (.+?) \|$", re.MULTILINE)
FILE = re.compile(r"`(backtolife/[\w/.]+)`")
SERVICES = ("Birmingham", "Mehiläinen", "Aalborg", "Work and Health Unit", "Coventry")


def test_each_of_the_five_services_has_its_part_with_its_year() -> None:
    titles = re.findall(r"^## (.+)\n\n\*(\w.+?)\*", PAGE, re.MULTILINE)
    assert [name for name in SERVICES if not any(name in title for title, _ in titles)] == []
    assert all(re.search(r"20\d\d", cited) for _, cited in titles)


def test_every_row_names_a_file_that_is_there_or_says_that_it_is_not_built() -> None:
    rows = ROW.findall(PAGE)
    assert len(rows) >= 20
    for what, where in rows:
        files = FILE.findall(where)
        assert files or where.startswith("not built"), what
        assert [each for each in files if not (ROOT / each).exists()] == [], what


def test_what_is_here_of_the_pathway_is_on_its_page() -> None:
    rooms = sorted(each.parent.name for each in (ROOT / "backtolife" / "pathway").glob("*/__init__.py"))
    assert rooms
    assert [room for room in rooms if f"backtolife/pathway/{room}" not in PAGE] == []
