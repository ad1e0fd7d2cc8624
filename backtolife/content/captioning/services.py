"""Captions and parts of a video: saved as versions, published, and brought back from an earlier version."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from sqlmodel import col, select

from backtolife import audit
from backtolife.content.captions.checking import Finding, findings
from backtolife.content.captions.editing import Caption, captions_in, parts_in, parts_text, written
from backtolife.content.captions.spoken import to_read
from backtolife.content.captions.tracks import Chapter
from backtolife.content.encoding.playlists import CAPTIONS, MASTER, write_captions, write_master
from backtolife.content.models import CAN_PLAY, CaptionVersion, PackageState, Video, VideoPackage
from backtolife.content.services import NO_VIDEO
from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import Conflict, NotFound
from backtolife.people.access import Actor, authorise
from backtolife.people.models import Person
from backtolife.people.names import isolated

MARK = 12
"""How many characters tell one set of findings from another."""
MOST_DRAFTS = 30
"""Drafts that were never published, of one video: older ones go."""
NO_VERSION = "This version is not kept any more. Load the page again."


@dataclass(frozen=True)
class Written:
    """What the editor shows: which version it is (0 for what came with the video), its captions and its parts."""

    number: int
    words: str
    parts: str


@dataclass(frozen=True)
class Captioned:
    """A package that can be captioned, and the folder with its files."""

    package: VideoPackage
    video: Video
    folder: Path

    @property
    def own_words(self) -> str:
        """The captions that are in its folder."""
        path = self.folder / CAPTIONS
        return path.read_text(encoding="utf-8") if path.is_file() else ""

    @property
    def chapters(self) -> list[Chapter]:
        return chapters_of(self.package.chapters)


def find(db: Db, *, actor: Actor, package_id: str, videos: Path) -> Captioned:
    """Raises NotFound, Conflict where the video cannot be played yet."""
    package = db.get(VideoPackage, package_id)
    if package is None:
        raise NotFound(NO_VIDEO)
    authorise(actor, "video.manage", package)
    if package.state not in CAN_PLAY:
        raise Conflict("This video cannot be played yet. Its captions can be written as soon as it can.")
    return Captioned(package, db.get_one(Video, package.video_id), videos / "packages" / package.id)


def versions(db: Db, package_id: str) -> list[CaptionVersion]:
    """Every version that is kept, the newest first."""
    row = CaptionVersion
    return list(db.exec(select(row).where(row.package_id == package_id).order_by(col(row.number).desc())))


def published(kept: Sequence[CaptionVersion]) -> CaptionVersion | None:
    """Of all versions the one that patients see; None while it is what came with the video."""
    shown = [each for each in kept if each.published_at]
    return max(shown, key=lambda each: (each.published_at, each.number), default=None)


def newest(of: Captioned, kept: Sequence[CaptionVersion]) -> Written:
    """What the editor begins with."""
    if kept:
        return Written(kept[0].number, kept[0].words, parts_text(chapters_of(kept[0].chapters)))
    return Written(0, written(captions_in(of.own_words)) if of.own_words else "", parts_text(of.chapters))


def chapters_of(rows: Sequence[dict[str, object]]) -> list[Chapter]:
    return [Chapter(**each) for each in rows]  # type: ignore[arg-type]


def save(db: Db, *, of: Captioned, words: str, parts: str, seen: int, actor: Actor, now: datetime) -> CaptionVersion:
    """Keep what was typed as the newest version; patients see it once it is published.

    Raises Invalid for what cannot be read, Conflict where somebody saved another version meanwhile.
    """
    authorise(actor, "video.manage", of.package)
    kept_words = written(captions_in(words))
    chapters = [asdict(each) for each in parts_in(parts, of.package.duration_ms)]
    one_at_a_time(db, f"captions:{of.package.id}")
    kept = versions(db, of.package.id)
    if seen != (kept[0].number if kept else 0):
        who = db.get(Person, kept[0].saved_by) if kept else None
        raise Conflict(
            f"{isolated(who.full_name) if who else 'Somebody'} saved these captions while you were typing. Your words "
            "are still here and not saved yet. Look at theirs below. Save again to put yours in their place."
        )
    if not kept:
        kept = [keep_original(db, of)]
    if (kept[0].words, kept[0].chapters) == (kept_words, chapters):
        return kept[0]
    forget_old_drafts(db, kept)
    return add(db, of=of, number=kept[0].number + 1, words=kept_words, chapters=chapters, actor=actor, now=now)


def keep_original(db: Db, of: Captioned) -> CaptionVersion:
    """What came with the video, as the first version: it can be brought back."""
    before = newest(of, ())
    row = CaptionVersion(
        service_id=of.package.service_id,
        package_id=of.package.id,
        number=1,
        words=before.words or written([]),
        chapters=[asdict(each) for each in of.chapters],
        saved_at=of.package.playable_at or of.package.requested_at,
        saved_by=of.package.requested_by,
        published_at=of.package.playable_at or of.package.requested_at,
    )
    db.add(row)
    return row


def add(
    db: Db, *, of: Captioned, number: int, words: str, chapters: list[dict[str, object]], actor: Actor, now: datetime
) -> CaptionVersion:
    row = CaptionVersion(
        service_id=of.package.service_id,
        package_id=of.package.id,
        number=number,
        words=words,
        chapters=chapters,
        saved_at=now,
        saved_by=actor.id,
    )
    db.add(row)
    db.flush()
    trace(db, "captions_saved", of, actor, now, number=number)
    return row


def forget_old_drafts(db: Db, kept: Sequence[CaptionVersion]) -> None:
    for each in [one for one in kept if one.published_at is None][MOST_DRAFTS - 1 :]:
        db.delete(each)


def bring_back(db: Db, *, of: Captioned, number: int, actor: Actor, now: datetime) -> CaptionVersion:
    """An earlier version as the newest draft; the ones between stay. Raises NotFound."""
    authorise(actor, "video.manage", of.package)
    one_at_a_time(db, f"captions:{of.package.id}")
    kept = versions(db, of.package.id)
    found = next((each for each in kept if each.number == number), None)
    if found is None:
        raise NotFound(NO_VERSION)
    row = add(db, of=of, number=kept[0].number + 1, words=found.words, chapters=found.chapters, actor=actor, now=now)
    forget_old_drafts(db, kept)
    return row


def stops(of: Captioned, words: str) -> list[Finding]:
    """What must be mended before these words are published."""
    return [each for each in check(of, words) if each.stops]


def check(of: Captioned, words: str) -> list[Finding]:
    """What is to be said about these words. Raises Invalid for what cannot be read."""
    return findings(tidy(words), of.package.duration_ms)


def tidy(words: str) -> list[Caption]:
    """The captions in the order of their times, as they are kept. Raises Invalid for what cannot be read."""
    return captions_in(written(captions_in(words)))


class Unread(Conflict):
    """There is something to be said about captions that nobody has read yet: they are not published."""


def mark_of(found: Sequence[Finding]) -> str:
    """What tells whether somebody has read these findings, and no others."""
    return sha256("\n".join(f"{each.at} {each.kind}" for each in found).encode()).hexdigest()[:MARK]


def publish(db: Db, *, of: Captioned, version: CaptionVersion, read: str, actor: Actor, now: datetime) -> None:
    """Patients see this version from now on, beside the video and in the words to read.

    `read`: the mark of the findings that whoever publishes has read; empty for none. Raises Conflict where something
    must be mended first, Unread where there are other findings.
    """
    authorise(actor, "video.manage", of.package)
    if stops(of, version.words):
        raise Conflict("Saved, but not published: some captions must be changed first. Each one is named below.")
    found = check(of, version.words)
    if found and read != mark_of(found):
        raise Unread("Saved, but not published yet. Please read what is said about some captions first.")
    version.published_at = now
    of.package.chapters = version.chapters
    of.package.transcript = to_read(version.words, chapters_of(version.chapters))
    trace(db, "captions_published", of, actor, now, number=version.number)
    db.flush()
    if of.package.state is PackageState.READY:  # the file to keep holds the captions too: the scheduler makes it anew
        of.package.state = PackageState.PLAYABLE
    of.folder.mkdir(parents=True, exist_ok=True)
    write_captions(of.folder, version.words, of.package.duration_ms)
    if (of.folder / MASTER).is_file():  # otherwise it is in the bucket, and the scheduler brings it
        write_master(of.folder, language=of.video.language)


def trace(db: Db, action: str, of: Captioned, actor: Actor, now: datetime, **detail: object) -> None:
    audit.record(
        db, actor=actor, action=action, subject_type="video", subject_id=of.video.id, now=now,
        session=of.video.session_number, **detail,
    )  # fmt: skip


def names_of(db: Db, kept: Sequence[CaptionVersion]) -> dict[str, str]:
    wanted = select(Person).where(col(Person.id).in_({each.saved_by for each in kept}))
    return {each.id: each.full_name for each in db.exec(wanted)}
