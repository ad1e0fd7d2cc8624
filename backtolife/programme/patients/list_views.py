"""The list of patients, searched and sorted."""

from flask import Blueprint, render_template

from backtolife.people.access import may, permission
from backtolife.people.asked import asked_here
from backtolife.people.request import actor, db, sealing
from backtolife.programme.patients.finding import SORTS, find_patients
from backtolife.programme.patients.whose.finding import address_of

pages = Blueprint("patient_list", __name__, url_prefix="/patients")


@pages.route("", methods=["GET", "POST"])
@permission("patient.list")
def show() -> str:
    """By POST with what is looked for: names and numbers have no place in an address."""
    asked = asked_here(SORTS)
    return render_template(
        "programme/patients/list.jinja",
        found=find_patients(db(), actor=actor(), asked=asked, sealing=sealing()),
        asked=asked,
        sorts=SORTS,
        may_look=lambda whose: may(actor(), "patient.lines", whose),
        address_of=address_of,
        may_erase=may(actor(), "erasure.read", actor()),
        may_merge=may(actor(), "patient.merge", actor()),
    )
