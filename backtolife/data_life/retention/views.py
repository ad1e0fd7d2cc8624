"""The page on which people see whose time is over, ask that some be erased, and confirm it."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backtolife.data_life.erasing.services import WAIT
from backtolife.data_life.password import PasswordForm, confirmed
from backtolife.data_life.retention import services
from backtolife.data_life.retention.forms import AskForm, ConfirmForm
from backtolife.data_life.retention.words import CONTACTS, OBSTACLES
from backtolife.errors import Conflict, Invalid
from backtolife.people.access import may, permission
from backtolife.people.models import Service
from backtolife.people.request import actor, db, now
from backtolife.people.signing_in import password_request
from backtolife.people.traces import looks

pages = Blueprint("retention", __name__)
Page = str | Response | tuple[str, int]


@pages.get("/retention")
@permission("erasure.read")
def overview() -> str:
    looks.shows_people()
    return page(AskForm(formdata=None), ConfirmForm(formdata=None))


def page(asking: PasswordForm, confirming: PasswordForm, refusal: str = "") -> str:
    return render_template(
        "data_life/retention.jinja",
        found=services.proposals(db(), actor().service_id),
        keep_years=own_service().keep_years,
        asking=asking,
        confirming=confirming,
        refusal=refusal,
        contacts=CONTACTS,
        obstacles=OBSTACLES,
        at_most=services.AT_MOST,
        may_ask=may(actor(), "erasure.ask", actor()),
        fresh=password_request.is_fresh(),
        wait=WAIT,
        now=now(),
    )


def own_service() -> Service:
    return db().get_one(Service, actor().service_id)


@pages.post("/retention/ask")
@permission("erasure.ask")
def ask() -> Page:
    return after(
        AskForm(),
        lambda chosen: services.ask(db(), service=own_service(), person_ids=chosen, actor=actor(), now=now()),
        "It is asked for. A second person can confirm it in a week.",
    )


@pages.post("/retention/confirm")
@permission("erasure.read")
def confirm() -> Page:
    return after(
        ConfirmForm(),
        lambda chosen: services.confirm(db(), service=own_service(), person_ids=chosen, actor=actor(), now=now()),
        "They are erased.",
    )


def after(form: PasswordForm, do: Callable[[set[str]], object], said: str) -> Page:
    """Do it for whoever is ticked, after the password; what stands in the way is said on the page."""
    looks.shows_people()
    try:
        confirmed(form)
        do(set(request.form.getlist("chosen")))
    except (Invalid, Conflict) as error:
        db().rollback()
        wrong = getattr(error, "field", "") == "password"
        if wrong:
            form.password.errors = [error.message]
        asking = form if isinstance(form, AskForm) else AskForm(formdata=None)
        confirming = form if isinstance(form, ConfirmForm) else ConfirmForm(formdata=None)
        return page(asking, confirming, "" if wrong else error.message), error.status
    flash(said)
    return redirect(url_for(".overview"))
