"""A 24-item form saved and sent in one request, on SQLite with FULL sync. Reach: p95 50 ms, 30 a second sustained.

`python -m benchmarks.outcomes.submitting`. `FORMS=300` changes how many are sent, one after another, to one process.
The time is the server's own, from the request to its answer, with every check, the score, the audit and the commit.
Beside it stand the processor time of the same request, which says what it would be on a machine with nothing else to
do, and the bare commit of one row on the same disk, which no server can undercut.
"""

import os
import shutil
import sqlite3
import statistics
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from flask import Flask

from backtolife import app as application
from backtolife import clock
from backtolife.config import from_environment
from backtolife.database.session import metadata, session_scope
from backtolife.outcomes.catalogue.wording import wording
from backtolife.people.models import Person, Role
from backtolife.people.signing_in import signin
from tests.support.factories import Factory
from tests.support.outcomes.sheets import Patient

FORMS = int(os.environ.get("FORMS", "300"))
GROUP = 12
REACH_MS, REACH_PER_SECOND = 50.0, 30.0


def prepare(app: Flask) -> list[tuple[str, str]]:
    """Patients with the tick-list open; each one's signed-in token and form."""
    found = []
    with session_scope(app.extensions["backtolife.engine"]) as db:
        now = clock.now()
        make = Factory(db, now)
        service = make.service()
        make.person(service, Role.CLINICAL_LEAD, "Grace")
        for start in range(0, FORMS, GROUP):
            cohort = make.cohort(service, first_day=(now + timedelta(days=7)).date())
            for _ in range(min(GROUP, FORMS - start)):
                enrolment = make.enrolment(cohort)
                person = db.get_one(Person, enrolment.person_id)
                response = Patient(db, enrolment, make.actor(person), now).open("rmdq-24")
                found.append((signin.begin(db, person=person, now=now), response.id))
    return found


def bare_commits(folder: Path, count: int = 100) -> list[float]:
    """Milliseconds of a transaction of one row, on the same disk, in the same mode."""
    took = []
    with sqlite3.connect(folder / "bare.db", isolation_level=None) as plain:
        plain.execute("PRAGMA journal_mode=WAL")
        plain.execute("PRAGMA synchronous=FULL")
        plain.execute("CREATE TABLE one (value INTEGER)")
        for value in range(count):
            began = time.perf_counter()
            plain.execute("INSERT INTO one VALUES (?)", (value,))
            took.append((time.perf_counter() - began) * 1000)
    return took


def send_all(app: Flask, forms: list[tuple[str, str]]) -> tuple[list[float], list[float]]:
    """Milliseconds for each form, by the clock and of the processor."""
    ticks = {f"q-{question.id}": "1" for question in wording("rmdq-24").questions}
    took, worked = [], []
    for number, (token, response) in enumerate(forms):
        client = app.test_client()
        with client.session_transaction() as session:
            session["signed_in"] = token
        began, at_work = time.perf_counter(), time.process_time()
        answer = client.post(f"/questions/{response}/all", data=ticks | {"key": f"k{number}"})
        took.append((time.perf_counter() - began) * 1000)
        worked.append((time.process_time() - at_work) * 1000)
        assert answer.status_code == 302, answer.get_data(as_text=True)[:500]
    return took, worked


def p95(took: list[float]) -> float:
    return sorted(took)[int(len(took) * 0.95) - 1]


def main() -> None:
    folder = Path(tempfile.mkdtemp(dir=os.environ.get("TMPDIR")))
    try:
        settings = from_environment(
            {"BACKTOLIFE_ENV": "test", "DATA_DIR": str(folder), "DATABASE_URL": f"sqlite:///{folder / 'bench.db'}"}
        )
        app = application.create_app(settings, {"WTF_CSRF_ENABLED": False})
        metadata.create_all(app.extensions["backtolife.engine"])
        forms = prepare(app)
        bare = bare_commits(folder)
        send_all(app, forms[:10])
        took, worked = send_all(app, forms[10:])
        app.extensions["backtolife.engine"].dispose()
    finally:
        shutil.rmtree(folder)
    rate = 1000 * len(took) / sum(took)
    print(f"one row committed     p50 {statistics.median(bare):6.1f} ms  p95 {p95(bare):6.1f} ms", flush=True)
    print(
        f"24-item form sent     p50 {statistics.median(took):6.1f} ms  p95 {p95(took):6.1f} ms"
        f"  {REACH_MS / p95(took):.2f} of the reach",
        flush=True,
    )
    print(f"  of the processor    p50 {statistics.median(worked):6.1f} ms  p95 {p95(worked):6.1f} ms", flush=True)
    print(f"sustained             {rate:6.1f} a second{'':15}  {rate / REACH_PER_SECOND:.2f} of the reach", flush=True)


if __name__ == "__main__":
    main()
