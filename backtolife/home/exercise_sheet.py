"""A patient's own exercises on paper: one sheet as PDF, with drawings, tagged, in either direction."""

from base64 import b64encode

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from backtolife.config import ROOT
from backtolife.people.access import permission
from backtolife.people.request import actor, db, now
from backtolife.programme.cohorts.enrolment import enrolment_of
from backtolife.programme.figures.library import drawing_of, picture_of
from backtolife.programme.practice.week import week_of
from backtolife.reporting.analysis.basics.refusals import NotInstalled
from backtolife.reporting.results.pdf import PdfBusy, printed

pages = Blueprint("exercise_sheet", __name__)
STYLE = ROOT / "static" / "css" / "exercise-sheet.css"


@pages.get("/week/exercises.pdf")
@permission("practice.write", reads=True)
def pdf() -> AnyResponse:
    """The sheet of the acting patient. Where no file can be made they are sent to the page, which can be printed."""
    week = week_of(db(), enrolment_of(db(), actor=actor()), now())
    page = render_template(
        "home/exercise_sheet.jinja",
        week=week,
        style=STYLE.read_text(encoding="utf-8"),
        drawing_of=drawing_of,
        picture=drawn,
    )
    try:
        content = printed(page)
    except (NotInstalled, PdfBusy):
        flash(_("We cannot make the file just now. You can print this page instead."))
        return redirect(url_for("week.show"))
    return Response(
        content, mimetype="application/pdf", headers={"Content-Disposition": 'attachment; filename="my-exercises.pdf"'}
    )


def drawn(exercise_id: str, way: str) -> str:
    """The drawing as an address that holds all of it."""
    return f"data:image/svg+xml;base64,{b64encode(picture_of(exercise_id, way, still=True).encode()).decode()}"
