"""Fields for numbers, dates and times that say in our words, and once, what is wrong with what was typed."""

import re
from typing import Any

from wtforms import DateField, DateTimeLocalField, Field, IntegerField, TimeField
from wtforms.form import BaseForm
from wtforms.validators import Length, StopValidation

from backtolife.errors import Invalid
from backtolife.people.numbers import plain


class SaidOnce(Field):
    """What could not be read is not judged as well: “enter a number” beside “enter 1 to 14” says it twice."""

    data: Any

    def pre_validate(self, form: BaseForm) -> None:
        if self.process_errors:
            raise StopValidation
        super().pre_validate(form)


def whole_number(typed: str) -> int:
    """The number in what was typed, in the digits of any script. Raises ValueError with words for a person."""
    try:
        digits = plain(typed)
    except Invalid:
        digits = ""
    if not re.fullmatch(r"-?[0-9]{1,9}", digits):
        raise ValueError("Enter a whole number, like 8")
    return int(digits)


class WholeNumber(SaidOnce, IntegerField):
    """A whole number. Empty is for the field's other rules to judge."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if valuelist and valuelist[0].strip():
            self.data = whole_number(valuelist[0])


class InOurWords(SaidOnce):
    """Reads as its kind does. Empty is for the field's other rules to judge."""

    refusal = ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        if not any(str(each).strip() for each in valuelist):
            return
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(self.refusal) from None


class Day(InOurWords, DateField):
    """A date."""

    refusal = "Enter a real date, such as 2027-03-31"


class Moment(InOurWords, DateTimeLocalField):
    """A date with a time."""

    refusal = "Enter a real date and time, such as 2027-03-31 09:30"


class Clock(InOurWords, TimeField):
    """A time of day."""

    refusal = "Enter a real time, such as 09:30"


class NoLonger(Length):
    """At most so many characters; who typed more reads in which field. It ends the checks of its field: those after it
    may take long over a long text.
    """

    def __init__(self, most: int) -> None:
        super().__init__(max=most)

    def __call__(self, form: BaseForm, field: Field) -> None:
        if len(field.data or "") > self.max:
            label = field.label.text
            asks = label.endswith("?")
            raise StopValidation(f"{label}{' Use' if asks else ': use'} at most {self.max} characters")
