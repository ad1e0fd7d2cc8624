"""Sign in as one of the demo's made-up people by one press. These pages exist in the demo only."""

from flask import Blueprint, abort, redirect, render_template, url_for
from sqlmodel import select
from werkzeug.wrappers import Response

from backtolife.demo.cast import EVERYONE, Member
from backtolife.people.access import permission
from backtolife.people.models import Person
from backtolife.people.permissions import PUBLIC
from backtolife.people.request import db, settings
from backtolife.people.role_words import in_words
from backtolife.people.sign_in_pages.patients import enter

pages = Blueprint("demo", __name__, url_prefix="/demo")


def member(key: str) -> Member:
    """The made-up person with this key; 404 outside the demo."""
    found = next((each for each in EVERYONE if each.key == key), None)
    if found is None or settings().environment != "demo":
        abort(404)
    return found


@pages.get("/<key>")
@permission(PUBLIC)
def show(key: str) -> str:
    one = member(key)
    return render_template("people/demo.jinja", member=one, role=in_words(one.roles) or "Patient")


@pages.post("/<key>")
@permission(PUBLIC)
def sign_in(key: str) -> Response:
    person = db().exec(select(Person).where(Person.email == member(key).email)).one()
    enter(person)
    return redirect(url_for("home.show"))
