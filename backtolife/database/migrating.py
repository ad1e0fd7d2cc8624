"""Bring a database to the newest shape, or say whether it has it."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from backtolife.config import ROOT
from backtolife.database import leftovers
from backtolife.errors import Conflict


def alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return config


def migrate(engine: Engine) -> None:
    """Run every migration that is missing, in one transaction. Raises RuntimeError where a row would point nowhere,
    and Conflict where the database belongs to a newer version of the program.

    SQLite changes a table by making it anew. While the old one goes, rows that point into it must not be looked at;
    they are looked at once, at the end. What rows held before is cleared out of its file then, or later where somebody
    has it open: `leftovers.are_left` tells.
    """
    with engine.execution_options(rebuilds_tables=True).begin() as connection:
        refuse_newer(connection)
        before = revision_of(connection)
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        refuse_dangling(connection)
        if before not in ("", newest_revision()):
            leftovers.leave(connection)
    leftovers.clear(engine)


def refuse_newer(connection: Connection) -> None:
    """An older program must not touch what it does not know."""
    revision = revision_of(connection)
    if not knows(revision):
        raise Conflict(
            f"The database has the schema {revision} of a newer version, which this one does not know. Nothing was "
            "changed. Install the newer version again, or bring back a backup from before it."
        )


def refuse_dangling(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    tables = {str(row[0]) for row in connection.exec_driver_sql("PRAGMA foreign_key_check")}
    if tables:
        named = ", ".join(sorted(tables))
        raise RuntimeError(f"Nothing was changed: rows of {named} point to rows that are not there.")


def check(engine: Engine) -> None:
    """Raise alembic's CommandError when the models say something that no migration does."""
    with engine.begin() as connection:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.check(config)


def revision_of(connection: Connection) -> str:
    """The schema that the database has; empty where it has none."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def knows(revision: str) -> bool:
    """Whether this program has that schema among its own, or an older one than every schema."""
    if not revision:
        return True
    return any(each.revision == revision for each in ScriptDirectory.from_config(alembic_config()).walk_revisions())


def newest_revision() -> str:
    """The schema that this program needs."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head() or ""
