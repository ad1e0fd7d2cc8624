"""A test's figures: shown with its output, and handed to `tools.kept_results` when that runs it."""

import json
import os
from pathlib import Path

from tools.assurance.outcome import FIGURES_TOLD_IN


def figure(words: str) -> None:
    """Tell what a test measured or counted."""
    print(words)  # noqa: T201 - what a run is made for
    kept = os.environ.get(FIGURES_TOLD_IN)
    if kept:
        test = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0]
        with Path(kept).open("a", encoding="utf-8") as file:
            file.write(json.dumps({"test": test, "figure": words}) + "\n")
