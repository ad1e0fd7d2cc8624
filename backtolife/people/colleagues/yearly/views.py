"""The page of the yearly review: everyone with access, a tick for each who still needs it, and the last reviews."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backtolife.errors import Conflict, Invalid
from backtolife.people.access import permission
from backtolife.people.colleagues.yearly import services
from backtolife.people.request import actor, db, now
from backtolife.people.role_words import in_words

pages = Blueprint("access_review", __name__, url_prefix="/staff/review")
Page = str | Response | tuple[str, int]


def page(error: str = "", ticked: frozenset[str] = frozenset()) -> str:
    return render_template(
        "people/colleagues/review.jinja",
        here=services.with_access(db(), actor=actor()),
        reviews=services.reviews(db(), actor=actor()),
        due=services.review_is_due(db(), actor=actor(), now=now()),
        role_words=in_words,
        error=error,
        ticked=ticked,
        now=now(),
    )


@pages.get("")
@permission("staff.manage")
def show() -> str:
    return page()


@pages.post("")
@permission("staff.manage")
def record() -> Page:
    """Each tick says whom it is about and which roles the page showed of them."""
    ticks = [each.partition(":") for each in request.form.getlist("keep")]
    ticked = {who: [role for role in roles.split(" ") if role] for who, _, roles in ticks}
    try:
        services.record_review(db(), actor=actor(), ticked=ticked, now=now())
    except (Invalid, Conflict) as error:
        return page(error.message, frozenset(ticked)), error.status
    flash("The review is recorded. We remind you in a year.")
    return redirect(url_for("access_review.show"))
