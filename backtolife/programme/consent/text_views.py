"""Where a clinical lead or an administrator reads what patients agree to, and publishes a new version of it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlmodel import col, select
from werkzeug.wrappers import Response

from backtolife.errors import Conflict, Invalid
from backtolife.people.access import permission
from backtolife.people.models import Person
from backtolife.people.request import actor, db, now, service
from backtolife.programme.consent.forms import PublishForm
from backtolife.programme.consent.models import ConsentText
from backtolife.programme.consent.rules import NEEDED, ConsentKind
from backtolife.programme.consent.texts import Words, publish, texts_of, versions_of, words_here
from backtolife.programme.consent.wording import NAMES
from backtolife.programme.plan.guide_parts import parts_of

pages = Blueprint("consent_texts", __name__, url_prefix="/agreements")
Page = str | Response | tuple[str, int]
WHICH = "<any(group_agreement, use_of_data, later_questions, contact_gp):consent>"


@pages.get("")
@permission("consent.publish")
def overview() -> str:
    texts = texts_of(db(), actor().service_id)
    return render_template(
        "programme/consent/texts.jinja",
        texts=[(kind, texts.get(kind)) for kind in ConsentKind],
        names=NAMES,
        needed=NEEDED,
        by=names_of([each.newest.published_by for each in texts.values()]),
    )


@pages.get(f"/{WHICH}")
@permission("consent.publish")
def edit(consent: str) -> str:
    kind = ConsentKind(consent)
    versions = versions_of(db(), service_id=actor().service_id, kind=kind)
    begin = versions[0] if versions and "programme" not in request.args else words_here(db(), actor().service_id, kind)
    form = PublishForm(
        formdata=None,
        title=begin.title,
        body=begin.body,
        seen=str(versions[0].version if versions else 0),
    )
    return page(kind, form)


@pages.post(f"/{WHICH}")
@permission("consent.publish")
def put_in_force(consent: str) -> Page:
    kind, form = ConsentKind(consent), PublishForm()
    if not versions_of(db(), service_id=actor().service_id, kind=kind):
        del form.again  # the first version asks everybody
    if not form.validate_on_submit():
        return page(kind, form), 400
    try:
        text = publish(
            db(),
            kind=kind,
            words=Words(form.title.data, form.body.data),
            asks_again=form.again is None or form.again.data == "yes",
            seen=form.seen_version,
            actor=actor(),
            now=now(),
        )
    except Invalid as error:
        form[error.field or "body"].errors = [error.message]
        return page(kind, form), 400
    except Conflict as error:
        form.seen.data = str(versions_of(db(), service_id=actor().service_id, kind=kind)[0].version)
        form.body.errors = [error.message]
        return page(kind, form), 409
    flash(f"Version {text.version} is in force. Patients read it the next time they look.")
    return redirect(url_for("consent_texts.overview"))


def names_of(people: list[str]) -> dict[str, str]:
    return {each.id: each.full_name for each in db().exec(select(Person).where(col(Person.id).in_(people)))}


def same(text: ConsentText, words: Words) -> bool:
    """Whether they say the same; browsers send other line ends than a file has."""
    one, other = (" ".join(f"{each.title} {each.body}".split()) for each in (text, words))
    return one == other


def page(kind: ConsentKind, form: PublishForm) -> str:
    versions = versions_of(db(), service_id=actor().service_id, kind=kind)
    return render_template(
        "programme/consent/publish.jinja",
        kind=kind,
        name=NAMES[kind],
        needed=kind in NEEDED,
        form=form,
        versions=versions,
        by=names_of([each.published_by for each in versions]),
        parts=lambda text: parts_of(text.body, whole=True),
        service=service(),
        other=versions != [] and not same(versions[0], words_here(db(), actor().service_id, kind)),
        begun="programme" in request.args,
    )
