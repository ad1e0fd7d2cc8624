"""Switch off the control of each hazard, one after the other, and see that its test fails; and passes with it on.

python -m tools.switch_off            every hazard
python -m tools.switch_off H-04 H-11  these

`python -m tools.kept_results switched-off` keeps what it said in docs/safety/results. It works on a copy of the tree.
A test that breaks in another way than it fails shows nothing.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from backtolife.config import ROOT
from tools.assurance.hazards import Hazard, read_hazards
from tools.assurance.outcome import TOLD_IN
from tools.places import ours

BREAKS = frozenset({"SyntaxError", "IndentationError", "ImportError", "NameError", "UnboundLocalError", "TypeError"})
"""How a test ends whose code does not run: that says nothing about the control."""
BUILT = (Path("static") / "vendor",)
"""What is in no repository, and pages need."""
LONGEST = 110


@dataclass(frozen=True)
class Outcome:
    """What became of one test; `kind` and `words` of its failure, if any."""

    test: str
    phase: str
    outcome: str
    kind: str
    words: str


def lay_copy(folder: Path) -> None:
    for path in ours():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, target)
    for path in BUILT:
        if (ROOT / path).exists():
            (folder / path).symlink_to(ROOT / path)


def run(folder: Path, tests: Sequence[str]) -> list[Outcome]:
    """Run these tests in the copy. PostgreSQL's half proves the same rule at ten times the cost."""
    told = folder / "outcomes.jsonl"
    told.unlink(missing_ok=True)
    environment = {**os.environ, TOLD_IN: str(told), "PYTHONPATH": str(folder)}
    command = [sys.executable, "-m", "pytest", "-p", "tools.assurance.outcome", "-n", "0", "-m", "not postgresql"]
    done = subprocess.run([*command, *tests], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if not told.exists():
        raise SystemExit(f"Nothing ran:\n{done.stdout}{done.stderr}")
    return [Outcome(**json.loads(line)) for line in told.read_text(encoding="utf-8").splitlines()]


def of(test: str, found: Sequence[Outcome]) -> list[Outcome]:
    return [each for each in found if each.test.partition("[")[0] == test]


def switched_off(folder: Path, hazard: Hazard) -> list[Outcome]:
    """What became of the hazard's test without its control."""
    path = folder / hazard.switch.file
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole.replace(hazard.switch.line, hazard.switch.becomes), encoding="utf-8")
    try:
        return run(folder, [hazard.test])
    finally:
        path.write_text(whole, encoding="utf-8")


def judged(hazard: Hazard, on: Sequence[Outcome], off: Sequence[Outcome]) -> tuple[bool, str]:
    """Whether the test shows the control, and the lines that say so."""
    passes = bool(on) and all(each.outcome == "passed" for each in on)
    failed = [each for each in off if each.outcome == "failed"]
    broken = [each for each in failed if each.phase == "setup" or each.kind in BREAKS]
    shows = [each for each in failed if each.phase == "call" and each.kind not in BREAKS]
    good = passes and bool(shows) and not broken
    why = next((f"{each.kind}: {each.words}" for each in shows or failed), "nothing failed")
    lines = (
        f"{hazard.id} {hazard.hazard}",
        f"  {hazard.test}",
        f"  on:  {'passes' if passes else 'DOES NOT PASS'} ({len(on)})",
        f"  off: {'fails' if good else 'DOES NOT FAIL AS IT SHOULD'} ({len(failed)} of {len(off)}): {short(why)}",
    )
    return good, "\n".join(lines)


def short(words: str) -> str:
    """One line without places of this machine."""
    plain = re.sub(r"(?<![\w<])/[\w./-]{3,}", "…", " ".join(words.split()))
    return plain if len(plain) <= LONGEST else f"{plain[:LONGEST]}…"


def main(arguments: list[str]) -> int:
    hazards = [each for each in read_hazards() if not arguments or each.id in arguments]
    all_good = bool(hazards)
    with tempfile.TemporaryDirectory(prefix="switched-off-") as name:
        folder = Path(name)
        lay_copy(folder)
        on = run(folder, sorted({each.test for each in hazards}))
        for each in hazards:
            good, words = judged(each, of(each.test, on), of(each.test, switched_off(folder, each)))
            all_good = all_good and good
            print(words, "", sep="\n", flush=True)
    return 0 if all_good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
