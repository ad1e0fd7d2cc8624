"""Words are put into the forms of a page that is already made; the rest of the page stays as it is."""

import pytest

from backtolife.people.drafts.form_filling import Words, filled

FIELDS = [
    ('<input name="a" value="old">', ["n&w"], '<input name="a" value="n&amp;w">'),
    ('<input name="a" type="date" required>', ["2026"], '<input name="a" type="date" required value="2026">'),
    ('<textarea name="a">\nold &lt;</textarea>', ["\nn </b>"], '<textarea name="a">\n\nn &lt;/b&gt;</textarea>'),
    (
        '<select name="a"><option value="1" selected>One</option><option value="2">Two</option></select>',
        ["2"],
        '<select name="a"><option value="1">One</option><option value="2" selected>Two</option></select>',
    ),
    (
        '<select name="a" multiple><option value="1">1</option><option value="2">2</option></select>',
        ["2", "1"],
        '<select name="a" multiple><option value="1" selected>1</option><option value="2" selected>2</option></select>',
    ),
    (
        '<input type="radio" name="a" value="1" checked><input type="radio" name="a" value="2">',
        ["2"],
        '<input type="radio" name="a" value="1"><input type="radio" name="a" value="2" checked>',
    ),
    ('<input type="checkbox" name="a" checked>', [], '<input type="checkbox" name="a">'),
    ('<input name="a"><input name="a">', ["1", "2"], '<input name="a" value="1"><input name="a" value="2">'),
    ('<input name="a" value="old">', [], '<input name="a" value="old">'),
    ('<input type="hidden" name="a" value="old">', ["1"], '<input type="hidden" name="a" value="old">'),
    ('<input type="password" name="a">', ["1"], '<input type="password" name="a">'),
]


@pytest.mark.parametrize(("before", "words", "after"), FIELDS)
def test_every_kind_of_field_is_filled_in_and_the_rest_of_the_page_stays_to_the_letter(
    before: str, words: list[str], after: str
) -> None:
    form = '<form method="post" action="/{}">{}<input name="other"></form>'
    page = f"<p>\n<b a=1>é</b>\n{form.format('x', '{}')}{form.format('y', '{}')}\n</p>"
    given = {"/x": Words([("a", word) for word in words], "<i>note</i>")}
    wanted = page.replace("<form", "<i>note</i><form", 1).format(after, before)
    assert filled(page.format(before, before), given, here="/here") == wanted


@pytest.mark.parametrize(
    ("form", "here"),
    [
        ('<form method="post">', "/x"),
        ('<form method="post" action="x?y=1">', "/z"),
        ('<form method="POST" action="/x">', "/"),
    ],
)
def test_a_form_is_known_by_where_it_is_sent(form: str, here: str) -> None:
    page = f'{form}<input name="a"></form>'
    assert 'value="1"' in filled(page, {"/x": Words([("a", "1")], "")}, here=here)


def test_a_form_that_is_folded_away_is_unfolded() -> None:
    page = '<details class="b"><form method="post" action="/x"><input name="b"></form></details><details></details>'
    opened = page.replace('class="b"', 'class="b" open', 1)
    assert filled(page, {"/x": Words([], "")}, here="/") == opened


def test_nothing_is_said_above_a_form_that_is_a_button_alone() -> None:
    button = (
        '<form method="post" action="/x"><input type="hidden" name="t"><button name="a" value="1">Go</button></form>'
    )
    page = f'<details>{button}</details><form method="post" action="/x"><input name="a"></form>'
    said = filled(page, {"/x": Words([("a", "1")], "<i>note</i>")}, here="/")
    before = f"<details>{button}</details>"
    assert said == f'{before}<i>note</i><form method="post" action="/x"><input name="a" value="1"></form>'
