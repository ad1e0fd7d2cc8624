"""Twelve and sixteen people all-to-all, on our engine with both loops and on its peers, in one run.

`python -m benchmarks.media.all_to_all`. `PEOPLE=12,16 SECONDS=10` change it. Ratios are what counts. Peers that are not
here are named.
"""

import asyncio
import os

from benchmarks.media.measuring.figures import Figures
from benchmarks.media.measuring.load import all_to_all
from benchmarks.media.servers import janus, peers
from tests.support.media.engine import running_engine

SECONDS = float(os.environ.get("SECONDS", "10"))
PEOPLE = [int(people) for people in os.environ.get("PEOPLE", "12,16").split(",")]
LOOPS = ("python", "compiled")
MOST_CPU = {(12, "python"): 30.0, (12, "compiled"): 20.0, (16, "python"): 45.0, (16, "compiled"): 30.0}
"""Percent of a core."""
MOST_DELAY, MOST_MEMORY = 10.0, 4.0
"""Milliseconds at p99 and MB a person, for twelve."""
MOST_OF_JANUS = {"python": 1.0, "compiled": 0.6}


def ours(people: int, loop: str) -> Figures:
    with running_engine(loop=loop, cpu_limit=1.0) as engine:
        return asyncio.run(all_to_all(engine, people, seconds=SECONDS))


def judged(people: int, loop: str, figures: Figures) -> str:
    """The reach of this row, and whether it was met."""
    cpu = MOST_CPU.get((people, loop), 100.0)
    if people != 12:
        return f"0 lost, ≤ {cpu:g} % of a core: {figures.verdict(cpu=cpu)}"
    verdict = figures.verdict(cpu=cpu, delay=MOST_DELAY, person=MOST_MEMORY)
    return f"0 lost, ≤ {cpu:g} % of a core, p99 ≤ {MOST_DELAY:g} ms, ≤ {MOST_MEMORY:g} MB a person: {verdict}"


def compare(measured: dict[str, Figures], rivals: dict[str, Figures]) -> None:
    """What we cost as a share of what each peer costs, by CPU time a packet."""
    for name, rival in rivals.items():
        print(f"{name:9} {rival.line()}", flush=True)
        for doubt in rival.doubts():
            print(f"          {doubt}")
        for loop, figures in measured.items():
            ratio = figures.microseconds / rival.microseconds
            verdict = ""
            if name == janus.NAME:
                verdict = f" (≤ {MOST_OF_JANUS[loop]}: {'reached' if ratio <= MOST_OF_JANUS[loop] else 'MISSED'})"
            print(f"          {loop} costs {ratio:.2f} × {name}{verdict}", flush=True)


def main() -> None:
    for people in PEOPLE:
        measured = {}
        for loop in LOOPS:
            measured[loop] = figures = ours(people, loop)
            print(f"{loop:9} {figures.line()}\n          {judged(people, loop, figures)}", flush=True)
        compare(measured, peers.measured(people, SECONDS))


if __name__ == "__main__":
    main()
