"""The collector of Python's memory while tests are collected and run: every look at all ten thousand costs seconds."""

import gc

import pytest

from backtolife.processes.memory import settle_memory


def pytest_collection(session: pytest.Session) -> None:
    """Nothing that is collected is thrown away."""
    del session
    gc.disable()


def pytest_collection_finish(session: pytest.Session) -> None:
    """The tests stay to the end, as what start-up makes does in the product: the collector need not look at them."""
    del session
    gc.enable()
    settle_memory()
