"""The results page over 5 000 places at 7 milestones, cold and warm, and a report of it. Reach: 1 s, 100 ms, 15 s.

`python -m benchmarks.outcomes.results_page`. `PLACES=500` changes how many there are. The libraries are loaded before,
as they are in a process that has shown the page once; what a first page costs more is told apart. Memory is settled as
in gunicorn's worker. Cold is with nothing kept: every figure is computed from the rows.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from flask.testing import FlaskClient
from sqlmodel import select

from backtolife import clock
from backtolife.app import create_app
from backtolife.config import from_environment
from backtolife.database.session import metadata, session_scope
from backtolife.demo.simulated.service import Size, simulate
from backtolife.people.models import Person, Role
from backtolife.people.roles import holding
from backtolife.people.signing_in import signin
from backtolife.processes.memory import settle_memory

PLACES = int(os.environ.get("PLACES", "5000"))
GROUP = 12
COLD, WARM, REPORT = 1.0, 0.1, 15.0


def timed(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def told(name: str, seconds: float, reach: float) -> None:
    print(f"{name:44} {seconds * 1000:9,.0f} ms   {seconds / reach:.2f} of the reach", flush=True)


def filled(folder: Path) -> FlaskClient:
    """A browser of the lead of a service with so many places."""
    settings = from_environment(
        {
            "BACKTOLIFE_ENV": "test",
            "DATA_DIR": str(folder),
            "DATABASE_URL": f"sqlite:///{folder / 'bench.db'}",
            "PUBLIC_URL": "http://localhost",
        }
    )
    app = create_app(settings, {"WTF_CSRF_ENABLED": False})
    engine = app.extensions["backtolife.engine"]
    metadata.create_all(engine)
    size = Size(groups=-(-PLACES // GROUP), patients=PLACES, waiting=PLACES // 5, apart=2, since=430)
    began = time.perf_counter()
    with session_scope(engine) as db:
        service = simulate(db, name="Bench", size=size, now=clock.now())
        lead = db.exec(select(Person).where(Person.service_id == service.id, holding(Role.SERVICE_LEAD))).one()
        token = signin.begin(db, person=lead, now=clock.now())
    print(f"{PLACES} places in {size.groups} groups made in {time.perf_counter() - began:.0f} s", flush=True)
    client = app.test_client()
    with client.session_transaction() as session:
        session["signed_in"] = token
    settle_memory()
    return client


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        client = filled(Path(folder))
        kept = client.application.extensions

        def page() -> None:
            answer = client.get("/results")
            assert answer.status_code == 200
            assert "Change from start to end" in answer.text

        def cold() -> float:
            kept.pop("backtolife.kept_results", None)
            return timed(page)

        told("first page of the process, libraries and all", cold(), COLD)
        told("page, cold (median of 5)", statistics.median(cold() for _ in range(5)), COLD)
        told("page, warm (median of 20)", statistics.median(timed(page) for _ in range(20)), WARM)
        made = client.post("/results/reports", data={"about": "service:"})
        told(
            "report as a page, made", timed(lambda: client.post("/results/reports", data={"about": "service:"})), REPORT
        )
        told("report as PDF", timed(lambda: client.get(f"{made.headers['Location']}/pdf")), REPORT)


if __name__ == "__main__":
    main()
