"""Pages where staff see safety tasks, take them, write down what they did and close them."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backtolife.errors import Invalid
from backtolife.outcomes.models import TaskState
from backtolife.outcomes.safety import tasks
from backtolife.outcomes.tasks.answers import asked_and_answered, history_of, label_of, labels_of
from backtolife.outcomes.tasks.at_the_door import at_the_door
from backtolife.outcomes.tasks.forms import NotesForm, filled
from backtolife.outcomes.tasks.signs import signs_of
from backtolife.outcomes.tasks.to_reach import to_reach
from backtolife.people.access import permission
from backtolife.people.asked import asked_here
from backtolife.people.models import Person
from backtolife.people.request import actor, db, now, service
from backtolife.programme.consent.answering import how_they_stand
from backtolife.programme.consent.rules import ConsentKind, Stand
from backtolife.programme.consent.wording import STANDS

pages = Blueprint("tasks", __name__, url_prefix="/tasks")


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
    work = tasks.look_at(db(), actor=actor(), task_id=task_id, now=now())
    task = work.task
    return page(work, filled(task.contact, task.assessment, task.plan, task.gp_informed))


def page(work: tasks.Work, form: NotesForm) -> str:
    signs = signs_of(db(), [work]).get(work.task.id)
    return render_template(
        "outcomes/staff/task.jinja",
        work=work,
        task=work.task,
        signs=signs,
        door=at_the_door(db(), work),
        label=label_of(db(), work, signs),
        answers=asked_and_answered(db(), work),
        history=history_of(db(), work, signs),
        form=form,
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
def write(task_id: str) -> str | Response | tuple[str, int]:
    """Save the notes, or close the task with them."""
    form = NotesForm()
    closing = request.form.get("do") == "close"
    work = tasks.as_work(db(), tasks.find_task(db(), actor=actor(), task_id=task_id, action="task.work"))
    if not form.validate_on_submit():
        return page(work, form), 400
    change = tasks.close if closing else tasks.note
    try:
        change(db(), actor=actor(), task_id=task_id, notes=form.notes(), now=now())
    except Invalid as error:
        form[error.field or "contact"].errors = [error.message]
        return page(work, form), 400
    flash("The task is closed." if closing else "Your notes are saved. The task stays open.")
    return redirect(url_for("tasks.overview") if closing else url_for("tasks.show", task_id=task_id))
