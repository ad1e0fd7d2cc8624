"""Migrate an empty SQLite and an empty PostgreSQL, and fail when the models and the migrations differ."""

import sys
import tempfile
from pathlib import Path

from alembic.util.exc import CommandError

from backtolife.database.migrating import check, migrate
from backtolife.database.session import open_engine
from tests.support.postgresql import running_postgresql


def check_on(url: str) -> None:
    engine = open_engine(url)
    try:
        migrate(engine)
        check(engine)
    except CommandError as error:
        sys.exit(f"The models and the migrations differ on {engine.dialect.name}: {error}")
    finally:
        engine.dispose()
    print(f"Models and migrations agree on {url.partition(':')[0]}.")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        check_on(f"sqlite:///{folder}/check.db")
        with running_postgresql(Path(folder)) as url:
            check_on(url)


if __name__ == "__main__":
    main()
