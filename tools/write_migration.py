"""Write a migration for what the models say and no migration does yet.

python -m tools.write_migration "Add the thing"
"""

import sys
import tempfile

from alembic import command

from backtolife import rooms
from backtolife.database.migrating import alembic_config, migrate
from backtolife.database.session import open_engine


def main(message: str) -> None:
    assert rooms.BLUEPRINTS  # noqa: S101 - importing the rooms makes every table known
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{folder}/new.db")
        migrate(engine)
        with engine.begin() as connection:
            config = alembic_config()
            config.set_main_option("file_template", "%%(year)d_%%(month).2d_%%(day).2d_%%(slug)s")
            config.attributes["connection"] = connection
            command.revision(config, message=message, autogenerate=True)
        engine.dispose()


if __name__ == "__main__":
    main(sys.argv[1])
