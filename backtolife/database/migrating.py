"""Bring a database to the newest shape, or say whether it has it."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine

from backtolife.config import ROOT


def alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return config


def migrate(engine: Engine) -> None:
    """Run every migration that is missing, in one transaction. Raises RuntimeError where a row would point nowhere.

    SQLite changes a table by making it anew. While the old one goes, rows that point into it must not be looked at;
    they are looked at once, at the end.
    """
    with engine.execution_options(rebuilds_tables=True).begin() as connection:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        refuse_dangling(connection)


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
