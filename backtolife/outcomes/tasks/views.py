"""Pages where staff see safety tasks, take them, write down what they did and close them."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backtolife.errors import Conflict, Invalid
from backtolife.outcomes.models import TaskState
from backtolife.outcomes.safety import after_closing, history, tasks
from backtolife.outcomes.safety.after_closing import may_be_added_to
from backtolife.outcomes.tasks.answers import asked_and_answered, history_of, label_of, labels_of
from backtolife.outcomes.tasks.at_the_door import at_the_door
from backtolife.outcomes.tasks.forms import AddedForm, NotesForm, OpenAgainForm, filled, times_seen
from backtolife.outcomes.tasks.signs import signs_of
from backtolife.outcomes.tasks.to_reach import to_reach
from backtolife.people.access import permission
from backtolife.people.asked import asked_here
from backtolife.people.models import Person
from backtolife.people.request import actor, db, now, service, settings
from backtolife.programme.consent.answering import how_they_stand
from backtolife.programme.consent.rules import ConsentKind, Stand
from backtolife.programme.consent.wording import STANDS

pages = Blueprint("tasks", __name__, url_prefix="/tasks")
Page = str | Response | tuple[str, int]
UNSAVED = "What you wrote stands here, and is not saved yet: add it as a note if it is still needed."


@pages.route("", methods=["GET", "POST"])
@permission("task.read")
def overview() -> str:
    """By POST with what is looked for."""
    asked = asked_here(tasks.SORTS)
    found = tasks.open_page(db(), actor=actor(), asked=asked)
    signs = signs_of(db(), found.shown)
    return render_template(
        "outcomes/staff/tasks.jinja",
        found=found,
        open=labels_of(db(), found.shown, signs),
        done=tasks.tasks_for(db(), actor=actor(), done=True, asked=asked),
        asked=asked,
        sorts=tasks.SORTS,
        to_reach=to_reach(db(), actor=actor(), zone=service().zone, now=now()),
        now=now(),
    )


@pages.get("/<task_id>")
@permission("task.read")
def show(task_id: str) -> str:
    return page(tasks.look_at(db(), actor=actor(), task_id=task_id, now=now()))


def page(
    work: tasks.Work,
    form: NotesForm | None = None,
    *,
    added: AddedForm | None = None,
    again: OpenAgainForm | None = None,
) -> str:
    """The page of a task; a form that was refused comes with its words and what is wrong with them."""
    signs = signs_of(db(), [work]).get(work.task.id)
    return render_template(
        "outcomes/staff/task.jinja",
        work=work,
        task=work.task,
        signs=signs,
        door=at_the_door(db(), work),
        label=label_of(db(), work, signs),
        answers=asked_and_answered(db(), work),
        given=history_of(db(), work, signs),
        history=history.history_of(db(), work.task),
        form=form or filled(work.task),
        added=added or AddedForm(formdata=None),
        again=again or OpenAgainForm(formdata=None),
        mine=work.task.acknowledged_by == actor().id,
        is_open=work.task.state is not TaskState.DONE,
        gp=STANDS[gp_consent(work.patient)].casefold(),
        now=now(),
    )


def gp_consent(patient: Person) -> Stand:
    """Whether they agreed that their GP is called when somebody worries about them."""
    return how_they_stand(db(), person_id=patient.id, service_id=patient.service_id, kind=ConsentKind.GP)


@pages.post("/<task_id>/take")
@permission("task.work")
def take(task_id: str) -> Response:
    tasks.take(db(), actor=actor(), task_id=task_id, now=now())
    flash("You have this task. The others can see that.")
    return redirect(url_for("tasks.show", task_id=task_id))


@pages.post("/<task_id>")
@permission("task.work")
def write(task_id: str) -> Page:
    """Save the notes, or close the task with them."""
    form = NotesForm()
    closing = request.form.get("do") == "close"
    work = find(task_id)
    if not form.validate_on_submit():
        return page(work, form), 400
    change, seen = tasks.close if closing else tasks.note, times_seen(form.seen.data)
    try:
        change(db(), actor=actor(), task_id=task_id, notes=form.notes(), now=now(), seen=seen)
    except Invalid as error:
        form[error.field or "contact"].errors = [error.message]
        return page(work, form), 400
    except Conflict as error:
        return came_late(find(task_id), form, error)
    flash("The task is closed." if closing else "Your notes are saved. The task stays open.")
    return redirect(url_for("tasks.overview") if closing else url_for("tasks.show", task_id=task_id))


def find(task_id: str) -> tasks.Work:
    return tasks.as_work(db(), tasks.find_task(db(), actor=actor(), task_id=task_id, action="task.work"))


def came_late(work: tasks.Work, form: NotesForm, error: Conflict) -> tuple[str, int]:
    """Somebody else was quicker: what was typed stands where it can still be saved."""
    if work.task.state is TaskState.NEW:
        raise error
    if work.task.state is TaskState.DONE:
        return page(work, added=kept_as_note(form.as_one(), error)), error.status
    form.seen.data = str(work.task.opened_again)
    form.contact.errors = [error.message]
    return page(work, form), error.status


def kept_as_note(typed: str, error: Conflict) -> AddedForm:
    """What was typed for something that cannot be done any more, as a note that can be."""
    added = AddedForm(formdata=None, text=typed)
    added.text.errors = [f"{error.message} {UNSAVED}" if typed else error.message]
    return added


@pages.post("/<task_id>/notes")
@permission("task.work")
def add(task_id: str) -> Page:
    """Add a note to a closed task."""
    form = AddedForm()
    try:
        after_closing.add_note(db(), actor=actor(), task_id=task_id, text=form.text.data or "", now=now())
    except Invalid as error:
        form.text.errors = [error.message]
        return page(find(task_id), added=form), 400
    flash("Your note is added.")
    if find(task_id).task.state is not TaskState.DONE:
        flash("Somebody has opened the task again. Your note stands below.", "alert")
    return redirect(url_for("tasks.show", task_id=task_id))


@pages.post("/<task_id>/open-again")
@permission("task.work")
def open_again(task_id: str) -> Page:
    """Open a closed task again, with a reason."""
    form = OpenAgainForm()
    reason, seen, site = form.reason.data or "", times_seen(form.seen.data), settings().public_url
    try:
        after_closing.open_again(db(), actor=actor(), task_id=task_id, reason=reason, seen=seen, site=site, now=now())
    except Invalid as error:
        form.reason.errors = [error.message]
        return page(find(task_id), again=form), 400
    except Conflict as error:
        work = find(task_id)
        if not may_be_added_to(work.task):
            raise
        return page(work, added=kept_as_note(reason, error)), error.status
    flash("The task is open again, and you have it.")
    return redirect(url_for("tasks.show", task_id=task_id))
