"""Home: one page for each role that says what to do next."""

from flask import Blueprint, render_template

from backtolife.people.access import permission
from backtolife.people.request import actor

pages = Blueprint("home", __name__)


@pages.get("/")
@permission("home.open")
def show() -> str:
    return render_template("home/staff.jinja", role=actor().role)
