"""Pages for staff: every session's video with its state, uploading one, trying again."""

import os
from functools import partial
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from backtolife.content import services
from backtolife.content.arriving import store
from backtolife.content.captions.spoken import words_of
from backtolife.content.models import CAN_PLAY, PackageKind, PackageState
from backtolife.content.packaging import incoming
from backtolife.content.services import Listed
from backtolife.content.watching.forms import AgainForm, UploadForm
from backtolife.content.watching.views import pages as library
from backtolife.errors import Conflict, Invalid
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
    """A file that has come piece by piece is named in the address until its form is sent."""
    return page(filled(UploadForm(formdata=None, arrived=request.args.get("arrived", ""))))


def filled(form: UploadForm) -> UploadForm:
    form.session.choices = [SelectChoice(each.number, f"{each.number}. {each.title}") for each in shipped().sessions]
    return form


def page(form: UploadForm) -> str:
    listed = services.manage(db(), actor=actor())
    rows = [(each, state_of(each)) for each in listed]
    coming = store.of_service(settings().videos_dir, actor().service_id)
    arrived = next((each for each in coming if each.whole and each.id == form.arrived.data), None)
    return render_template(
        "content/manage.jinja",
        rows=rows,
        form=form,
        again=AgainForm(formdata=None),
        coming=coming,
        arrived=arrived,
        without=len(shipped().sessions) - len({each.video.session_number for each in listed}),
    )


def state_of(listed: Listed) -> dict[str, Any]:
    """What the page says about a video, at first and every two seconds after."""
    package = listed.newest
    if package is None:
        nothing = {"words": "No video yet", "tag": "", "percent": 0, "busy": False, "watch": False, "trouble": ""}
        nothing |= {"draft": False, "can_cancel": False}
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
        "draft": listed.playing is not None and listed.playing.kind is PackageKind.SCRIPT,
        "can_cancel": package.state not in CAN_PLAY,
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
    arrival = arrived_before(form)
    try:
        save = partial(os.link, arrival.path) if arrival else form.video.data.save
        received = incoming.receive(settings().videos_dir, save=save, captions=captions)
    except Invalid as error:
        field = error.field or "video"
        if arrival and field == "video":  # sent again it would be no better
            store.remove(arrival)
            form.arrived.data = ""
        form[field].errors = [error.message]
        return page(form), 400
    finally:
        if form.video.data:
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
    if arrival:
        store.remove(arrival)
    flash("We have your video. It can be watched in a few minutes. You can leave this page.")
    return redirect(url_for("videos.manage"))


def arrived_before(form: UploadForm) -> store.Arrival | None:
    """The file that came before the form. Raises NotFound when it was removed, Conflict when some of it is missing."""
    if not form.arrived.data:
        return None
    arrival = store.find(settings().videos_dir, service_id=actor().service_id, arrival_id=form.arrived.data)
    if not arrival.whole:
        raise Conflict("Some of this video has not come yet. Choose the same file again: it goes on where it stopped.")
    return arrival


@pages.post("/shipped")
@permission("video.manage")
def make_shipped() -> ResponseReturnValue:
    """One press: a video for each session that has none."""
    made = services.ask_for_shipped(db(), actor=actor(), now=now())
    if made:
        flash(f"{len(made)} {'video is' if len(made) == 1 else 'videos are'} being made. You can leave this page.")
    else:
        flash("Every session has a video already. Nothing is made.")
    return redirect(url_for("videos.manage"))


@pages.post("/<package_id>/cancel")
@permission("video.manage")
def cancel(package_id: str) -> ResponseReturnValue:
    package = services.cancel(db(), actor=actor(), package_id=package_id, now=now())
    if package.source:
        incoming.forget(settings().videos_dir, package.source)
    flash("It is cancelled. Nothing of it is kept.")
    return redirect(url_for("videos.manage"))


@pages.post("/<package_id>/bring-back")
@permission("video.manage")
def bring_back(package_id: str) -> ResponseReturnValue:
    services.bring_back(db(), actor=actor(), package_id=package_id, now=now())
    flash("The video from before plays again. The other one is kept, and can be brought back the same way.")
    return redirect(url_for("videos.manage"))


@pages.post("/<package_id>/again")
@permission("video.manage")
def again(package_id: str) -> ResponseReturnValue:
    services.try_again(db(), actor=actor(), package_id=package_id, now=now())
    flash("It is in the queue again.")
    return redirect(url_for("videos.manage"))
