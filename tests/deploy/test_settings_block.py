"""The block of docs/operating.md that makes keys, pasted a second time, leaves those that are in use as they are."""

import re
import subprocess
from pathlib import Path

from backtolife.config import ROOT

BLOCK = re.compile(r"^```sh\n(umask 077\n.*?)^```", re.MULTILINE | re.DOTALL)


def test_keys_that_are_in_use_are_never_written_over(tmp_path: Path) -> None:
    found = BLOCK.search((ROOT / "docs" / "operating.md").read_text(encoding="utf-8"))
    assert found is not None
    block = found[1].replace("/opt/backtolife/server/bin/backtolife", "echo age1").replace("/etc/", f"{tmp_path}/")
    settings = tmp_path / "backtolife" / "settings.env"
    subprocess.run(["bash", "-c", block], cwd=tmp_path, check=True, capture_output=True)
    first = settings.read_text()
    assert "DATA_KEY=" in first
    again = subprocess.run(["bash", "-c", block], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (settings.read_text(), "cannot overwrite" in again.stderr) == (first, True)
