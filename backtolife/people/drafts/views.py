"""What a page asks and tells while somebody types: keep this, what was kept, throw it away, may I still send."""

from dataclasses import dataclass
from typing import Annotated

from flask import Blueprint, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field

from backtolife.people.access import permission
from backtolife.people.drafts import services as drafts
from backtolife.people.drafts.late_forms import FORMS, page_of_form
from backtolife.people.request import actor, db, now, person, service
from backtolife.text.dates_in_words import when
from backtolife.text.from_json import read

pages = Blueprint("drafts", __name__, url_prefix="/drafts")
MOST_FORMS = 200


@dataclass(frozen=True)
class SentForm:
    """Which form a page speaks of: the address that it is sent to."""

    address: Annotated[str, Field(pattern="^/")]


@dataclass(frozen=True)
class SentDraft(SentForm):
    """What stands in a form now, and what stood there before the typing."""

    fields: object = None
    base: object = None


@pages.get("")
@permission("draft.keep", reads=True)
def kept() -> ResponseReturnValue:
    addresses = request.args.getlist("address")[:MOST_FORMS]
    zone = service().zone
    return jsonify(
        [
            {
                "address": each.address,
                "fields": each.fields,
                "base": each.base,
                "when": when(each.updated_at, zone, now()),
            }
            for each in drafts.kept_for(db(), person_id=actor().id, addresses=addresses)
        ]
    )


@pages.post("")
@permission("draft.keep")
def keep() -> ResponseReturnValue:
    sent = read(SentDraft, request.get_json(silent=True), instead="The page did not say which form this is.")
    fields, base = drafts.pairs(sent.fields), drafts.pairs(sent.base)
    drafts.keep(db(), person=person(), address=sent.address, fields=fields, base=base, now=now())
    return "", 204


@pages.post("/drop")
@permission("draft.keep")
def drop() -> ResponseReturnValue:
    """Throw the words away, for a page's script; or for its form, which then shows the page as it is without them."""
    if request.mimetype in FORMS:
        drafts.drop(db(), person_id=actor().id, address=request.form.get("address", ""))
        return redirect(page_of_form(otherwise=url_for("home.show")), 303)
    sent = read(SentForm, request.get_json(silent=True), instead="The page did not say which form this is.")
    drafts.drop(db(), person_id=actor().id, address=sent.address)
    return "", 204


@pages.post("/ready")
@permission("draft.keep")
def ready() -> ResponseReturnValue:
    """Whether a form sent now would be taken: asked before a long upload begins, and now and then while it lasts."""
    return "", 204
