"""One run, and the text that is kept of it."""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from backtolife.config import ROOT
from tools.assurance.outcome import FIGURES_TOLD_IN, TOLD_IN
from tools.kept_results.runs import Run

RESULTS = ROOT / "docs" / "safety" / "results"
LONGEST_SECONDS = "7200"
PLACE = re.compile(r"(?:/tmp|/var|/home|/root|/work|/usr|/opt)/[\w./-]*")
"""A path of this machine."""


def uncommitted() -> list[str]:
    """What is changed and not committed, results aside."""
    own = ":!" + RESULTS.relative_to(ROOT).as_posix()
    changed = git("diff", "--name-only", "HEAD", "--", ".", own, f"{own}.md").splitlines()
    return changed + git("ls-files", "--others", "--exclude-standard", "--", ".", own, f"{own}.md").splitlines()


def git(*words: str) -> str:
    command = ["git", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def commit() -> str:
    """Which commit of main, and which folders changed since: a commit of a branch is gone once it has landed."""
    try:
        base = git("merge-base", "HEAD", "main")
    except subprocess.CalledProcessError:  # a copy that has no main
        return git("rev-parse", "--short=10", "HEAD")
    changed = sorted({path.partition("/")[0] for path in git("diff", "--name-only", base, "HEAD").splitlines()})
    return f"{base[:10]}{', and what a branch changed in ' + ', '.join(changed) if changed else ''}"


def machine() -> str:
    """What it ran on, without its name."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    python = ".".join(str(part) for part in sys.version_info[:3])
    return f"{os.cpu_count()} cores, {memory:.0f} GiB of memory, Python {python}"


def kept_at(run: Run) -> tuple[bool, str]:
    """Do it. Whether it did all that it must, and the words to keep."""
    at, load, begun = commit(), os.getloadavg()[0], datetime.now(UTC)
    good, result, lines = of_tests(run) if run.tests else of_module(run)
    minutes = (datetime.now(UTC) - begun).total_seconds() / 60
    how = f"-m pytest {' '.join(run.tests)}" if run.tests else f"-m {run.module}"
    head = [
        run.title,
        "",
        f"Reach:   {run.reach}",
        f"Result:  {result}",
        f"Run:     {begun:%Y-%m-%d %H:%M} UTC, {minutes:.1f} minutes",
        f"Commit:  {at}",
        f"Machine: {machine()}; load {load:.1f} before it began",
        f"Command: {without_places(f'python {how}')}",
        "",
    ]
    return good, "\n".join([*head, *(without_places(line) for line in lines)]).rstrip() + "\n"


def without_places(line: str) -> str:
    return PLACE.sub("…", line.rstrip())


def of_tests(run: Run) -> tuple[bool, str, list[str]]:
    with tempfile.TemporaryDirectory(prefix="kept-") as name:
        outcomes, figures = Path(name) / "outcomes.jsonl", Path(name) / "figures.jsonl"
        environment = {**os.environ, TOLD_IN: str(outcomes), FIGURES_TOLD_IN: str(figures)}
        command = [sys.executable, "-m", "pytest", "-p", "tools.assurance.outcome", "-n", "0"]
        command += ["--timeout", LONGEST_SECONDS, *run.tests]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        sys.stdout.write(done.stdout)
        ends, told = read(outcomes), read(figures)
    counted = Counter(each["outcome"] for each in ends)
    result = ", ".join(f"{count} {what}" for what, count in sorted(counted.items())) or "nothing ran"
    good = done.returncode == 0 and set(counted) == {"passed"}
    return (
        good,
        result if good or counted["failed"] else f"{result}, and pytest ended with {done.returncode}",
        [
            *(
                line
                for each in told
                for line in (each["test"], *(f"  {words}" for words in each["figure"].splitlines()), "")
            ),
            *(
                f"{each['outcome']}: {each['test']}: {each['kind']} {each['words']}"
                for each in ends
                if each["outcome"] != "passed"
            ),
            *per_file(ends),
        ],
    )


def read(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def per_file(ends: list[dict[str, str]]) -> list[str]:
    """Every test that ran, one line a file and test, with how many of its cases passed."""
    cases: dict[str, Counter[str]] = {}
    for each in ends:
        cases.setdefault(each["test"].partition("[")[0], Counter())[each["outcome"]] += 1
    return [f"{test}: {', '.join(f'{n} {what}' for what, n in sorted(how.items()))}" for test, how in cases.items()]


def of_module(run: Run) -> tuple[bool, str, list[str]]:
    command = [sys.executable, "-m", run.module]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    missed = len(re.findall(r"\bMISSED\b|\bDOES NOT\b", done.stdout))
    reached = len(re.findall(r"\breached\b|  off: fails", done.stdout))
    good = done.returncode == 0 and not missed and reached > 0
    broke = f", and it ended with {done.returncode}" if done.returncode else ""
    lines = done.stdout.splitlines() + (done.stderr.splitlines()[-5:] if done.returncode else [])
    return good, f"{reached} reached, {missed} missed{broke}", lines
