"""What the text service tells us later: whether a text arrived. It shows a token that only it and we know."""

import hmac
from dataclasses import dataclass

import structlog
from flask import Blueprint, Flask, request
from werkzeug.wrappers import Response

from backtolife import audit
from backtolife.errors import NotPermitted
from backtolife.mail import receipts
from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.mail.receipts import Taken
from backtolife.mail.texts import message_of
from backtolife.people.access import System, permission
from backtolife.people.permissions import PUBLIC
from backtolife.people.request import db, now, settings
from backtolife.text.from_json import read_json

log = structlog.get_logger(__name__)
pages = Blueprint("receipts", __name__, url_prefix="/webhooks")
ACTING_AS = "text-service"


@dataclass(frozen=True)
class Receipt:
    """What Notify sends, of which we read this much."""

    id: str
    status: str
    reference: str | None = None


def add_to(app: Flask) -> None:
    """The token stands in place of a form's token."""
    app.extensions["csrf"].exempt(pages)


@pages.post("/texts")
@permission(PUBLIC)
def texts() -> Response:
    """A receipt that comes before our own commit is asked for again: the service repeats what is answered with 503."""
    given, wanted = request.headers.get("Authorization", ""), settings().notify_callback_token
    if not wanted or not hmac.compare_digest(given.encode(), f"Bearer {wanted}".encode()):
        log.warning("receipt_forged")
        raise NotPermitted("This does not come from our text service.")
    receipt = read_json(Receipt, request.get_data(), instead="This is no receipt of a text.")
    reference = receipt.reference or ""
    taken = receipts.take(db(), reference=reference, carrier_id=receipt.id, status=receipt.status, now=now())
    if taken is Taken.NEWS:
        keep_trace(reference)
    return Response(status=503 if taken is Taken.TOO_SOON else 204)


def keep_trace(reference: str) -> None:
    message = db().get_one(OutgoingMessage, message_of(reference))
    action = "text_failed" if message.state is MessageState.FAILED else "text_delivered"
    actor = System(ACTING_AS, message.service_id)
    audit.record(db(), actor=actor, action=action, subject_type="message", subject_id=message.id, now=now())
