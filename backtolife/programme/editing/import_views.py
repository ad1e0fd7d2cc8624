"""The page on which a programme is brought from a file: it becomes a draft, or what is wrong with it is said."""

from contextlib import closing

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from backtolife.errors import Invalid
from backtolife.people.access import permission
from backtolife.people.limits.bodies import LARGEST_TABLE_FILE, takes_files
from backtolife.people.request import actor, db, now
from backtolife.programme.editing import services
from backtolife.programme.editing.forms import ImportForm
from backtolife.programme.plan.loading import shipped
from backtolife.programme.versions.packing import LARGEST_PACKED
from backtolife.programme.versions.services import versions_of

pages = Blueprint("programme_import", __name__, url_prefix="/programme/versions/import")


def with_choices(form: ImportForm) -> ImportForm:
    own = [each for each, _ in versions_of(db(), actor().service_id) if each.published_by and not each.put_away_at]
    versions = [SelectChoice(each.id, each.version) for each in own]
    form.version.choices = [*versions, SelectChoice("", f"{shipped().version}, as it comes with Back to Life")]
    return form


@pages.get("")
@permission("programme.edit")
def show() -> str:
    return render_template("programme/editing/import.jinja", form=with_choices(ImportForm(formdata=None)))


@pages.post("")
@permission("programme.edit")
@takes_files(LARGEST_TABLE_FILE)
def bring() -> Response | tuple[str, int]:
    form = with_choices(ImportForm())
    if form.validate_on_submit():
        with closing(form.file.data) as chosen:
            data = chosen.read(LARGEST_PACKED + 1)
        try:
            draft = services.bring_in(
                db(),
                name=form.file.data.filename or "",
                data=data,
                version_id=form.version.data or "",
                actor=actor(),
                now=now(),
            )
        except Invalid as error:
            form.file.errors = [error.message]
        else:
            flash("The file is a draft now. Look at what is different, then publish it.")
            return redirect(url_for("programme.draft", draft_id=draft.id))
    return render_template("programme/editing/import.jinja", form=form), 400
