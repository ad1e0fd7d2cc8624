"""Numbers, dates and times in forms: what cannot be read is refused once, in our words."""

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form, StringField
from wtforms.validators import InputRequired, NumberRange

from backtolife.people.typed_fields import Clock, Day, Moment, NoLonger, WholeNumber


class Typed(Form):
    places = WholeNumber("Places", [InputRequired("Enter how many"), NumberRange(1, 14, "1 to 14")])
    day = Day("Day", [InputRequired("Enter the day")])
    at = Clock("At", [InputRequired("Enter the time")])
    moment = Moment("When", [InputRequired("Enter both")])


def typed(**fields: str) -> Typed:
    form = Typed(MultiDict(fields))
    form.validate()
    return form


@pytest.mark.parametrize("number", ["1,2", "12.5", "eight", "1e3", "9" * 40])
def test_what_is_no_whole_number_is_refused_once_and_in_words(number: str) -> None:
    assert typed(places=number)["places"].errors == ["Enter a whole number, like 8"]


@pytest.mark.parametrize("number", ["8", " 8 ", "٨", "８"])
def test_a_number_is_read_in_the_digits_of_any_script(number: str) -> None:
    form = typed(places=number)
    assert (form.places.data, form.places.errors) == (8, [])


def test_a_number_out_of_range_is_judged_by_its_own_rule() -> None:
    assert typed(places="15")["places"].errors == ["1 to 14"]


def test_what_is_no_date_or_time_is_refused_once_and_in_words() -> None:
    form = typed(day="31.2.", at="noon", moment="today")
    assert [len(form[name].errors) for name in ("day", "at", "moment")] == [1, 1, 1]
    assert all(form[name].errors[0].startswith("Enter a real") for name in ("day", "at", "moment"))


def test_what_is_empty_is_asked_for() -> None:
    form = typed(places="", day="", at="", moment="")
    said = [form[name].errors for name in ("places", "day", "at", "moment")]
    assert said == [["Enter how many"], ["Enter the day"], ["Enter the time"], ["Enter both"]]


def test_a_day_and_a_time_are_read() -> None:
    form = typed(day="2027-03-31", at="09:30", moment="2027-03-31T09:30")
    assert not {"day", "at", "moment"} & set(form.errors)


def test_too_long_a_text_says_in_which_field_and_how_long_it_may_be() -> None:
    class TwoNames(Form):
        first = StringField("Full name", [NoLonger(5)])
        second = StringField("First name", [NoLonger(3)])

    form = TwoNames(MultiDict({"first": "abcdef", "second": "abcd"}))
    assert not form.validate()
    assert form.errors == {
        "first": ["Full name: use at most 5 characters"],
        "second": ["First name: use at most 3 characters"],
    }
