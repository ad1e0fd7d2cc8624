"""Which numbers of people can be true."""

import pytest

from backtolife.errors import Invalid
from backtolife.people.identity.systems import SYSTEMS, usual_in


@pytest.mark.parametrize(
    ("system", "typed", "kept"),
    [
        ("nhs_number", "943 476 5919", "9434765919"),
        ("nhs_number", "943-476-5919", "9434765919"),
        ("nhs_number", "٩٤٣ ٤٧٦ ٥٩١٩", "9434765919"),
        ("nhs_number", "4010232137", "4010232137"),
        ("cpr", "0707614285", "070761-4285"),
        ("cpr", "290200-4123", "290200-4123"),
        ("hetu", "131052-308t", "131052-308T"),
        ("hetu", "131052Y308T", "131052Y308T"),
        ("hospital_number", " rx 1234/b ", "RX 1234/B"),
        ("hospital_number", "", ""),
    ],
)
def test_a_true_number_is_kept_in_one_way(system: str, typed: str, kept: str) -> None:
    assert SYSTEMS[system].checked(typed) == kept


@pytest.mark.parametrize(
    ("system", "typed"),
    [
        ("nhs_number", "9434765918"),
        ("nhs_number", "943476591"),
        ("nhs_number", "0000000000"),
        ("nhs_number", "94347659l9"),
        ("nhs_number", "9" * 3000),
        ("cpr", "310261-1234"),
        ("cpr", "070761-428"),
        ("cpr", "290201-4123"),
        ("hetu", "131052-308U"),
        ("hetu", "320152-308T"),
        ("hetu", "131052-001T"),
        ("hetu", "131052*308T"),
        ("hospital_number", "<b>"),
        ("hospital_number", "A" * 31),
    ],
)
def test_a_number_that_cannot_be_true_is_refused_beside_its_field(system: str, typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        SYSTEMS[system].checked(typed)
    assert refused.value.field == f"identifier_{system}"


def test_a_change_of_any_digit_of_an_nhs_number_is_noticed() -> None:
    for place in range(10):
        for digit in "0123456789":
            changed = "9434765919"[:place] + digit + "9434765919"[place + 1 :]
            if changed != "9434765919":
                with pytest.raises(Invalid):
                    SYSTEMS["nhs_number"].checked(changed)


@pytest.mark.parametrize(
    ("zone", "first"), [("Europe/London", "nhs_number"), ("Europe/Copenhagen", "cpr"), ("Europe/Helsinki", "hetu")]
)
def test_a_service_begins_with_the_numbers_of_its_country_and_its_hospital(zone: str, first: str) -> None:
    assert usual_in(zone) == (first, "hospital_number")
    assert usual_in("America/New_York") == ("hospital_number",)
