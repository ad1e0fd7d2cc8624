"""The long runs as people read them: what each must reach and what it did, from the texts in docs/safety/results."""

from pathlib import Path

from backtolife.config import ROOT
from tools.kept_results.runs import RUNS

HEAD = ("Reach", "Result", "Run", "Commit", "Machine", "Command")
FOLDER = ROOT / "docs" / "safety" / "results"


def told(path: Path) -> dict[str, str]:
    """The lines of a text's head, by the word they begin with."""
    head = path.read_text(encoding="utf-8").split("\n\n")[1:2]
    return {
        name: words.strip() for line in head for name, _, words in (each.partition(":") for each in line.splitlines())
    }


def table() -> str:
    """One row a run. One that was never kept says so."""
    rows = ["| run | must reach | what came of it | when | at |", "|---|---|---|---|---|"]
    for run in RUNS:
        path = FOLDER / run.text
        if path.exists():
            head = told(path)
            link = f"[{run.title}](results/{run.text})"
            rows.append(f"| {link} | {run.reach} | {head['Result']} | {head['Run']} | {head['Commit']} |")
        else:
            rows.append(f"| {run.title} | {run.reach} | **not kept yet** | | |")
    return "\n".join([*rows, ""])


def faults() -> list[str]:
    """Texts that no run writes, or that do not say what a run says of itself."""
    texts = {run.text for run in RUNS}
    found = []
    for path in sorted(each for each in FOLDER.rglob("*") if each.is_file()):
        name = path.relative_to(FOLDER).as_posix()
        if name not in texts:
            found.append(f"docs/safety/results/{name} is of no run in tools/kept_results/runs.py.")
        elif any(not told(path).get(line) for line in HEAD):
            found.append(f"docs/safety/results/{name} lacks one of {', '.join(HEAD)}. Run it again.")
    return found
