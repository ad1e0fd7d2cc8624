"""Pages on which one person who was recorded twice becomes one record."""

from collections.abc import Callable, Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from backtolife import audit
from backtolife.errors import Conflict, Invalid
from backtolife.people.access import permission
from backtolife.people.forms import email_field
from backtolife.people.models import Person
from backtolife.people.names import isolated
from backtolife.people.request import actor, db, now
from backtolife.programme.cohorts.state_words import STATE_WORDS
from backtolife.programme.merging import services
from backtolife.programme.merging.by_address import two_by_address
from backtolife.programme.merging.models import Decision
from backtolife.programme.merging.pairs import decisions_of, pairs_of

pages = Blueprint("merging", __name__, url_prefix="/patients/twice")
Page = str | Response | tuple[str, int]
UNDONE = {
    Decision.MERGED: "It is undone: there are two records again.",
    Decision.APART: "It is undone: they may be one person, and we ask about them again.",
}


class CompareForm(FlaskForm):
    """Two records by their addresses, where the list does not show them."""

    first = email_field("E-mail address of one record", required="Enter the address of one record")
    second = email_field("E-mail address of the other record", required="Enter the address of the other record")


@pages.get("")
@permission("patient.merge")
def overview() -> str:
    return page(CompareForm(formdata=None))


def page(form: CompareForm, meant: Sequence[tuple[Person, Person]] = ()) -> str:
    return render_template(
        "programme/merging/pairs.jinja",
        form=form,
        meant=meant,
        pairs=pairs_of(db(), actor=actor()),
        decisions=decisions_of(db(), actor=actor(), page=request.args.get("page", 1, type=int)),
        now=now(),
    )


@pages.post("")
@permission("patient.merge")
def compare() -> Page:
    """Two addresses that somebody typed become the page that compares their records. Where one of them is shared, it is
    asked which two are meant.
    """
    form = CompareForm()
    if form.validate_on_submit():
        try:
            meant = two_by_address(db(), actor=actor(), first=form.first.data or "", second=form.second.data or "")
        except Invalid as error:
            form[error.field or "first"].errors = [error.message]
        else:
            if len(meant) > 1:
                return page(form, meant)
            return redirect(url_for("merging.show", first_id=meant[0][0].id, second_id=meant[0][1].id))
    return page(form), 400


@pages.get("/<first_id>/<second_id>")
@permission("patient.merge")
def show(first_id: str, second_id: str) -> str:
    first, second = services.find_two(db(), actor=actor(), first_id=first_id, second_id=second_id)
    for each in (first, second):
        audit.record(
            db(), actor=actor(), action="record_compared", subject_type="person", subject_id=each.person.id, now=now()
        )
    return render_template(
        "programme/merging/pair.jinja",
        ways=[(one, other, services.why_not(one, other)) for one, other in ((first, second), (second, first))],
        records=(first, second),
        words=STATE_WORDS,
    )


@pages.post("/<first_id>/<second_id>/merge")
@permission("patient.merge")
def merge(first_id: str, second_id: str) -> Response:
    """The first goes on, with what was the second's."""

    def act() -> str:
        pair = services.merge(db(), kept_id=first_id, other_id=second_id, actor=actor(), now=now())
        name = isolated(db().get_one(Person, pair.kept_id).full_name)
        return f"{name} has one record now, with the history of both. You can undo it on this page."

    return after(act)


@pages.post("/<first_id>/<second_id>/apart")
@permission("patient.merge")
def apart(first_id: str, second_id: str) -> Response:
    def act() -> str:
        services.set_apart(db(), first_id=first_id, second_id=second_id, actor=actor(), now=now())
        return "They are two people. We do not ask about them any more. You can undo it on this page."

    return after(act)


@pages.post("/undo/<pair_id>")
@permission("patient.merge")
def undo(pair_id: str) -> Response:
    return after(lambda: UNDONE[services.undo(db(), pair_id=pair_id, actor=actor(), now=now()).decision])


def after(act: Callable[[], str]) -> Response:
    """The list again, with what was done in words, or why it could not be: a colleague may have been quicker."""
    try:
        flash(act())
    except Conflict as error:
        db().rollback()
        flash(error.message, "alert")
    return redirect(url_for("merging.overview"))
