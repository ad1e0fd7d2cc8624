"""A part that an object lacks is no empty label that nobody notices."""

import pytest
from flask import Flask, render_template_string
from jinja2 import Environment, UndefinedError
from wtforms.fields.choices import SelectChoice

from backtolife.web.said.missing_words import of_template

PAGE = "{{ choice[0] }}"


def test_a_page_that_asks_an_object_for_what_it_lacks_fails_before_a_patient_sees_it(app: Flask) -> None:
    with app.test_request_context(), pytest.raises(UndefinedError, match="SelectChoice has no 0"):
        render_template_string(PAGE, choice=SelectChoice("home", "At home"))


def test_in_use_the_page_is_shown_and_the_slip_is_in_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    page = Environment(undefined=of_template("production"), autoescape=True).from_string(PAGE)
    assert page.render(choice=SelectChoice("home", "At home")) == ""
    assert "missing_words" in capsys.readouterr().out


@pytest.mark.parametrize("given", [{}, {"hint": {}}, {"hint": None}])
def test_a_component_may_look_for_what_it_was_not_given(app: Flask, given: dict[str, object]) -> None:
    with app.test_request_context():
        assert render_template_string("{{ params.hint.text }}", params=given) == ""
