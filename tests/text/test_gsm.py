"""What a phone of any age can show."""

import pytest

from backtolife.text.gsm import in_gsm


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("NHS Midtown", "NHS Midtown"),
        ("\u2068Zoë\u2069’s “group” – now…", 'Zoe\'s "group" - now...'),
        ("Łódź", "odz"),
        ("ñ è ü stay, ë does not", "ñ è ü stay, e does not"),
        ("[a] €5", "[a] €5"),
        ("日本", ""),
    ],
)
def test_letters_that_a_text_lacks_lose_their_marks_or_go(typed: str, sent: str) -> None:
    assert in_gsm(typed) == sent
