"""Pages on messages: all of them, one, those to one patient, and what goes out next."""

from collections.abc import Iterable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backtolife import audit
from backtolife.errors import Conflict, Invalid
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.people.access import may, permission
from backtolife.people.models import Person
from backtolife.people.numbers import text_number
from backtolife.people.request import actor, db, now, service, settings
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.patients.calling.calls import calls_about
from backtolife.programme.patients.calling.history import newest_mark, refuse_unseen
from backtolife.programme.patients.calling.telling import TOLD
from backtolife.programme.patients.note_forms import CallForm
from backtolife.programme.patients.whose.around import around, asked_for
from backtolife.reminders.messages import acting, listing
from backtolife.reminders.messages.coming import coming_messages
from backtolife.reminders.messages.forms import SeekForm
from backtolife.reminders.messages.what_became import Became, may_be_read, title_of, what_became

pages = Blueprint("messages", __name__, url_prefix="/messages")
patient_pages = Blueprint("patient_messages", __name__, url_prefix="/patients")
Page = str | Response | tuple[str, int]
Line = tuple[OutgoingMessage, Person | None, str, Became]
LONGEST_SOUGHT, LAST_PAGE = 100, 100_000


def lines_of(found: Iterable[tuple[OutgoingMessage, Person | None]]) -> list[Line]:
    """Each message with what it is and what became of it."""
    zone, moment = service().zone, now()
    return [
        (message, person, title_of(message), what_became(message, zone=zone, now=moment)) for message, person in found
    ]


@pages.route("", methods=["GET", "POST"])
@permission("message.read")
def overview() -> str:
    """By POST with what is looked for: names stay out of addresses. Looking at who was written to leaves a trace."""
    asked = request.form if request.method == "POST" else request.args
    shown, sort = asked.get("show", "open"), asked.get("sort", "newest")
    wanted = listing.Wanted(
        shown=shown if shown in listing.SHOWN else "open",
        channel=asked.get("by", ""),
        words=request.form.get("q", "")[:LONGEST_SOUGHT],
        sort=sort if sort in listing.SORTS else "newest",
        page=min(max(1, asked.get("page", 1, type=int)), LAST_PAGE),
    )
    look("messages_seen", "service", actor().service_id)
    found = listing.messages_for(db(), actor=actor(), wanted=wanted)
    return render_template(
        "reminders/messages.jinja",
        wanted=wanted,
        found=found,
        rows=lines_of(found.rows),
        form=seeking(wanted),
        shown=listing.SHOWN,
        channels=listing.CHANNELS,
        now=now(),
    )


def seeking(wanted: listing.Wanted) -> SeekForm:
    asked = {"show": wanted.shown, "by": wanted.channel, "q": wanted.words, "sort": wanted.sort}
    return SeekForm(formdata=None, meta={"csrf": False}, data=asked)


@pages.get("/coming")
@permission("message.read")
def coming() -> str:
    look("messages_seen", "service", actor().service_id)
    page = min(max(1, request.args.get("page", 1, type=int)), LAST_PAGE)
    found = coming_messages(db(), actor=actor(), settings=settings(), now=now(), page=page)
    return render_template("reminders/coming.jinja", coming=found.rows, groups=found.groups, now=now())


@pages.get("/<message_id>")
@permission("message.read")
def show(message_id: str) -> str:
    message = listing.find_message(db(), actor=actor(), message_id=message_id, action="message.read")
    look("message_seen", "message", message.id)
    return page(message, CallForm(formdata=None))


def look(action: str, kind: str, subject_id: str) -> None:
    audit.record(db(), actor=actor(), action=action, subject_type=kind, subject_id=subject_id, now=now())


def page(message: OutgoingMessage, form: CallForm) -> str:
    person = db().get(Person, message.person_id) if message.person_id else None
    place = listing.place_of(db(), message, actor())
    is_companion = person is not None and person.whole_course and place is not None
    stuck = message.state in (MessageState.HELD, MessageState.FAILED)
    calling = message.channel is Channel.TELEPHONE and message.state is MessageState.WAITING
    form.seen.data = newest_mark(db(), message.person_id)
    can_text = settings().texts_by and message.text and (text_number(person.phone) if person else message.address)
    return render_template(
        "reminders/message.jinja",
        message=message,
        person=person,
        title=title_of(message),
        became=what_became(message, zone=service().zone, now=now()),
        words=message.body if may_be_read(message) else "",
        text=message.text if may_be_read(message) else "",
        calls=calls_about(db(), message),
        channels=listing.CHANNELS,
        form=form,
        can_mail=bool(stuck and message.body),
        goes_to=goes_to(message, person) if stuck and message.channel is Channel.EMAIL else "",
        can_text=bool(stuck and can_text),
        stuck=stuck,
        calling=calling,
        place=place if not is_companion and place and may(actor(), "patient.correct", place) else None,
        beside_at=reach_at(place, person) if is_companion else "",
        mourns=is_companion and whose_patient_died(person),
        now=now(),
    )


def goes_to(message: OutgoingMessage, person: Person | None) -> str:
    """Where an e-mail goes that is sent again, where that is another address than it went to; else empty."""
    own = acting.own_address(message, person)
    return own if own != message.address else ""


def whose_patient_died(person: Person | None) -> bool:
    """Whether who they came with has died: nobody should ring them without knowing it."""
    patient = db().get(Person, person.beside_id) if person is not None and person.beside_id else None
    return patient is not None and patient.died_at is not None


def reach_at(place: Enrolment | None, person: Person | None) -> str:
    """The page that says where a companion is reached; empty for who may not book one."""
    if place is None or person is None or not may(actor(), "companion.book", place):
        return ""
    return url_for("companions.show_reach", enrolment_id=place.id, guest_id=person.id)


@pages.post("/<message_id>/again")
@permission("message.work")
def again(message_id: str) -> Page:
    by = Channel.SMS if request.form.get("by") == Channel.SMS.value else Channel.EMAIL
    try:
        message = acting.send_again(db(), message_id=message_id, by=by, actor=actor(), now=now())
    except Conflict as error:
        return as_it_is(message_id, error)
    flash("It goes out after their quiet hours." if message.not_before else "It goes out in a moment.")
    return redirect(url_for("messages.show", message_id=message_id))


@pages.post("/<message_id>/call")
@permission("message.work")
def call(message_id: str) -> Page:
    try:
        acting.call_instead(db(), message_id=message_id, actor=actor(), now=now())
    except Conflict as error:
        return as_it_is(message_id, error)
    flash("It is a call now. Write down here what comes of it.")
    return redirect(url_for("messages.show", message_id=message_id))


@pages.post("/<message_id>/called")
@permission("message.work")
def called(message_id: str) -> Page:
    message = listing.find_message(db(), actor=actor(), message_id=message_id, action="message.work")
    form = CallForm()
    if not form.validate_on_submit():
        return page(message, form), 400
    try:
        outcome, words = form.outcome.data, form.words.data or ""
        refuse_unseen(db(), person_id=message.person_id, seen=form.seen.data)
        acting.keep_call(db(), message_id=message_id, outcome=outcome, words=words, actor=actor(), now=now())
    except (Invalid, Conflict) as error:
        field = error.field if isinstance(error, Invalid) else None
        form[field or "outcome"].errors = [error.message]
        return page(message, form), error.status
    flash("The call is written down." if outcome in TOLD else "The call is written down. They are still to be told.")
    return redirect(url_for("messages.overview"))


@pages.post("/<message_id>/drop")
@permission("message.work")
def drop(message_id: str) -> Page:
    try:
        acting.drop(db(), message_id=message_id, actor=actor(), now=now())
    except Conflict as error:
        return as_it_is(message_id, error)
    flash("It is not sent.")
    return redirect(url_for("messages.overview"))


def as_it_is(message_id: str, error: Conflict) -> tuple[str, int]:
    """The page of a message that somebody else saw to meanwhile, with what is said about it."""
    message = listing.find_message(db(), actor=actor(), message_id=message_id, action="message.work")
    flash(error.message, "alert")
    return page(message, CallForm(formdata=None)), error.status


@patient_pages.get("/<enrolment_id>/messages")
@patient_pages.get("/person/<person_id>/messages")
@permission("message.read")
def to_patient(**at: str) -> str:
    whose = asked_for("message.read", at)
    person = db().get_one(Person, whose.person_id)
    look("messages_seen", "person", person.id)
    sent = listing.messages_to(db(), person=person)
    return render_template(
        "reminders/to_patient.jinja",
        rows=lines_of((message, person) for message in sent),
        channels=listing.CHANNELS,
        now=now(),
        **around(whose),
    )
