"""The planner's page: how long the waiting list will be, for so many groups with so many places."""

from flask import Blueprint, flash, render_template, request

from backtolife.clock import in_zone
from backtolife.errors import BacktolifeError
from backtolife.pathway.planning import words
from backtolife.pathway.planning.apart import PlannerBusy, looked_ahead
from backtolife.pathway.planning.chart import list_chart
from backtolife.pathway.planning.forms import FIELDS, begun_with, typed
from backtolife.pathway.planning.own_figures import own_figures
from backtolife.pathway.planning.simulation import NoSimulator
from backtolife.people.access import permission
from backtolife.people.request import actor, db, give_up_place, now, service

pages = Blueprint("planner", __name__)


@pages.get("/planner")
@permission("capacity.plan")
def show() -> str | tuple[str, int]:
    own, form = own_figures(db(), actor=actor(), now=now()), typed(request.args)
    zone, found, pic, status = service().zone, None, None, 200
    if form is None:
        form = begun_with(own)
    elif not form.validate():
        status = 400
    else:
        assumed = form.assumed
        give_up_place()  # it takes seconds, in a process of its own
        try:
            found = looked_ahead(assumed)
        except (NoSimulator, PlannerBusy) as error:
            status = refused(error)
        else:
            pic = list_chart(found, waiting=assumed.waiting, today=in_zone(now(), zone).date())
    page = render_template(
        "pathway/planning/planner.jinja", own=own, form=form, names=FIELDS, found=found, pic=pic, said=words, flat=True
    )
    return page, status


def refused(error: BacktolifeError) -> int:
    flash(error.message, "alert")
    return error.status
