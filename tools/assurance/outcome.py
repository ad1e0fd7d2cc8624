"""A plugin of pytest that writes down what became of each test, and of what kind its failure was."""

import json
import os
from collections.abc import Generator
from pathlib import Path

import pytest

TOLD_IN = "SWITCH_OFF_OUTCOMES"
"""The variable that says into which file."""
FIGURES_TOLD_IN = "FIGURES_TOLD_IN"
"""The same for what tests measure and count: `tests.support.figures` writes there, one line of JSON a figure."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call" or report.outcome != "passed":
        kind, words = "", ""
        if call.excinfo is not None:
            kind, words = call.excinfo.typename, (str(call.excinfo.value).strip().splitlines() or [""])[0]
        line = {"test": item.nodeid, "phase": report.when, "outcome": report.outcome, "kind": kind, "words": words}
        with Path(os.environ[TOLD_IN]).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
    return report
