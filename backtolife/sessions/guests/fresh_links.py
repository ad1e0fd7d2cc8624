"""A fresh link of a guest: shown once on the page of whoever asked for it, and sent where there is an address."""

from collections.abc import Callable

from flask import flash

from backtolife.mail.delivery import in_rehearsal
from backtolife.people.models import Person
from backtolife.people.request import db, now, settings
from backtolife.sessions.guests import letters
from backtolife.sessions.room.models import GroupSession


def send_fresh_link(person: Person, token: str, *, to: str, opens: Callable[[], GroupSession]) -> tuple[str, str]:
    """The address of the link, and where it was sent: nowhere in a rehearsal, which the page then says.

    `opens` finds the session that the letter is about; it is asked only where a letter goes.
    """
    page = f"{settings().public_url}/guest/{token}"
    if to and in_rehearsal(db(), person.service_id):
        to = ""
        flash("This is a rehearsal, so we send no message. The link is below.")
    if to:
        letters.send(db(), person=person, group_session=opens(), page=page, to=to, now=now())
    return page, to
