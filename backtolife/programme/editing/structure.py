"""A new section of a session: what it has to begin with, and how its minutes are found. Pure."""

from collections.abc import Mapping
from typing import Any

from backtolife.errors import Invalid
from backtolife.programme.plan.template import Programme, Session

KIND_WORDS = {
    "welcome": "Welcome",
    "check_in": "Check-in",
    "goal_review": "Goals",
    "reflection": "Talking together",
    "exercise": "Exercises",
    "relaxation": "Relaxation",
    "mindfulness": "Mindfulness",
    "break": "Break",
    "home_practice": "Home practice",
    "check_out": "Check-out",
}
LONGER = ""
"""The choice of no section that gives its minutes: the session gets longer."""


def skeleton(plan: Programme, session: Session, kind: str) -> dict[str, Any]:
    """A section of this kind with nothing typed yet; its id is used nowhere else."""
    known = {each.id for one in plan.sessions for each in one.sections}
    known |= {each.id for one in plan.sessions for each in one.home_practice}
    stem = f"s{session.number}-{kind.replace('_', '-')}"
    number = next(at for at in range(1, len(known) + 2) if f"{stem}-{at}" not in known)
    found: dict[str, Any] = {"id": f"{stem}-{number}", "kind": kind, "minutes": 5, "title": "", "mic": "open"}
    found |= {"layout": "gallery", "patient_text": ""}
    if kind == "exercise":
        found |= {"intro_seconds": 30, "cool_down_seconds": 30, "rounds": 1, "stations": []}
    if kind == "reflection":
        found |= {"prompts": []}
    if kind in ("relaxation", "mindfulness"):
        found |= {"script_id": next(iter(plan.relaxation)), "music_id": plan.music[0].id}
    return found


def inserted(section: Mapping[str, Any], session: dict[str, Any], at: int, typed: Mapping[str, Any]) -> None:
    """Put the section at its place; another one, or the session's length, gives the minutes that were typed.

    Raises Invalid where that section does not have as many.
    """
    taken = next((each for each in session["live_plan"] if each["id"] == typed["taken"]), None)
    if taken is not None and taken["minutes"] <= typed["minutes"]:
        raise Invalid(f"{taken['title']} has only {taken['minutes']} minutes. Choose fewer.", "minutes")
    if taken is None:
        session["live_minutes"] += typed["minutes"]
    else:
        taken["minutes"] -= typed["minutes"]
    session["live_plan"].insert(at, dict(section))
