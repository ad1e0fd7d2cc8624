"""What an enrolled patient has watched, and what comes next for them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import and_
from sqlmodel import col, select

from backtolife import audit
from backtolife.content.models import CAN_PLAY, Video, VideoPackage, Watching
from backtolife.content.services import LANGUAGE, OLDEST_FIRST, can_play, playing_package
from backtolife.content.watching import ranges as watching
from backtolife.content.watching.ranges import Range
from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import Conflict, Invalid
from backtolife.people.access import Actor, authorise
from backtolife.programme.adopted.services import programme_of
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.plan.loading import shipped

MOST_AT_ONCE = 200
NOTHING = (None, None, None)


class Seen(StrEnum):
    SOON = "soon"
    """It cannot be played yet."""
    NEW = "new"
    BEGUN = "begun"
    WATCHED = "watched"


@dataclass(frozen=True)
class Lesson:
    """A session's video as one patient sees it. `share` is the part seen, from 0 to 1."""

    number: int
    key: str
    title: str
    minutes: int
    seen: Seen
    share: float
    position_ms: int

    @property
    def can_play(self) -> bool:
        return self.seen is not Seen.SOON


def record_watching(
    db: Db,
    *,
    actor: Actor,
    enrolment: Enrolment,
    video: Video,
    ranges: Sequence[Range],
    position_ms: int,
    now: datetime,
    package_id: str = "",
) -> Watching:
    """Add what was just watched to what was watched before; the order of arrival does not matter.

    `package_id` says by whose clock: empty means the one that plays now. Raises Invalid for ranges that cannot be,
    Conflict when the video cannot be played.
    """
    authorise(actor, "video.record_watching", enrolment)
    if len(ranges) > MOST_AT_ONCE:
        raise Invalid(f"There are more than {MOST_AT_ONCE} watched parts in one report. Send fewer at once.")
    package = db.get(VideoPackage, package_id) if package_id else playing_package(db, video.id)
    if package is None or package.video_id != video.id or package.state not in CAN_PLAY:
        raise Conflict("This video cannot be played yet. Please come back later.")
    one_at_a_time(db, f"watching:{enrolment.id}:{video.id}")
    row = begun(db, enrolment, package, now)
    before = [Range(*each) for each in row.ranges] if row.package_id == package.id else []
    merged = watching.merge([*before, *ranges], package.duration_ms)
    row.package_id, row.updated_at = package.id, now
    row.ranges = [list(each) for each in merged]
    row.position_ms = min(max(position_ms, 0), package.duration_ms)
    row.share = watching.share_watched(merged, package.duration_ms)
    if row.finished_at is None and watching.is_watched(merged, package.duration_ms):
        row.finished_at = now
        audit.record(
            db, actor=actor, action="video_watched", subject_type="enrolment", subject_id=enrolment.id, now=now,
            session=video.session_number,
        )  # fmt: skip
    return row


def record_download(db: Db, *, actor: Actor, enrolment: Enrolment, video: Video, now: datetime) -> None:
    """Leave a trace of a patient who took a video along. What is watched of the file elsewhere nobody can tell."""
    authorise(actor, "video.watch", enrolment)
    audit.record(
        db, actor=actor, action="video_downloaded", subject_type="enrolment", subject_id=enrolment.id, now=now,
        session=video.session_number,
    )  # fmt: skip


def begun(db: Db, enrolment: Enrolment, package: VideoPackage, now: datetime) -> Watching:
    """The row of this patient and this video; a new one where there was none."""
    row = watching_of(db, enrolment_id=enrolment.id, video_id=package.video_id)
    if row is None:
        row = Watching(
            service_id=enrolment.service_id,
            enrolment_id=enrolment.id,
            video_id=package.video_id,
            package_id=package.id,
            updated_at=now,
        )
        db.add(row)
    return row


def record_reading(
    db: Db, *, actor: Actor, enrolment: Enrolment, video: Video, has_read: bool, now: datetime
) -> Watching:
    """The patient says that they read all the words, which counts as watched; or that they did not, after all.

    Said twice, the first time counts. Taken back, the video counts as watched only where enough of it was seen.
    Raises Conflict when there are no words to read.
    """
    authorise(actor, "video.record_watching", enrolment)
    package = playing_package(db, video.id)
    if package is None or not package.transcript:
        raise Conflict("This video has no words to read yet. Please come back later.")
    one_at_a_time(db, f"watching:{enrolment.id}:{video.id}")
    row = begun(db, enrolment, package, now)
    if has_read == (row.read_at is not None):
        return row
    if has_read:
        row.read_at, row.finished_at = now, row.finished_at or now
    else:
        seen = watching.is_watched([Range(*each) for each in row.ranges], package.duration_ms)
        if row.finished_at == row.read_at and not (seen and row.package_id == package.id):
            row.finished_at = None
        row.read_at = None
    audit.record(
        db, actor=actor, action="video_read" if has_read else "video_read_taken_back", subject_type="enrolment",
        subject_id=enrolment.id, now=now, session=video.session_number,
    )  # fmt: skip
    return row


def watching_of(db: Db, *, enrolment_id: str, video_id: str) -> Watching | None:
    wanted = select(Watching).where(Watching.enrolment_id == enrolment_id, Watching.video_id == video_id)
    return db.exec(wanted).first()


def watched_by_each(db: Db, enrolment_ids: Collection[str]) -> dict[str, dict[int, Watching]]:
    """What each of these patients has watched, by session number."""
    wanted = select(Video, Watching).join(Watching, col(Watching.video_id) == col(Video.id))
    found: dict[str, dict[int, Watching]] = {each: {} for each in enrolment_ids}
    for video, row in db.exec(wanted.where(col(Watching.enrolment_id).in_(enrolment_ids))):
        found[row.enrolment_id][video.session_number] = row
    return found


def caught_up_at(row: Watching | None, over_at: datetime) -> datetime | None:
    """When somebody watched or read the video of a session that was over: what a catch-up leaves behind. Who had
    watched it before, to get ready, has not caught up by that.
    """
    return row.finished_at if row is not None and row.finished_at is not None and row.finished_at >= over_at else None


def lessons_of(db: Db, *, enrolment: Enrolment) -> list[Lesson]:
    """One lesson for each session of the programme, in order, also where there is no video yet."""
    return lessons_in(db, service_id=enrolment.service_id, enrolment=enrolment)


def lessons_in(db: Db, *, service_id: str, enrolment: Enrolment | None) -> list[Lesson]:
    """The lessons of a service; as `enrolment` has watched them, or unwatched for somebody who has no place.

    One statement: of the packages of a video that can be played, the newest counts.
    """
    place_id = enrolment.id if enrolment else ""
    theirs = and_(col(Watching.video_id) == col(Video.id), col(Watching.enrolment_id) == place_id)
    playing = and_(col(VideoPackage.video_id) == col(Video.id), can_play())
    wanted = (
        select(Video, VideoPackage, Watching)
        .join(VideoPackage, playing, isouter=True)
        .join(Watching, theirs, isouter=True)
        .where(Video.service_id == service_id, Video.language == LANGUAGE)
        .order_by(*OLDEST_FIRST)
    )
    plan = programme_of(db, db.get_one(Cohort, enrolment.cohort_id)) if enrolment else shipped()
    found = {video.session_number: (video, package, row) for video, package, row in db.exec(wanted)}
    return [lesson(each.number, each.title, *found.get(each.number, NOTHING)) for each in plan.sessions]


def lesson(number: int, title: str, video: Video | None, package: VideoPackage | None, row: Watching | None) -> Lesson:
    if video is None or package is None:
        return Lesson(number, video.key if video else "", video.title if video else title, 0, Seen.SOON, 0.0, 0)
    begun = Seen.BEGUN if row and row.ranges else Seen.NEW
    seen = Seen.WATCHED if row and row.finished_at else begun
    minutes = max(1, round(package.duration_ms / 60_000))
    share, position = (row.share, row.position_ms) if row and row.package_id == package.id else (0.0, 0)
    return Lesson(number, video.key, video.title, minutes, seen, share, position)


def first_to_watch(lessons: Sequence[Lesson]) -> Lesson | None:
    """The first of `lessons` that can be played and is not watched."""
    return next((each for each in lessons if each.seen in (Seen.NEW, Seen.BEGUN)), None)
