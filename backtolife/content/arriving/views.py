"""tus 1.0 (tus.io): begin a large file, ask how far it is, send on from there, and give it up."""

import base64
import binascii
from collections.abc import Callable, Iterator
from email.utils import format_datetime
from functools import wraps
from http import HTTPStatus
from typing import Any

from flask import Blueprint, jsonify, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import ClientDisconnected

from backtolife.content.arriving import store
from backtolife.errors import BacktolifeError, Invalid
from backtolife.people.access import authorise, permission
from backtolife.people.limits.bodies import LARGEST_VIDEO, takes_files
from backtolife.people.request import actor, give_up_place, settings

pages = Blueprint("arriving", __name__, url_prefix="/videos/manage/arriving")
VERSION = "1.0.0"
EXTENSIONS = "creation,termination,expiration"
PIECE = "application/offset+octet-stream"
AT_ONCE = 256 * 1024
NO_NAME = "Video"


class Refused(BacktolifeError):
    """A program that speaks tus said something that the protocol does not allow."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = status


def speaks_tus(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """Both sides name their version; what goes wrong is said in JSON, with the version too."""

    @wraps(view)
    def answer(**values: Any) -> ResponseReturnValue:
        try:
            if request.headers.get("Tus-Resumable") != VERSION:
                raise Refused(HTTPStatus.PRECONDITION_FAILED, "Send the header Tus-Resumable: 1.0.0.")
            authorise(actor(), "video.manage", actor())
            response = make_response(view(**values))
        except (Refused, Invalid, store.NoRoom) as error:
            response = make_response(jsonify(error=error.message), error.status)
            response.headers["Tus-Version"] = VERSION
        response.headers["Tus-Resumable"] = VERSION
        response.cache_control.no_store = True
        return response

    return answer


@pages.route("", methods=["OPTIONS"], provide_automatic_options=False)
@permission("video.manage")
def abilities() -> ResponseReturnValue:
    headers = {"Tus-Version": VERSION, "Tus-Extension": EXTENSIONS, "Tus-Max-Size": str(LARGEST_VIDEO)}
    return "", HTTPStatus.NO_CONTENT, {"Tus-Resumable": VERSION, **headers}


@pages.post("")
@permission("video.manage")
@speaks_tus
def begin() -> ResponseReturnValue:
    who = actor()
    arrival = store.begin(
        settings().videos_dir,
        service_id=who.service_id,
        person_id=who.id,
        name=name_in(request.headers.get("Upload-Metadata", "")),
        length=whole_number("Upload-Length"),
        most=LARGEST_VIDEO,
    )
    headers = {"Location": url_for("arriving.reached", arrival_id=arrival.id), **until(arrival)}
    return "", HTTPStatus.CREATED, headers


@pages.route("/<arrival_id>", methods=["HEAD"])
@permission("video.manage")
@speaks_tus
def reached(arrival_id: str) -> ResponseReturnValue:
    """How much has come."""
    arrival = theirs(arrival_id)
    headers = {"Upload-Offset": str(arrival.offset), "Upload-Length": str(arrival.length), **until(arrival)}
    return "", HTTPStatus.OK, headers


@pages.patch("/<arrival_id>")
@permission("video.manage")
@takes_files(LARGEST_VIDEO)
@speaks_tus
def go_on(arrival_id: str) -> ResponseReturnValue:
    """Take what comes until it ends or the line breaks; either way every byte that came counts."""
    arrival = theirs(arrival_id)
    at = whole_number("Upload-Offset")
    if request.mimetype != PIECE:
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Send the header Content-Type: {PIECE}.")
    if at != arrival.offset:
        raise Refused(HTTPStatus.CONFLICT, f"This video goes on at byte {arrival.offset}.")
    if at + (request.content_length or 0) > arrival.length:
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "More came than the file was said to have.")
    give_up_place()  # pages are made meanwhile: a slow line may take an hour
    for piece in pieces():
        at = store.add(arrival, piece, at=at)
    return "", HTTPStatus.NO_CONTENT, {"Upload-Offset": str(at), **until(arrival)}


def pieces() -> Iterator[bytes]:
    """The body as it comes in, until it ends or the line breaks."""
    while True:
        try:
            piece = request.stream.read(AT_ONCE)
        except (ClientDisconnected, OSError):
            return
        if not piece:
            return
        yield piece


@pages.delete("/<arrival_id>")
@permission("video.manage")
@speaks_tus
def end(arrival_id: str) -> ResponseReturnValue:
    store.remove(theirs(arrival_id))
    return "", HTTPStatus.NO_CONTENT


@pages.post("/<arrival_id>/remove")
@permission("video.manage")
def remove(arrival_id: str) -> ResponseReturnValue:
    """The same for a browser without a script."""
    authorise(actor(), "video.manage", actor())
    store.remove(theirs(arrival_id))
    return redirect(url_for("videos.manage"))


def theirs(arrival_id: str) -> store.Arrival:
    return store.find(settings().videos_dir, service_id=actor().service_id, arrival_id=arrival_id)


def until(arrival: store.Arrival) -> dict[str, str]:
    return {"Upload-Expires": format_datetime(arrival.until, usegmt=True)}


def whole_number(header: str) -> int:
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdecimal() and len(text) < 18):
        raise Refused(HTTPStatus.BAD_REQUEST, f"Send the header {header} with a whole number.")
    return int(text)


def name_in(metadata: str) -> str:
    """The file's name out of pairs such as `filename cGFpbi5tcDQ=`. It is shown, and used for nothing else."""
    pairs = dict(pair.split(" ", 1) for pair in metadata.split(",") if " " in pair)
    try:
        name = base64.b64decode(pairs.get("filename", ""), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return NO_NAME
    return "".join(letter for letter in name if letter.isprintable()).strip() or NO_NAME
