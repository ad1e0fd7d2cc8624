"""What a page says outside the catalogue is found; what is no words is not."""

import pytest

from tools.catalogues.outside import outside
from tools.catalogues.scripts import outside_script, scripts_of_patients


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>Sign in</p>", ["Sign in"]),
        ('<nav aria-label="Go back"></nav>', ["Go back"]),
        ("<p>{{ 'year' if one else 'years' }}</p>", ["year", "years"]),
        ("<a aria-label=\"{{ 'Open it' if one else 'Close it' }}\"></a>", ["Open it", "Close it"]),
        ("<p>Starts at {{ time }}</p>", ["Starts at"]),
    ],
)
def test_words_outside_the_catalogue_are_found(template: str, found: list[str]) -> None:
    assert outside(template) == found


@pytest.mark.parametrize(
    "template",
    [
        "<p>{% trans %}Sign in{% endtrans %}</p>",
        "<p>{% trans time=at %}Starts at {{ time }}{% endtrans %}</p>",
        "<p class=\"{{ 'now' if one else 'later' }}\">{{ _('Sign in') }}</p>",
        "<{{ 'h1' if one else 'div' }} class='x'></{{ 'h1' if one else 'div' }}>",
        '<script>const words = "Sign in";</script>',
        "{{ name | default('nobody') }} 12:30 – Back to Life",
    ],
)
def test_what_is_in_it_or_is_no_words_is_let_through(template: str) -> None:
    assert outside(template) == []


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ('say(note, "You are here");', ["You are here"]),
        ('const words = up ? "Leave" : gettext("Stay");', ["Leave"]),
        ("say(note, `Hand ${place}`);", ["Hand  "]),
        ('gettext("With %(name)s", { name: other ?? "Your team" });', ["Your team"]),
        ('say(note, `${name}, ${leads ? "leads today" : ""}`);', ["leads today"]),
    ],
)
def test_what_a_script_says_outside_the_catalogue_is_found(script: str, found: list[str]) -> None:
    assert outside_script(script) == found


@pytest.mark.parametrize(
    "script",
    [
        'say(note, gettext("You are here"));',
        'say(note, ngettext("One person here", "%(num)s people here", count));',
        "say(note, `${name}${gettext(' – leads today')}`);",
        'make("p", { class: "btl-p btl-under" });',
        '/* Says "You are here". */ // and "Stay here"',
        'throw new TypeError("The page has nothing there");',
        'const plain = words.replace(/["“] is here/g, "");',
    ],
)
def test_what_it_says_through_the_catalogue_or_to_nobody_is_let_through(script: str) -> None:
    assert outside_script(script) == []


def test_the_scripts_of_patients_are_the_room_and_all_that_it_loads() -> None:
    found = scripts_of_patients()
    assert {"room/patient.js", "room/core/faults.js", "practice/diary.js", "shared/words.js"} <= {*found}
    assert "room/staff.js" not in found
