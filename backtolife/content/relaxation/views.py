"""The relaxations of a patient's programme: to play, to read, to keep."""

from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, render_template, request, send_file
from werkzeug.wrappers import Response

from backtolife.content.relaxation.track import track_path
from backtolife.errors import NotFound
from backtolife.people.access import permission
from backtolife.people.request import actor, db, now, settings
from backtolife.programme.adopted.services import programme_of
from backtolife.programme.cohorts.enrolment import enrolment_of
from backtolife.programme.cohorts.models import Cohort
from backtolife.programme.plan.material import RelaxationScript
from backtolife.programme.practice.week import week_of

pages = Blueprint("relaxing", __name__, url_prefix="/relax")
MEGABYTE = 1_000_000
NO_TRACK = "This recording is not ready yet. You can read the words on the page."
DAY_SECONDS = 24 * 60 * 60


@dataclass(frozen=True)
class Track:
    """One relaxation. `megabytes` is how large its sound is; None while it is not made."""

    script: RelaxationScript
    megabytes: float | None
    this_week: bool
    """Whether the session behind set it."""


@pages.get("")
@permission("practice.write", reads=True)
def show() -> str:
    """All relaxations of their programme, those of this week first. Raises NotFound without a place."""
    enrolment = enrolment_of(db(), actor=actor())
    plan = programme_of(db(), db().get_one(Cohort, enrolment.cohort_id))
    now_set = [each.id for each in week_of(db(), enrolment, now()).relaxations]
    tracks = [track(each, each.id in now_set) for each in plan.relaxation.values()]
    return render_template(
        "content/relaxation/tracks.jinja", tracks=sorted(tracks, key=lambda each: not each.this_week)
    )


def track(script: RelaxationScript, this_week: bool) -> Track:
    path = track_path(settings().videos_dir, script)
    size = path.stat().st_size if path.is_file() else None
    return Track(script, round(max(size / MEGABYTE, 0.1), 1) if size is not None else None, this_week)


@pages.get("/<script_id>/sound")
@permission("practice.write", reads=True)
def sound(script_id: str) -> Response:
    """The sound of one of them, whole or in parts as a player asks; with `save` it is a file to keep."""
    enrolment = enrolment_of(db(), actor=actor())
    script = programme_of(db(), db().get_one(Cohort, enrolment.cohort_id)).relaxation.get(script_id)
    path = track_path(settings().videos_dir, script) if script else None
    if script is None or path is None or not path.is_file():
        raise NotFound(NO_TRACK)
    answer = send_file(
        path,
        mimetype="audio/mp4",
        as_attachment="save" in request.args,
        download_name=f"{script.title}.m4a",
        conditional=True,
        max_age=DAY_SECONDS,
    )
    if answer.status_code == HTTPStatus.NOT_MODIFIED:
        answer.close()  # nothing of it is sent, and nobody else would close the file
    answer.cache_control.private, answer.cache_control.public = True, False
    return answer
