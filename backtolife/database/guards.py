"""What stands between the product and every database: words it can keep go in, and none come out in an error."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import ExceptionContext

from backtolife.text.characters import refuse_unkeepable

POSTGRESQL = "postgresql"


def guard(engine: Engine) -> None:
    """Hang both guards into `engine`."""
    event.listen(engine, "before_cursor_execute", refuse_words)
    event.listen(engine, "handle_error", hide_words)


def refuse_words(  # noqa: PLR0917 - SQLAlchemy gives them so
    connection: Connection, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool
) -> None:
    """Refuse a statement that carries a character no database keeps. SQLite would take what PostgreSQL does not."""
    del connection, cursor, statement, context
    for row in parameters if executemany else (parameters,):
        values = row.values() if isinstance(row, Mapping) else row
        refuse_unkeepable(*(value for value in values if isinstance(value, str)))


def hide_words(context: ExceptionContext) -> None:
    """PostgreSQL quotes in its errors what people wrote (`Key (email)=(…)`). Say only what kind of error it is."""
    found: Any = context.original_exception
    if context.dialect.name != POSTGRESQL or not hasattr(found, "diag"):
        return
    stood = context.connection is not None  # one that never did speaks of the server, a name or a password
    kind = kind_of(found) if stood else str(found).partition("\n")[0]
    found.args = (kind, *found.args[1:])
    if context.sqlalchemy_exception is not None:
        context.sqlalchemy_exception.args = (f"({type(found).__name__}) {kind}",)


def kind_of(found: Any) -> str:
    """The name and the code of an error, and what in the schema it is about."""
    where = (found.diag.table_name, found.diag.column_name, found.diag.constraint_name)
    return " ".join([type(found).__name__, found.sqlstate or "", *(part for part in where if part)])
