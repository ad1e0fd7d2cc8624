"""Whatever the programme can say is looked at once more in the moment of sending."""

import ast
from pathlib import Path

import backtolife
from backtolife.programme.plan.loading import shipped
from backtolife.reminders.wanted import CHECKS

BY_ANOTHER_NAME = {"sign-in-link": "link", "follow-up-due": "questionnaire-due"}
"""Templates whose messages bear the name of what causes them."""
NOBODY_SENDS_YET = {"discharge-summary"}


def test_each_template_has_a_check_in_the_moment_of_sending() -> None:
    unchecked = {each for each in shipped().messages if BY_ANOTHER_NAME.get(each, each) not in CHECKS}
    assert unchecked == NOBODY_SENDS_YET
    named = set(shipped().messages) | set(BY_ANOTHER_NAME.values())
    assert set(CHECKS) <= named, "a check that no message ever reaches"


def test_a_check_knows_how_many_ids_its_keys_name() -> None:
    """Where a key is made in one piece, it names as many ids as its check takes: else it would never be looked at."""
    made = dict(keys_made())
    assert made, "no key was found"
    wrong = {name: count for name, count in made.items() if name in CHECKS and CHECKS[name][0] != count}
    assert wrong == {}


def keys_made() -> list[tuple[str, int]]:
    """The names of keys that are written out in the code, with how many parts follow."""
    found = []
    for file in Path(backtolife.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr) and node.values and isinstance(node.values[0], ast.Constant):
                name, colon, _ = str(node.values[0].value).partition(":")
                if colon and name in CHECKS:
                    words = [str(each.value) for each in node.values if isinstance(each, ast.Constant)]
                    found.append((name, "".join(words).count(":")))
    return found
