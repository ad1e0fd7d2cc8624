"""The board's pages: plain forms, so that they work on any device and without a script."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from backtolife.board import services
from backtolife.board.forms import PostForm, ReasonForm
from backtolife.board.models import BoardPost
from backtolife.errors import Invalid, NotFound
from backtolife.people.access import may, permission
from backtolife.people.names import isolated
from backtolife.people.request import actor, db, now
from backtolife.programme.cohorts.models import Cohort
from backtolife.programme.cohorts.services import find_cohort, named_staff

pages = Blueprint("board", __name__)
Page = str | Response | tuple[str, int]


def find(cohort_id: str, action: str) -> Cohort:
    return find_cohort(db(), actor=actor(), cohort_id=cohort_id, action=action)


def find_post(cohort_id: str, post_id: str, action: str) -> BoardPost:
    cohort = find(cohort_id, "board.read")
    return services.find_post(db(), cohort=cohort, post_id=post_id, actor=actor(), action=action)


def back(cohort_id: str) -> Response:
    return redirect(url_for("board.show", cohort_id=cohort_id))


@pages.get("/board")
@permission("board.read")
def mine() -> Page:
    """A patient's own board; facilitators choose the group first. Raises NotFound without a group."""
    if not actor().is_patient:
        return redirect(url_for("cohorts.overview"))
    own = sorted(actor().cohort_ids)
    if not own:
        raise NotFound("You are not in a group at the moment, so there is no board to show.")
    newest = max((db().get_one(Cohort, cohort_id) for cohort_id in own), key=lambda cohort: cohort.first_day)
    return back(newest.id)


@pages.get("/groups/<cohort_id>/board")
@permission("board.read")
def show(cohort_id: str) -> Page:
    return page(find(cohort_id, "board.read"), PostForm(formdata=None))


def page(cohort: Cohort, form: PostForm) -> str:
    return render_template(
        "board/board.jinja",
        cohort=cohort,
        form=form,
        reason=ReasonForm(formdata=None),
        shown=services.shown_to(db(), cohort=cohort, actor=actor()),
        moderates=may(actor(), "board.moderate", cohort),
        staff=[isolated(person.shown_name) for person in named_staff(db(), cohort.id)],
    )


@pages.post("/groups/<cohort_id>/board")
@permission("board.write")
def write(cohort_id: str) -> Page:
    cohort, form = find(cohort_id, "board.write"), PostForm()
    if not form.validate_on_submit():
        return page(cohort, form), 400
    try:
        services.write(
            db(), cohort=cohort, actor=actor(), text=form.text.data or "", key=form.key.data or "", now=now()
        )
    except Invalid as error:
        form.text.errors = [error.message]
        return page(cohort, form), 400
    flash("Your message is on the board.")
    return back(cohort_id)


@pages.post("/groups/<cohort_id>/board/<post_id>/report")
@permission("board.write")
def report(cohort_id: str, post_id: str) -> Page:
    post, form = find_post(cohort_id, post_id, "board.write"), ReasonForm()
    services.report(db(), post=post, actor=actor(), reason=form.reason.data or "", now=now())
    flash("Thank you. Your team will look at it.")
    return back(cohort_id)


@pages.post("/groups/<cohort_id>/board/<post_id>/hide")
@permission("board.moderate")
def hide(cohort_id: str, post_id: str) -> Page:
    post, form = find_post(cohort_id, post_id, "board.moderate"), ReasonForm()
    services.hide(db(), post=post, actor=actor(), reason=form.reason.data or "", now=now())
    flash("The group does not see the message any more.")
    return back(cohort_id)


@pages.post("/groups/<cohort_id>/board/<post_id>/let-stand")
@permission("board.moderate")
def let_stand(cohort_id: str, post_id: str) -> Page:
    services.let_stand(db(), post=find_post(cohort_id, post_id, "board.moderate"), actor=actor(), now=now())
    flash("The group sees the message.")
    return back(cohort_id)


@pages.post("/groups/<cohort_id>/board/<post_id>/<any(pin, unpin):what>")
@permission("board.moderate")
def pin(cohort_id: str, post_id: str, what: str) -> Page:
    post = find_post(cohort_id, post_id, "board.moderate")
    services.pin(db(), post=post, actor=actor(), pinned=what == "pin", now=now())
    return back(cohort_id)


@pages.post("/groups/<cohort_id>/board/<post_id>/take-back")
@permission("board.take_back")
def take_back(cohort_id: str, post_id: str) -> Page:
    services.take_back(db(), post=find_post(cohort_id, post_id, "board.take_back"), actor=actor(), now=now())
    flash("Your message is off the board.")
    return back(cohort_id)
