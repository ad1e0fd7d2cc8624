"""Our own videos, as the room asks for them: who keeps them is not the room's business, `rooms` wires it."""

from dataclasses import dataclass
from typing import Protocol

from flask import Flask, Response, current_app

from backtolife.database.session import Db
from backtolife.errors import Conflict

NONE_YET = "There is no video for this session yet. We may still be preparing it: look under Videos."


class ShownFilm(Protocol):
    """A video that can be played now. `duration_ms` is its length, `package_id` names its files."""

    @property
    def package_id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def duration_ms(self) -> int: ...
    @property
    def captions(self) -> bool: ...


class Films(Protocol):
    """Where videos come from."""

    def of_session(self, db: Db, *, service_id: str, number: int) -> ShownFilm | None:
        """The video of a session of the programme; None when there is none that plays."""

    def file(self, package_id: str, name: str) -> Response:
        """One file of a package: a playlist, a segment, captions. Raises NotFound."""


@dataclass(frozen=True)
class NoFilms:
    """What holds until `rooms` has said where videos come from."""

    def of_session(self, db: Db, *, service_id: str, number: int) -> None:
        del db, service_id, number

    def file(self, package_id: str, name: str) -> Response:
        del package_id, name
        raise Conflict(NONE_YET)


def films(app: Flask | None = None) -> Films:
    """Where videos come from in the running application."""
    found: Films = (app or current_app).extensions.get("backtolife.films", NoFilms())
    return found
