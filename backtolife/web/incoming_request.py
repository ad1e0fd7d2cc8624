"""A request as Flask has it, but for bodies that were made to break their reader."""

from typing import Any

from flask import Request
from werkzeug.exceptions import BadRequest


class IncomingRequest(Request):
    """JSON that is nested thousands deep is no JSON of ours, and a form comes as a form."""

    is_json = False
    """Flask-WTF would read any JSON body as a form, past every check that fields go through. Views that take JSON ask
    for it (`get_json`)."""

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:
        """The body, as Flask gives it; None, or a refusal, for one nested too deep to be read."""
        try:
            return super().get_json(force=force or super().is_json, silent=silent, cache=cache)
        except RecursionError:
            if silent:
                return None
            raise BadRequest from None
