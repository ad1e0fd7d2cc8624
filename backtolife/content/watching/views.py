"""Pages for those who watch: the nine videos, one video, and what is kept of the watching."""

from dataclasses import dataclass
from typing import Annotated, Any

from flask import Blueprint, Request, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field

from backtolife.content import services
from backtolife.content.captions.spoken import parts_of
from backtolife.content.encoding.playlists import CAPTIONS, MASTER
from backtolife.content.encoding.renditions import AUDIO, DOWNLOAD, THINNEST
from backtolife.content.models import Video, VideoPackage
from backtolife.content.storage.storage import PACKAGES, storage_of
from backtolife.content.watching import media_link, notes, watched
from backtolife.content.watching import ranges as watching
from backtolife.content.watching.for_groups import package_file
from backtolife.content.watching.forms import NoteForm
from backtolife.content.watching.ranges import Range
from backtolife.errors import Conflict, Invalid
from backtolife.people.access import authorise, permission
from backtolife.people.names import isolated
from backtolife.people.request import actor, db, now, service, settings
from backtolife.programme.adopted.services import programme_of
from backtolife.programme.cohorts.enrolment import enrolment_of
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.services import named_staff
from backtolife.programme.places.queue.standing import standing_of
from backtolife.programme.plan.loading import shipped
from backtolife.text.dates_in_words import clock_time
from backtolife.text.from_json import Whole, read

pages = Blueprint("videos", __name__, url_prefix="/videos")
MEGABYTE = 1_000_000
Milliseconds = Annotated[Whole, Field(ge=0, lt=2**31)]


@dataclass(frozen=True)
class Report:
    """What a player tells of the watching: pairs of from and to, and where it is now."""

    ranges: list[Annotated[list[Milliseconds], Field(min_length=2, max_length=2)]]
    position: Milliseconds = 0
    package: str = ""


@pages.app_template_filter("minutes_and_seconds")
def minutes_and_seconds(milliseconds: int) -> str:
    """2:36."""
    minutes, seconds = divmod(milliseconds // 1000, 60)
    return f"{minutes}:{seconds:02d}"


@dataclass(frozen=True)
class Addresses:
    """Where a player finds the media of one package; an address is empty where there is no such thing."""

    master: str
    little: str
    """The picture that needs the least data."""
    sound: str
    captions: str


def own_enrolment() -> Enrolment | None:
    """The acting patient's place in a group; None for staff, who watch without being recorded."""
    if not actor().is_patient:
        return None
    found = enrolment_of(db(), actor=actor())
    authorise(actor(), "video.watch", found)
    return found


@pages.get("")
@permission("video.watch")
def library() -> str:
    """The nine videos: which are watched, which can be, which come soon."""
    if actor().is_patient and not actor().cohort_ids:
        standing = standing_of(db(), person_id=actor().id)
        return render_template("content/library.jinja", lessons=[], enrolment=None, next_up=None, standing=standing)
    enrolment = own_enrolment()
    if enrolment is None:
        authorise(actor(), "video.watch", actor())
    lessons = watched.lessons_in(db(), service_id=actor().service_id, enrolment=enrolment)
    next_up = watched.first_to_watch(lessons) if enrolment else None
    return render_template("content/library.jinja", lessons=lessons, enrolment=enrolment, next_up=next_up)


def asked_for(key: str) -> tuple[Video, VideoPackage | None, Enrolment | None]:
    """A video that the actor may watch, what of it plays now, and the actor's place in a group, if they have one."""
    video = services.find_video(db(), service_id=actor().service_id, key=key)
    enrolment = own_enrolment()
    if enrolment is None:
        authorise(actor(), "video.watch", video)
    return video, services.playing_package(db(), video.id), enrolment


@pages.get("/<key>")
@permission("video.watch")
def watch(key: str) -> str:
    """One video with everything beside it. It says so plainly when it cannot be played yet."""
    video, package, enrolment = asked_for(key)
    prompts = prompts_for(video.session_number, enrolment)
    if package is None:
        return render_template("content/soon.jinja", video=video, prompts=prompts)
    return render_template(
        "content/watch.jinja",
        video=video,
        package=package,
        minutes=max(1, round(package.duration_ms / 60_000)),
        addresses=addresses_of(package),
        little_mb=megabytes(package, only=THINNEST.name),
        sound_mb=megabytes(package, only=AUDIO),
        full_mb=megabytes(package),
        download_mb=megabytes(package, only=DOWNLOAD),
        parts=parts_of(package.transcript),
        prompts=prompts,
        enrolment=enrolment,
        phone=service().phone,
        **beside(video, package, enrolment),
    )


def beside(video: Video, package: VideoPackage, enrolment: Enrolment | None) -> dict[str, Any]:
    """What differs from one viewer to another: the place kept and the notes, or what patients shared."""
    if enrolment is None:
        return {
            "begin_ms": 0,
            "has_read": False,
            "shared": notes.shared_notes(db(), actor=actor(), video=video, now=now()),
        }
    row = watched.watching_of(db(), enrolment_id=enrolment.id, video_id=video.id)
    place = row.position_ms if row and row.package_id == package.id else 0
    note = notes.note_of(db(), enrolment_id=enrolment.id, video_id=video.id)
    with_team = "group" if note and note.with_group else "yes" if note and note.with_team else "no"
    form = NoteForm(formdata=None, words=note.words if note else "", with_team=with_team, seen=notes.version_of(note))
    begin = watching.resume_ms(place, package.duration_ms)
    has_read = row is not None and row.read_at is not None
    return {"begin_ms": begin, "has_read": has_read, "form": form, "note": note, "team": team_of(enrolment)}


def team_of(enrolment: Enrolment) -> str:
    """The first names of those who lead and spot: Priya and Tom."""
    names = [isolated(person.shown_name) for person in named_staff(db(), enrolment.cohort_id)]
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]])) or "Your facilitators"


def prompts_for(number: int, enrolment: Enrolment | None) -> tuple[str, ...]:
    """What the group will talk about, from the scripts of that session's videos."""
    programme = programme_of(db(), db().get_one(Cohort, enrolment.cohort_id)) if enrolment else shipped()
    ids = programme.session(number).video_ids
    return tuple(prompt for each in ids for prompt in programme.videos[each].reflection_prompts)


def addresses_of(package: VideoPackage) -> Addresses:
    """Addresses that only the one who asks can use, for 12 hours."""
    link = media_link.MediaLink(package.service_id, actor().id, package.id)
    token = media_link.sign(link, keys=settings().secret_keys, now=now())
    names = {each["name"] for each in package.renditions}

    def at(name: str) -> str:
        return url_for("videos_media.file", token=token, name=name)

    captions = storage_of(settings()).has(f"{PACKAGES}/{package.id}/{CAPTIONS}")
    little, sound = (at(f"{name}/index.m3u8") if name in names else "" for name in (THINNEST.name, AUDIO))
    return Addresses(at(MASTER), little, sound, at(CAPTIONS) if captions else "")


def megabytes(package: VideoPackage, only: str = "") -> int:
    """About how much data playing takes at most: the heaviest rendition, or the one called `only`; 0 if unknown."""
    weights = [each["bytes"] for each in package.renditions if each["name"] == only or not only]
    return max(1, round(max(weights) / MEGABYTE)) if weights else 0


@pages.get("/<key>/download")
@permission("video.watch")
def download(key: str) -> ResponseReturnValue:
    """The video as one file to keep, for whoever may watch it. A patient's first byte of it leaves a trace."""
    video, package, enrolment = asked_for(key)
    if package is None or not megabytes(package, only=DOWNLOAD):
        raise Conflict("This video cannot be downloaded yet. Please come back later.")
    if enrolment is not None and begins(request):
        watched.record_download(db(), actor=actor(), enrolment=enrolment, video=video, now=now())
    answer = package_file(storage_of(settings()), package.id, DOWNLOAD)
    answer.headers.set("Content-Disposition", "attachment", filename=f"{video.key}.mp4")
    answer.cache_control.no_cache, answer.cache_control.max_age = True, None
    return answer


def begins(asked: Request) -> bool:
    """Whether this is no question about a file and no later part of one."""
    return asked.method == "GET" and asked.headers.get("Range", "bytes=0-").startswith("bytes=0-")


@pages.post("/<key>/watched")
@permission("video.record_watching")
def record(key: str) -> ResponseReturnValue:
    """`{"ranges": [[from_ms, to_ms], …], "position": ms, "package": id}`, every few seconds and when the page goes."""
    sent = request.get_json(silent=True)
    report = read(Report, sent, instead="The report of what was watched cannot be read. Load the page again.")
    video = services.find_video(db(), service_id=actor().service_id, key=key)
    row = watched.record_watching(
        db(),
        actor=actor(),
        enrolment=enrolment_of(db(), actor=actor()),
        video=video,
        ranges=[Range(*pair) for pair in report.ranges],
        position_ms=report.position,
        now=now(),
        package_id=report.package,
    )
    return jsonify(share=round(row.share, 4), finished=row.finished_at is not None)


@pages.post("/<key>/read")
@permission("video.record_watching")
def read_instead(key: str) -> ResponseReturnValue:
    """The words were read to their end; by `read=no` that is taken back."""
    video = services.find_video(db(), service_id=actor().service_id, key=key)
    watched.record_reading(
        db(),
        actor=actor(),
        enrolment=enrolment_of(db(), actor=actor()),
        video=video,
        has_read=request.form.get("read") != "no",
        now=now(),
    )
    return redirect(url_for("videos.watch", key=key, _anchor="read"))


@pages.post("/<key>/notes")
@permission("video.record_watching")
def keep_note(key: str) -> ResponseReturnValue:
    """Saved while somebody types; also without a script, by the button."""
    form = NoteForm()
    if not form.validate_on_submit():
        raise Invalid(next(errors[0] for errors in form.errors.values()))
    video = services.find_video(db(), service_id=actor().service_id, key=key)
    as_json = request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"
    try:
        note = notes.keep_note(
            db(),
            actor=actor(),
            enrolment=enrolment_of(db(), actor=actor()),
            video=video,
            words=form.words.data or "",
            with_team=form.with_team.data in ("yes", "group"),
            with_group=form.with_team.data == "group",
            now=now(),
            seen=form.seen.data,
        )
    except notes.Newer as newer:
        if not as_json:
            raise
        return jsonify(error=newer.message, words=newer.note.words, seen=notes.version_of(newer.note)), 409
    saved = f"Saved at {clock_time(note.updated_at, service().zone)}."
    if as_json:
        return jsonify(saved=saved, seen=notes.version_of(note))
    flash(saved)
    return redirect(url_for("videos.watch", key=key))
