"""What was kept of a form stands in it again, also in a browser that runs no script of ours.

Only words that came from a page without a script are put back here. For the others the page's own script asks, and
lets the person choose where the page says something else by now.
"""

import json
from contextlib import suppress

from flask import render_template, request, session
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from backtolife.people.drafts import services as drafts
from backtolife.people.drafts.form_filling import Words, filled
from backtolife.people.drafts.models import Draft
from backtolife.people.models import Service
from backtolife.people.request import actor_or_none, now, reading_db
from backtolife.text.dates_in_words import when

WAITING = "words_waiting"
"""In the cookie of a browser whose person has such words: no other page has to ask the database."""


def look_out(waiting: bool) -> None:
    """From now on look on every page for the forms whose words wait, if there are any."""
    if waiting:
        session[WAITING] = True


def into(response: Response) -> None:
    """Put the words that wait into the forms of the page that is about to leave."""
    actor = actor_or_none()
    if request.method != "GET" or response.status_code != 200 or response.mimetype != "text/html":
        return
    if actor is None or actor.limited or WAITING not in session:
        return
    with suppress(SQLAlchemyError), reading_db() as db:
        waiting = drafts.without_script(db, person_id=actor.id)
        if not waiting:
            session.pop(WAITING)
            return
        service = db.get_one(Service, actor.service_id)
        given = {each.address: Words(json.loads(each.fields), note(each, service.zone)) for each in waiting}
        response.set_data(filled(response.get_data(as_text=True), given, here=request.path))


def note(draft: Draft, zone: str) -> str:
    return render_template("components/put_back.jinja", draft=draft, when=when(draft.updated_at, zone, now()))
