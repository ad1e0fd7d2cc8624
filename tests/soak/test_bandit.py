"""bandit finds nothing in what we ship, but for lines that say why they are as they are."""

import json
import re
import subprocess
import sys
from pathlib import Path

from backtolife.config import ROOT
from tests.support.figures import figure

AS_RUFF_IS_TOLD = frozenset({"B404", "B603"})
"""We start our own programs, with lists, never through a shell: pyproject.toml leaves the same out of ruff."""
NOT_WHAT_IT_SEEMS = {
    ("backtolife/data_life/erased.py", "B105"): "an empty hash: whoever is erased signs in no more",
    ("backtolife/demo/cast.py", "B105"): "the demo's password, printed for everybody",
    ("backtolife/demo/simulated/rows.py", "B106"): "an empty hash: nobody signs in as somebody made up",
    ("backtolife/outcomes/fhir/mapping.py", "B610"): "a function of ours called extra, and no query",
    ("backtolife/people/models.py", "B105"): "the name of a purpose",
    ("backtolife/reporting/api/client_views.py", "B107"): "a page without a new token to show",
    ("backtolife/people/second_step/app_codes.py", "B106"): "sealed in the next line",
    ("backtolife/sessions/media/tracks/egress.py", "B311"): "numbers of streams, told to everybody in the room",
    ("backtolife/sessions/media/tracks/peer.py", "B311"): "numbers of streams, told to everybody in the room",
    ("backtolife/sessions/media/settings.py", "B104"): "the address is compared with, and not listened on",
}
"""By file and finding: why it is none."""


def test_bandit_finds_nothing() -> None:
    asks = [
        sys.executable,
        "-m",
        "bandit",
        "--quiet",
        "--recursive",
        "--format",
        "json",
        "backtolife",
        "tools",
        "migrations",
    ]
    told = subprocess.run(asks, cwd=ROOT, capture_output=True, text=True, check=False)
    found = json.loads(told.stdout)
    assert found["errors"] == []
    left = [each for each in found["results"] if each["test_id"] not in AS_RUFF_IS_TOLD and not explained(each)]
    loc, count = found["metrics"]["_totals"]["loc"], len(found["results"])
    figure(f"{loc} lines read, {count} findings, {count - len(left)} with a reason, {len(left)} without")
    assert [f"{each['filename']}:{each['line_number']} {each['issue_text']}" for each in left] == []


def explained(finding: dict[str, str]) -> bool:
    """ruff checks the same by the same numbers: where a line tells it why not, that counts here too."""
    if (finding["filename"], finding["test_id"]) in NOT_WHAT_IT_SEEMS:
        return True
    lines = (ROOT / Path(finding["filename"])).read_text(encoding="utf-8").splitlines()
    about = "\n".join(lines[number - 1] for number in finding["line_range"])
    return re.search(rf"noqa:[^\n]*\bS{finding['test_id'][1:]}\b", about) is not None
