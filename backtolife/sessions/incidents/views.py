"""The record of a call for help: what happened, whom to ring, and what staff write about it."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from backtolife.errors import Conflict, Invalid
from backtolife.people.access import may, permission
from backtolife.people.request import actor, db, now
from backtolife.programme.cohorts.models import Cohort
from backtolife.sessions.broadcast.hub import live
from backtolife.sessions.incidents import services as incidents
from backtolife.sessions.incidents.forms import IncidentForm
from backtolife.sessions.records.models import IncidentOutcome
from backtolife.sessions.room import services
from backtolife.sessions.room import store as room
from backtolife.sessions.room.models import GroupSession
from backtolife.sessions.safety import alerts

pages = Blueprint("incidents", __name__, url_prefix="/sessions/<group_session_id>/incidents")
Page = str | Response | tuple[str, int]


@pages.get("/<alert_id>")
@permission("incident.read")
def show(group_session_id: str, alert_id: str) -> str:
    return page(find(group_session_id, "incident.read"), alert_id)


@pages.post("/<alert_id>/take")
@permission("incident.write")
def take(group_session_id: str, alert_id: str) -> Response:
    """Whoever was told because nobody answered says that they have it; the room hears."""
    group_session = find(group_session_id, "incident.write")
    held = room.load(db(), group_session.id)
    change = alerts.take_from_outside(db(), group_session=held, alert_id=alert_id, actor=actor(), now=now())
    response = redirect(url_for("incidents.show", group_session_id=group_session.id, alert_id=alert_id))
    if change is not None:
        live().tell_after(response, change, now())
    flash("You have this.")
    return response


@pages.post("/<alert_id>")
@permission("incident.write")
def write(group_session_id: str, alert_id: str) -> Page:
    group_session, form = find(group_session_id, "incident.write"), IncidentForm()
    alert = alerts.find_alert(db(), group_session=group_session, alert_id=alert_id)
    if not form.validate_on_submit():
        return page(group_session, alert_id, form), 400
    try:
        incidents.write(
            db(),
            alert=alert,
            happened=form.happened.data or "",
            done=form.done.data or "",
            outcome=IncidentOutcome(form.outcome.data),
            seen=form.seen.data or 0,
            actor=actor(),
            now=now(),
        )
    except Invalid as error:
        form[error.field or "happened"].errors = [error.message]
        return page(group_session, alert_id, form), 400
    except Conflict as error:
        form.happened.errors = [error.message]
        return page(group_session, alert_id, form, told=True), 400
    flash("The record is saved.")
    return redirect(url_for("incidents.show", group_session_id=group_session.id, alert_id=alert_id))


def find(group_session_id: str, action: str) -> GroupSession:
    return services.find(db(), actor=actor(), group_session_id=group_session_id, action=action)


def page(group_session: GroupSession, alert_id: str, form: IncidentForm | None = None, *, told: bool = False) -> str:
    """Who is corrected for something else keeps the version they began with, until they are `told` of a newer one."""
    incident = incidents.incident_of(db(), group_session=group_session, alert_id=alert_id, actor=actor(), now=now())
    newest = incident.versions[0][0] if incident.versions else None
    shown = form or IncidentForm(formdata=None, obj=newest)
    if form is None or told:
        shown.seen.data = newest.version if newest else 0
    return render_template(
        "sessions/managing/incident.jinja",
        incident=incident,
        group_session=group_session,
        cohort=db().get_one(Cohort, group_session.cohort_id),
        form=shown,
        outcomes=dict(IncidentForm.OUTCOMES),
        may_write=may(actor(), "incident.write", group_session),
        may_see_summary=may(actor(), "attendance.read", group_session),
        now=now(),
    )
