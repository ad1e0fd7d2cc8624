"""Ten thousand reminders due at once, through a real SMTP conversation. Peer: the same mails by smtplib alone.

`python -m benchmarks.mail.many_due`. `MAILS=1000` changes how many. Each mail is claimed, asked whether it is still
wanted, sent and marked in transactions of its own, on SQLite with FULL sync; the peer sends the same messages over one
connection and remembers nothing.
"""

import os
import resource
import shutil
import smtplib
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, func
from sqlmodel import select

from backtolife import clock
from backtolife.config import Settings, from_environment
from backtolife.database.session import metadata, open_engine, session_scope
from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.mail.sending import ORDINARY, Sender, to_email
from tests.support.factories import Factory

MAILS = int(os.environ.get("MAILS", "10000"))
BEFORE_SECONDS = 400.0
"""What 10 000 took when each batch waited for the next tick."""
SERVER = """
import sys
import time
from aiosmtpd.controller import Controller
class Sink:
    async def handle_DATA(self, server, session, envelope):
        return "250 Kept"
Controller(Sink(), hostname="127.0.0.1", port=int(sys.argv[1])).start()
print("ready", flush=True)
time.sleep(86400)
"""


def fill(engine: Engine, now: datetime) -> None:
    with session_scope(engine) as db:
        service = Factory(db, now).service()
        for number in range(MAILS):
            db.add(
                OutgoingMessage(
                    service_id=service.id,
                    key=f"reminder-{number}",
                    address=f"person{number}@example.com",
                    subject="Your group meets tomorrow",
                    body="Your next group is tomorrow at 6 pm.\n\nOpen your home page to join." * 4,
                    queued_at=now - timedelta(seconds=1),
                    try_at=now - timedelta(seconds=1),
                )
            )


def by_the_sender(engine: Engine, settings: Settings) -> tuple[float, float]:
    """Seconds until nothing is due, and by how many MB the process grew meanwhile."""
    sender = Sender(engine, settings, ORDINARY, lambda db, messages, now: ())
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    while sender.turn(clock.now()):
        pass
    took = time.perf_counter() - began
    sender.way.close()
    return took, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


def by_the_peer(messages: list[OutgoingMessage], settings: Settings) -> float:
    began = time.perf_counter()
    with smtplib.SMTP(settings.smtp_host, settings.smtp_port) as smtp:
        for message in messages:
            smtp.send_message(to_email(message, settings, clock.now()))
    return time.perf_counter() - began


def main() -> None:
    folder = Path(tempfile.mkdtemp(dir=os.environ.get("TMPDIR")))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-c", SERVER, str(port)], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        assert server.stdout.readline()
        chosen = {"BACKTOLIFE_ENV": "test", "DATA_DIR": str(folder), "DATABASE_URL": f"sqlite:///{folder / 'mail.db'}"}
        settings = replace(from_environment(chosen), smtp_host="127.0.0.1", smtp_port=port, smtp_starttls=False)
        engine = open_engine(settings.database_url)
        metadata.create_all(engine)
        fill(engine, clock.now())
        with session_scope(engine) as db:
            messages = list(db.exec(select(OutgoingMessage).limit(MAILS)))
        peer = by_the_peer(messages, settings)
        took, grown = by_the_sender(engine, settings)
        with session_scope(engine) as db:
            sent = db.exec(
                select(func.count()).select_from(OutgoingMessage).where(OutgoingMessage.state == MessageState.SENT)
            ).one()
        engine.dispose()
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder)
    assert sent == MAILS, f"{sent} of {MAILS} went"
    print(f"smtplib alone     {peer:7.1f} s  {MAILS / peer:6.0f} a second", flush=True)
    print(f"our sender        {took:7.1f} s  {MAILS / took:6.0f} a second  {took / peer:.2f} × the peer", flush=True)
    print(f"  was             {BEFORE_SECONDS * MAILS / 10000:7.1f} s  memory +{grown:.1f} MB", flush=True)


if __name__ == "__main__":
    main()
