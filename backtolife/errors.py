"""The ways a request can be refused. Each message is written for the person who reads it."""

from collections.abc import Iterable


class BacktolifeError(Exception):
    """Base of every error this product raises on purpose.

    `message` says in plain words what happened and what to do next; it is shown to people as it stands.
    """

    status = 500

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why, each for a line of its own."""
        return (self.message,)


class Invalid(BacktolifeError):
    """What was given cannot be used. `field` names the input it belongs to, if there is one."""

    status = 400

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class NotFound(BacktolifeError):
    """There is no such thing, or it belongs to someone else: the two look alike on purpose."""

    status = 404


class NotPermitted(BacktolifeError):
    """This person may not do this."""

    status = 403


class Conflict(BacktolifeError):
    """It could be done in general, but not now: full, over, taken, or changed by someone else meanwhile. `field` names
    the input that it is about, if it is about one.
    """

    status = 409

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class Clashes(Conflict):
    """It cannot be, for each of these reasons: all are shown, a line each: nobody meets them one by one."""

    def __init__(self, reasons: Iterable[str], field: str | None = None) -> None:
        self.each = tuple(reasons)
        super().__init__(" ".join(self.each), field)

    @property
    def reasons(self) -> tuple[str, ...]:
        return self.each
