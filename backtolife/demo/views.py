"""Sign in as one of the demo's made-up people by one press. These pages exist in the demo only."""

from flask import Blueprint, abort, redirect, render_template, url_for
from sqlmodel import select
from werkzeug.wrappers import Response

from backtolife.demo.cast import COMING, EVERYONE, LEFT, NEW_GROUP, OLD_GROUP, STAFF, WAITING, Member
from backtolife.people.access import permission
from backtolife.people.models import Person
from backtolife.people.permissions import PUBLIC
from backtolife.people.request import db, settings
from backtolife.people.role_words import in_words
from backtolife.people.sign_in_pages.patients import enter

pages = Blueprint("demo", __name__, url_prefix="/demo")
GROUPED = (
    ("Staff", STAFF),
    ("Patients who can join a session now", NEW_GROUP),
    ("Patients who are half-way through", OLD_GROUP),
    ("Patients who were offered a place", COMING),
    ("Patients who wait for a place", WAITING),
    ("Patients who left", LEFT),
)
"""Everybody, as the list shows them."""


def refuse_outside() -> None:
    """Answers 404 outside the demo."""
    if settings().environment != "demo":
        abort(404)


def member(key: str) -> Member:
    """The made-up person with this key; 404 outside the demo."""
    refuse_outside()
    found = next((each for each in EVERYONE if each.key == key), None)
    if found is None:
        abort(404)
    return found


@pages.get("")
@permission(PUBLIC)
def everybody() -> str:
    refuse_outside()
    return render_template("demo/people.jinja", grouped=GROUPED, in_words=in_words)


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
