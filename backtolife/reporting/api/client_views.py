"""Pages on which programs are let read the results, and shut out again."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import PasswordField, RadioField, StringField
from wtforms.fields.choices import SelectChoice

from backtolife.errors import Invalid
from backtolife.people.access import may, permission
from backtolife.people.request import actor, db, now
from backtolife.people.signing_in import password_request
from backtolife.reporting.api import clients

pages = Blueprint("clients", __name__, url_prefix="/programs")
READS = {
    "results": ("Scores and times", ("results:read",)),
    "all": ("Scores and times, and every answer with free text", ("answers:read", "results:read")),
}


class ClientForm(FlaskForm):
    """A program that may read results."""

    name = StringField(
        "Name of the program",
        description="For example: Trust dashboard",
        render_kw={"maxlength": clients.LONGEST_NAME, "autocomplete": "off"},
    )
    scopes = RadioField(
        "What may it read?", choices=[SelectChoice(key, words) for key, (words, _) in READS.items()], default="results"
    )
    days = RadioField(
        "For how long?",
        choices=[SelectChoice(str(days), f"{days} days") for days in clients.LIVES],
        default=str(clients.LIVES[1]),
    )
    password = PasswordField("Your password", render_kw={"autocomplete": "current-password"})


@pages.get("")
@permission("client.manage")
def overview() -> str:
    return page(ClientForm(formdata=None))


def page(form: ClientForm, made: str = "", token: str = "") -> str:
    known = clients.clients_of(db(), actor=actor(), now=now())
    return render_template(
        "reporting/programs.jinja",
        known=known,
        form=form,
        made=made,
        token=token,
        fresh=password_request.is_fresh(),
        may_create=may(actor(), "client.create", actor()),
    )


@pages.post("")
@permission("client.create")
def create() -> str | tuple[str, int]:
    """The token stands on this one answer and nowhere else."""
    form = ClientForm()
    try:
        if form.password.data:
            password_request.confirm(form.password.data)
        client, token = clients.create(
            db(),
            actor=actor(),
            name=form.name.data or "",
            scopes=READS[form.scopes.data][1] if form.scopes.data in READS else (),
            days=int(form.days.data) if (form.days.data or "").isdecimal() else 0,
            confirmed=password_request.is_fresh(),
            now=now(),
        )
    except Invalid as error:
        form[error.field or "name"].errors = [error.message]
        return page(form), 400
    return page(ClientForm(formdata=None), client.name, token)


@pages.post("/<client_id>/revoke")
@permission("client.manage")
def revoke(client_id: str) -> Response:
    client = clients.revoke(db(), actor=actor(), client_id=client_id, now=now())
    flash(f"{client.name} no longer has access.")
    return redirect(url_for("clients.overview"))
