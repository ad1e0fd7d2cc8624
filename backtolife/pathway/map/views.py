"""The public page of what help there is, and the pages on which a service keeps it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from backtolife.errors import BacktolifeError, Conflict, Invalid
from backtolife.pathway.map import services
from backtolife.pathway.map.forms import EntryForm, LookForm, filled
from backtolife.pathway.map.rules import NEEDS, fitting
from backtolife.people.access import permission
from backtolife.people.permissions import PUBLIC
from backtolife.people.request import actor, db, now
from backtolife.text.languages import languages, name_of

pages = Blueprint("service_map", __name__, url_prefix="/find-help")
Page = str | Response | tuple[str, int]


@pages.get("")
@permission(PUBLIC)
def show() -> str:
    """What is offered, for whoever looks: without signing in, and without a script."""
    return listing(LookForm(formdata=None), looked=False)


@pages.post("")
@permission(PUBLIC)
def look() -> str | tuple[str, int]:
    """It changes nothing, but what somebody needs help with, and where, belongs in no address and no log."""
    form = LookForm()
    good = form.validate()
    return listing(form, looked=good), 200 if good else 400


def listing(form: LookForm, *, looked: bool) -> str:
    form.need.choices = [SelectChoice("", _("Anything")), *(SelectChoice(key, _(said)) for key, said in NEEDS.items())]
    listed = services.shown(db())
    need, place = (form.need.data if form.need.data in NEEDS else "", form.place.data or "") if looked else ("", "")
    by_entry = {each.entry.entry_id: each for each in listed}
    return render_template(
        "pathway/map/find.jinja",
        form=form,
        found=[by_entry[each.entry_id] for each in fitting((each.entry for each in listed), need=need, place=place)],
        nothing=not listed,
        needs=NEEDS,
        speaks=languages(),
    )


@pages.get("/entries")
@permission("map.edit")
def overview() -> str:
    return render_template("pathway/map/entries.jinja", entries=services.entries(db(), actor=actor()))


@pages.get("/entries/new")
@permission("map.edit")
def new() -> str:
    return render_template("pathway/map/entry.jinja", form=EntryForm(formdata=None, seen="0"), entry=None)


@pages.post("/entries/new")
@permission("map.edit")
def add() -> Page:
    form = EntryForm()
    if form.validate_on_submit():
        try:
            services.add(db(), wanted=form.says, actor=actor(), now=now())
        except Invalid as error:
            told(form, error)
        else:
            flash("Saved. The public page shows it now.")
            return redirect(url_for("service_map.overview"))
    return render_template("pathway/map/entry.jinja", form=form, entry=None), 400


@pages.get("/entries/<map_entry_id>")
@permission("map.edit")
def entry(map_entry_id: str) -> str:
    return page_of(map_entry_id)


@pages.post("/entries/<map_entry_id>")
@permission("map.edit")
def save(map_entry_id: str) -> Page:
    form = EntryForm()
    services.versions(db(), actor=actor(), entry_id=map_entry_id)
    if not form.validate_on_submit():
        return page_of(map_entry_id, form), 400
    try:
        made = services.change(
            db(),
            entry_id=map_entry_id,
            seen=number(form.seen.data),
            wanted=form.says,
            is_shown=form.shown.data,
            actor=actor(),
            now=now(),
        )
    except (Conflict, Invalid) as error:
        db().rollback()
        told(form, error)
        return page_of(map_entry_id, form), error.status
    flash("Saved." if made else "Nothing was changed.")
    return redirect(url_for("service_map.entry", map_entry_id=map_entry_id))


@pages.post("/entries/<map_entry_id>/back")
@permission("map.edit")
def go_back(map_entry_id: str) -> Page:
    """One press: it says again what it said in an earlier version."""
    seen, to = number(request.form.get("seen")), number(request.form.get("to"))
    try:
        services.go_back(db(), entry_id=map_entry_id, seen=seen, to=to, actor=actor(), now=now())
    except Conflict as error:
        flash(error.message, "alert")
    else:
        flash(f"It says again what it said in version {to}. That can be undone too.")
    return redirect(url_for("service_map.entry", map_entry_id=map_entry_id))


def page_of(entry_id: str, form: EntryForm | None = None) -> str:
    """The page of an entry. A form that was refused stays as it was typed, and may be saved over what is shown."""
    held = services.versions(db(), actor=actor(), entry_id=entry_id)
    newest = held[0][0]
    if form is None:
        form = filled(services.says(newest), shown=newest.shown, seen=newest.number)
    else:
        form.seen.data = str(newest.number)
    return render_template(
        "pathway/map/entry.jinja", form=form, entry=newest, versions=held, needs=NEEDS, name_of=name_of
    )


def number(typed: str | None) -> int:
    """The number of a version in a hidden field; one that never was where somebody changed it by hand."""
    return int(typed) if typed and typed.isascii() and typed.isdecimal() and len(typed) < 9 else -1


def told(form: EntryForm, error: BacktolifeError) -> None:
    """An error at its field, or at the first."""
    field = getattr(error, "field", None) or "what"
    form[field].errors = [error.message]
