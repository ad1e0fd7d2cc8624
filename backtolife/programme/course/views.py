"""The course of whoever looks, one step after another, and who of the service has done it."""

from typing import cast

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backtolife.errors import Conflict, Invalid, NotFound
from backtolife.people.access import may, permission
from backtolife.people.models import Person
from backtolife.people.names import isolated
from backtolife.people.request import actor, db, now, person, service
from backtolife.programme.course import services, withdrawing
from backtolife.programme.course.forms import SignForm, WithdrawForm
from backtolife.programme.course.rules import LEAST, Step

pages = Blueprint("course", __name__, url_prefix="/course")
Page = str | Response | tuple[str, int]


def around() -> services.Around:
    return cast(services.Around, current_app.extensions["backtolife.around_course"])


@pages.get("")
@permission("course.do")
def show() -> str:
    return page()


@pages.post("/<step>")
@permission("course.do")
def tick(step: str) -> Page:
    """Keep which parts of a step are done: exactly those that are ticked."""
    if step not in tuple(Step):
        raise NotFound("There is no such step. Go back to the course.")
    keys = frozenset(request.form.getlist("done"))
    try:
        changed = services.tick(
            db(), person=person(), step=Step(step), keys=keys, around=around(), actor=actor(), now=now()
        )
    except Conflict as error:
        flash(error.message, "alert")
        return redirect(url_for("course.show", _anchor=step))
    flash("Saved." if changed else "Nothing was changed.")
    return redirect(url_for("course.show", _anchor=step))


@pages.post("/sign")
@permission("course.do")
def sign() -> Page:
    form = SignForm()
    if not form.validate_on_submit():
        return page(form), 400
    try:
        services.sign(
            db(),
            person=person(),
            name=form.name.data or "",
            digest=form.digest.data or "",
            around=around(),
            actor=actor(),
            now=now(),
        )
    except (Conflict, Invalid) as error:
        db().rollback()
        form.name.errors = [error.message]
        return page(form), error.status
    flash("Thank you. You have signed the course.")
    return redirect(url_for("course.show"))


@pages.post("/take-back")
@permission("course.do")
def take_back() -> Response:
    """Withdraw the signature; what was ticked stays."""
    there = services.take_back(db(), person=person(), actor=actor(), now=now())
    flash("Your signature is taken back. You can sign again at any time." if there else "Nothing was changed.")
    return redirect(url_for("course.show"))


@pages.get("/everybody")
@permission("course.read")
def everybody() -> str:
    people = services.who_leads(db(), actor=actor())
    ids = [each.id for each in people]
    courses = services.courses_of(db(), service_id=actor().service_id, people=ids, around=around())
    return render_template(
        "programme/course/everybody.jinja",
        people=people,
        courses=courses,
        withdrawn=withdrawing.withdrawn_of(db(), ids),
        may_withdraw=may(actor(), "course.withdraw", actor()),
        steps=Step,
        asked_first=service().course_first,
        may_change=may(actor(), "service.change_clinical", service()),
    )


@pages.route("/everybody/<colleague_id>", methods=["GET", "POST"])
@permission("course.withdraw")
def withdraw(colleague_id: str) -> Page:
    """Take somebody's signature back, with a reason."""
    signer = withdrawing.find_signer(db(), actor=actor(), person_id=colleague_id)
    form = WithdrawForm()
    if request.method == "GET":
        return withdraw_page(signer, form)
    if not form.validate_on_submit():
        return withdraw_page(signer, form), 400
    withdrawing.withdraw(
        db(),
        person=signer,
        reason=form.reason.data or "",
        all_again=form.again.data == "all",
        actor=actor(),
        now=now(),
    )
    flash(f"The signature of {isolated(signer.full_name)} is withdrawn. They read why on their page of the course.")
    return redirect(url_for("course.everybody"))


@pages.post("/everybody/<colleague_id>/bring-back")
@permission("course.withdraw")
def bring_back(colleague_id: str) -> Response:
    signer = withdrawing.find_signer(db(), actor=actor(), person_id=colleague_id)
    withdrawing.bring_back(db(), person=signer, actor=actor(), now=now())
    flash(f"The signature of {isolated(signer.full_name)} counts again.")
    return redirect(url_for("course.everybody"))


def withdraw_page(signer: Person, form: WithdrawForm) -> str:
    return render_template(
        "programme/course/withdraw.jinja",
        signer=signer,
        signature=services.signatures(db(), [signer.id]).get(signer.id),
        form=form,
    )


def page(form: SignForm | None = None) -> str:
    course = services.course_of(db(), person=person(), around=around())
    form = form or SignForm(formdata=None)
    form.digest.data = course.digest
    return render_template(
        "programme/course/course.jinja",
        course=course,
        steps=Step,
        form=form,
        withdrawn=withdrawing.withdrawn_of(db(), [person().id]).get(person().id),
        least=int(LEAST.total_seconds() // 60),
        asked_first=service().course_first,
        may_rehearse=may(actor(), "session.rehearse", person()),
        may_read=may(actor(), "course.read", actor()),
    )
