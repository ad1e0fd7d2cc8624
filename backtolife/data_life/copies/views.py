"""The page on which a clinical lead makes a patient's copy."""

import hashlib

from flask import Blueprint, Response, render_template

from backtolife import audit
from backtolife.data_life.copies.gathering import gather
from backtolife.data_life.copies.writing import packed
from backtolife.data_life.looked.file import looks_file
from backtolife.data_life.looked.listing import Days
from backtolife.data_life.password import PasswordForm, confirmed
from backtolife.data_life.records import whole_person
from backtolife.database.session import one_at_a_time
from backtolife.errors import Invalid
from backtolife.people.access import permission
from backtolife.people.models import Person
from backtolife.people.request import actor, db, give_up_place, now, sealing, service
from backtolife.people.signing_in import password_request
from backtolife.programme.cohorts.enrolment import find_enrolment

pages = Blueprint("copies", __name__, url_prefix="/patients/<enrolment_id>/copy")


def patient(enrolment_id: str) -> Person:
    place = find_enrolment(db(), actor=actor(), enrolment_id=enrolment_id, action="copy.make")
    return db().get_one(Person, place.person_id)


@pages.get("")
@permission("copy.make")
def show(enrolment_id: str) -> str:
    return page(enrolment_id, PasswordForm(formdata=None))


def page(enrolment_id: str, form: PasswordForm) -> str:
    return render_template(
        "data_life/copy.jinja",
        about=patient(enrolment_id),
        enrolment_id=enrolment_id,
        form=form,
        fresh=password_request.is_fresh(),
    )


@pages.post("")
@permission("copy.make")
def make(enrolment_id: str) -> Response | tuple[str, int]:
    """It leaves at once, and is put on record with what it is known by again."""
    form = PasswordForm()
    try:
        confirmed(form)
    except Invalid as error:
        form.password.errors = [error.message]
        return page(enrolment_id, form), 400
    person = patient(enrolment_id)
    give_up_place()
    one_at_a_time(db(), whole_person(person))
    parts = gather(db(), person=person, sealing=sealing())
    looks = looks_file(db(), person=person, days=Days(), zone=service().zone)
    content = packed(person=person, service=service(), parts=parts, looks=looks, now=now())
    audit.record(
        db(),
        actor=actor(),
        action="copy_made",
        subject_type="person",
        subject_id=person.id,
        now=now(),
        rows=sum(len(part.rows) for part in parts),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    named = {"Content-Disposition": f'attachment; filename="copy-{now():%Y-%m-%d}.zip"'}
    return Response(content, mimetype="application/zip", headers=named)
