"""Every figure on the page and in the report, worked out again by a separate script from the files of a download."""

import csv
import io
import re
from calendar import month_name
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from backtolife import clock
from backtolife.app import create_app
from backtolife.config import Settings, from_environment
from backtolife.db import session_scope
from backtolife.people import signin
from backtolife.people.models import Person, Role
from tests.reporting.conftest import Simulated
from tests.reporting.reading import Page
from tests.reporting.recompute.figures import Figures, everything

NO_FIGURES = {
    "Published results, to read beside ours": "copied from the articles named in it",
    "Made so far": "the reports there are",
}
"""Tables without a figure of this service's answers, and what is in them."""

BASIS = re.compile(r"(\d+ of \d+)\. When: [^;]*; (groups that began .*?)\. Who: .*?, in (\d+ groups) that have ended\.")
"""How an explanation begins."""

FIXED = (
    "6 or more",
    "session 8",
    "under 5",
    "fewer than 5",
    "95%",
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
ON_AN_AXIS = re.compile(r"−?[\d.]+%?|0 = same")


def lead_of(app: Flask, simulated: Simulated) -> FlaskClient:
    """A browser of the simulated service's lead."""
    with session_scope(app.extensions["backtolife.engine"]) as db:
        wanted = select(Person).where(Person.service_id == simulated.service_id, Person.role == Role.SERVICE_LEAD)
        token = signin.begin(db, person=db.exec(wanted).one(), now=clock.now())
        found = signin.find_signed_in(db, token=token, now=clock.now())
        assert found is not None
        found[0].confirmed_at = clock.now()
    client = app.test_client()
    with client.session_transaction() as session:
        session["signed_in"] = token
    return client


@pytest.fixture(scope="module")
def client(simulated: Simulated, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    folder = tmp_path_factory.mktemp("recomputed")
    settings: Settings = from_environment(
        {
            "BACKTOLIFE_ENV": "test",
            "DATA_DIR": str(folder),
            "DATABASE_URL": f"sqlite:///{simulated.path}",
            "PUBLIC_URL": "http://localhost",
        }
    )
    app = create_app(settings, {"WTF_CSRF_ENABLED": False})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: simulated.now)
        yield lead_of(app, simulated)
    app.extensions["backtolife.engine"].dispose()


@pytest.fixture(scope="module")
def again(client: FlaskClient) -> Figures:
    """What the script makes of the files."""

    def file(name: str) -> list[dict[str, str]]:
        answer = client.post("/results/download", data={"file": name, "reason": "Working it out again"})
        assert answer.status_code == 200
        return list(csv.DictReader(io.StringIO(answer.text, newline="")))

    return everything(file("wide"), file("people"))


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


TABLES = (
    "Work, before and at the end",
    "Everyone who came to a session",
    "Change from start to end, in units of spread (d)",
    "Pain disability: change since the start, in points",
    "Later on: everyone who came to a session",
    "Change at the end, with everyone who started counted in",
    "Age",
    "Sex",
    "Ethnic group",
    "Help with language",
    "Beside the change in pain disability: an association and nothing more",
    "By quarter in which groups began",
    "By group, in the order they began",
    "Came to 6 or more, of those who came to a session",
    "Came to 6 or more, of those who came to a session, in per cent",
    "Mean change, in points; above 0 is better",
)


@pytest.mark.parametrize("name", TABLES)
def test_each_table_agrees_in_every_cell(shown: Shown, again: Figures, name: str) -> None:
    assert shown.page.tables[name] == again.tables[name]


def test_no_table_is_left_out(shown: Shown, again: Figures) -> None:
    assert {*shown.page.tables} - {*NO_FIGURES} == {*TABLES} == {*again.tables}


def test_each_picture_says_the_same_to_those_who_cannot_see_it(shown: Shown, again: Figures) -> None:
    assert shown.page.pictures == again.pictures


def test_nothing_else_is_written_into_a_picture(shown: Shown, again: Figures) -> None:
    for title, words in shown.page.drawn.items():
        heading = again.headings.get(title)
        assert heading is None or heading in words
        rows = {row[0] for row in again.tables[title]}
        numbers = {each for each in words if re.search(r"\d", each) and not ON_AN_AXIS.fullmatch(each)}
        assert numbers <= {*rows, heading}, title


def test_the_bars_are_as_long_as_the_steps(shown: Shown, again: Figures) -> None:
    assert shown.page.bars == again.bars


def test_every_explanation_says_of_how_many_it_speaks(shown: Shown, again: Figures) -> None:
    assert BASIS.findall(shown.page.text) == [(of, again.period, again.counted) for of in again.bases]


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
    options = re.findall(rf'<option value="({kind}:.*?)">(.*?)</option>', client.get("/results").text)
    assert [title for _, title in options] == [*reversed(again.parts[kind])]
    for about, title in options:
        assert report_on(client, about).tables == again.parts[kind][title]
