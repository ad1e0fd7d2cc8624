"""Four people all-to-all: what the engine costs. `python -m benchmarks.media.four_people`

The reach is 15 % of one core.
"""

import asyncio
import os

from benchmarks.media.measuring.load import all_to_all
from tests.support.media.engine import running_engine

SECONDS = float(os.environ.get("SECONDS", "10"))
REACH = 15.0


def main() -> None:
    for loop in os.environ.get("LOOPS", "python,compiled").split(","):
        with running_engine(loop=loop) as engine:
            figures = asyncio.run(all_to_all(engine, 4, seconds=SECONDS))
        print(f"{loop:9} {figures.line()}\n          {REACH:g} % of a core, nothing lost: {figures.verdict(cpu=REACH)}")


if __name__ == "__main__":
    main()
