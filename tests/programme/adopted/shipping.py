"""An upgrade: from here on, another version of the programme is shipped."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from backtolife.programme.adopted.services import READ
from backtolife.programme.plan import keeping, loading

CHANGED: Mapping[str, Mapping[str, str]] = {
    "programme.yaml": {
        "version: 1.0.0": "version: 2.0.0",
        "completed_from_sessions: 6": "completed_from_sessions: 4",
        "    label: Half way": "    label: In the middle",
        "title: Your plan until next time": "title: Your plan in the new words",
    },
    "messages.yaml": {
        "title: Reminder, 24 hours before": "title: Reminder, a day before",
        "We look forward to seeing you on {date}": "The new words say {date}",
    },
}


@contextmanager
def upgraded(folder: Path) -> Iterator[None]:
    """Version 2.0.0 is shipped inside the block, to a process that has only just begun."""
    new = folder / "programme"
    shutil.copytree(loading.SHIPPED, new)
    for name, words in CHANGED.items():
        text = (new / name).read_text()
        for old, other in words.items():
            assert text.count(old) >= 1, old
            text = text.replace(old, other)
        (new / name).write_text(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "SHIPPED", new)
        begin_anew()
        yield
    begin_anew()


def begin_anew() -> None:
    """What a new process knows: nothing."""
    READ.clear()
    for each in (loading.shipped, keeping.shipped_files, keeping.shipped_digest):
        each.cache_clear()
