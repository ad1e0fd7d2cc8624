"""Twelve and sixteen people all-to-all, on our engine with both loops and on Janus, in one run.

`python -m benchmarks.media.all_to_all`. `PEOPLE=12,16 SECONDS=10` change it. Ratios are what counts.
"""

import asyncio
import os

from benchmarks.media import janus
from benchmarks.media.load import Figures, all_to_all
from tests.media_engine import running_engine

SECONDS = float(os.environ.get("SECONDS", "10"))
PEOPLE = [int(people) for people in os.environ.get("PEOPLE", "12,16").split(",")]


def ours(people: int, loop: str) -> Figures:
    with running_engine(loop=loop, cpu_limit=1.0) as engine:
        return asyncio.run(all_to_all(engine, people, seconds=SECONDS))


def theirs(people: int) -> Figures:
    with janus.running_janus() as (pid, url):
        return asyncio.run(janus.all_to_all(pid, url, people, seconds=SECONDS))


def main() -> None:
    for people in PEOPLE:
        measured = {f"engine, {loop} loop": ours(people, loop) for loop in ("python", "compiled")}
        if janus.available():
            measured["Janus"] = theirs(people)
        reference = measured.get("Janus")
        for name, figures in measured.items():
            ratio = f"  {figures.microseconds / reference.microseconds:.2f} x Janus" if reference else ""
            print(f"{name:22} {figures.line()}{ratio}", flush=True)
        if reference is None:
            print("Janus is not installed: nothing to compare with.")


if __name__ == "__main__":
    main()
