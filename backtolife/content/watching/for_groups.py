"""Videos for a group that watches together in the live room, which knows nothing of how they are kept."""

from dataclasses import dataclass
from http import HTTPStatus
from pathlib import PurePosixPath

from flask import Response, request, send_from_directory

from backtolife.content import services
from backtolife.content.encoding.playlists import CAPTIONS, MIME_TYPES
from backtolife.content.storage.bucket import Bucket
from backtolife.content.storage.storage import PACKAGES, Storage
from backtolife.database.session import Db
from backtolife.errors import NotFound

SEGMENTS = frozenset({".m4s", ".mp4"})
KEEP_SECONDS = 12 * 60 * 60
NO_FILE = "We could not find that part of the video. Load the page again."


@dataclass(frozen=True)
class GroupFilm:
    """A video that plays: its files, what it is called, its length in milliseconds, whether it has captions."""

    package_id: str
    title: str
    duration_ms: int
    captions: bool


@dataclass(frozen=True)
class GroupFilms:
    """The videos of every service."""

    storage: Storage

    def of_session(self, db: Db, *, service_id: str, number: int) -> GroupFilm | None:
        """The video that a service shows for session `number`; None when none can be played."""
        video = services.video_for_session(db, service_id, number)
        package = services.playing_package(db, video.id) if video else None
        if video is None or package is None:
            return None
        captions = self.storage.has(f"{PACKAGES}/{package.id}/{CAPTIONS}")
        return GroupFilm(package.id, video.title, package.duration_ms, captions)

    def file(self, package_id: str, name: str) -> Response:
        """One file of a package."""
        return package_file(self.storage, package_id, name)


def package_file(storage: Storage, package_id: str, name: str) -> Response:
    """One file of a package, as a player needs it. Raises NotFound for what is no part of one.

    Segments never change under one address and may be kept by the browser; playlists grow with the renditions.
    """
    kind = PurePosixPath(name).suffix
    if kind not in MIME_TYPES or any(part.startswith(".") for part in PurePosixPath(name).parts):
        raise NotFound(NO_FILE)
    folder = storage.folder / PACKAGES / package_id
    if storage.bucket is not None and not (folder / name).is_file():
        response = out_of_bucket(storage.bucket, f"{PACKAGES}/{package_id}/{name}")
    else:
        response = send_from_directory(folder, name, conditional=True)
    if response.status_code == HTTPStatus.NOT_MODIFIED:
        response.close()  # nothing of it is sent, and nobody else would close the file
    response.headers["Content-Type"] = MIME_TYPES[kind]
    response.cache_control.no_cache = None if kind in SEGMENTS else True
    response.cache_control.private = True
    response.cache_control.max_age = KEEP_SECONDS if kind in SEGMENTS else None
    return response


def out_of_bucket(bucket: Bucket, name: str) -> Response:
    """The file as it comes, piece by piece: the browser never meets the store, and nothing is kept here meanwhile."""
    asks, known = request.headers.get("Range", ""), request.headers.get("If-None-Match", "")
    found = bucket.open(name, asks=asks, known=known)
    if found is None:
        raise NotFound(NO_FILE)
    return Response(found.pieces, found.status, found.headers, direct_passthrough=True)
