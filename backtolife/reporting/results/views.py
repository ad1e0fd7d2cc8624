"""Pages for service leads: results in numbers, reports, and files to take away."""

from typing import cast

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from backtolife.errors import Invalid
from backtolife.people.access import may, permission
from backtolife.people.request import actor, db, engine, give_up_place, now
from backtolife.people.signing_in import password_request
from backtolife.reporting.analysis.basics.refusals import NotInstalled
from backtolife.reporting.export import export
from backtolife.reporting.export.forms import ExportForm
from backtolife.reporting.export.registry import KINDS
from backtolife.reporting.figures.steps import COMPLETED, MEASURED
from backtolife.reporting.results import number_words, report_page, reports
from backtolife.reporting.results.cache import Kept
from backtolife.reporting.results.pdf import printed

pages = Blueprint("reports", __name__, url_prefix="/results")


@pages.get("")
@permission("report.read")
def overview() -> str:
    return page(ExportForm(formdata=None))


def kept() -> Kept:
    """The figures kept for this application."""
    return cast(Kept, current_app.extensions.setdefault("backtolife.kept_results", Kept()))


def page(form: ExportForm) -> str:
    found = kept().dashboard(db(), actor=actor(), now=now())
    return render_template(
        "reporting/results.jinja",
        ev=found.evidence,
        pics=found.pictures,
        scopes=found.scopes,
        published=found.published,
        words=number_words,
        completed=COMPLETED,
        measured=MEASURED,
        flat=False,
        made=reports.newest(db(), actor=actor()),
        form=form,
        kinds=KINDS,
        fresh=password_request.is_fresh(),
        may_export=may(actor(), "report.export", actor()),
        may_make=may(actor(), "report.make", actor()),
        may_sign=may(actor(), "wording.sign", actor()),
        may_fix=may(actor(), "margin.fix", actor()) or may(actor(), "comparator.bring", actor()),
        now=now(),
    )


@pages.post("/reports")
@permission("report.make")
def make() -> AnyResponse:
    """One press: the report is made, kept, and shown."""
    report = reports.make(db(), actor=actor(), wanted=request.form.get("about", "service:"), now=now())
    return redirect(url_for("reports.show", report_id=report.id))


@pages.get("/reports/<report_id>")
@permission("report.read")
def show(report_id: str) -> Response:
    """The report, as it was."""
    report = reports.find(db(), actor=actor(), report_id=report_id)
    answer = Response(reports.look(db(), actor=actor(), report=report, now=now()), mimetype="text/html")
    answer.headers["Content-Security-Policy"] = report_page.style_policy()
    return answer


@pages.get("/reports/<report_id>/pdf")
@permission("report.read")
def pdf(report_id: str) -> AnyResponse:
    report = reports.find(db(), actor=actor(), report_id=report_id)
    whole = reports.look(db(), actor=actor(), report=report, now=now())
    give_up_place()  # laying pages out takes seconds
    try:
        content = printed(whole)
    except NotInstalled as error:
        flash(error.message)
        return redirect(url_for("reports.overview"))
    name = f"back-to-life-results-{report.scope}-{report.made_at:%Y-%m-%d}.pdf"
    return Response(
        content, mimetype="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@pages.post("/download")
@permission("report.export")
def download() -> Response | tuple[str, int]:
    """One file. It is put on record before its first line leaves."""
    form, file = ExportForm(), request.form.get("file", "")
    try:
        if form.password.data:
            password_request.confirm(form.password.data)
        permitted = export.permit(
            db(),
            actor=actor(),
            file=file,
            reason=form.reason.data or "",
            confirmed=password_request.is_fresh(),
            now=now(),
        )
    except Invalid as error:
        (form.password if error.field == "password" else form.reason).errors = [error.message]
        return page(form), 400
    headers = {"Content-Disposition": f'attachment; filename="{permitted.name}"'}
    give_up_place()  # a large file leaves for as long as its reader's line takes
    return Response(
        export.written(engine(), permitted, excel=form.excel.data), mimetype=permitted.kind.mimetype, headers=headers
    )
