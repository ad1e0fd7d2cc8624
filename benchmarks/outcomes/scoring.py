"""Forms scored in a second by one process, answers read and checked each time. Reach: 50 000.

`python -m benchmarks.outcomes.scoring`. `SECONDS=2` changes how long each questionnaire is scored.
"""

import os
import random
import time

from backtolife.outcomes.catalogue.instrument import Instrument, Item
from backtolife.outcomes.catalogue.shipped import shipped_instruments
from backtolife.outcomes.scoring.responses_in import Answer
from backtolife.outcomes.scoring.score import score

SECONDS = float(os.environ.get("SECONDS", "1"))
REACH = 50_000
BATTERY = ("rmdq-24", "semcd-6", "phq-9", "gad-7", "fft", "work-status", "pgic", "peg-3", "phq-4")
DIFFERENT = 500


def answer_to(item: Item, chance: random.Random) -> Answer:
    """Any answer the item allows."""
    if item.kind == "choice":
        return chance.choice(item.choices)
    if item.kind == "number":
        return round(chance.uniform(item.minimum or 0, 100 if item.maximum is None else item.maximum), 1)
    return chance.choice(sorted(item.points))


def forms_of(instrument: Instrument, chance: random.Random) -> list[dict[str, object]]:
    """Whole forms of random answers."""
    return [{"items": [answer_to(item, chance) for item in instrument.items]} for _ in range(DIFFERENT)]


def measured(pairs: list[tuple[Instrument, dict[str, object]]]) -> float:
    """Forms in a second, over SECONDS of processor time."""
    began, scored = time.process_time(), 0
    while (spent := time.process_time() - began) < SECONDS:
        for instrument, form in pairs:
            score(instrument, form)
        scored += len(pairs)
    return scored / spent


def main() -> None:
    chance = random.Random(1)
    every: list[tuple[Instrument, dict[str, object]]] = []
    for instrument in shipped_instruments():
        if instrument.id in BATTERY:
            pairs = [(instrument, form) for form in forms_of(instrument, chance)]
            every += pairs
            print(f"{instrument.id:12} {len(instrument.items):3} items {measured(pairs):10,.0f} forms/s", flush=True)
    chance.shuffle(every)
    found = measured(every)
    print(f"{'the battery':12}           {found:10,.0f} forms/s  {found / REACH:.2f} of the reach", flush=True)


if __name__ == "__main__":
    main()
