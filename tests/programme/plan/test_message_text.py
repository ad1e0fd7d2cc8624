"""Messages are filled in whole or not sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backtolife.errors import Invalid, NotFound
from backtolife.programme.plan.loading import shipped
from backtolife.programme.plan.message_text import message, sms_length

LINK = {
    "first_name": "Sam",
    "link": "https://go.example.org/a1b2c3",
    "code": "482913",
    "minutes_valid": "15",
    "service_name": "Midtown Community Health",
    "service_short_name": "NHS Midtown",
    "service_phone": "01234 567890",
}


def test_a_sign_in_link_is_written_as_mail() -> None:
    mail = message(shipped(), "sign-in-link", "email", LINK)
    assert mail.subject == "Your sign-in link"
    assert mail.body.startswith("Hello Sam,\n\nHere is your link to sign in: https://go.example.org/a1b2c3\n")
    assert "{" not in mail.body


def test_an_sms_has_no_subject() -> None:
    assert message(shipped(), "sign-in-link", "sms", LINK).subject == ""


@pytest.mark.parametrize("value", ["", "  "])
def test_a_missing_placeholder_is_refused_by_name(value: str) -> None:
    with pytest.raises(Invalid, match="link is missing") as refusal:
        message(shipped(), "sign-in-link", "email", LINK | {"link": value})
    assert refusal.value.field == "link"


def test_an_unknown_message_and_a_channel_without_words_are_not_found() -> None:
    with pytest.raises(NotFound, match="'nonsense'"):
        message(shipped(), "nonsense", "email", LINK)
    with pytest.raises(NotFound, match="no letter message"):
        message(shipped(), "sign-in-link", "letter", LINK)


def test_a_name_with_braces_is_sent_as_it_stands() -> None:
    assert "Hello {link}," in message(shipped(), "sign-in-link", "email", LINK | {"first_name": "{link}"}).body


def test_an_sms_too_long_for_one_is_refused() -> None:
    with pytest.raises(Invalid, match="It must fit 160"):
        message(shipped(), "sign-in-link", "sms", LINK | {"service_short_name": "NHS " + "a" * 80})


def test_a_line_break_cannot_get_into_a_subject() -> None:
    values = LINK | {"date": "Tue 14 Apr\nBcc: someone@example.org", "time": "6:30pm"}
    with pytest.raises(Invalid, match="line break"):
        message(shipped(), "reminder-24h", "email", values)


def test_every_message_can_be_filled_from_its_examples() -> None:
    programme = shipped()
    values = {name: gap.example for name, gap in programme.placeholders.items()}
    for template in programme.messages.values():
        for channel in template.bodies:
            assert message(programme, template.id, channel, values).body


def test_every_sms_fits_when_every_placeholder_is_full() -> None:
    programme = shipped()
    values = {name: "x" * gap.max_length for name, gap in programme.placeholders.items()}
    texts = [t for t in programme.messages.values() if "sms" in t.bodies]
    assert len(texts) == len(programme.messages)
    assert max(sms_length(message(programme, text.id, "sms", values).body) for text in texts) <= 160


@given(st.text(alphabet="ab€[", max_size=50))
def test_a_euro_sign_and_a_bracket_take_two_places(text: str) -> None:
    assert sms_length(text) == len(text) + text.count("€") + text.count("[")
