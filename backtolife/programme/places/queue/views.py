"""Pages of the waiting list: who waits, somebody new, and offering a free place to the next."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from backtolife.clock import in_zone
from backtolife.errors import Conflict, Invalid
from backtolife.people.access import may_everywhere, permission
from backtolife.people.asked import asked_here
from backtolife.people.identity.fields import with_numbers
from backtolife.people.identity.identifiers import systems_of
from backtolife.people.names import isolated
from backtolife.people.request import actor, db, now, sealing, service, settings
from backtolife.programme.cohorts import services
from backtolife.programme.cohorts.models import Cohort
from backtolife.programme.patients import newcomers
from backtolife.programme.patients.meant import ask_page, is_about_whom, who_was_chosen
from backtolife.programme.places.letters import waiting as letters
from backtolife.programme.places.models import Waiting
from backtolife.programme.places.queue import stopping, waiting
from backtolife.programme.places.queue.forms import BackForm, OfferForm, StopForm, WaitForm, WishesForm
from backtolife.programme.places.queue.freed import next_in_turn, suits
from backtolife.programme.places.queue.listed import hold_list, turn_of
from backtolife.programme.places.queue.wishing import change_wishes
from backtolife.programme.places.rules import TIMES, WAYS, usual_answer_by
from backtolife.text.dates_in_words import clock_time

pages = Blueprint("waiting", __name__, url_prefix="/waiting")
Page = str | Response | tuple[str, int]


def today() -> object:
    return in_zone(now(), service().zone).date()


@pages.route("", methods=["GET", "POST"])
@permission("waiting.read")
def overview() -> str:
    """By POST with what is looked for."""
    asked = asked_here(waiting.SORTS)
    waits = waiting.find_waits(db(), actor=actor(), asked=asked)
    groups = waiting.free_groups(db(), actor=actor(), now=now())
    stopped = stopping.stopped_lately(db(), actor=actor(), now=now())
    shown = {"waits": waits, "groups": groups, "words": WAYS, "times": TIMES, "stopped": stopped, "now": now()}
    shown["next"] = [] if asked.typed else next_in_turn(groups, waits)
    return render_template("programme/places/queue/waiting.jinja", asked=asked, sorts=waiting.SORTS, **shown)


@pages.get("/new")
@permission("waiting.change")
def new() -> str:
    return new_page(form_here()(formdata=None))


def form_here() -> type[WaitForm]:
    """The form with the numbers that this service keeps."""
    return with_numbers(WaitForm, systems_of(service()))


def new_page(form: WaitForm) -> str:
    return render_template("programme/places/queue/wait.jinja", form=form, systems=systems_of(service()))


@pages.post("/new")
@permission("waiting.change")
def add() -> Page:
    form = form_here()()
    if "change" in request.form:
        return new_page(form)
    if form.validate_on_submit():
        chosen, may_correct = request.form.get("known", ""), may_everywhere(actor(), "patient.correct")
        try:
            newcomer = form.newcomer(systems_of(service()))
            hold_list(db(), actor().service_id)
            known = newcomers.known_people(db(), newcomer=newcomer, sealing=sealing(), actor=actor())
            person, ask = newcomers.who_is_meant(known, chosen)
            if (
                ask
                and person is not None
                and not newcomers.tells_nothing_new(
                    db(), person=person, newcomer=newcomer, sealing=sealing(), today=now().date()
                )
            ):
                return ask_page(form, newcomer, known, where="to the waiting list", may_correct=may_correct)
            person = who_was_chosen(newcomer, person, chosen=chosen, may_correct=may_correct)
            row = waiting.wait(db(), person=person, wishes=form.wishes, actor=actor(), now=now())
            told = letters.tell_on_list(db(), row=row, now=now())
        except (Invalid, Conflict) as error:
            db().rollback()
            form.say_wrong(error)
            if is_about_whom(error, chosen):
                asked = ask_page(form, newcomer, known, where="to the waiting list", may_correct=may_correct)
                return asked, 400
        else:
            flash(f"{isolated(person.full_name)} is on the waiting list{', and we tell them' if told else ''}.")
            return redirect(url_for("waiting.overview"))
    return new_page(form), 400


@pages.get("/<waiting_id>")
@permission("waiting.change")
def show(waiting_id: str) -> str:
    waits = waiting.find_waiting(db(), actor=actor(), waiting_id=waiting_id)
    return one_page(waits, offer_form(waits, formdata=None), StopForm(formdata=None))


@pages.post("/<waiting_id>/offer")
@permission("waiting.change")
def offer(waiting_id: str) -> Page:
    waits = waiting.find_waiting(db(), actor=actor(), waiting_id=waiting_id)
    form = offer_form(waits)
    if form.validate_on_submit():
        try:
            cohort = services.find_cohort(db(), actor=actor(), cohort_id=form.cohort.data, action="cohort.enrol")
            waiting.offer_from_list(
                db(),
                waits=waits,
                cohort=cohort,
                jump=form.jump.data or "",
                answer_by=form.answer_by.data or usual_day(cohort),
                site=settings().public_url,
                actor=actor(),
                now=now(),
            )
        except (Invalid, Conflict) as error:
            db().rollback()
            form[getattr(error, "field", None) or "cohort"].errors = [error.message]
        else:
            flash(f"{isolated(waits.person.full_name)} has been offered a place in {isolated(cohort.name)}.")
            return redirect(url_for("waiting.overview"))
    return one_page(waits, form, StopForm(formdata=None)), 400


@pages.post("/<waiting_id>/stop")
@permission("waiting.change")
def stop(waiting_id: str) -> Page:
    waits = waiting.find_waiting(db(), actor=actor(), waiting_id=waiting_id)
    form = StopForm()
    if not form.validate_on_submit():
        return one_page(waits, offer_form(waits, formdata=None), form), 400
    try:
        stopping.stop_waiting(db(), waits=waits, because=form.because.data, actor=actor(), now=now())
    except Conflict as error:
        return unchanged(error)
    told = letters.tell_off_list(db(), row=waits.row, now=now())
    flash(f"{isolated(waits.person.full_name)} waits no more{', and we tell them' if told else ''}.")
    return redirect(url_for("waiting.overview"))


@pages.post("/<waiting_id>/back")
@permission("waiting.change")
def put_back(waiting_id: str) -> Response:
    """Whoever was taken off waits again, since they did before."""
    if not BackForm().validate_on_submit():
        raise Invalid("Press the button on the waiting list.")
    try:
        person = stopping.put_back(db(), waiting_id=waiting_id, actor=actor(), now=now())
    except Conflict as error:
        return unchanged(error)
    told = letters.tell_on_list(db(), row=db().get_one(Waiting, waiting_id), now=now())
    name, turn = isolated(person.full_name), turn_of(db(), person)
    flash(f"{name} is on the list again, as number {turn}{', and we tell them' if told else ''}.")
    return redirect(url_for("waiting.overview"))


def unchanged(error: Conflict) -> Response:
    """Somebody was quicker: the list says what stands now."""
    db().rollback()
    flash(error.message, "alert")
    return redirect(url_for("waiting.overview"))


@pages.get("/<waiting_id>/wishes")
@permission("waiting.change")
def ask_wishes(waiting_id: str) -> str:
    waits = waiting.find_waiting(db(), actor=actor(), waiting_id=waiting_id)
    return wishes_page(waits, WishesForm(formdata=None, obj=waits.row))


@pages.post("/<waiting_id>/wishes")
@permission("waiting.change")
def keep_wishes(waiting_id: str) -> Page:
    waits, form = waiting.find_waiting(db(), actor=actor(), waiting_id=waiting_id), WishesForm()
    if not form.validate_on_submit():
        return wishes_page(waits, form), 400
    try:
        changed = change_wishes(db(), waits=waits, wishes=form.wishes, actor=actor(), now=now())
    except Conflict as error:
        return unchanged(error)
    flash("Saved. Since when they wait stays." if changed else "Nothing was changed.")
    return redirect(url_for("waiting.show", waiting_id=waiting_id))


def wishes_page(waits: waiting.Waits, form: WishesForm) -> str:
    return render_template("programme/places/queue/wishes.jinja", waits=waits, form=form)


def offer_form(waits: waiting.Waits, **fields: None) -> OfferForm:
    """The groups with room, those that fit marked; the one that the address names is chosen, or the first that fits."""
    groups = waiting.free_groups(db(), actor=actor(), now=now())
    fit = {each.cohort.id: suits(each, waits) for each in groups}
    asked = request.args.get("cohort", "")
    first = next((each for each in groups if each.cohort.id == asked), None)
    first = first or next((each for each in groups if fit[each.cohort.id]), None)
    form = OfferForm(**fields, data={"cohort": first.cohort.id} if first else {})
    form.cohort.choices = [SelectChoice("", "Choose a group")] + [
        SelectChoice(each.cohort.id, group_words(each, fit=fit[each.cohort.id])) for each in groups
    ]
    return form


def usual_day(cohort: Cohort) -> date:
    """The last day to answer where nobody chose one: it follows the group that was chosen."""
    today = in_zone(now(), service().zone).date()
    coming = services.next_date(services.dates_of(db(), cohort.id), now())
    return usual_answer_by(today, in_zone(coming.starts_at, cohort.zone).date() if coming else today)


def group_words(each: waiting.FreeGroup, *, fit: bool) -> str:
    when = f"{each.first_day.day} {each.first_day:%B %Y} at {clock_time(each.coming.starts_at, each.cohort.zone)}"
    begins = f"has begun, next session {each.coming.number}, {when}" if each.has_begun else f"begins {when}"
    room = f"{each.free} free" if fit else f"{each.free} free, does not fit their wishes"
    return f"{each.cohort.name}, {begins} ({room})"


def one_page(waits: waiting.Waits, form: OfferForm, stop_form: StopForm) -> str:
    return render_template(
        "programme/places/queue/one_waiting.jinja",
        waits=waits,
        form=form,
        stop=stop_form,
        words=WAYS,
        times=TIMES,
        may_look=may_everywhere(actor(), "patient.lines"),
        may_record_death=may_everywhere(actor(), "place.change"),
    )
