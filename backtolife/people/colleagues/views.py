"""Who works here, and the page of one colleague: invitation, roles, the yearly look, handing over, switching off."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol, cast

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backtolife.database.session import Db
from backtolife.errors import Clashes, Conflict, Invalid
from backtolife.people.access import permission
from backtolife.people.asked import asked_here
from backtolife.people.colleagues import lost_phone, services, sign_ins
from backtolife.people.colleagues.forms import LostPhoneForm, RolesForm, TakesOverForm
from backtolife.people.colleagues.work import Work, choices, held_by
from backtolife.people.forms import InviteForm
from backtolife.people.models import LinkPurpose, Person, Role
from backtolife.people.names import isolated
from backtolife.people.request import actor, db, now, settings
from backtolife.people.role_words import in_words
from backtolife.people.roles import roles_of
from backtolife.people.second_person.inviting import invite_staff
from backtolife.people.second_person.proposing import open_roles
from backtolife.people.second_person.saying import said_of
from backtolife.people.second_step.services import ways_of
from backtolife.people.sign_in_pages.patients import send_link
from backtolife.people.signing_in.linked.accounts import others_of

pages = Blueprint("colleagues", __name__, url_prefix="/staff")
ONE = "/people/<colleague_id>"
Page = str | Response | tuple[str, int]


class ToldOfStaff(Protocol):
    """What the list says of the course of each, by id: a room above knows it; `rooms` lists it."""

    def __call__(self, db: Db, people: Mapping[str, frozenset[Role]], service_id: str) -> Mapping[str, str]: ...


def works() -> Sequence[Work]:
    return cast("Sequence[Work]", current_app.extensions["backtolife.work_of_staff"])


def find(colleague_id: str) -> Person:
    return services.find_colleague(db(), actor=actor(), colleague_id=colleague_id)


def back(person: Person, words: str) -> Response:
    flash(words)
    return redirect(url_for("colleagues.show", colleague_id=person.id))


@pages.get("")
@permission("staff.manage")
def overview() -> str:
    return list_page(InviteForm(formdata=None))


@pages.post("/find")
@permission("staff.manage")
def find_some() -> str:
    """By POST with what is looked for."""
    return list_page(InviteForm(formdata=None))


@pages.post("")
@permission("staff.invite")
def invite() -> Page:
    form = InviteForm()
    if form.validate_on_submit():
        try:
            person = invite_staff(
                db(),
                actor=actor(),
                email=form.email.data,
                full_name=form.full_name.data,
                shown_name=form.shown_name.data,
                job=form.job.data or "",
                roles={Role(each) for each in form.roles.data or ()},
                site=settings().public_url,
                now=now(),
            )
        except Conflict as error:
            form.email.errors = [error.message]
        else:
            send_link(person, LinkPurpose.INVITATION, "staff.invitation")
            flash(f"We have written to {isolated(person.full_name)}.{and_waits(person, open_roles(db(), person.id))}")
            return redirect(url_for("colleagues.overview"))
    return list_page(form), 400


def and_waits(person: Person, waits: Collection[Role]) -> str:
    """What to add about roles that wait for a second person."""
    said = said_of(db(), actor=actor(), person=person, waits=waits)
    return f" {said}" if said else ""


def list_page(form: InviteForm) -> str:
    asked = asked_here(services.SORTS)
    staff = services.colleagues(db(), actor=actor(), asked=asked)
    shown = {"colleagues": staff, "asked": asked, "sorts": services.SORTS}
    told: ToldOfStaff = current_app.extensions["backtolife.course_of_staff"]
    course = told(db(), {each.person.id: each.roles for each in staff if each.person.active}, actor().service_id)
    return render_template(
        "people/staff.jinja", form=form, role_words=in_words, now=now(), course_of_staff=course, **shown
    )


def page(
    person: Person,
    roles_form: RolesForm | None = None,
    hand_form: TakesOverForm | None = None,
    lost_form: LostPhoneForm | None = None,
) -> str:
    roles, waits = roles_of(db(), person), open_roles(db(), person.id)
    hand_form = hand_form or TakesOverForm(formdata=None)
    takers = services.takers(db(), person=person)
    hand_form.offer(choices(db(), works(), takers, person=person, now=now()))
    return render_template(
        "people/colleague.jinja",
        person=person,
        held=held_by(db(), works(), person=person, now=now()),
        waits=held_by(db(), [each for each in works() if each.may_wait], person=person, now=now()),
        review_at=services.review_of(person),
        now=now(),
        roles_form=roles_form or RolesForm(formdata=None, data={"roles": [role.value for role in roles | waits]}),
        role_waits=in_words(waits),
        hand_form=hand_form,
        ways=ways_of(db(), person.id),
        sign_ins=sign_ins.sign_ins_of(db(), actor=actor(), person=person, now=now()),
        never_in=services.was_never_in(db(), person),
        elsewhere=bool(others_of(db(), person.id)),
        lost_form=lost_form or LostPhoneForm(formdata=None),
    )


@pages.get(ONE)
@permission("staff.manage")
def show(colleague_id: str) -> str:
    return page(find(colleague_id))


@pages.post(f"{ONE}/roles")
@permission("staff.manage")
def change_roles(colleague_id: str) -> Page:
    person, form = find(colleague_id), RolesForm()
    if not form.validate_on_submit():
        return page(person, roles_form=form), 400
    roles = {Role(each) for each in form.roles.data or ()}
    site = settings().public_url
    waits = services.change_roles(db(), works(), actor=actor(), person=person, roles=roles, site=site, now=now())
    return back(person, f"The roles of {isolated(person.full_name)} are saved.{and_waits(person, waits)}")


@pages.post(f"{ONE}/hand-over")
@permission("staff.manage")
def hand_over(colleague_id: str) -> Page:
    person, form = find(colleague_id), TakesOverForm()
    try:
        services.hand_work_over(
            db(), works(), actor=actor(), person=person, to_id=form.to.data or "", site=settings().public_url, now=now()
        )
    except (Invalid, Clashes) as error:
        form.to.errors = list(error.reasons)
        db().rollback()
        return page(find(colleague_id), hand_form=form), 400
    return back(person, "Their work is handed over.")


@pages.post(f"{ONE}/off")
@permission("staff.manage")
def switch_off(colleague_id: str) -> Page:
    person, form = find(colleague_id), TakesOverForm()
    invited = not person.password_hash
    try:
        services.switch_off(
            db(),
            works(),
            actor=actor(),
            person=person,
            to_id=form.to.data or "",
            site=settings().public_url,
            now=now(),
            later="later" in request.form,
        )
    except (Invalid, Clashes) as error:
        form.to.errors = list(error.reasons)
        db().rollback()
        return page(find(colleague_id), hand_form=form), 400
    name = isolated(person.full_name)
    if invited:
        return back(person, f"The invitation of {name} is withdrawn. The link that we sent works no more.")
    return back(person, f"The account of {name} is off. They are signed out everywhere.")


@pages.post(f"{ONE}/on")
@permission("staff.manage")
def switch_on(colleague_id: str) -> Response:
    person = find(colleague_id)
    waits = services.switch_on(db(), actor=actor(), person=person, site=settings().public_url, now=now())
    send_link(person, LinkPurpose.INVITATION, "staff.invitation")
    said = f"The account is on again. We have written to {isolated(person.full_name)}.{and_waits(person, waits)}"
    return back(person, said)


@pages.post(f"{ONE}/invite-again")
@permission("staff.manage")
def invite_again(colleague_id: str) -> Response:
    person = find(colleague_id)
    services.invite_again(db(), actor=actor(), person=person, now=now())
    send_link(person, LinkPurpose.INVITATION, "staff.invitation")
    return back(person, f"We have written to {isolated(person.full_name)} again. The link before stopped working.")


@pages.post(f"{ONE}/second-step")
@permission("staff.manage")
def reset_second_step(colleague_id: str) -> Page:
    person, form = find(colleague_id), LostPhoneForm()
    if not form.validate_on_submit():
        return page(person, lost_form=form), 400
    reason, site = form.reason.data or "", settings().public_url
    told = lost_phone.reset(db(), actor=actor(), person=person, reason=reason, site=site, now=now())
    others = (
        f"We told {told} other {'person' if told == 1 else 'people'}." if told else "There was nobody else to tell."
    )
    return back(person, f"The second step of {isolated(person.full_name)} is reset. {others}")


@pages.post(f"{ONE}/sign-out")
@permission("staff.manage")
def sign_out(colleague_id: str) -> Response:
    person = find(colleague_id)
    sign_ins.sign_out(db(), actor=actor(), person=person, site=settings().public_url, now=now())
    return back(person, f"{isolated(person.full_name)} is signed out everywhere, and reads that it was you.")


@pages.post(f"{ONE}/one-sign-in/end")
@permission("staff.manage")
def end_one_sign_in(colleague_id: str) -> Response:
    person = find(colleague_id)
    services.end_one_sign_in(db(), actor=actor(), person=person, now=now())
    return back(person, f"{isolated(person.full_name)} signs in to your service by itself from now on.")


@pages.post(f"{ONE}/confirm")
@permission("staff.manage")
def confirm(colleague_id: str) -> Response:
    person = find(colleague_id)
    services.confirm_access(db(), actor=actor(), person=person, now=now())
    return back(person, "Noted. We ask again in a year.")
