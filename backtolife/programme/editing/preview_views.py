"""A draft as those will see it who are in a session: patients, and who leads."""

from flask import Blueprint, render_template, send_file
from werkzeug.wrappers import Response

from backtolife.people.access import permission
from backtolife.people.request import actor, db
from backtolife.programme.editing import services
from backtolife.programme.editing.pages import LAYOUT_WORDS, MICROPHONE_WORDS
from backtolife.programme.editing.parts import exercises_of
from backtolife.programme.plan.material import POSITIONS
from backtolife.programme.versions.packing import packed

pages = Blueprint("programme_preview", __name__, url_prefix="/programme/versions/drafts/<draft_id>")


@pages.get("/preview/<int:number>/<any(patient, facilitator):seen_by>")
@permission("programme.edit")
def show(draft_id: str, number: int, seen_by: str) -> str:
    draft = services.find_draft(db(), draft_id, actor=actor())
    plan = services.read(draft)
    session = plan.session(number)
    return render_template(
        f"programme/editing/preview_{seen_by}.jinja",
        draft=draft,
        plan=plan,
        session=session,
        moves={each.id: exercises_of(plan, each.stations) for each in session.sections},
        positions=POSITIONS,
        microphones=MICROPHONE_WORDS,
        layouts=LAYOUT_WORDS,
    )


@pages.get("/file")
@permission("programme.edit")
def file(draft_id: str) -> Response:
    """All its files, as they are: the same draft is the same file, byte for byte."""
    draft = services.find_draft(db(), draft_id, actor=actor())
    return send_file(packed(draft.files), "application/zip", as_attachment=True, download_name="programme.zip")
