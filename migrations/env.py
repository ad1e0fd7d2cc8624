"""Run migrations on the database that the settings name."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from backtolife import rooms  # noqa: F401 - every table is known once the rooms are
from backtolife.config import from_environment
from backtolife.database.session import UTCDateTime, metadata, open_engine


def name_own_types(kind: str, item: object, autogen: AutogenContext) -> str | Literal[False]:
    """Our UTC column is written by its name; False leaves everything else to alembic."""
    del autogen
    return "backtolife.database.session.UTCDateTime()" if kind == "type" and isinstance(item, UTCDateTime) else False


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=name_own_types,
        include_name=context.config.attributes.get("include_name"),
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = open_engine(from_environment().database_url)
    with engine.execution_options(rebuilds_tables=True).connect() as own:
        run(own)
        own.commit()
    engine.dispose()
