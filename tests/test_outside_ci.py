"""What runs outside CI takes names from what runs in it: a name that moved is noticed here, not during a soak."""

import importlib
from pathlib import Path

import pytest

HERE = Path(__file__).parent
MODULES = [
    ".".join(("tests", *path.relative_to(HERE).with_suffix("").parts))
    for folder in ("soak", "interop")
    for path in sorted((HERE / folder).rglob("test_*.py"))
]


@pytest.mark.parametrize("name", MODULES)
def test_it_still_finds_what_it_takes_from_elsewhere(name: str) -> None:
    assert any(found.startswith("test_") for found in vars(importlib.import_module(name)))
