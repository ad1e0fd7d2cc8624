"""The media files themselves: playlists, segments, captions, under an address that only one person can use."""

from pathlib import PurePosixPath

from flask import Blueprint, Response, send_from_directory

from backtolife.content import media_link
from backtolife.content.playlists import MIME_TYPES
from backtolife.errors import NotFound
from backtolife.people.access import OutOfReach, permission
from backtolife.people.request import actor, now, settings

pages = Blueprint("videos_media", __name__, url_prefix="/videos/media")
SEGMENTS = frozenset({".m4s", ".mp4"})
KEEP_SECONDS = 12 * 60 * 60
NO_FILE = "We could not find that part of the video. Load the page again."


@pages.get("/<token>/<path:name>")
@permission("video.watch")
def file(token: str, name: str) -> Response:
    """One file of a package. The address must be ours, still fresh, and made for whoever asks now.

    Segments never change under one address and may be kept by the browser; playlists grow with the renditions.
    """
    link = media_link.read(token, keys=settings().secret_keys, now=now())
    if actor().joins_only or (link.person_id, link.service_id) != (actor().id, actor().service_id):
        raise OutOfReach("video.watch", link)
    kind = PurePosixPath(name).suffix
    if kind not in MIME_TYPES or any(part.startswith(".") for part in PurePosixPath(name).parts):
        raise NotFound(NO_FILE)
    folder = settings().videos_dir / "packages" / link.package_id
    response = send_from_directory(folder, name, conditional=True)
    response.headers["Content-Type"] = MIME_TYPES[kind]
    response.cache_control.no_cache = None if kind in SEGMENTS else True
    response.cache_control.private = True
    response.cache_control.max_age = KEEP_SECONDS if kind in SEGMENTS else None
    return response
