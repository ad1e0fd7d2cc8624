"""The site's log is one JSON object a line, gunicorn's own lines too, and nothing that a caller sent is in it."""

import json
import os
import subprocess
import sys
from logging import LogRecord
from pathlib import Path

import pytest

from backtolife.processes.logs import configure_logs
from backtolife.web.worker_log import AsObject
from tests.support.running import free_port


def test_every_line_of_a_site_that_starts_and_ends_is_an_object(tmp_path: Path) -> None:
    told = {"DATA_DIR": str(tmp_path), "PORT": str(free_port()), "BACKTOLIFE_ENV": "development"}
    lines = []
    with subprocess.Popen(
        [sys.executable, "-m", "backtolife.cli", "web"],
        env={**os.environ, **told},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as site:
        assert site.stdout is not None
        for line in site.stdout:
            lines.append(json.loads(line))
            if "Booting worker" in lines[-1].get("words", ""):
                site.terminate()
        assert site.wait(timeout=60) == 0
    words = [each["words"] for each in lines if each["event"] == "gunicorn"]
    assert [each for each in words if told["PORT"] in each]
    assert words[-1].startswith("Shutting down")


def test_of_a_request_that_is_refused_no_word_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    refused = "Invalid request from ip=%s: %s"
    configure_logs()
    AsObject().emit(LogRecord("gunicorn.error", 30, __file__, 1, refused, ("192.0.2.7", "Ann Sample"), None))
    line = capsys.readouterr().out
    assert json.loads(line)["words"] == refused
    assert "Ann" not in line
