"""The scheduler's own small door: `/healthz`, `/readyz` and `/metrics`, for this machine or a private network alone."""

import json
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from sqlalchemy import Engine, case, func, type_coerce
from sqlalchemy import select as sa_select
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col

from backtolife import clock
from backtolife.audit.checks import logs_in, newest
from backtolife.database.session import UTCDateTime, reading
from backtolife.errors import Conflict
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.processes import beats
from backtolife.processes.supervised import Supervised
from backtolife.processes.thread_figures import ThreadFigures
from backtolife.release import release

SILENT_SECONDS = 60
SLOW_SECONDS = 10


@dataclass
class Status:
    """What is known of this scheduler."""

    engine: Engine
    threads: Sequence[Supervised] = field(default=())
    """Empty while it waits for its turn."""

    def ready(self) -> dict[str, str]:
        """Each part by name."""
        if not self.threads:
            return {"turn": "waits for another scheduler to end"}
        found = {each.name: "ok" if each.well() else "silent" for each in self.threads}
        return {"beat": self.beat(), **found}

    def beat(self) -> str:
        try:
            with Session(reading(self.engine)) as db:
                last = db.get(beats.Beat, beats.SCHEDULER)
        except SQLAlchemyError:
            return "cannot be read"
        silent = last is None or (clock.now() - last.at).total_seconds() > SILENT_SECONDS
        return "silent" if silent else "ok"

    def figures(self) -> bytes:
        registry = CollectorRegistry()
        registry.register(ThreadFigures("scheduler", self.threads))
        registry.register(OfDatabase(self.engine, clock.now))
        return generate_latest(registry)


class OfDatabase(Collector):
    """What the database says that somebody should be woken for."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self.engine, self.now = engine, now

    def collect(self) -> Iterable[Metric]:
        """Ask now; where the database does not answer, only that is said."""
        up = GaugeMetricFamily("scheduler_database_answers", "1 when it could be asked")
        try:
            with Session(reading(self.engine)) as db:
                found = [*waiting(db, self.now()), backup(db), broken_logs(db)]
        except SQLAlchemyError:
            found = []
        up.add_metric([], float(bool(found)))
        yield up
        yield from found


def waiting(db: Session, now: datetime) -> Iterable[Metric]:
    """Messages that should be out, and how long the longest has been due. Those tried again later are due all along."""
    many = GaugeMetricFamily("scheduler_messages_waiting", "Messages that are due", labels=["channel", "urgent"])
    late = GaugeMetricFamily("scheduler_messages_late_seconds", "Since the first was put in line", labels=["urgent"])
    first_tried = case(
        (col(OutgoingMessage.tries) == 0, col(OutgoingMessage.try_at)),
        else_=func.coalesce(col(OutgoingMessage.not_before), col(OutgoingMessage.queued_at)),
    )
    since = type_coerce(func.min(first_tried), UTCDateTime())
    kinds = col(OutgoingMessage.channel), col(OutgoingMessage.urgent)
    due = sa_select(*kinds, func.count(), since).where(
        col(OutgoingMessage.state) == MessageState.WAITING, first_tried <= now, kinds[0] != Channel.TELEPHONE
    )
    longest = {True: 0.0, False: 0.0}
    for channel, urgent, count, first in db.connection().execute(due.group_by(*kinds)):
        many.add_metric([Channel(channel).value, str(urgent).lower()], count)
        longest[urgent] = max(longest[urgent], (now - first).total_seconds())
    for urgent, seconds in longest.items():
        late.add_metric([str(urgent).lower()], seconds)
    return many, late


def backup(db: Session) -> Metric:
    made = GaugeMetricFamily("scheduler_backup_made_seconds", "When it last made a backup, since 1970; 0 for never")
    last = db.get(beats.Beat, beats.BACKUP)
    made.add_metric([], last.at.timestamp() if last is not None else 0.0)
    return made


def broken_logs(db: Session) -> Metric:
    broken = GaugeMetricFamily("scheduler_audit_logs_broken", "Audit logs that the last night found broken")
    checks = [newest(db, service_id) for service_id in logs_in(db)]
    broken.add_metric([], sum(1 for each in checks if each is not None and each.broken_at is not None))
    return broken


class Door(BaseHTTPRequestHandler):
    """Answers three addresses."""

    status: Status
    timeout = SLOW_SECONDS

    def do_GET(self) -> None:
        """Answer."""
        if self.path == "/healthz":
            self.say(200, "application/json", json.dumps({"status": "ok", "release": release()}).encode())
        elif self.path == "/readyz":
            found = self.status.ready()
            code = 200 if all(word == "ok" for word in found.values()) else 503
            self.say(code, "application/json", json.dumps(found).encode())
        elif self.path == "/metrics":
            self.say(200, "text/plain; charset=utf-8", self.status.figures())
        else:
            self.say(404, "text/plain", b"There are /healthz, /readyz and /metrics.")

    def say(self, code: int, kind: str, body: bytes) -> None:
        self.send_response_only(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Who asks each few seconds fills no log."""

    def log_error(self, *_: object) -> None:
        """Who asks for nonsense fills none either."""


def open_door(status: Status, host: str, port: int) -> None:
    """Answer until the process ends. Raises Conflict when the port is taken."""
    release()
    try:
        server = ThreadingHTTPServer((host, port), type("OwnDoor", (Door,), {"status": status}))
    except OSError as error:
        raise Conflict(f"SCHEDULER_PORT {port} on {host} cannot be used: {error.strerror}. Choose another.") from None
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="status", daemon=True).start()
