"""Every figure on the page and in the report, worked out again by a separate script from the files of a download."""

import csv
import io
import re
from calendar import month_name
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import pytest
from flask.testing import FlaskClient
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from backtolife.people.details.traits import TRAITS
from backtolife.reporting.analysis.basics.basis import About
from backtolife.reporting.analysis.service.xmr import xmr
from backtolife.reporting.charts.xmr_chart import xmr_chart
from tests.reporting.conftest import Simulated
from tests.reporting.recompute.figures import Figures, everything
from tests.reporting.recompute.noise import OverTime
from tests.support.reporting.clinic import MARGIN, clinic_file
from tests.support.reporting.looking import lead_looking
from tests.support.reporting.reading import Page

NO_FIGURES = {
    "Published results, to read alongside ours": "copied from the articles named in it",
    "Made so far": "the reports there are",
}
"""Tables without a figure of this service's answers, and what is in them."""

BASIS = re.compile(
    r"(\d+ of \d+)\. When: [^;]*; (groups that began .*?)\. Who: .*?, in (\d+ groups) that have ended"
    r"(; \d+ newer (?:one waits|ones wait))?\."
)
"""How an explanation begins."""

FIXED = (
    "6 or more",
    "session 8",
    "under 5",
    "at least 5",
    "fewer than 5 others",
    "14 days after",
    "95%",
    "97.5%",
    "CR2",
    "nearest 5",
    "0 to 4",
    *(
        f"Source: {words}"
        for words in ("Ostelo 2008 Spine 33:90;", "Ostelo 2008; Jordan 2006;", "Monteiro 2010 for r;")
    ),
    *(f"Source: {words}" for words in ("Lowe 2004; Kroenke;", "Toussaint 2020 JAD 265:395;")),
    "Under 5",
    "99.8%",
    "2.5% or 0.1%",
    "2.66 mean moving ranges",
    "7 in a row",
    "2 of 3",
    "reaches 0.",
    "above 0 is better",
    "at 0 are left out",
    "Algina and Keselman 2003",
    "Spiegelhalter 2005",
    "FHIR R4",
)
"""Words with a number that no answer changes."""

DAY = re.compile(rf"\d{{1,2}} ({'|'.join([*month_name][1:])})( \d{{4}})?(, \d{{1,2}}[ap]m)?")
FINGERPRINT = re.compile(r"\b[0-9a-f]{64}\b")
VALUES = st.lists(st.integers(0, 30), min_size=12, max_size=24)
ON_AN_AXIS = re.compile(r"−?[\d.]+%?|0 = same")


@pytest.fixture(scope="session", params=["six groups", "many groups"])
def service(request: pytest.FixtureRequest, simulated: Simulated) -> Simulated:
    """One as small as the first year leaves it, and one with groups hidden, completers apart, limits and a clinic."""
    return simulated if request.param == "six groups" else cast(Simulated, request.getfixturevalue("larger"))


@pytest.fixture(scope="module")
def client(service: Simulated, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    with lead_looking(service, tmp_path_factory.mktemp("recomputed")) as client:
        yield client


@pytest.fixture(scope="module")
def again(client: FlaskClient, service: Simulated) -> Figures:
    """What the script makes of the files."""

    def file(name: str) -> list[dict[str, str]]:
        answer = client.post("/results/download", data={"file": name, "reason": "Working it out again"})
        assert answer.status_code == 200
        return read(answer.text)

    clinic = read(clinic_file()) if service.data.brought else None
    names = [trait.id for trait in TRAITS]
    traits = {each.code: {name: each.traits.get(name, "") for name in names} for each in service.data.members}
    return everything(file("wide"), file("people"), clinic, MARGIN, traits)


def read(file: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file, newline="")))


def report_on(client: FlaskClient, about: str) -> Page:
    answer = client.post("/results/reports", data={"about": about}, follow_redirects=True)
    assert answer.status_code == 200
    return Page(answer.text)


@dataclass(frozen=True)
class Shown:
    """The page or the report, and the one line that each says in words of its own."""

    page: Page
    counted: str


@pytest.fixture(scope="module", params=["page", "report"])
def shown(request: pytest.FixtureRequest, client: FlaskClient, again: Figures) -> Shown:
    if request.param == "report":
        return Shown(report_on(client, "service:"), again.on_report)
    # The list of reports made is one of the page's tables.
    report_on(client, "service:")
    return Shown(Page(client.get("/results").text), again.on_page)


def test_each_table_agrees_in_every_cell(shown: Shown, again: Figures) -> None:
    for name, table in again.tables.items():
        assert shown.page.tables[name] == table, name


def test_no_table_is_left_out(shown: Shown, again: Figures) -> None:
    assert {*shown.page.tables} - {*NO_FIGURES} == {*again.tables}


def test_each_picture_says_the_same_to_those_who_cannot_see_it(shown: Shown, again: Figures) -> None:
    assert shown.page.pictures == again.pictures


def test_nothing_else_is_written_into_a_picture(shown: Shown, again: Figures) -> None:
    for title, words in shown.page.drawn.items():
        expected = again.written.get(title, [])
        assert {*expected} <= {*words}
        rows = {row[0] for row in again.tables[title]}
        numbers = {each for each in words if re.search(r"\d", each) and not ON_AN_AXIS.fullmatch(each)}
        assert numbers <= {*rows, *expected}, title


def test_the_bars_are_as_long_as_the_steps(shown: Shown, again: Figures) -> None:
    assert shown.page.bars == again.bars


def test_every_explanation_says_of_how_many_it_speaks(shown: Shown, again: Figures) -> None:
    assert BASIS.findall(shown.page.text) == again.bases


def test_no_number_in_the_text_is_left_out(shown: Shown, again: Figures) -> None:
    text = shown.page.text
    for line in (*again.lines, shown.counted):
        assert text.count(line) == 1, (line, text)
        text = text.replace(line, "")
    text = BASIS.sub("", text)
    for words in FIXED:
        text = text.replace(words, "")
    left = FINGERPRINT.sub("", DAY.sub("", text))
    assert re.findall(r".{0,60}\d.{0,20}", left) == []


@pytest.mark.parametrize("kind", ["quarter", "cohort"])
def test_a_report_on_a_part_shows_the_same_numbers(client: FlaskClient, again: Figures, kind: str) -> None:
    options = re.findall(rf'<option value="({kind}:.*?)">\s*(.*?)\s*</option>', client.get("/results").text)
    assert [title for _, title in options] == [*reversed(again.parts[kind])]
    for about, title in options:
        assert report_on(client, about).tables == again.parts[kind][title]


@settings(deadline=None, max_examples=200)
@given(VALUES | VALUES.map(sorted))
def test_what_is_more_than_noise_comes_out_the_same_twice(values: list[int]) -> None:
    names = [f"Group {place}" for place in range(1, len(values) + 1)]
    again = OverTime(names, [float(value) for value in values], 1)
    assume(again.reach > 0)
    # On a limit it is the last binary digit that decides.
    assume(all(min(abs(abs(value - again.centre) / again.reach - at) for at in (2 / 3, 1)) > 1e-6 for value in values))
    picture = xmr_chart("noise", "Noise", xmr(names, values, about=About("", "")))
    assert [[*picture.columns], *([*row] for row in picture.rows)] == again.table()
    assert picture.description == again.told()
