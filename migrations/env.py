"""Run migrations on the database that the settings name."""

from alembic import context
from sqlalchemy import Connection

from backtolife import rooms  # noqa: F401 - every table is known once the rooms are
from backtolife.config import from_environment
from backtolife.db import metadata, open_engine


def run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = open_engine(from_environment().database_url)
    with engine.connect() as own:
        run(own)
        own.commit()
    engine.dispose()
