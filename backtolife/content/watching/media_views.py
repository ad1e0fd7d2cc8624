"""The media files themselves: playlists, segments, captions, under an address that only one person can use."""

from flask import Blueprint, Response

from backtolife.content.storage.storage import storage_of
from backtolife.content.watching import media_link
from backtolife.content.watching.for_groups import package_file
from backtolife.people.access import OutOfReach, permission
from backtolife.people.request import actor, now, settings

pages = Blueprint("videos_media", __name__, url_prefix="/videos/media")


@pages.get("/<token>/<path:name>")
@permission("video.watch")
def file(token: str, name: str) -> Response:
    """One file of a package. The address must be ours, still fresh, and made for whoever asks now."""
    link = media_link.read(token, keys=settings().secret_keys, now=now())
    if actor().limited or (link.person_id, link.service_id) != (actor().id, actor().service_id):
        raise OutOfReach("video.watch", link)
    return package_file(storage_of(settings()), link.package_id, name)
