"""What the kept record takes from the other one: what it does not have, a number with the name it belongs to."""

from collections.abc import Collection

from backtolife.people.models import Person
from backtolife.programme.patients.alike import folded

TOGETHER = (
    ("date_of_birth",),
    ("address",),
    ("clinician", "clinician_phone"),
    ("phone",),
    ("emergency_name", "emergency_phone"),
    ("message_language",),
)
"""Details that the kept record takes where it has none; of a pair never one beside another's half: a number of one
person under the name of another is worse than no number.
"""
ASKED = ("needs", "needs_words")
"""Asked at once, so they go together; the first says whether anybody asked."""
NEEDS = (*ASKED, "needs_language")


def fill(kept: Person, other: Person) -> list[str]:
    """Returns the names of the details that the kept record took."""
    names = []
    for details in TOGETHER:
        if all(alike(kept, other, each) for each in details if getattr(kept, each)):
            names += [each for each in details if not getattr(kept, each) and getattr(other, each)]
    names += needs_to_take(kept, other)
    for name in names:
        setattr(kept, name, getattr(other, name))
    kept.others_read = kept.others_read or other.others_read  # it stays so after an undo: rather looked at than read
    return names


def needs_to_take(kept: Person, other: Person) -> list[str]:
    """A language can be told without what somebody needs, on the page of how we reach them: the kept one stays."""
    language = ["needs_language"] if other.needs_language and not kept.needs_language else []
    return [*ASKED, *language] if kept.needs is None and other.needs is not None else language


def alike(kept: Person, other: Person, name: str) -> bool:
    return folded(str(getattr(kept, name))) == folded(str(getattr(other, name)))


def empty(kept: Person, other: Person, names: Collection[str]) -> None:
    """Take away what came from the other record, unless somebody has corrected it, or what belongs to it, since."""
    for details in (*TOGETHER, NEEDS):
        took = [each for each in details if each in names]
        if took == ["needs"]:
            took = list(NEEDS)  # of a merge before these three were named one by one, the first stands for all
        if not all(getattr(kept, each) == getattr(other, each) for each in took):
            continue
        for each in took:
            setattr(kept, each, None if each in ("date_of_birth", "needs") else "")
