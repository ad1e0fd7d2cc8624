"""A million answers written as CSV beside the sqlite3 shell's dump of the same rows, and each file's need of memory.

`python -m benchmarks.outcomes.export`. `ANSWERS=100000` makes a smaller service, `FILES=long,wide` writes only those.
The programme is read before, as in a server that is up. Reach: half the shell's speed; at most 150 MB, and no more for
a million answers than for a thousand.
"""

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ANSWERS = int(os.environ.get("ANSWERS", "1000000"))
FEW = 1000
FILES = os.environ.get("FILES", "long,wide,xlsx,spss,stata,datapackage,redcap,fhir").split(",")
SHELL = """
SELECT e.code, c.name, r.milestone_id, r.instrument, 'answer', a.item, a.value, a.words, a.answered_at, '', '', '', '',
  r.opened_at, r.started_at, r.completed_at, r.mode, d.version, d.instrument_hash, d.wording, d.wording_version,
  d.wording_hash, d.in_house
FROM cohort c JOIN enrolment e ON e.cohort_id = c.id JOIN instrument_response r ON r.enrolment_id = e.id
  JOIN answer a ON a.response_id = r.id JOIN adopted_instrument d ON d.id = r.adopted_id
"""


def write_here(database: str, service_id: str, file: str, out: str) -> None:
    """Write one file in this process, and print its seconds, its bytes and this process's most memory in MB."""
    from backtolife import rooms  # noqa: F401, PLC0415 - every table is known once the rooms are
    from backtolife.database.session import open_engine  # noqa: PLC0415
    from backtolife.programme.plan.loading import shipped  # noqa: PLC0415
    from backtolife.reporting.export.export import Export, written  # noqa: PLC0415
    from backtolife.reporting.export.registry import KINDS, File  # noqa: PLC0415
    from benchmarks.outcomes.filled import NOW  # noqa: PLC0415

    shipped()
    export = Export(KINDS[File(file)], file, service_id, NOW)
    began, size = time.process_time(), 0
    with Path(out).open("wb") as stream:
        for piece in written(open_engine(f"sqlite:///{database}"), export):
            size += stream.write(piece)
    spent = time.process_time() - began
    print(spent, size, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def measured(database: Path, service_id: str, file: str, out: Path) -> tuple[float, float, float]:
    """Seconds of processor time, megabytes written, most memory in MB, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.outcomes.export", str(database), service_id, file, str(out)]
    seconds, size, memory = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(seconds), float(size) / 1e6, float(memory)


def shell(database: Path, query: str, out: Path) -> tuple[float, float]:
    """Seconds of processor time and megabytes of the sqlite3 shell's own CSV."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with out.open("wb") as stream:
        subprocess.run(["sqlite3", "-readonly", "-csv", "-header", str(database), query], check=True, stdout=stream)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent, out.stat().st_size / 1e6


def main() -> None:
    from backtolife import rooms  # noqa: F401, PLC0415
    from benchmarks.outcomes.filled import fill  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        place, out = Path(folder), Path(folder) / "out"
        small, large = place / "small.db", place / "large.db"
        few, many = (fill(path, count, random.Random(1)) for path, count in ((small, FEW), (large, ANSWERS)))
        same, same_size = shell(large, SHELL, out)
        bare, bare_size = shell(large, "SELECT * FROM answer", out)
        print(f"sqlite3 shell, the same rows   {same:6.1f} s {same_size:6.0f} MB {ANSWERS / same:9,.0f} answers/s")
        print(f"sqlite3 shell, table alone     {bare:6.1f} s {bare_size:6.0f} MB {ANSWERS / bare:9,.0f} answers/s")
        for file in FILES:
            _, _, base = measured(small, few, file, out)
            spent, size, memory = measured(large, many, file, out)
            line = (
                f"{file:12} {spent:6.1f} s {size:6.0f} MB  memory {base:4.0f} MB for {FEW:,}, {memory:4.0f} MB for all"
            )
            if file == "long":
                line += f"  {same / spent:.2f} of the shell by rows, {size / spent / (same_size / same):.2f} by bytes"
            print(line, flush=True)


if __name__ == "__main__":
    write_here(*sys.argv[1:]) if len(sys.argv) > 1 else main()
