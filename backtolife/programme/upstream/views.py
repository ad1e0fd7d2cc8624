"""The page on which a newer version is looked at beside a draft, change by change."""

from collections.abc import Collection

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backtolife.errors import Conflict, Invalid
from backtolife.people.access import permission
from backtolife.people.request import actor, db, now
from backtolife.programme.editing.forms import SeenForm
from backtolife.programme.editing.models import ProgrammeDraft
from backtolife.programme.editing.newer import Newer
from backtolife.programme.editing.services import find_draft
from backtolife.programme.upstream import services

pages = Blueprint("programme_upstream", __name__, url_prefix="/programme/versions/drafts/<draft_id>/changes")
Shown = str | Response | tuple[str, int]


@pages.get("/<newer>")
@permission("programme.edit")
def show(draft_id: str, newer: str) -> str:
    draft = find_draft(db(), draft_id, actor=actor())
    return page(draft, services.find(db(), draft, newer), SeenForm(formdata=None, seen=str(draft.revision)))


def page(draft: ProgrammeDraft, newer: Newer, form: SeenForm, refused: str = "", ticked: Collection[str] = ()) -> str:
    return render_template(
        "programme/editing/changes.jinja",
        draft=draft,
        newer=newer,
        form=form,
        changes=services.what_changed(draft, newer),
        refused=refused,
        ticked=ticked,
    )


@pages.post("/<newer>")
@permission("programme.edit")
def take_over(draft_id: str, newer: str) -> Shown:
    """What is ticked goes into the draft; what is not stays as it is there, and can be taken over later."""
    draft, form, ticked = find_draft(db(), draft_id, actor=actor()), SeenForm(), request.form.getlist("take")
    found = services.find(db(), draft, newer)
    try:
        many = services.take_over(
            db(), draft=draft, newer=found, keys=set(ticked), seen=form.seen_revision, actor=actor(), now=now()
        )
    except (Invalid, Conflict) as error:
        form.seen.data = str(draft.revision)
        return page(draft, found, form, refused=error.message, ticked=ticked), error.status
    flash(f"{many} {'change is' if many == 1 else 'changes are'} in the draft. “Undo the last change” takes this back.")
    return redirect(url_for("programme.draft", draft_id=draft.id))
