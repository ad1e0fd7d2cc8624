"""Pages for staff: every session's video with its state, uploading one, trying again."""

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from backtolife.content import services
from backtolife.content.captions.spoken import words_of
from backtolife.content.models import PackageState
from backtolife.content.packaging import incoming
from backtolife.content.services import Listed
from backtolife.content.watching.forms import AgainForm, UploadForm
from backtolife.content.watching.views import pages as library
from backtolife.errors import Invalid
from backtolife.people.access import authorise, permission
from backtolife.people.limits.bodies import LARGEST_VIDEO, takes_files
from backtolife.people.request import actor, db, now, settings
from backtolife.programme.plan.loading import shipped

pages = Blueprint("videos_manage", __name__, url_prefix="/videos/manage")
WORDS = {
    PackageState.WAITING: "In the queue",
    PackageState.PACKAGING: "Being prepared",
    PackageState.PLAYABLE: "Can be watched. Better pictures follow",
    PackageState.READY: "Ready",
    PackageState.FAILED: "Did not work",
}
TAGS = {PackageState.READY: "ok", PackageState.PLAYABLE: "accent", PackageState.FAILED: "alert"}


@library.get("/manage")
@permission("video.manage")
def manage() -> str:
    return page(filled(UploadForm(formdata=None)))


def filled(form: UploadForm) -> UploadForm:
    form.session.choices = [SelectChoice(each.number, f"{each.number}. {each.title}") for each in shipped().sessions]
    return form


def page(form: UploadForm) -> str:
    listed = services.manage(db(), actor=actor())
    rows = [(each, state_of(each)) for each in listed]
    return render_template("content/manage.jinja", rows=rows, form=form, again=AgainForm(formdata=None))


def state_of(listed: Listed) -> dict[str, Any]:
    """What the page says about a video, at first and every two seconds after."""
    package = listed.newest
    if package is None:
        nothing = {"words": "No video yet", "tag": "", "percent": 0, "busy": False, "watch": False, "trouble": ""}
        return {"id": listed.video.id, **nothing}
    busy = package.state not in (PackageState.READY, PackageState.FAILED) and not package.trouble
    words = WORDS[package.state]
    if package.state is PackageState.PLAYABLE and package.trouble:
        words = "Can be watched, but in low quality only"
    elif package.state is PackageState.FAILED and listed.playing:
        words = "Did not work. The video from before still plays"
    return {
        "id": listed.video.id,
        "words": words,
        "tag": TAGS.get(package.state, "wait"),
        "percent": round(package.progress * 100),
        "busy": busy,
        "watch": listed.playing is not None,
        "trouble": package.trouble,
    }


@pages.get("/progress")
@permission("video.manage")
def progress() -> ResponseReturnValue:
    return jsonify([state_of(each) for each in services.manage(db(), actor=actor())])


@pages.post("")
@permission("video.manage")
@takes_files(LARGEST_VIDEO)
def upload() -> ResponseReturnValue:
    """The file is received and looked into before the database is touched: that may take half a minute."""
    authorise(actor(), "video.manage", actor())
    form = filled(UploadForm())
    if not form.validate_on_submit():
        return page(form), 400
    captions = form.captions.data.read(incoming.LARGEST_CAPTIONS + 1) if form.captions.data else b""
    try:
        received = incoming.receive(settings().videos_dir, save=form.video.data.save, captions=captions)
    except Invalid as error:
        form[error.field or "video"].errors = [error.message]
        return page(form), 400
    finally:
        form.video.data.close()
    try:
        services.upload(
            db(),
            actor=actor(),
            session_number=form.session.data,
            title=form.title.data,
            source=received.source,
            transcript=words_of(received.captions or ""),
            now=now(),
        )
    except BaseException:
        incoming.give_up(received)
        raise
    flash("We have your video. It can be watched in a few minutes. You can leave this page.")
    return redirect(url_for("videos.manage"))


@pages.post("/<package_id>/again")
@permission("video.manage")
def again(package_id: str) -> ResponseReturnValue:
    services.try_again(db(), actor=actor(), package_id=package_id, now=now())
    flash("It is in the queue again.")
    return redirect(url_for("videos.manage"))
