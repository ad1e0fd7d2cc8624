"""The page of roles that wait for a second person: say yes or no, or propose one."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from sqlmodel import col, select
from werkzeug.wrappers import Response
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from backtolife.errors import Conflict
from backtolife.people.access import permission
from backtolife.people.models import Kind, Person, Role
from backtolife.people.names import isolated, told_apart
from backtolife.people.request import actor, db, now, settings
from backtolife.people.role_words import ROLE_WORDS
from backtolife.people.second_person import deciding, proposing
from backtolife.people.second_person.saying import said_of

pages = Blueprint("proposed_roles", __name__, url_prefix="/staff/roles")
Page = str | Response | tuple[str, int]


class ProposeForm(FlaskForm):
    """Which colleague is to have which role."""

    colleague = SelectField("Colleague", [InputRequired("Choose a colleague")])
    role = SelectField(
        "Role",
        [InputRequired("Choose a role")],
        choices=[
            SelectChoice("", "Choose a role"),
            *(SelectChoice(role.value, words) for role, words in ROLE_WORDS.items() if role in proposing.NEEDS_TWO),
        ],
    )

    def offer(self) -> None:
        """Everybody who works in the service and has an account that is open."""
        staff = select(Person).where(
            Person.service_id == actor().service_id, Person.kind == Kind.STAFF, col(Person.active).is_(True)
        )
        here = db().exec(staff.order_by(col(Person.full_name), col(Person.email))).all()
        names = told_apart(here)
        self.colleague.choices = [
            SelectChoice("", "Choose a colleague"),
            *(SelectChoice(*each) for each in names.items()),
        ]


def page(form: ProposeForm | None = None) -> str:
    if form is None:
        form = ProposeForm(formdata=None)
        form.offer()
    return render_template(
        "people/second_person/proposed_roles.jinja",
        form=form,
        waiting=deciding.waiting(db(), actor=actor()),
        alone=not proposing.others_to_ask(db(), actor().service_id, {actor().id}),
        now=now(),
    )


@pages.get("")
@permission("role.confirm")
def show() -> str:
    return page()


@pages.post("")
@permission("role.propose")
def propose() -> Page:
    form = ProposeForm()
    form.offer()
    if not form.validate_on_submit():
        return page(form), 400
    person, role = db().get_one(Person, form.colleague.data), Role(form.role.data)
    try:
        waits = proposing.propose(db(), actor=actor(), person=person, role=role, site=settings().public_url, now=now())
    except Conflict as error:
        form.role.errors = [error.message]
        return page(form), 409
    if not waits:
        return back("The role is given.")
    return back(f"Proposed. {said_of(db(), actor=actor(), person=person, waits=waits)}")


@pages.post("/<proposal_id>/confirm")
@permission("role.confirm")
def confirm(proposal_id: str) -> Response:
    person = deciding.confirm(db(), actor=actor(), proposal_id=proposal_id, site=settings().public_url, now=now())
    return back(f"Confirmed. {isolated(person.full_name)} has the role from now on.")


@pages.post("/<proposal_id>/decline")
@permission("role.confirm")
def decline(proposal_id: str) -> Response:
    person = deciding.decline(db(), actor=actor(), proposal_id=proposal_id, now=now())
    return back(f"Noted. {isolated(person.full_name)} does not get the role.")


def back(words: str) -> Response:
    flash(words)
    return redirect(url_for("proposed_roles.show"))
