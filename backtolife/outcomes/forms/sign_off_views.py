"""The page where a clinical lead reads the in-house words of every form and signs for them."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from backtolife.outcomes.forms import adoption
from backtolife.people.access import permission
from backtolife.people.request import actor, db, now

pages = Blueprint("words", __name__, url_prefix="/words")


@pages.get("")
@permission("wording.sign")
def overview() -> str:
    words = adoption.words_of(db(), actor=actor(), now=now())
    unsigned = sum(each.form.in_house and each.signer is None for each in words)
    return render_template("outcomes/staff/words.jinja", words=words, unsigned=unsigned)


@pages.post("")
@permission("wording.sign")
def sign() -> Response:
    count = adoption.sign(db(), actor=actor(), now=now())
    flash(
        f"You have approved the words of {count} {'form' if count == 1 else 'forms'}."
        if count
        else "All the words are already approved."
    )
    return redirect(url_for("words.overview"))
