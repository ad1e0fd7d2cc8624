"""A patient's week to read: what the session was about, what to do at home, and the exercises picked for them."""

from flask import Blueprint, render_template

from backtolife.people.access import permission
from backtolife.people.request import actor, db, now
from backtolife.programme.cohorts.enrolment import enrolment_of
from backtolife.programme.figures.library import drawing_of
from backtolife.programme.practice.week import week_of

pages = Blueprint("week", __name__)


@pages.get("/week")
@permission("practice.write", reads=True)
def show() -> str:
    """Raises NotFound without a place."""
    week = week_of(db(), enrolment_of(db(), actor=actor()), now())
    return render_template("programme/practice/week.jinja", week=week, drawing_of=drawing_of)
