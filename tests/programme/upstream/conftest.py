"""The desk at which a service writes its own programme."""

from tests.programme.editing.conftest import desk

__all__ = ["desk"]
