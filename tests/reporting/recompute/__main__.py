"""Work every figure of the results page out again from the files a service can take away.

A script of its own: it knows the files and the questionnaires' published sizes of change, and nothing of the product.
`python -m tests.reporting.recompute WIDE.csv PEOPLE.csv` prints the figures as JSON.
"""

import csv
import json
import sys
from dataclasses import asdict
from pathlib import Path

from tests.reporting.recompute.figures import everything
from tests.reporting.recompute.rows import Row


def read(path: str) -> list[Row]:
    with Path(path).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    json.dump(asdict(everything(read(sys.argv[1]), read(sys.argv[2]))), sys.stdout, indent=2, ensure_ascii=False)
