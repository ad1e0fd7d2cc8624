"""Pages on which a lead sees the versions of the programme, writes a draft, and publishes it."""

from collections.abc import Mapping

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backtolife.errors import Conflict, Invalid
from backtolife.people.access import permission
from backtolife.people.request import actor, db, now
from backtolife.programme.adopted.services import offered
from backtolife.programme.editing import documents, services
from backtolife.programme.editing.documents import document_of
from backtolife.programme.editing.forms import (
    PublishForm,
    SeenForm,
    as_field,
    changed_meanwhile,
    filled,
    form_of,
    marks,
    typed_in,
)
from backtolife.programme.editing.models import ProgrammeDraft
from backtolife.programme.editing.newer import newer_original, newer_than
from backtolife.programme.editing.pages import (
    exercise_page,
    message_page,
    milestone_page,
    new_section_page,
    order_page,
    practice_page,
    section_page,
    session_page,
    text_page,
)
from backtolife.programme.editing.parts import Page, at_place
from backtolife.programme.editing.refusing import Refused, refusals
from backtolife.programme.editing.structure import KIND_WORDS
from backtolife.programme.plan.loading import shipped
from backtolife.programme.versions import services as versions

pages = Blueprint("programme", __name__, url_prefix="/programme/versions")
Shown = str | Response | tuple[str, int]


@pages.get("")
@permission("programme.edit")
def overview() -> str:
    drafts = services.drafts_of(db(), actor().service_id)
    rows = versions.versions_of(db(), actor().service_id)
    listed = versions.in_order(rows)
    begins = offered(db(), actor().service_id)[:1]
    people = [each.changed_by for each in drafts] + [each.published_by or "" for each, _ in rows]
    return render_template(
        "programme/editing/overview.jinja",
        own=listed.own,
        earlier=listed.earlier,
        original_groups=listed.original_groups,
        original=listed.original,
        begins=begins,
        behind=bool(begins) and newer_original(db(), begins[0]) is not None,
        newer={each.id: newer_than(db(), each) for each in drafts if each.discarded_at is None},
        put_away=[version for version, _ in rows if version.put_away_at],
        drafts=drafts,
        names=versions.names_of(db(), people),
        based=services.based_on(db(), drafts),
        shipped=shipped(),
    )


@pages.post("/drafts")
@permission("programme.edit")
def begin() -> Response:
    draft = services.begin(db(), version_id=request.form.get("version", ""), actor=actor(), now=now())
    flash("The draft is ready. Change what you need: no group reads it before you publish it.")
    return redirect(url_for("programme.draft", draft_id=draft.id))


def find(draft_id: str) -> ProgrammeDraft:
    return services.find_draft(db(), draft_id, actor=actor())


@pages.get("/drafts/<draft_id>")
@permission("programme.edit")
def draft(draft_id: str) -> str:
    return draft_page(find(draft_id))


def draft_page(found: ProgrammeDraft, refused: str = "") -> str:
    return render_template(
        "programme/editing/draft.jinja",
        draft=found,
        plan=services.read(found),
        texts=texts_of(found),
        newer=newer_than(db(), found),
        refused=refused,
    )


def texts_of(found: ProgrammeDraft) -> list[tuple[str, str]]:
    """The Markdown files that can be written here, with their titles; the words of videos are spoken already."""
    names = [name for name in sorted(found.files) if name.endswith(".md") and not name.startswith("videos/")]
    titles = [(name, documents.titled(found.files[name])) for name in names]
    return [(name, title) for name, title in titles if title]


@pages.post("/drafts/<draft_id>/undo")
@permission("programme.edit")
def undo(draft_id: str) -> Shown:
    found, form = find(draft_id), SeenForm()
    try:
        services.undo(db(), draft=found, seen=form.seen_revision, actor=actor(), now=now())
    except Conflict as error:
        return draft_page(found, error.message), error.status
    flash("The last change is undone. Press the same button again to bring it back.")
    return redirect(url_for("programme.draft", draft_id=found.id))


@pages.route("/drafts/<draft_id>/sessions/<int:number>", methods=["GET", "POST"])
@permission("programme.edit")
def session(draft_id: str, number: int) -> Shown:
    found = find(draft_id)
    return edited(found, session_page(services.read(found).session(number)))


@pages.route("/drafts/<draft_id>/sessions/<int:number>/order", methods=["GET", "POST"])
@permission("programme.edit")
def order(draft_id: str, number: int) -> Shown:
    found = find(draft_id)
    return edited(found, order_page(services.read(found).session(number)))


@pages.route("/drafts/<draft_id>/sessions/<int:number>/practice", methods=["GET", "POST"])
@permission("programme.edit")
def practice(draft_id: str, number: int) -> Shown:
    found = find(draft_id)
    plan = services.read(found)
    return edited(found, practice_page(plan, plan.session(number)))


@pages.route("/drafts/<draft_id>/sessions/<int:number>/sections/<section_id>", methods=["GET", "POST"])
@permission("programme.edit")
def section(draft_id: str, number: int, section_id: str) -> Shown:
    found = find(draft_id)
    plan = services.read(found)
    in_session = plan.session(number)
    at = next((at for at, each in enumerate(in_session.sections) if each.id == section_id), None)
    return edited(found, section_page(plan, in_session, at) if at is not None else abort(404))


@pages.route("/drafts/<draft_id>/sessions/<int:number>/new-section", methods=["GET", "POST"])
@permission("programme.edit")
def new_section(draft_id: str, number: int) -> Shown:
    """First which kind it is, then what it needs."""
    found, kind = find(draft_id), request.args.get("kind", "")
    plan = services.read(found)
    in_session = plan.session(number)
    if kind not in KIND_WORDS:
        return render_template("programme/editing/new_section.jinja", draft=found, session=in_session, kinds=KIND_WORDS)
    last, typed = len(in_session.sections), request.form.get("after", "")
    at = min(int(typed), last) if typed.isdecimal() and len(typed) < 4 else last
    return edited(found, new_section_page(plan, in_session, kind, at))


@pages.route("/drafts/<draft_id>/texts/<path:text_file>", methods=["GET", "POST"])
@permission("programme.edit")
def text(draft_id: str, text_file: str) -> Shown:
    found = find(draft_id)
    title = dict(texts_of(found)).get(text_file)
    return edited(found, text_page(text_file, title) if title else abort(404))


@pages.route("/drafts/<draft_id>/exercises/<exercise_id>", methods=["GET", "POST"])
@permission("programme.edit")
def exercise(draft_id: str, exercise_id: str) -> Shown:
    found = find(draft_id)
    plan = services.read(found)
    known = plan.exercises.get(exercise_id)
    return edited(found, exercise_page(plan, known) if known else abort(404))


@pages.route("/drafts/<draft_id>/messages/<template>", methods=["GET", "POST"])
@permission("programme.edit")
def message(draft_id: str, template: str) -> Shown:
    found = find(draft_id)
    plan = services.read(found)
    return edited(found, message_page(plan, template) if template in plan.messages else abort(404))


@pages.route("/drafts/<draft_id>/milestones/<milestone_id>", methods=["GET", "POST"])
@permission("programme.edit")
def milestone(draft_id: str, milestone_id: str) -> Shown:
    found = find(draft_id)
    plan = services.read(found)
    return edited(found, milestone_page(plan, plan.milestone(milestone_id)))


def edited(found: ProgrammeDraft, page: Page) -> Shown:
    """A page of the draft, by POST saved. What was typed stays on the page whatever becomes of it."""
    if request.method == "GET":
        data = page.fresh or at_place(document_of(page.file, found.files[page.file]), page.base)
        return form_page(found, page, filled(page, data, found.revision))
    form = form_of(page)
    sound, typed = form.validate_on_submit(), typed_in(page, form)
    if not sound:
        unread = [part.name for part in page.parts if form[part.name].errors]
        return form_page(found, page, noting(form, refusals(found.files, page, typed, unread))), 400
    try:
        services.save(db(), draft=found, page=page, typed=typed, seen=form.seen_revision, actor=actor(), now=now())
    except Refused as error:
        return form_page(found, page, noting(form, error.told)), 400
    except Conflict as error:
        data = at_place(document_of(page.file, found.files[page.file]), page.base)
        differs = [] if page.fresh else changed_meanwhile(page, data, form, typed)
        form.seen.data, form.was.data = str(found.revision), as_field(marks(page, data))
        return form_page(found, page, form, meanwhile=error.message, differs=differs), 409
    flash("Saved in the draft.")
    return redirect(url_for("programme.draft", draft_id=found.id))


def noting(form: SeenForm, told: Mapping[str, str]) -> SeenForm:
    """Each field with what to do there."""
    for name, words in told.items():
        form[name].errors = [*form[name].errors, words]
    return form


def form_page(found: ProgrammeDraft, page: Page, form: SeenForm, **told: object) -> str:
    return render_template("programme/editing/part.jinja", draft=found, page=page, form=form, **told)


@pages.post("/drafts/<draft_id>/discard")
@permission("programme.edit")
def discard(draft_id: str) -> Response:
    found, discarded = find(draft_id), request.form.get("discarded") == "yes"
    services.discard(db(), draft=found, discarded=discarded, actor=actor(), now=now())
    flash("The draft is put aside. You can bring it back below." if discarded else "The draft is back.")
    return redirect(url_for("programme.overview"))


@pages.route("/drafts/<draft_id>/publish", methods=["GET", "POST"])
@permission("programme.edit")
def publish(draft_id: str) -> Shown:
    found = find(draft_id)
    if request.method == "GET":
        form = PublishForm(formdata=None, version=services.next_version(db(), found))
        return render_template("programme/editing/publish.jinja", draft=found, form=form)
    form = PublishForm()
    if form.validate_on_submit():
        try:
            row = services.publish(db(), draft=found, version=form.version.data, actor=actor(), now=now())
        except (Invalid, Conflict) as error:
            form.version.errors = [error.message]
        else:
            flash(f"Version {row.version} is published. New groups can begin with it.")
            return redirect(url_for("programme.overview"))
    return render_template("programme/editing/publish.jinja", draft=found, form=form), 400
