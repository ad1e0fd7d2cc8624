"""Pages for service leads: results in numbers, and files to take away."""

from flask import Blueprint, Response, render_template, request, session

from backtolife.errors import Invalid
from backtolife.people import step_up
from backtolife.people.access import may, permission
from backtolife.people.request import actor, db, engine, now
from backtolife.reporting import export
from backtolife.reporting.forms import ExportForm
from backtolife.reporting.kinds import KINDS
from backtolife.reporting.queries import ENOUGH_SESSIONS, results

pages = Blueprint("reports", __name__, url_prefix="/results")


@pages.get("")
@permission("report.read")
def overview() -> str:
    return page(ExportForm(formdata=None))


def page(form: ExportForm) -> str:
    return render_template(
        "reporting/results.jinja",
        results=results(db(), actor=actor(), now=now()),
        form=form,
        kinds=KINDS,
        fresh=is_fresh(),
        may_export=may(actor(), "report.export", actor()),
        may_sign=may(actor(), "wording.sign", actor()),
        enough=ENOUGH_SESSIONS,
        now=now(),
    )


def is_fresh() -> bool:
    return step_up.is_fresh(db(), token=session.get("signed_in", ""), now=now())


@pages.post("/download")
@permission("report.export")
def download() -> Response | tuple[str, int]:
    """One file. It is put on record before its first line leaves."""
    form, file = ExportForm(), request.form.get("file", "")
    try:
        if form.password.data:
            step_up.confirm(db(), token=session.get("signed_in", ""), password=form.password.data, now=now())
        permitted = export.permit(
            db(), actor=actor(), file=file, reason=form.reason.data or "", confirmed=is_fresh(), now=now()
        )
    except Invalid as error:
        (form.password if error.field == "password" else form.reason).errors = [error.message]
        return page(form), 400
    headers = {"Content-Disposition": f'attachment; filename="{permitted.name}"'}
    return Response(export.written(engine(), permitted), mimetype=permitted.kind.mimetype, headers=headers)
