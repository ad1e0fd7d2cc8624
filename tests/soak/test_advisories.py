"""What the source of advisories says of everything that we pin, where it is within reach."""

import json
import subprocess
import sys

import pytest

from backtolife.config import ROOT


def test_nothing_that_is_pinned_has_a_known_weakness() -> None:
    asks = [
        sys.executable,
        "-m",
        "pip_audit",
        "--disable-pip",
        "--require-hashes",
        "--format",
        "json",
        "--progress-spinner",
        "off",
    ]
    told = subprocess.run(
        [*asks, "-r", str(ROOT / "requirements" / "production.txt")], capture_output=True, text=True, check=False
    )
    if not told.stdout.strip():
        pytest.skip(f"Advisories are out of reach here: {told.stderr.strip().splitlines()[-1:]}")
    found = json.loads(told.stdout)["dependencies"]
    weak = {each["name"]: [one["id"] for one in each["vulns"]] for each in found if each.get("vulns")}
    assert weak == {}
    if not [each for each in found if "vulns" in each]:
        pytest.skip("Advisories are out of reach here: the index knows none of our packages by that address.")
