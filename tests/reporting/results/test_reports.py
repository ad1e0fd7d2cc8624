"""One press gives a report that stays as it was, letter for letter, as a page and as PDF."""

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlmodel import Session, col, select

from backtolife.audit import AuditEntry
from backtolife.database.session import session_scope
from backtolife.errors import NotFound, NotPermitted
from backtolife.outcomes.models import Score
from backtolife.people.access import Actor
from backtolife.people.models import Kind, Person, Role
from backtolife.people.roles import acting_as, holding
from backtolife.reporting.analysis.basics.refusals import NotInstalled
from backtolife.reporting.models import Report
from backtolife.reporting.results import pdf, report_page, reports
from tests.reporting.conftest import Simulated
from tests.support.reporting.looking import lead_looking
from tests.support.reporting.reading import Page, plain


@pytest.fixture(scope="module")
def client(simulated: Simulated, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    with lead_looking(simulated, tmp_path_factory.mktemp("reports")) as client:
        yield client


def lead(db: Session, simulated: Simulated, role: Role = Role.SERVICE_LEAD) -> Actor:
    wanted = select(Person).where(Person.service_id == simulated.service_id, holding(role))
    person = db.exec(wanted).first()
    assert person is not None
    return acting_as(db, person)


@pytest.fixture
def made(simulated: Simulated) -> Report:
    with session_scope(simulated.engine) as db:
        return reports.make(db, actor=lead(db, simulated), wanted="service:", now=simulated.now)


def test_the_page_comes_out_the_same_letter_for_letter(simulated: Simulated, made: Report) -> None:
    page = report_page.page_of(made.snapshot)
    assert report_page.sha256(page.encode()) == made.html_hash
    assert report_page.sha256(made.snapshot) == made.snapshot_hash
    script = (
        "import sys; from backtolife.reporting.results.report_page import page_of; "
        "sys.stdout.buffer.write(page_of(sys.stdin.buffer.read()).encode())"
    )
    again = subprocess.run([sys.executable, "-c", script], input=made.snapshot, capture_output=True, check=True)
    assert again.stdout.decode() == page
    assert simulated.data.service in page


def test_it_does_not_change_when_the_data_do(simulated: Simulated, made: Report) -> None:
    with Session(simulated.engine) as db:
        db.connection().execute(update(Score).values(value=0).where(col(Score.value).is_not(None)))
        changed = reports.make(db, actor=lead(db, simulated), wanted="service:", now=simulated.now + timedelta(days=1))
        assert changed.html_hash != made.html_hash
        assert report_page.sha256(report_page.page_of(made.snapshot).encode()) == made.html_hash
        db.rollback()


def test_there_is_no_name_of_a_patient_in_it(simulated: Simulated, made: Report) -> None:
    text = str(report_page.unpack(made.snapshot)) + report_page.page_of(made.snapshot)
    with simulated.reading() as db:
        patients = select(Person).where(Person.service_id == simulated.service_id, Person.kind == Kind.PATIENT)
        for person in db.exec(patients):
            assert person.full_name not in text
            assert person.email not in text
            assert person.id not in text


def test_there_is_one_for_each_quarter_and_each_group(simulated: Simulated) -> None:
    group = simulated.data.groups[0]
    with session_scope(simulated.engine) as db:
        for wanted, words in (
            (f"quarter:{group.quarter}", "July to September 2025"),
            (f"cohort:{group.id}", group.name),
        ):
            report = reports.make(db, actor=lead(db, simulated), wanted=wanted, now=simulated.now)
            assert f"{words}, {simulated.data.service}" in report_page.page_of(report.snapshot)
        with pytest.raises(NotFound, match="nothing to report"):
            reports.make(db, actor=lead(db, simulated), wanted="quarter:2031-Q1", now=simulated.now)
        with pytest.raises(NotPermitted):
            reports.make(db, actor=lead(db, simulated, Role.FACILITATOR), wanted="service:", now=simulated.now)


def test_the_pdf_holds_the_figures(made: Report, tmp_path: Path) -> None:
    page = report_page.page_of(made.snapshot)
    (tmp_path / "report.pdf").write_bytes(pdf.printed(page))
    text = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "report.pdf"), "-"], capture_output=True, check=True, text=True
    ).stdout
    for words in ("From referral to finish", "Is it fair?", "How we work this out", made.snapshot_hash[:20]):
        assert words in text


def test_looking_at_a_report_goes_on_record(client: FlaskClient, simulated: Simulated, made: Report) -> None:
    answer = client.get(f"/results/reports/{made.id}")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'sha256-")
    with simulated.reading() as db:
        entries = db.exec(select(AuditEntry).where(AuditEntry.subject_id == made.id)).all()
    assert [entry.action for entry in entries] == ["report_made", "report_read"]


def test_without_the_extra_the_page_says_what_to_install(
    client: FlaskClient,
    made: Report,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(NotInstalled):
        pdf.pdf_of("<p>A page</p>")
    without = "import sys; sys.modules['weasyprint'] = None\n"
    made_without = f"{without}from backtolife.reporting.results import pdf; sys.exit(pdf.main())"
    monkeypatch.setattr(pdf, "COMMAND", (sys.executable, "-c", made_without))
    answer = client.get(f"/results/reports/{made.id}/pdf", follow_redirects=True)
    assert "install the extra “pdf”" in answer.text


def test_pdf_files_are_made_one_at_a_time_and_who_waits_too_long_is_told(
    client: FlaskClient, made: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "WAIT_SECONDS", 0.05)
    with pdf._one_at_a_time:
        answer = client.get(f"/results/reports/{made.id}/pdf")
    assert answer.status_code == 503
    assert "Other reports are being made just now" in answer.text


def test_a_pdf_that_cannot_be_made_is_told_in_words(
    client: FlaskClient, made: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "COMMAND", (sys.executable, "-c", "import sys; sys.exit(1)"))
    answer = client.get(f"/results/reports/{made.id}/pdf")
    assert (answer.status_code, "open it and print it" in answer.text) == (503, True)


def test_without_the_statistics_the_page_still_counts(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise NotInstalled("Install the statistics extra to see these figures.")

    monkeypatch.setattr("backtolife.reporting.analysis.basics.distributions.special", refuse)
    client.application.extensions.pop("backtolife.kept_results", None)
    page = client.get("/results").text
    client.application.extensions.pop("backtolife.kept_results", None)
    assert "Install the statistics extra" in page
    assert "From referral to finish" in page


def test_the_pdf_is_tagged_for_screen_readers(made: Report, tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(pdf.pdf_of(report_page.page_of(made.snapshot)))
    told = [
        subprocess.run(
            ["pdfinfo", *more, str(tmp_path / "report.pdf")], capture_output=True, check=True, text=True
        ).stdout
        for more in ([], ["-struct"])
    ]
    assert re.search(r"^Tagged: +yes$", told[0], re.MULTILINE)
    assert all(f"\n  {kind}" in told[1] or f" {kind}" in told[1] for kind in ("H1", "H2", "Table", "TH"))


def test_beside_the_change_it_says_that_nobody_was_compared_and_whose_each_size_of_change_is(made: Report) -> None:
    page = Page(report_page.page_of(made.snapshot))
    words = plain(page.main)
    assert "This is before and after, with nobody to compare with." in words
    assert "(natural course, and regression to the mean)" in words
    (table,) = (rows for name, rows in page.tables.items() if name.startswith("Everyone who came to a session"))
    sizes = [row[-1] for row in table[1:] if re.search(r"\d+(?:\.\d+)? (?:points|% of the start) or more", row[-1])]
    assert sizes
    for each in sizes:
        told = re.findall(r"Source: (.+?); (?:read in the source|known from|uncertain|not known how sure)", each)
        assert len(told) == each.count(" or more"), each
        assert "not known" not in told
