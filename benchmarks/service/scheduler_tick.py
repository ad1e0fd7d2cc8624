"""One look of the scheduler over 200 groups, and 10 000 due messages decided.

`python -m benchmarks.service.scheduler_tick`. A look asks which of the groups have something due and queues it: the
first, of a service that nobody looked after before, welcomes 600 people, discharges 840 and hands 187 tasks on; the
next finds nothing new. Reach: 2 s. To decide is to ask whether a message is still wanted, as the sender does before it
goes: in batches as they are sent. Here none goes. Reach: 10 s, in constant memory.
"""

import os
import resource
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

from sqlmodel import col, delete, select

from backtolife.database.session import session_scope
from backtolife.mail.deciding import Decision
from backtolife.mail.delivery import OutgoingMessage
from backtolife.mail.sending import AT_ONCE
from backtolife.outcomes.asking.schedule import asks_of
from backtolife.programme.cohorts.models import Cohort, Enrolment, SessionDate
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.reminders.rules import SESSION_REMINDERS
from backtolife.reminders.services import remind
from backtolife.reminders.wanted import unwanted
from benchmarks.service.running_service import Big, running, ten_o_clock

MESSAGES = int(os.environ.get("MESSAGES", "10000"))
QUESTIONS = "questionnaire-due"
"""A fifth of the messages: who asks for answers looks at more than who reminds of a session."""
LOOK_SECONDS, DECIDED_SECONDS = 2.0, 10.0


def looks(big: Big, now: datetime) -> None:
    for what, at in (("first look", now), ("next look", now), ("a day later", now + timedelta(days=1))):
        began, work = time.perf_counter(), time.process_time()
        queued = remind(big.engine, big.settings, at)
        took, worked = time.perf_counter() - began, time.process_time() - work
        verdict = "reached" if took <= LOOK_SECONDS else "MISSED"
        print(
            f"{what:12} {took:5.2f} s ({LOOK_SECONDS:.0f}), {worked:.2f} of the processor, {queued} queued  {verdict}"
        )


def fill(big: Big, now: datetime) -> list[str]:
    """Reminders of every session to come for everybody who is in a running group, and of their questions."""
    with session_scope(big.engine) as db:
        db.exec(delete(OutgoingMessage))
        wanted = select(SessionDate, Enrolment).join(Enrolment, col(Enrolment.cohort_id) == col(SessionDate.cohort_id))
        running = wanted.where(Enrolment.state == EnrolmentState.ENROLLED, SessionDate.starts_at > now)
        pairs = list(db.exec(running))
        keys = [
            (f"{each.template}:{date.id}:{date.starts_at:%Y%m%d%H%M}:{place.id}", place)
            for each in SESSION_REMINDERS
            for date, place in pairs
        ]
        places = {place.id: place for _, place in pairs}.values()
        groups = {each: db.get_one(Cohort, each) for each in {place.cohort_id for place in places}}
        asked = [
            (f"{QUESTIONS}:{ask.id}:{place.id}", place)
            for place in places
            for ask in asks_of(db, groups[place.cohort_id])
        ]
        share = MESSAGES // 5
        chosen = [*asked[:share], *keys[: MESSAGES - share]]
        rest = [each for each in (*asked[share:], *keys[MESSAGES - share :]) if each not in chosen]
        chosen += rest[: MESSAGES - len(chosen)]
        rows = [
            OutgoingMessage(
                service_id=big.service_id,
                person_id=place.person_id,
                key=key,
                address="somebody@example.org",
                subject="Tomorrow",
                body="Tomorrow",
                queued_at=now,
                try_at=now,
            )
            for key, place in chosen
        ]
        db.add_all(rows)
        db.flush()
        return [row.id for row in rows]


def decide(big: Big, ids: list[str], now: datetime) -> None:
    before, began, work = peak_mb(), time.perf_counter(), time.process_time()
    wanted = 0
    for first in range(0, len(ids), AT_ONCE):
        decision = Decision(big.engine, unwanted)
        decision.renew(ids[first : first + AT_ONCE], now)
        wanted += len(ids[first : first + AT_ONCE]) - len(decision.gone)
    took, worked = time.perf_counter() - began, time.process_time() - work
    verdict = "reached" if took <= DECIDED_SECONDS else "MISSED"
    print(
        f"{len(ids)} of {MESSAGES} decided in {took:.1f} s ({DECIDED_SECONDS:.0f}), {worked:.1f} of the processor, "
        f"{wanted} wanted, memory +{peak_mb() - before:.1f} MB  {verdict}"
    )


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    now = ten_o_clock()
    with tempfile.TemporaryDirectory() as folder, running(Path(folder), now) as big:
        looks(big, now)
        decide(big, fill(big, now), now)


if __name__ == "__main__":
    main()
