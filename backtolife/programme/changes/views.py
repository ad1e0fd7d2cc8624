"""Pages on which a group's dates are changed: what they are, one session's change, is this right, undo."""

from typing import cast

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from backtolife.clock import in_zone
from backtolife.errors import Clashes, Conflict, Invalid
from backtolife.people.access import may, permission
from backtolife.people.names import isolated
from backtolife.people.request import actor, db, now, settings
from backtolife.programme.calendars.invitations import Sender
from backtolife.programme.changes import choosing, moving, news
from backtolife.programme.changes.forms import BACK, DATED, KINDS, ChangeForm
from backtolife.programme.changes.models import ChangeKind, DatesChange
from backtolife.programme.changes.moving import Proposal, read_back
from backtolife.programme.changes.wishes import Wish
from backtolife.programme.cohorts.models import Cohort, SessionDate
from backtolife.programme.cohorts.services import dates_of, find_cohort
from backtolife.programme.cohorts.surroundings import Surroundings

pages = Blueprint("group_dates", __name__, url_prefix="/groups/<cohort_id>/dates")
Page = str | Response | tuple[str, int]


def around() -> Surroundings:
    return cast(Surroundings, current_app.extensions["backtolife.around_groups"])


def find(cohort_id: str, action: str = "cohort.change") -> Cohort:
    return find_cohort(db(), actor=actor(), cohort_id=cohort_id, action=action)


@pages.get("")
@permission("cohort.read")
def show(cohort_id: str) -> str:
    cohort = find(cohort_id, "cohort.read")
    changes = moving.history(db(), cohort.id)
    return render_template(
        "programme/changes/dates.jinja",
        cohort=cohort,
        dates=dates_of(db(), cohort.id),
        held=around().held(db(), cohort.id),
        changes=told(changes),
        may_change=may(actor(), "cohort.change", cohort),
        now=now(),
    )


def told(changes: list[DatesChange]) -> list[dict[str, object]]:
    """Each change as the pages tell it: who, when, and each session as it was and as it was then."""
    names = moving.who_changed(db(), changes)
    return [
        {
            "row": each,
            "who": names[each.by],
            "sessions": [
                (read_back(number, each.before[number]), read_back(number, each.after[number]))
                for number in each.before
            ],
        }
        for each in changes
    ]


@pages.get("/<int:number>")
@permission("cohort.change")
def choose(cohort_id: str, number: int) -> Page:
    cohort = find(cohort_id)
    date = session_date(cohort, number)
    local = in_zone(date.starts_at, cohort.zone)
    form = ChangeForm(
        formdata=None, kind=ChangeKind.MOVED, day=local.date(), at=local.time(), weeks=1, version=cohort.version
    )
    return form_page(cohort, date, form)


def session_date(cohort: Cohort, number: int) -> SessionDate:
    """Raises Invalid for a number that the group has no session for."""
    found = next((each for each in dates_of(db(), cohort.id) if each.number == number), None)
    if found is None:
        raise Invalid("This group has no such session. Choose one from the list.")
    return found


def form_page(cohort: Cohort, date: SessionDate, form: ChangeForm) -> str:
    """What is offered is what this session can become: only one that was left out can come back."""
    form.kind.choices = [SelectChoice(*each) for each in (KINDS if date.left_out_at is None else (BACK,))]
    known = choosing.good_to_know(db(), cohort=cohort, around=around(), now=now())
    return render_template("programme/changes/choose.jinja", cohort=cohort, date=date, form=form, known=known)


@pages.post("/<int:number>")
@permission("cohort.change")
def keep(cohort_id: str, number: int) -> Page:
    cohort, form = find(cohort_id), ChangeForm()
    form.kind.choices = [*form.kind.choices, SelectChoice(*BACK)]
    if "change" not in request.form and form.validate_on_submit():
        kind = ChangeKind(form.kind.data)
        wish = Wish(kind, number, form.day.data, form.at.data, form.weeks.data or 0)
        try:
            return done_or_asked(cohort, wish, {"form": form})
        except (Invalid, Conflict) as error:
            db().rollback()
            cohort = find(cohort_id)
            field = "weeks" if kind is ChangeKind.BREAK else "day" if kind in DATED else "kind"
            form[field].errors = list(error.reasons)
    return form_page(cohort, session_date(cohort, number), form), 200 if "change" in request.form else 400


def done_or_asked(cohort: Cohort, wish: Wish, shown: dict[str, object]) -> Page:
    """Keep what somebody said yes to, or show what it would be. Raises Invalid and Conflict."""
    given = request.form.get("agreed", "")
    change = moving.change_dates(
        db(), cohort=cohort, wish=wish, agreed=given, actor=actor(), around=around(), now=now()
    )
    if change is None:
        proposal = moving.propose(db(), cohort=cohort, wish=wish, actor=actor(), around=around(), now=now())
        return check_page(cohort, proposal, shown)
    sender = Sender(settings().public_url, settings().mail_from)
    people = news.tell_everybody(db(), cohort=cohort, change=change, around=around(), sender=sender, now=now())
    who = {0: "Nobody needs to be told.", 1: "1 person is told."}
    flash(f"The dates are changed. {who.get(people, f'{people} people are told.')}")
    return redirect(url_for("group_dates.show", cohort_id=cohort.id))


def check_page(cohort: Cohort, proposal: Proposal, shown: dict[str, object]) -> str:
    """Old and new beside each other, before anything is kept; and what others changed meanwhile."""
    typed = request.form.get("version", "")
    seen = int(typed) if typed.isdecimal() else cohort.version
    since = [each for each in moving.history(db(), cohort.id) if each.version > seen]
    return render_template(
        "programme/changes/check.jinja",
        cohort=cohort,
        proposal=proposal,
        since=told(since),
        people=len(news.recipients(db(), cohort, moving.dates_changed(db(), cohort, proposal))),
        offered=offered_in(cohort),
        now=now(),
        **shown,
    )


def offered_in(cohort: Cohort) -> str:
    """Who was offered a place and has not answered: by name for who may see places, else how many; empty for nobody."""
    people = around().offered(db(), cohort.id)
    if may(actor(), "place.read", cohort):
        return ", ".join(isolated(each.full_name) for each in people)
    return f"{len(people)} {'person' if len(people) == 1 else 'people'}" if people else ""


@pages.get("/undo")
@permission("cohort.change")
def ask_undo(cohort_id: str) -> str:
    cohort = find(cohort_id)
    proposal = moving.propose(
        db(), cohort=cohort, wish=Wish(ChangeKind.UNDONE, 0), actor=actor(), around=around(), now=now()
    )
    return check_page(cohort, proposal, {"undo": True})


@pages.post("/undo")
@permission("cohort.change")
def undo(cohort_id: str) -> Page:
    """Put the dates back as they were before the newest change, and tell everybody again."""
    try:
        return done_or_asked(find(cohort_id), Wish(ChangeKind.UNDONE, 0), {"undo": True})
    except Clashes:
        db().rollback()
        return ask_undo(cohort_id), 409  # it lists why
