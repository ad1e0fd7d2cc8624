"""What the clinic does with videos: adopt the programme's, upload another, find the one to play, try again."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from backtolife import audit
from backtolife.audit import Acting
from backtolife.content.models import CAN_PLAY, PackageKind, PackageState, Video, VideoNote, VideoPackage
from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import Conflict, Invalid, NotFound
from backtolife.people.access import Actor, authorise
from backtolife.people.models import Service
from backtolife.programme.plan.loading import shipped

LANGUAGE = "en-GB"
OLDEST_FIRST = (col(VideoPackage.requested_at),)
"""So that of the packages of a video the newest is read last, and counts."""
LONGEST_TITLE = 120
NO_VIDEO = "We could not find that video. Go to Videos to see what there is."


@dataclass(frozen=True)
class Listed:
    """A video as staff see it: its newest package, and the one that plays now (often the same one)."""

    video: Video
    newest: VideoPackage | None
    playing: VideoPackage | None
    before: VideoPackage | None = None
    """The one that played before it, which can be brought back."""


def adopt_scripts(db: Db, *, service: Service, actor: Acting, now: datetime) -> list[Video]:
    """Ask for a video of each script in the programme. A session that has a video keeps it; asking twice is safe."""
    one_at_a_time(db, f"videos:{service.id}")
    taken = {video.session_number for video in videos_of(db, service.id)}
    made = []
    for script in sorted(shipped().videos.values(), key=lambda each: each.session):
        if script.session in taken:
            continue
        video = Video(
            service_id=service.id,
            key=script.id,
            session_number=script.session,
            title=script.title,
            language=script.language,
        )
        db.add(video)
        db.flush()
        queue(db, video=video, kind=PackageKind.SCRIPT, actor=actor, now=now)
        made.append(video)
    return made


def ask_for_shipped(db: Db, *, actor: Actor, now: datetime) -> list[Video]:
    """The same by a member of staff. They are drafts, read by a computer's voice: an upload takes the place of each."""
    authorise(actor, "video.manage", actor)
    return adopt_scripts(db, service=db.get_one(Service, actor.service_id), actor=actor, now=now)


def cancel(db: Db, *, actor: Actor, package_id: str, now: datetime) -> VideoPackage:
    """Take a package that nobody can watch yet out of the queue, for good; a video that has no other goes too.

    Raises Conflict when it can be watched by now.
    """
    package = db.get(VideoPackage, package_id)
    if package is None:
        raise NotFound(NO_VIDEO)
    authorise(actor, "video.manage", package)
    one_at_a_time(db, "packaging")
    db.refresh(package)
    if package.state in CAN_PLAY:
        raise Conflict("This video can be watched by now. Upload another one to take its place.")
    video = db.get_one(Video, package.video_id)
    db.delete(package)
    db.flush()
    audit.record(
        db, actor=actor, action="video_cancelled", subject_type="video", subject_id=video.id, now=now,
        session=video.session_number,
    )  # fmt: skip
    others = select(VideoPackage.id).where(VideoPackage.video_id == video.id)
    noted = select(VideoNote.id).where(VideoNote.video_id == video.id)
    if db.exec(others).first() is None and db.exec(noted).first() is None:
        db.delete(video)
    return package


def bring_back(db: Db, *, actor: Actor, package_id: str, now: datetime) -> VideoPackage:
    """Play a package that played before again: from now on it counts as asked for last, and so can the other be
    brought back. Raises Conflict when it cannot be watched, or plays already.
    """
    package = db.get(VideoPackage, package_id)
    if package is None:
        raise NotFound(NO_VIDEO)
    authorise(actor, "video.manage", package)
    one_at_a_time(db, "packaging")
    db.refresh(package)
    if package.state not in CAN_PLAY:
        raise Conflict("This video cannot be watched yet. Wait until it is ready.")
    playing = playing_package(db, package.video_id)
    if playing is not None and playing.id == package.id:
        raise Conflict("This video plays already.")
    package.requested_at = now
    video = db.get_one(Video, package.video_id)
    if package.kind is PackageKind.SCRIPT and video.key in shipped().videos:
        video.title = shipped().videos[video.key].title
    audit.record(
        db, actor=actor, action="video_brought_back", subject_type="video", subject_id=video.id, now=now,
        session=video.session_number,
    )  # fmt: skip
    return package


def missing(db: Db, *, service_id: str) -> list[int]:
    """The numbers of the sessions for which nothing plays."""
    there = select(Video.session_number).where(
        Video.service_id == service_id,
        col(Video.id).in_(select(VideoPackage.video_id).where(col(VideoPackage.state).in_(CAN_PLAY))),
    )
    taken = set(db.exec(there))
    return [each.number for each in shipped().sessions if each.number not in taken]


def being_made(db: Db, *, service_id: str) -> int:
    """For how many sessions, of which nothing plays yet, a video waits to be made or is."""
    wanted = select(Video.session_number).join(VideoPackage, col(VideoPackage.video_id) == col(Video.id))
    at_work = wanted.where(
        Video.service_id == service_id,
        col(VideoPackage.state).in_({PackageState.WAITING, PackageState.PACKAGING}),
        VideoPackage.trouble == "",
    )
    return len(set(db.exec(at_work)) & set(missing(db, service_id=service_id)))


def queue(
    db: Db, *, video: Video, kind: PackageKind, actor: Acting, now: datetime, source: str = "", transcript: str = ""
) -> VideoPackage:
    """Put a package in the queue of the scheduler process."""
    package = VideoPackage(
        service_id=video.service_id,
        video_id=video.id,
        kind=kind,
        source=source,
        transcript=transcript,
        requested_by=actor.id,
        requested_at=now,
    )
    db.add(package)
    audit.record(
        db,
        actor=actor,
        action="video_queued",
        subject_type="video",
        subject_id=video.id,
        now=now,
        session=video.session_number,
        kind=kind,
    )
    return package


def upload(
    db: Db, *, actor: Actor, session_number: int, title: str, source: str, transcript: str, now: datetime
) -> VideoPackage:
    """Give a session a video from a file that was received and probed (`incoming.receive`).

    A session that has a video goes on showing it until the new one can be played. Raises Invalid for a session that
    does not exist or a title that is empty or too long.
    """
    authorise(actor, "video.manage", actor)
    name = title.strip()
    if not 0 < len(name) <= LONGEST_TITLE:
        raise Invalid(f"Give the video a title of at most {LONGEST_TITLE} characters.", "title")
    if not 1 <= session_number <= len(shipped().sessions):
        raise Invalid("Choose the session this video belongs to.", "session")
    one_at_a_time(db, f"videos:{actor.service_id}")
    video = video_for_session(db, actor.service_id, session_number)
    if video is None:
        video = Video(
            service_id=actor.service_id, key=f"session-{session_number}", session_number=session_number, title=name
        )
        db.add(video)
        db.flush()
    video.title = name
    return queue(db, video=video, kind=PackageKind.UPLOAD, actor=actor, now=now, source=source, transcript=transcript)


def try_again(db: Db, *, actor: Actor, package_id: str, now: datetime) -> VideoPackage:
    """Put a package that went wrong back in the queue. Raises Conflict when nothing went wrong with it."""
    package = db.get(VideoPackage, package_id)
    if package is None:
        raise NotFound(NO_VIDEO)
    authorise(actor, "video.manage", package)
    if not package.trouble:
        raise Conflict("Nothing went wrong with this video. It will be ready soon.")
    package.trouble, package.claimed_at = "", None
    if package.state is PackageState.FAILED:
        package.state, package.progress = PackageState.WAITING, 0.0
    audit.record(
        db, actor=actor, action="video_tried_again", subject_type="video", subject_id=package.video_id, now=now
    )
    return package


def videos_of(db: Db, service_id: str) -> list[Video]:
    """A service's videos by session."""
    wanted = select(Video).where(Video.service_id == service_id)
    return list(db.exec(wanted.order_by(col(Video.session_number), col(Video.language))))


def video_for_session(db: Db, service_id: str, number: int) -> Video | None:
    """The video that a service shows before session `number`; None when it has none."""
    wanted = select(Video).where(
        Video.service_id == service_id, Video.session_number == number, Video.language == LANGUAGE
    )
    return db.exec(wanted).first()


def find_video(db: Db, *, service_id: str, key: str) -> Video:
    """The service's video called `key`. Raises NotFound, also for another service's."""
    found = db.exec(select(Video).where(Video.service_id == service_id, Video.key == key)).first()
    if found is None:
        raise NotFound(NO_VIDEO)
    return found


def playing_package(db: Db, video_id: str) -> VideoPackage | None:
    """The newest package of a video that can be played; None until there is one."""
    return playing_packages(db, [video_id]).get(video_id)


def playing_packages(db: Db, video_ids: Collection[str]) -> dict[str, VideoPackage]:
    """The newest package that can be played of each video that has one, by the video's id."""
    wanted = select(VideoPackage).where(col(VideoPackage.video_id).in_(video_ids))
    wanted = wanted.where(can_play()).order_by(*OLDEST_FIRST)
    return {package.video_id: package for package in db.exec(wanted)}


def can_play() -> ColumnElement[bool]:
    """The condition on rows of packages that they can be played."""
    return col(VideoPackage.state).in_(CAN_PLAY)


def video_is_ready(db: Db, service_id: str, number: int) -> bool:
    """Whether patients can watch a video before session `number`."""
    video = video_for_session(db, service_id, number)
    return video is not None and playing_package(db, video.id) is not None


def films(db: Db, service_id: str) -> dict[int, str]:
    """The key of the video that plays before each session of a service, by the session's number. Two statements."""
    videos = [each for each in videos_of(db, service_id) if each.language == LANGUAGE]
    playing = playing_packages(db, [each.id for each in videos])
    return {each.session_number: each.key for each in videos if each.id in playing}


def manage(db: Db, *, actor: Actor) -> list[Listed]:
    """Every video of the actor's service with the state of its newest package."""
    authorise(actor, "video.manage", actor)
    of_service = select(VideoPackage).where(VideoPackage.service_id == actor.service_id)
    packages = list(db.exec(of_service.order_by(col(VideoPackage.requested_at).desc())))
    listed = []
    for video in videos_of(db, actor.service_id):
        own = [package for package in packages if package.video_id == video.id]
        playing, before, *_ = (*(package for package in own if package.state in CAN_PLAY), None, None)
        listed.append(Listed(video, own[0] if own else None, playing, before))
    return listed
