"""Where a clinical lead reads each translation beside what it translates, signs it, or takes the signature back."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from backtolife.errors import Conflict
from backtolife.people.access import permission
from backtolife.people.request import actor, db, now
from backtolife.programme.guides import signing
from backtolife.programme.guides.forms import SignForm
from backtolife.programme.plan.guide_parts import below_title, parts_of

pages = Blueprint("guide_words", __name__, url_prefix="/guides/translations")
Page = str | Response | tuple[str, int]


@pages.get("")
@permission("wording.sign")
def overview() -> str:
    found = signing.translations(db(), actor=actor())
    return render_template("programme/guides/translations.jinja", translations=found)


@pages.get("/<translation>")
@permission("wording.sign")
def show(translation: str) -> str:
    return page(signing.translation_called(db(), actor=actor(), key=translation))


@pages.post("/<translation>")
@permission("wording.sign")
def sign(translation: str) -> Page:
    form, digest = SignForm(), SignForm().digest.data or ""
    found = signing.translation_called(db(), actor=actor(), key=translation, digest=digest)
    if not form.validate_on_submit():
        return page(found, form), 400
    try:
        signing.sign(db(), actor=actor(), key=translation, digest=digest, now=now())
    except Conflict as error:
        form.read.errors, form.read.data = [error.message], False
        form.digest.data = found.draft.digest
        return page(found, form), 409
    flash("You have signed these words. Patients can read them now.")
    return redirect(url_for("guide_words.overview"))


@pages.post("/<translation>/withdraw")
@permission("wording.sign")
def withdraw(translation: str) -> Response:
    signing.withdraw(db(), actor=actor(), key=translation, digest=SignForm().digest.data or "", now=now())
    flash("The signature is withdrawn. Nobody can read this translation until it is signed again.")
    return redirect(url_for("guide_words.overview"))


def page(found: signing.Translation, form: SignForm | None = None) -> str:
    draft = found.draft
    return render_template(
        "programme/guides/translation.jinja",
        found=found,
        pairs=[(each, parts_of(below_title(each.body), whole=True)) for each in (draft.guide, draft.original)],
        form=form or SignForm(formdata=None, digest=draft.digest),
    )
