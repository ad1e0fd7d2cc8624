"""Patients' answers while somebody tries ninety passwords at once, with the real argon2.

`python -m benchmarks.security.saves_beside_passwords`. Each try comes from an address and a browser of its own, so that
no count of callers turns it away. Reach: none of the answers is refused, and p95 is at most twice that without tries.
"""

import itertools
import json
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from backtolife.outcomes.catalogue.wording import wording
from benchmarks.room.figures import percentile
from benchmarks.security.visitor import Visitor, address_of
from tests.soak.test_answers_kills import Phone, phones
from tests.support.postgresql import running_postgresql
from tests.support.running import House, running_house

TRIES, MOST_TIMES = 90, 2.0
PAUSE_SECONDS = 0.03
FORM = "phq-9"


@dataclass
class Answers:
    """Patients who answer their sheets by turns, over and over; an answer is acknowledged or counted as refused."""

    phones: list[Phone]
    refused: int = 0

    def open(self) -> None:
        for phone in self.phones:
            page = phone.ask(f"/questions/{phone.forms[FORM]}/1").decode()
            phone.token = page.partition('name="csrf_token" value="')[2].partition('"')[0]

    def save_while(self, more: Iterator[int]) -> list[float]:
        """Milliseconds of each answer, for as long as `more` gives numbers."""
        question, took = wording(FORM).questions[0], []
        for number in more:
            key, phone = f"{id(more)}-{number}", self.phones[number % len(self.phones)]
            value = question.options[number // len(self.phones) % 2].value
            body = {"answers": [{"question": question.id, "value": value, "key": key, "ago": 0}]}
            begun = time.perf_counter()
            try:
                saved = json.loads(phone.ask(f"/questions/{phone.forms[FORM]}/answers", body))
                self.refused += saved["saved"] != [key]
            except OSError as error:
                print(f"refused: {error}")
                self.refused += 1
            took.append((time.perf_counter() - begun) * 1000)
            time.sleep(PAUSE_SECONDS)
        return took


def browsers(house: House) -> list[Visitor]:
    """Each has the page open already: what is measured is the looking at passwords."""
    found = [Visitor(house.url, address_of(number)) for number in range(TRIES)]
    for each in found:
        each.open("/staff/sign-in")
    return found


@contextmanager
def trying(visitors: list[Visitor], statuses: list[int]) -> Iterator[Iterator[int]]:
    """All at once. Gives numbers until the last is answered."""

    def guess(number: int, visitor: Visitor) -> None:
        email = f"somebody{number}@example.org"
        statuses.append(visitor.send("/staff/sign-in", email=email, password="not the password")[0])

    guessing = [threading.Thread(target=guess, args=each) for each in enumerate(visitors)]
    for each in guessing:
        each.start()
    yield (
        number for number in itertools.takewhile(lambda _: any(each.is_alive() for each in guessing), itertools.count())
    )
    for each in guessing:
        each.join()


def measure(kind: str, house: House) -> None:
    answers, visitors, statuses = Answers(phones(house)), browsers(house), list[int]()
    answers.open()
    answers.save_while(iter(range(20)))
    quiet = answers.save_while(iter(range(200)))
    begun = time.monotonic()
    with trying(visitors, statuses) as more:
        beside = answers.save_while(more)
    seconds = time.monotonic() - begun
    if len(statuses) != TRIES:
        raise RuntimeError(f"only {len(statuses)} of {TRIES} tries were answered")
    before, during = percentile(quiet, 0.95), percentile(beside, 0.95)
    reached = not answers.refused and during <= MOST_TIMES * before
    print(
        f"{kind:10} {TRIES} passwords in {seconds:.1f} s ({statuses.count(400)} looked at, {statuses.count(503)} told "
        f"to wait): answers quiet p95 {before:.1f} ms (n {len(quiet)}), beside them {during:.1f} ms (n {len(beside)}), "
        f"{during / before:.1f} x, refused {answers.refused}  {'reached' if reached else 'MISSED'} "
        f"(at most {MOST_TIMES:.0f} x, 0 refused)",
        flush=True,
    )


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        running_house(Path(folder) / "house", media=False, other={"PROXIES": "1"}) as house,
    ):
        measure("SQLite", house)
    with tempfile.TemporaryDirectory() as folder, running_postgresql(Path(folder)) as url:
        other = {"PROXIES": "1", "DATABASE_URL": url}
        with running_house(Path(folder) / "house", media=False, other=other) as house:
            measure("PostgreSQL", house)


if __name__ == "__main__":
    main()
