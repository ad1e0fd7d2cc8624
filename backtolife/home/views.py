"""Home: one page for each role that says what to do next; and a cohort's page for staff."""

from functools import partial

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from backtolife.audit.checks import AuditCheck, trouble
from backtolife.clock import in_zone
from backtolife.content.services import being_made, missing
from backtolife.data_life.emergency.reviewing import how_many_to_review
from backtolife.errors import NotFound
from backtolife.home.cohort import cohort_page
from backtolife.home.patient import patient_home
from backtolife.home.returning import returns_near
from backtolife.home.set_up import put_away, set_up_of
from backtolife.home.staff import ask_ahead
from backtolife.home.today import coming_sessions, stood_in, without_a_second
from backtolife.outcomes.asking.readiness import unsigned_in_use
from backtolife.outcomes.safety.tasks import nobody_took
from backtolife.people.access import may, permission
from backtolife.people.colleagues.yearly.services import review_is_due
from backtolife.people.models import Role
from backtolife.people.request import actor, db, now, person, service, settings
from backtolife.people.second_person.deciding import how_many_wait
from backtolife.people.traces import looks
from backtolife.programme.consent.answering import standings_of, waits_for_who_left
from backtolife.programme.consent.rules import NEEDED
from backtolife.programme.consent.texts import texts_of
from backtolife.programme.discharge.forgotten import groups_to_discharge
from backtolife.programme.places.dying import deaths_near
from backtolife.programme.places.offer_lists import open_offers, own_offers
from backtolife.programme.places.queue.freed import next_of_service
from backtolife.programme.places.queue.standing import standing_of
from backtolife.programme.staffing.unled import groups_that_lost_somebody

pages = Blueprint("home", __name__)
cohort_pages = Blueprint("cohort", __name__, url_prefix="/groups")


@pages.get("/")
@permission("home.open")
def show() -> str | Response:
    """A patient's programme, or what waits for a member of staff today."""
    hour = in_zone(now(), service().zone).hour
    greeting = "Good morning" if hour < 12 else "Good afternoon" if hour < 18 else "Good evening"
    if not actor().is_patient:
        ask_ahead(db(), actor=actor(), now=now())
        coming = coming_sessions(db(), actor=actor(), now=now())
        unled = groups_that_lost_somebody(db(), actor=actor(), now=now())
        next_in_turn = next_of_service(db(), actor=actor(), now=now())
        deaths = deaths_near(db(), actor=actor(), now=now())
        returns = returns_near(db(), actor=actor(), now=now())
        if deaths or returns or next_in_turn:
            looks.shows_people()
        return render_template(
            "home/staff.jinja",
            greeting=greeting,
            coming=coming,
            alone=without_a_second(coming, actor=actor(), said=[each.cohort.id for each in unled]),
            set_up=set_up_of(
                db(), actor=actor(), production=settings().production, texts=bool(settings().texts_by), now=now()
            ),
            may=partial(may, actor()),
            waiting=nobody_took(db(), actor=actor()) if may(actor(), "task.read", actor()) else 0,
            now=now(),
            roles=Role,
            unsigned=words_to_sign(),
            unseen=(unseen := sessions_without_video()),
            being_made=being_made(db(), service_id=actor().service_id) if unseen else 0,
            may_publish=may(actor(), "consent.publish", actor()),
            unpublished=words_to_publish(),
            ended=groups_to_discharge(db(), actor=actor(), now=now()),
            unled=unled,
            deaths=deaths,
            returns=returns,
            next_in_turn=next_in_turn,
            review_due=review_is_due(db(), actor=actor(), now=now()),
            stood_in=stood_in(db(), actor=actor(), now=now()),
            offers=open_offers(db(), actor=actor(), now=now()) if may(actor(), "place.read", actor()) else [],
            may_rehearse=may(actor(), "session.rehearse", actor()),
            broken_log=broken_log(),
            roles_wait=how_many_wait(db(), actor=actor()),
            to_review=how_many_to_review(db(), actor=actor()),
            may_open=may(actor(), "emergency.open", actor()),
            may_join=partial(may, actor(), "session.join"),
        )
    try:
        home = patient_home(db(), actor=actor(), production=settings().production, now=now())
    except NotFound:
        if own_offers(db(), actor=actor(), now=now()):
            return redirect(url_for("offers.show"))
        standing = standing_of(db(), person_id=actor().id)
        standings = standings_of(db(), person_id=actor().id, service_id=actor().service_id)
        return render_template(
            "home/no_group.jinja",
            greeting=greeting,
            standing=standing,
            asked=waits_for_who_left(standings),
        )
    ask_needs = person().needs is None
    return render_template("home/patient.jinja", home=home, greeting=greeting, now=now(), ask_needs=ask_needs)


@pages.post("/set-up")
@permission("set_up.read")
def set_up() -> Response:
    """The list of what to set up is done and put away."""
    put_away(db(), actor=actor(), production=settings().production, texts=bool(settings().texts_by), now=now())
    flash("The list is put away. Your service is ready for its first session.")
    return redirect(url_for("home.show"))


def broken_log() -> AuditCheck | None:
    """What a night's reading of the audit log found wrong, for administrators."""
    return trouble(db(), actor().service_id, now=now()) if actor().holds(Role.ADMINISTRATOR) else None


def words_to_sign() -> int:
    """How many forms nobody has signed for, for those who can have it done: clinical leads and administrators."""
    if not actor().holds(Role.CLINICAL_LEAD, Role.ADMINISTRATOR):
        return 0
    return len(unsigned_in_use(db(), service_id=actor().service_id, production=settings().production, now=now()))


def words_to_publish() -> bool:
    """Whether words that the live room needs are not published, for those who can do so."""
    if not may(actor(), "consent.publish", actor()):
        return False
    return bool(NEEDED - texts_of(db(), actor().service_id).keys())


def sessions_without_video() -> list[int]:
    """Which sessions have nothing to watch, for those who can see to it: leads and administrators."""
    if not actor().holds(Role.CLINICAL_LEAD, Role.SERVICE_LEAD, Role.ADMINISTRATOR):
        return []
    return missing(db(), service_id=actor().service_id)


@cohort_pages.get("/<cohort_id>", endpoint="show")
@permission("cohort.read")
def show_cohort(cohort_id: str) -> str:
    page = cohort_page(db(), actor=actor(), cohort_id=cohort_id, now=now())
    may_see = {
        "may_enrol": may(actor(), "cohort.enrol", page.cohort),
        "may_join": may(actor(), "session.join", page.cohort),
        "may_change": may(actor(), "cohort.change", page.cohort),
        "may_discharge": page.door is None and may(actor(), "place.change", page.cohort),
        "may_see_waiting": may(actor(), "waiting.read", actor()),
        "may_help": may(actor(), "trial.help", page.cohort),
    }
    return render_template("home/cohort.jinja", page=page, now=now(), **may_see)
