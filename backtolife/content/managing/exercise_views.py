"""The exercise library: every move in words and drawings, for whoever wants to read it at home."""

from flask import Blueprint, Response, render_template

from backtolife.errors import NotFound
from backtolife.people.access import permission
from backtolife.people.models import Role
from backtolife.people.permissions import PUBLIC
from backtolife.people.request import actor
from backtolife.programme.figures.library import drawing_of, picture_of
from backtolife.programme.plan.loading import shipped
from backtolife.programme.plan.material import EXERCISE_GROUPS, POSITIONS, Exercise
from backtolife.programme.plan.moving_safely import moving_safely

pages = Blueprint("exercises", __name__, url_prefix="/exercises")
A_DAY = 24 * 60 * 60
GROUP_NAMES = {
    "warm_up": "Warm up",
    "aerobic": "Get moving",
    "strength": "Get stronger",
    "mobility": "Bend and turn",
    "stretch": "Stretch",
    "function": "Everyday moves",
    "balance": "Balance",
}
WAY_NAMES = {"sitting": "Sitting", "standing": "Standing", "lying": "Lying"}
CLINICAL = (Role.FACILITATOR, Role.CLINICAL_LEAD)


@pages.get("")
@permission("exercise.read", reads=True)
def library() -> str:
    """Every move, by what it is for."""
    moves = shipped().exercises.values()
    groups = {group: [move for move in moves if move.group == group] for group in EXERCISE_GROUPS}
    return render_template("content/exercises.jinja", groups=groups, names=GROUP_NAMES, safely=moving_safely())


@pages.get("/<exercise_id>")
@permission("exercise.read", reads=True)
def show(exercise_id: str) -> str:
    """One move in its three ways, with how much, easier, harder and when to stop."""
    return render_template(
        "content/exercise.jinja",
        move=find(exercise_id),
        ways=[(way, WAY_NAMES[way], drawing_of(exercise_id, way).says) for way in POSITIONS],
        group=GROUP_NAMES,
        safely=moving_safely(),
        clinical=actor().holds(*CLINICAL),
    )


@pages.get("/<exercise_id>/<any(sitting, standing, lying):way>/<any(still, moving):kind>.svg")
@permission(PUBLIC, reads=True)
def drawing(exercise_id: str, way: str, kind: str) -> Response:
    """One drawing. It shows nobody, so anyone may see it and keep it for a day."""
    find(exercise_id)
    response = Response(picture_of(exercise_id, way, still=kind == "still"), mimetype="image/svg+xml")
    response.headers["Cache-Control"] = f"public, max-age={A_DAY}"
    return response


def find(exercise_id: str) -> Exercise:
    """Raises NotFound."""
    found = shipped().exercises.get(exercise_id)
    if found is None:
        raise NotFound("We have no exercise with that name. Look for it in the list of exercises.")
    return found
