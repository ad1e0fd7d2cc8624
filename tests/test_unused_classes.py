"""A class that nothing bears, or that nothing styles, is named; one that is put together from parts is found."""

from pathlib import Path

import pytest

from tools import unused_classes
from tools.unused_classes import Borne, in_python, in_script, in_template, never_borne, never_styled, styled


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A house with one sheet, one page, one script and NHS.UK's sheet."""
    monkeypatch.setattr(unused_classes, "ROOT", tmp_path)
    places = {"SHEETS": "css", "TEMPLATES": "templates", "SCRIPTS": "js", "PYTHON": "python"}
    for name, folder in places.items():
        (tmp_path / folder).mkdir()
        monkeypatch.setattr(unused_classes, name, tmp_path / folder)
    monkeypatch.setattr(unused_classes, "NHS", tmp_path / "nhs.css")
    (tmp_path / "nhs.css").write_text(".nhsuk-hint { color: red; }")
    (tmp_path / "css" / "card.css").write_text(".card { width: 1.5em; } .card .nhsuk-hint { color: green; }")
    (tmp_path / "templates" / "page.jinja").write_text('<p class="card nhsuk-hint">Words</p>')
    (tmp_path / "js" / "page.js").write_text('"use strict";')
    return tmp_path


def test_a_house_in_order_has_nothing_to_name(house: Path) -> None:
    assert never_borne() == never_styled() == []


def test_a_class_that_no_page_bears_is_named_with_its_sheet(house: Path) -> None:
    (house / "css" / "old.css").write_text(".card:not(.gone) { color: red; }")
    assert never_borne() == ["css/old.css: .gone is on no page"]


def test_a_class_that_no_sheet_styles_is_named_with_its_page(house: Path) -> None:
    (house / "templates" / "new.jinja").write_text('<p class="card crad{% if x %} {{ y }}{% endif %}"></p>')
    assert never_styled() == ["templates/new.jinja: crad is in no sheet"]


def test_a_class_by_which_a_script_finds_something_needs_no_style(house: Path) -> None:
    (house / "templates" / "new.jinja").write_text('<p class="hook"></p>')
    (house / "js" / "page.js").write_text('document.querySelector(".hook");')
    assert never_styled() == []


@pytest.mark.parametrize(
    "script",
    [
        'label.className = `tag tag--${kind}`; show("ok");',
        'label.className = "tag--" + kind; show("ok");',
        'label.className = `flag${kind ? ` tag--${kind}` : ""}`; show(`ok`);',
    ],
)
def test_a_name_that_a_script_puts_together_is_found(script: str) -> None:
    assert "tag--ok" in Borne(in_script(script))


def test_a_name_that_a_page_puts_together_is_found() -> None:
    borne = Borne(in_template('<b class="tag tag--{{ kind }}"></b>{{ tag("ok") }}'))
    assert "tag--ok" in borne
    assert "tag--worse" not in borne


def test_what_a_comment_says_bears_nothing() -> None:
    assert "old" not in Borne(in_script('// "old"\n/* "old" */ f("new");'))
    assert "old" not in Borne(in_template('{# <p class="old"> #}<p class="new">'))


def test_a_name_in_python_is_found() -> None:
    assert "tag--ok" in Borne(in_python('f"tag--{kind}"\nkind = "ok"'))


def test_a_number_or_a_file_in_a_sheet_is_no_class() -> None:
    assert styled('@media (min-width: 1.5em) { .a > b { width: .5em; background: url(x.svg); content: ".c"; } }') == {
        "a"
    }
