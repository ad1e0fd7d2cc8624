"""What a page says outside the catalogue is found; what is no words is not."""

import pytest

from tools.catalogues.outside import outside


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
