"""What the programme says of itself: who it is for, its sessions, the welcome pack, the guide for staff."""

from flask import Blueprint, render_template

from backtolife.people.access import permission
from backtolife.people.permissions import PUBLIC
from backtolife.people.request import actor, actor_or_none, db
from backtolife.programme.consent.rules import ConsentKind
from backtolife.programme.consent.texts import Words, texts_of, words_in
from backtolife.programme.guides.reading import own_shelf
from backtolife.programme.guides.views import here, which_service
from backtolife.programme.plan.guide_parts import below_title, parts_of
from backtolife.programme.plan.template import Programme

pages = Blueprint("programme_told", __name__, url_prefix="/programme")
WHO = {
    "include": "It is for",
    "assess_first": "Assess first",
    "not_suitable": "It is not right for",
}


@pages.get("")
@permission(PUBLIC)
def about() -> str:
    """For anybody: what it is, who it is for, its nine sessions, who wrote it; for staff, how far it is reviewed."""
    who = actor_or_none()
    return render_template(
        "programme/guides/about.jinja",
        plan=here().plan,
        headings=WHO,
        staff=who is not None and who.is_staff,
        which=which_service(),
    )


@pages.get("/sessions/<int:number>")
@permission("programme.read")
def session(number: int) -> str:
    """One session: what it is about and what we do in it; for staff also how it is led."""
    plan = own_shelf(db(), actor()).plan
    found = plan.session(number)
    staff = actor().is_staff
    return render_template(
        "programme/guides/session.jinja",
        plan=plan,
        each=found,
        staff=staff,
        videos=[plan.videos[each] for each in found.video_ids],
        due=[(plan.milestone(due.milestone_id), due.when) for due in found.milestones_due],
        scripts={section.id: plan.relaxation[section.script_id] for section in found.sections if section.script_id},
    )


@pages.get("/welcome")
@permission("programme.read")
def welcome() -> str:
    """The welcome pack, with the agreement to read at any time."""
    plan = own_shelf(db(), actor()).plan
    return render_template(
        "programme/guides/welcome.jinja",
        guide=plan.welcome,
        parts=parts_of(below_title(plan.welcome.body), whole=True),
        agreement=(words := agreement_here(plan)),
        agreed=parts_of(words.body, whole=True),
    )


@pages.get("/staff-guide")
@permission("staff_guide.read")
def staff_guide() -> str:
    """The facilitator guide to read outside a rehearsal."""
    plan = own_shelf(db(), actor()).plan
    guide = plan.facilitator_guide
    return render_template(
        "programme/guides/staff_guide.jinja",
        guide=guide,
        plan=plan,
        parts=parts_of(below_title(guide.body), whole=True),
    )


def agreement_here(plan: Programme) -> Words:
    """The agreement in force in the service, else that of the programme which the reader's group follows."""
    asked = texts_of(db(), actor().service_id).get(ConsentKind.GROUP)
    return Words(asked.newest.title, asked.newest.body) if asked is not None else words_in(plan, ConsentKind.GROUP)
