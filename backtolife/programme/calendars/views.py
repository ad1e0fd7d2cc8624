"""Your dates in your own calendar: a private address to subscribe to, and the file behind it."""

from typing import cast

from flask import Blueprint, Response, current_app, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from backtolife.people.access import permission
from backtolife.people.permissions import PUBLIC
from backtolife.people.request import actor, db, now, settings
from backtolife.programme.calendars import feeds
from backtolife.programme.calendars.invitations import Sender
from backtolife.programme.cohorts.surroundings import Surroundings
from backtolife.text.catalogues.worded import worded

pages = Blueprint("calendars", __name__, url_prefix="/calendar")


@pages.get("")
@permission("account.details")
def show() -> str:
    return render_template("programme/calendar.jinja", feed=feeds.feed_of(db(), actor=actor()), address="")


@pages.post("")
@permission("account.details")
def make() -> str:
    """Make the address and show it this once: a page that is made again shows it no more."""
    token = feeds.make_feed(db(), actor=actor(), now=now())
    address = settings().public_url + url_for("calendars.fetch", token=token)
    return render_template("programme/calendar.jinja", feed=feeds.feed_of(db(), actor=actor()), address=address)


@pages.post("/stop")
@permission("account.details")
def stop() -> AnyResponse:
    stopped = feeds.stop_feed(db(), actor=actor(), now=now())
    flash(
        worded("Stopped. Nobody can use the address any more.") if stopped else worded("There was no address to stop.")
    )
    return redirect(url_for("calendars.show"))


@pages.get("/<token>.ics")
@permission(PUBLIC, reads=True)
def fetch(token: str) -> Response:
    """The secret is the key: calendars sign in nowhere."""
    around = cast(Surroundings, current_app.extensions["backtolife.around_groups"])
    sender = Sender(settings().public_url, settings().mail_from)
    file = feeds.feed(db(), token=token, around=around, sender=sender, now=now())
    headers = {"Content-Disposition": "inline; filename=dates.ics", "X-Robots-Tag": "noindex"}
    return Response(file, content_type="text/calendar; charset=utf-8", headers=headers)
