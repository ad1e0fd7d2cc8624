"""A version of the programme: its page, its files, what new groups and other services may do with it."""

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from backtolife.errors import Conflict
from backtolife.people.access import permission
from backtolife.people.request import actor, db, now
from backtolife.programme.adopted.models import AdoptedProgramme
from backtolife.programme.versions import services
from backtolife.programme.versions.packing import packed

pages = Blueprint("programme_version", __name__, url_prefix="/programme/versions/<version_id>")
library_pages = Blueprint("programme_library", __name__, url_prefix="/programme/library")
Shown = str | Response | tuple[str, int]


@pages.get("")
@permission("programme.edit")
def show(version_id: str) -> str:
    return page(services.find_version(db(), version_id, actor=actor()))


def page(version: AdoptedProgramme, refused: str = "") -> str:
    return render_template(
        "programme/versions/version.jinja",
        version=version,
        groups=services.groups_of(db(), version),
        by=services.names_of(db(), [version.published_by or ""]).get(version.published_by or "", "somebody"),
        refused=refused,
    )


@library_pages.get("")
@permission("programme.edit")
def library() -> str:
    """What the other services of this installation share."""
    return render_template("programme/versions/library.jinja", shared=services.shared_by_others(db(), actor=actor()))


@pages.get("/file")
@permission("programme.edit")
def file(version_id: str) -> Response:
    """Its files as they are, also of one that another service shares."""
    version = services.find_readable(db(), version_id, actor=actor())
    name = f"programme-{version.version}.zip"
    return send_file(packed(version.files), "application/zip", as_attachment=True, download_name=name)


def back(version: AdoptedProgramme, said: str) -> Response:
    flash(said)
    return redirect(url_for("programme_version.show", version_id=version.id))


@pages.post("/retire")
@permission("programme.edit")
def retire(version_id: str) -> Response:
    version, retired = services.find_version(db(), version_id, actor=actor()), request.form.get("retired") == "yes"
    services.retire(db(), version=version, retired=retired, actor=actor(), now=now())
    return back(version, f"New groups {'cannot' if retired else 'can'} begin with version {version.version}.")


@pages.post("/put-away")
@permission("programme.edit")
def put_away(version_id: str) -> Shown:
    """Or bring it back."""
    version, away = services.find_version(db(), version_id, actor=actor()), request.form.get("away") == "yes"
    try:
        services.put_away(db(), version=version, away=away, actor=actor(), now=now())
    except Conflict as error:
        return page(version, error.message), error.status
    if not away:
        return back(version, f"Version {version.version} is back.")
    flash(f"Version {version.version} is put away. You can bring it back at the end of this page.")
    return redirect(url_for("programme.overview"))


@pages.post("/share")
@permission("programme.edit")
def share(version_id: str) -> Response:
    version, shared = services.find_version(db(), version_id, actor=actor()), request.form.get("shared") == "yes"
    services.share(db(), version=version, shared=shared, actor=actor(), now=now())
    can = "can copy it" if shared else "cannot copy it any more. Copies that they have stay theirs"
    return back(version, f"Version {version.version}: other services {can}.")
