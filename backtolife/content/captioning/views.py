"""The captions editor: by POST saved, published, filled from a file, checked, or set back to an earlier version."""

from contextlib import closing
from dataclasses import asdict, replace

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backtolife.content.captioning import services
from backtolife.content.captioning.forms import CaptionsForm, VersionForm
from backtolife.content.captioning.services import Captioned
from backtolife.content.captions.cues import decoded
from backtolife.content.captions.editing import captions_in, written
from backtolife.content.encoding.playlists import CAPTIONS
from backtolife.content.models import CaptionVersion
from backtolife.content.packaging.incoming import LARGEST_CAPTIONS
from backtolife.content.storage.storage import PACKAGES, storage_of
from backtolife.content.watching.views import addresses_of
from backtolife.errors import Conflict, Invalid
from backtolife.people.access import permission
from backtolife.people.limits.bodies import takes_files
from backtolife.people.request import actor, db, now, service, settings

pages = Blueprint("captions", __name__, url_prefix="/videos/manage/<package_id>/captions")
Shown = str | Response | tuple[str, int]
FILE = "This captions file is too large. Choose the .vtt or .srt file of this video."


def found(package_id: str) -> Captioned:
    of = services.find(db(), actor=actor(), package_id=package_id, videos=settings().videos_dir)
    storage_of(settings()).bring(f"{PACKAGES}/{of.package.id}/{CAPTIONS}")
    return of


@pages.get("")
@permission("video.manage")
def edit(package_id: str) -> Shown:
    of = found(package_id)
    begin = services.newest(of, services.versions(db(), package_id))
    form = CaptionsForm(formdata=None, seen=str(begin.number), words=begin.words, parts=begin.parts)
    return page(of, form)


def page(of: Captioned, form: CaptionsForm, meanwhile: str = "") -> str:
    """The editor with what stands in the form, and what is to be said about it."""
    kept = services.versions(db(), of.package.id)
    try:
        captions = [asdict(each) for each in services.tidy(form.words.data or "")]
        findings = services.check(of, form.words.data or "")
    except Invalid:
        captions, findings = None, []
    return render_template(
        "content/captions.jinja",
        video=of.video,
        package=of.package,
        bare=replace(addresses_of(of.package), captions=""),
        form=form,
        captions=captions,
        findings=findings,
        read=services.mark_of(findings),
        asked="asked" in request.args and findings != [] and not any(each.stops for each in findings),
        versions=kept,
        shown=services.published(kept),
        names=services.names_of(db(), kept),
        version_form=VersionForm(formdata=None),
        meanwhile=meanwhile,
        newest=services.newest(of, kept),
        phone=service().phone,
    )


@pages.post("")
@permission("video.manage")
@takes_files(2 * LARGEST_CAPTIONS)
def save(package_id: str) -> Shown:
    """What was typed stays on the page whatever becomes of it."""
    of, form = found(package_id), CaptionsForm()
    act, _, read = request.form.get("act", "").partition(" ")
    if not form.validate_on_submit():
        return page(of, form), 400
    try:
        version = saved(of, form)
        if form.file.data:
            flash("The captions of the file are in. Patients see them when you publish them.")
        elif act == "publish":
            return published(of, version, read)
        else:
            flash("Saved. Patients see it when you publish it.")
    except Invalid as error:
        form[error.field or "words"].errors = [error.message]
        return page(of, form), 400
    except Conflict as error:
        form.seen.data = str(services.newest(of, services.versions(db(), package_id)).number)
        return page(of, form, meanwhile=error.message), 409
    return redirect(url_for("captions.edit", package_id=package_id))


def published(of: Captioned, version: CaptionVersion, read: str) -> Response:
    """Or what is in the way: the words are saved as a draft by then. `read`: the mark of what was said and read."""
    back = url_for("captions.edit", package_id=of.package.id)
    try:
        services.publish(db(), of=of, version=version, read=read, actor=actor(), now=now())
    except services.Unread as error:
        flash(error.message)
        return redirect(url_for("captions.edit", package_id=of.package.id, asked="yes", _anchor="asked"))
    except Conflict as error:
        flash(error.message)
        return redirect(back)
    flash("Published. Patients see these captions now.")
    return redirect(back)


def saved(of: Captioned, form: CaptionsForm) -> CaptionVersion:
    """What was typed, and then what is in the file: both are kept as versions."""
    words, parts = form.words.data or "", form.parts.data or ""
    from_file = words_in_file(form)
    version = services.save(db(), of=of, words=words, parts=parts, seen=form.seen_number, actor=actor(), now=now())
    if from_file is None:
        return version
    return services.save(db(), of=of, words=from_file, parts=parts, seen=version.number, actor=actor(), now=now())


def words_in_file(form: CaptionsForm) -> str | None:
    """Raises Invalid for a file that is too large or holds no captions."""
    if not form.file.data:
        return None
    with closing(form.file.data) as file:
        data = file.read(LARGEST_CAPTIONS + 1)
    if len(data) > LARGEST_CAPTIONS:
        raise Invalid(FILE, "file")
    captions = captions_in(decoded(data), "file")
    if not captions:
        raise Invalid("There are no words with times in this file. Choose the .vtt or .srt file of this video.", "file")
    return written(captions)


@pages.post("/check")
@permission("video.manage")
def check(package_id: str) -> Response:
    """The captions in the form as they are read, and what is to be said about them."""
    of, words = found(package_id), request.form.get("words", "")
    captions = [asdict(each) for each in services.tidy(words)]
    return jsonify(captions=captions, findings=[asdict(each) for each in services.check(of, words)])


@pages.post("/versions/<int:number>")
@permission("video.manage")
def bring_back(package_id: str, number: int) -> Response:
    version = services.bring_back(db(), of=found(package_id), number=number, actor=actor(), now=now())
    flash(
        f"Version {number} is back: it is the draft now, version {version.number}. Publish it for patients to see it."
    )
    return redirect(url_for("captions.edit", package_id=package_id))
