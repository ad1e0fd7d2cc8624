"""The long runs as people read them: what each must reach and what it did, from the texts in docs/safety/results."""

from pathlib import Path

from backtolife.config import ROOT
from tools.kept_results.runs import RUNS

FOLDER = ROOT / "docs" / "safety" / "results"


def told(path: Path) -> dict[str, str]:
    """The lines of a text's head, by the word they begin with."""
    head = path.read_text(encoding="utf-8").split("\n\n")[1]
    return {name: words.strip() for name, _, words in (line.partition(":") for line in head.splitlines())}


def table() -> str:
    """One row a run. One that was never kept says so."""
    rows = ["| run | must reach | what came of it | when | at |", "|---|---|---|---|---|"]
    for run in RUNS:
        path = FOLDER / f"{run.name}.txt"
        if path.exists():
            head = told(path)
            link = f"[{run.title}](results/{path.name})"
            rows.append(f"| {link} | {run.reach} | {head['Result']} | {head['Run']} | {head['Commit']} |")
        else:
            rows.append(f"| {run.title} | {run.reach} | **not kept yet** | | |")
    return "\n".join([*rows, ""])


def strangers() -> list[str]:
    """Texts that no run writes."""
    names = {f"{run.name}.txt" for run in RUNS}
    return sorted(path.name for path in FOLDER.glob("*") if path.name not in names)
