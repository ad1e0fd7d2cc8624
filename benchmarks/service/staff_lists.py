"""Each list of staff and the patient's home, with 200 groups and 2 000 places: server time and statements.

`python -m benchmarks.service.staff_lists`. Reach: a list p95 150 ms and 15 statements, the home 60 ms and 12. Time is
the server's own, from the request to its answer; every page is seen once before, so that its template is compiled.
"""

import tempfile
import time
from pathlib import Path

from flask.testing import FlaskClient
from sqlmodel import Session, select

from backtolife import clock
from backtolife.people.models import Person, Role
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.reminders.services import remind
from benchmarks.room.figures import percentile
from benchmarks.service.running_service import Big, running, ten_o_clock
from tests.support.postgresql import running_postgresql
from tests.support.statements import statements_of

TIMES = 20
NOT_LISTS = ("/healthz", "/readyz", "/metrics", "/mailbox", "/offline", "/board")
"""Pages that no member of staff reads as a list: for machines, for the demo, or without anything of the database."""
LIST_MS, LIST_STATEMENTS = 150.0, 15
HOME_MS, HOME_STATEMENTS = 60.0, 12


def look(big: Big, client: FlaskClient, what: str, path: str, *, ms: float, most: int) -> None:
    answer = client.get(path)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    with statements_of(big.engine) as seen:
        client.get(path)
    took, worked = [], []
    for _ in range(TIMES):
        began, work = time.perf_counter(), time.process_time()
        client.get(path)
        took.append((time.perf_counter() - began) * 1000)
        worked.append((time.process_time() - work) * 1000)
    p95 = percentile(took, 0.95)
    verdict = "reached" if p95 <= ms and len(seen) <= most else "MISSED"
    print(
        f"{what:34} p50 {percentile(took, 0.5):5.0f}  p95 {p95:5.0f} ms ({ms:.0f})  of the processor "
        f"{percentile(worked, 0.5):5.0f} ms  {len(seen):3} statements ({most})  {len(answer.data) // 1024:4} kB  "
        f"{verdict}",
        flush=True,
    )


def pages_of(big: Big, client: FlaskClient) -> list[str]:
    """Every page without an id in its address that this person may open: a list that is added is measured by itself."""
    rules = [each for each in big.app.url_map.iter_rules() if "GET" in (each.methods or ()) and not each.arguments]
    paths = sorted({each.rule for each in rules} - set(NOT_LISTS))
    answers = {path: client.get(path) for path in paths}
    return [path for path, answer in answers.items() if answer.status_code == 200 and answer.mimetype == "text/html"]


def measure(big: Big) -> None:
    remind(big.engine, big.settings, ten_o_clock())  # as the scheduler of a running service leaves it
    with Session(big.engine) as db:
        group = db.exec(select(Cohort.id).where(Cohort.name == "Running 9")).one()
        place = db.exec(select(Enrolment).where(Enrolment.cohort_id == group).limit(1)).one()
        patient = db.get_one(Person, place.person_id)
    for who, person in (("all", big.everything()), ("facilitator", big.somebody(Role.FACILITATOR))):
        client = big.browser_of(person)
        for path in (*pages_of(big, client), f"/groups/{group}"):
            name = path.replace(group, "…")
            look(big, client, f"{who} {name}", path, ms=LIST_MS, most=LIST_STATEMENTS)
    look(big, big.browser_of(patient), "patient /", "/", ms=HOME_MS, most=HOME_STATEMENTS)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, running(Path(folder), clock.now()) as big:
        print("SQLite")
        measure(big)
    with (
        tempfile.TemporaryDirectory() as folder,
        running_postgresql(Path(folder)) as url,
        running(Path(folder), clock.now(), url) as big,
    ):
        print("PostgreSQL")
        measure(big)


if __name__ == "__main__":
    main()
