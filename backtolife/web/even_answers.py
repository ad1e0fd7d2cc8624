"""What a view says of itself (`answers_evenly`) is done here, around every request."""

import time

from flask import Flask, Response, current_app, g, request

from backtolife.people.limits.even_time import is_even, left_of_step
from backtolife.people.request import give_up_place, release_db


def add_to(app: Flask) -> None:
    """Hang it into `app` before what commits: of what is hung in last, Flask calls first."""
    app.before_request_funcs.setdefault(None, []).insert(0, begin)
    app.after_request(wait)


def begin() -> None:
    g.began = time.monotonic()


def wait(response: Response) -> Response:
    """Hold no row, no connection and no other page's place meanwhile."""
    if is_even(current_app.view_functions.get(request.endpoint or "")):
        release_db()
        give_up_place()
        time.sleep(left_of_step(time.monotonic() - g.began))
    return response
