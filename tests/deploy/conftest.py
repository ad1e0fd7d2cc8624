"""A database with every table."""

from tests.keeping.conftest import migrated_sqlite

__all__ = ["migrated_sqlite"]
