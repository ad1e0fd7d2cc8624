"""A database into which rows can be put by their columns alone."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from backtolife.database.session import metadata


@pytest.fixture
def loose(engine: Engine) -> Iterator[Session]:
    """A database that looks at no foreign key and no CHECK: rows are made by their columns alone."""
    with Session(engine, expire_on_commit=False) as db:
        if engine.dialect.name == "postgresql":
            for table in metadata.tables.values():
                for check in table.constraints:
                    if check.name and type(check).__name__ == "CheckConstraint":
                        db.connection().execute(
                            text(f'ALTER TABLE "{table.name}" DROP CONSTRAINT IF EXISTS "{check.name}"')
                        )
            db.connection().execute(text("SET session_replication_role = replica"))
        else:
            db.connection().execute(text("PRAGMA ignore_check_constraints = ON"))
            db.connection().execute(text("PRAGMA defer_foreign_keys = ON"))
        yield db
        db.rollback()
