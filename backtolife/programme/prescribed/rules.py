"""What may be picked for somebody. Pure."""

from collections.abc import Mapping

from backtolife.errors import Invalid
from backtolife.programme.plan.material import POSITIONS, Exercise
from backtolife.text.catalogues.worded import worded

LONGEST = 200
MOST = 12
"""How many exercises one person has at most: more than that nobody does at home."""
WAYS = {"sitting": worded("Sitting"), "standing": worded("Standing"), "lying": worded("Lying")}


def amount_kept(amount: str) -> str:
    """The amount as it is kept. Raises Invalid for none or too many words."""
    kept = " ".join(amount.split())
    if not kept:
        raise Invalid("Write how much they do", "amount")
    if len(kept) > LONGEST:
        raise Invalid(f"Use at most {LONGEST} characters", "amount")
    return kept


def refuse_unknown(exercises: Mapping[str, Exercise], exercise_id: str, way: str) -> None:
    """Raise Invalid for an exercise that the library does not have, or a way in which it is not done."""
    if exercise_id not in exercises:
        raise Invalid("Choose an exercise from the list", "exercise")
    if way not in POSITIONS or way not in exercises[exercise_id].variants:
        raise Invalid("Choose sitting, standing or lying", "way")


def refuse_more(count: int) -> None:
    """Raise Invalid when somebody has `count` exercises already and that is enough."""
    if count >= MOST:
        raise Invalid(f"There are {MOST} exercises already. Stop one of them first", "exercise")
