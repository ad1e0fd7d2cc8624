"""Every figure on the page and in the report, worked out again by a separate script from the files of a download."""

import csv
import html
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

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
from tests.reporting import recompute
from tests.reporting.conftest import Simulated

NAMES = {
    "rmdq_24_total": "RMDQ-24",
    "peg_3_mean": "PEG",
    "semcd_6_mean": "SEMCD-6",
    "phq_9_total": "PHQ-9",
    "gad_7_total": "GAD-7",
}
LABELS = {"month_3": "3 months on", "month_6": "6 months on"}


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


def tables(page: str) -> dict[str, list[str]]:
    """The rows of each table as plain words, by the words of its caption or of the figure around it."""
    found: dict[str, list[str]] = {}
    for table in re.findall(r"<table.*?</table>", page, re.DOTALL):
        caption = re.search(r"<caption>(.*?)</caption>", table, re.DOTALL)
        rows = [plain(row) for row in re.findall(r"<tr>.*?</tr>", table, re.DOTALL)]
        found.setdefault(plain(caption[1]) if caption else rows[0], rows)
    return found


def plain(markup: str) -> str:
    words = re.sub(r"<(style|svg).*?</\\1>".replace("\\\\", "\\"), "", markup, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", words))).strip()


@dataclass(frozen=True)
class Both:
    """What is shown, and what the script makes of the files."""

    page: str
    again: dict[str, Any]

    @property
    def tables(self) -> dict[str, list[str]]:
        return tables(self.page)

    def row(self, caption: str, *starts: str) -> str:
        """The one row of a table with all these words."""
        rows = [row for row in self.tables[caption] if all(start in row for start in starts)]
        assert len(rows) == 1, (caption, starts, self.tables[caption])
        return rows[0]


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


@pytest.fixture(scope="module", params=["page", "report"])
def both(request: pytest.FixtureRequest, client: FlaskClient) -> Both:
    def file(name: str) -> list[dict[str, str]]:
        answer = client.post("/results/download", data={"file": name, "reason": "Working it out again"})
        assert answer.status_code == 200
        return list(csv.DictReader(io.StringIO(answer.text, newline="")))

    shown = (
        client.get("/results") if request.param == "page" else client.post("/results/reports", follow_redirects=True)
    )
    assert shown.status_code == 200
    return Both(shown.text, recompute.everything(file("wide"), file("people")))


def test_the_steps(both: Both) -> None:
    steps = both.again["funnel"]
    shown = [plain(row) for row in re.findall(r"<li>.*?</li>", both.page, re.DOTALL)]
    words = (
        "Referred", "Offered a place", "Said yes", "Came to a session", "Came to 6 or more", "Measured",
    )  # fmt: skip
    counts = [steps[name] for name in ("referred", "offered", "said_yes", "came", "stayed", "measured")]
    for place, (name, count) in enumerate(zip(words, counts, strict=True)):
        share = "all" if place == 0 else f"{100 * count / counts[place - 1]:.0f}%"
        assert f"{name} {count} {share}" in shown


@pytest.mark.parametrize("scale", list(NAMES))
def test_the_change_of_each_measure(both: Both, scale: str) -> None:
    row, again = both.row("Everyone who came to a session", NAMES[scale]), both.again["change"][scale]
    for name in ("people", "means", "gain", "d", "dz"):
        assert again[name] in row, (name, again[name], row)
    for each in again["shares"]:
        assert f"Better {each['better']} . Worse {each['worse']} ." in row.replace("Hidden.", "Hidden .").replace(
            f"of {again['people'].split()[0]}.", f"of {again['people'].split()[0]} ."
        ), (each, row)
    assert ("own words" in row) == (not again["shares"])


@pytest.mark.parametrize("milestone", list(LABELS))
def test_the_change_later_on(both: Both, milestone: str) -> None:
    for scale, again in both.again["later"][milestone].items():
        row = both.row("Later on: everyone who came to a session", NAMES[scale], LABELS[milestone])
        assert all(again[name] in row for name in ("people", "means", "gain")), (again, row)


@pytest.mark.parametrize("scale", list(NAMES))
def test_the_mixed_model_and_what_is_left_of_it(both: Both, scale: str) -> None:
    row = both.row("Change at the end, with everyone who started counted in", NAMES[scale])
    again = both.again["mixed"][scale]
    for words in (again["missing"], again["gain"], *again["deltas"], again["holds"]):
        assert words in row, (words, row)


def test_what_goes_with_change(both: Both) -> None:
    caption = next(name for name in both.tables if name.startswith("Beside the change"))
    for name, again in both.again["dose"].items():
        assert again in both.row(caption, name)


def test_work_and_what_people_thought(both: Both) -> None:
    again, text = both.again["work"], plain(both.page)
    assert again["days"] in text
    assert f"Good or very good: {both.again['satisfied']}" in text
    for name in {**again["before"], **again["after"]}:
        cells = both.row("Work, before and at the end", name).removeprefix(name).split()
        for cell, count in zip(cells, (again["before"].get(name, 0), again["after"].get(name, 0)), strict=True):
            assert cell in (str(count), "Hidden")
            assert count >= 5 or cell == "Hidden"


@pytest.mark.parametrize(
    ("caption", "key"),
    [("By quarter in which groups began", "quarters"), ("By group, in the order they began", "groups")],
)
def test_each_part(both: Both, caption: str, key: str) -> None:
    rows = [row for row in both.tables[caption] if not row.startswith(("Group Offered", "All groups"))]
    assert len(rows) == len(both.again[key])
    for row, again in zip(rows, both.again[key].values(), strict=True):
        counts = [str(count) for count in again["counts"]]
        cells = row.split()[-len(counts) - 1 :]
        assert all(cell in (count, "Hidden") for cell, count in zip(cells, counts, strict=False)), (cells, counts)
        assert cells[-1] in (again["gain"], "–")


def test_the_funnel_plot(both: Both) -> None:
    rows = next(rows for name, rows in both.tables.items() if name.startswith("Name Count Of"))
    for name, again in both.again["plot"].items():
        assert any(row.startswith(f"{name} {again}") for row in rows), (name, again, rows)


@pytest.mark.parametrize(
    ("caption", "trait"),
    [("Age", "age"), ("Sex", "sex"), ("Ethnic group", "ethnic_group"), ("Help with language", "support")],
)
def test_who_starts_and_who_stays(both: Both, caption: str, trait: str) -> None:
    rows = both.tables[caption][1:]
    expected = sorted(both.again["traits"][trait].values())
    found = []
    for row in rows[:-1]:
        cells = re.findall(r"Hidden|\d+%?(?= |$)", row)[-7:]
        found.append([cells[0], cells[1], cells[3], cells[5]])
    assert len(found) == len(expected)
    for counts in expected:
        fits = [
            cells for cells in found if all(cell in (str(n), "Hidden") for cell, n in zip(cells, counts, strict=True))
        ]
        assert fits, (counts, found)
    total = re.findall(r"\d+(?= |$)", rows[-1])
    assert [int(each) for each in total[:4]] == [sum(column) for column in zip(*expected, strict=True)]
