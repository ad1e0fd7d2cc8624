"""The page of a service itself, its colour as a sheet, and the test mail."""

from typing import cast

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from backtolife.errors import Conflict, Invalid, NotFound
from backtolife.people.access import may, permission
from backtolife.people.models import Service
from backtolife.people.permissions import PUBLIC
from backtolife.people.request import actor, db, now, person, service, settings
from backtolife.programme.calendars.invitations import Sender
from backtolife.programme.cohorts.surroundings import Surroundings
from backtolife.programme.own_service import mail_check, services, zone_change
from backtolife.programme.own_service.forms import AboutForm
from backtolife.programme.own_service.rules import colour_kept, shades
from backtolife.programme.own_service.zone_change import FOLLOW, STAY

pages = Blueprint("own_service", __name__)
Page = str | Answer | tuple[str, int]
A_DAY = 24 * 3600


@pages.get("/service")
@permission("service.read")
def show() -> str:
    return page(service(), fresh(service()))


def fresh(held: Service) -> AboutForm:
    return AboutForm(formdata=None, obj=services.about(held), seen=str(held.version)).offer()


@pages.post("/service")
@permission("service.change_clinical")
def save() -> Page:
    held, form = service(), AboutForm().offer()
    open_to = services.may_change(actor(), held)
    for name in services.WORDS:
        if name not in open_to:
            del form[name]
    if not form.validate_on_submit():
        return page(held, form), 400
    was = held.zone
    try:
        wanted = form.about(services.about(held), open_to).kept()
        ahead = zone_change.groups_ahead(db(), held, was, now()) if wanted.zone != was else []
        if ahead and form.groups.data not in (STAY, FOLLOW):
            return page(held, form, ahead=ahead)
        seen = int(form.seen.data) if (form.seen.data or "").isdecimal() else -1
        changed = services.change(db(), service=held, wanted=wanted, seen=seen, actor=actor(), now=now())
        told = follow(ahead, wanted.zone) if form.groups.data == FOLLOW else 0
    except (Invalid, Conflict) as error:
        db().rollback()
        held = service()
        if isinstance(error, Conflict) and error.message == services.CHANGED_MEANWHILE:
            form = fresh(held)
        field = getattr(error, "field", None) or "name"
        form[field if field in form else next(name for name in services.WORDS if name in form)].errors = [error.message]
        return page(held, form), 400 if isinstance(error, Invalid) else 409
    people = f" {told} people are told that their hour has changed." if told else ""
    flash(f"Saved.{people}" if changed else "Nothing was changed.")
    return redirect(url_for("own_service.show"))


def follow(ahead: list[zone_change.Ahead], zone: str) -> int:
    around = cast(Surroundings, current_app.extensions["backtolife.around_groups"])
    sender = Sender(settings().public_url, settings().mail_from)
    return zone_change.follow(db(), ahead=ahead, zone=zone, actor=actor(), around=around, sender=sender, now=now())


def page(held: Service, form: AboutForm, ahead: list[zone_change.Ahead] | None = None) -> str:
    return render_template(
        "programme/own_service/about.jinja",
        held=held,
        form=form,
        open_to=services.may_change(actor(), held),
        words=services.WORDS,
        versions=services.versions(db(), held),
        old_groups=services.groups_to_forget(db(), held, now()),
        ahead=ahead or [],
        may_erase=may(actor(), "erasure.read", actor()),
        now=now(),
    )


@pages.get("/look/<colour>.css")
@permission(PUBLIC)
def sheet(colour: str) -> Response:
    """The values that our sheets are made with, in a service's colour."""
    try:
        kept = colour_kept(colour)
    except Invalid:
        raise NotFound("There is no such colour.") from None
    values = "".join(f"{name}:{value};" for name, value in shades(kept).items())
    answer = Response(f":root{{{values}}}\n", mimetype="text/css")
    answer.cache_control.public, answer.cache_control.max_age = True, A_DAY
    return answer


@pages.post("/set-up/mail")
@permission("set_up.read")
def send_mail() -> Answer:
    """Somebody of staff sends themselves a test mail."""
    try:
        mail_check.send(db(), person=person(), actor=actor(), site=settings().public_url, now=now())
    except Conflict as error:
        flash(error.message, "alert")
    else:
        flash(f"A test mail is on its way to {person().email}. Press the link in it.")
    return redirect(url_for("home.show"))


@pages.post("/set-up/text")
@permission("set_up.read")
def send_text() -> Answer:
    """Somebody of staff sends a test text to their own mobile phone."""
    try:
        if not settings().texts_by:
            raise Conflict("Nobody takes our text messages yet: whoever runs the server sets that up.")
        number = mail_check.send_text(
            db(),
            number=request.form.get("number", ""),
            person=person(),
            actor=actor(),
            site=settings().public_url,
            now=now(),
        )
    except (Conflict, Invalid) as error:
        flash(error.message, "alert")
    else:
        flash(f"A test text is on its way to {number}. Press the link in it.")
    return redirect(url_for("home.show"))


@pages.get("/set-up/mail/<token>")
@permission(PUBLIC)
def mail_page(token: str) -> str:
    """What the link of a test mail opens: a press says that it has arrived."""
    return render_template("programme/own_service/mail.jinja", row=mail_check.find(db(), token), token=token)


@pages.post("/set-up/mail/<token>")
@permission(PUBLIC)
def mail_arrived(token: str) -> str:
    return render_template(
        "programme/own_service/mail.jinja", row=mail_check.confirm(db(), token=token, now=now()), token=token
    )
