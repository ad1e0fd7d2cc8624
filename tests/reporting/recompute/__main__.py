"""Work every figure of the results page out again from the files a service can take away.

A script of its own: it knows the files and the questionnaires' published sizes of change, and nothing of the product.
`python -m tests.reporting.recompute WIDE.csv PEOPLE.csv` prints the figures as JSON; with `FACE-TO-FACE.csv MARGIN`
after these also those beside the service's own face-to-face results.
"""

import csv
import json
import sys
from dataclasses import asdict
from pathlib import Path

from tests.reporting.recompute.dataset.rows import Row
from tests.reporting.recompute.figures import everything


def read(path: str) -> list[Row]:
    with Path(path).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    wide, people, *more = sys.argv[1:]
    clinic, margin = (read(more[0]), float(more[1])) if more else (None, 0.0)
    json.dump(asdict(everything(read(wide), read(people), clinic, margin)), sys.stdout, indent=2, ensure_ascii=False)
