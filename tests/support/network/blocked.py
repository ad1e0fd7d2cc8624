"""Whether browsers blocked anything while a house ran: then one of our pages does what its own rules forbid."""

from flask import Flask
from sqlmodel import Session, select

from backtolife.web.blocked.models import BlockedCount


def refuse_blocked(app: Flask) -> None:
    """Raises AssertionError, naming the rule and the kind of page, when a browser told of something."""
    with Session(app.extensions["backtolife.engine"]) as db:
        told = [f"{row.times} × {row.directive} ({row.kind}) on {row.page}" for row in db.exec(select(BlockedCount))]
    if told:
        raise AssertionError(f"A browser blocked something: {'; '.join(told)}")
