"""Long names and wide screens: nothing is pushed out of its place, and every page has margins."""

import pytest
from playwright.sync_api import Browser, Page, expect

from backtolife.joined import parts
from backtolife.people.models import Person
from tests.support.browser import assert_fits, desktop
from tests.support.sessions.pages import Hall

pytestmark = [pytest.mark.browser, pytest.mark.media]
LONGEST = "W" * 40
WIDTHS = (1144, 1280, 1366, 1439, 1440, 1920)
MARGINS = """() => [...document.querySelectorAll('.btl-header__in, main, footer > div')].map((part) => {
  const box = part.getBoundingClientRect();
  return [Math.round(box.left), Math.round(document.documentElement.clientWidth - box.right)];
})"""
BESIDE = """() => [...document.querySelectorAll(".btl-goals li")].map((row) => {
  const name = document.createRange();
  name.selectNodeContents(row.querySelector("strong"));
  const [words, button] = [name.getBoundingClientRect(), row.querySelector("button").getBoundingClientRect()];
  return [button.left - words.right, button.right];
})"""


def name(hall: Hall, person: Person, words: str) -> None:
    with hall.house.database() as db:
        db.get_one(Person, person.id).shown_name = words


def inside(page: Page, inner: str, outer: str) -> bool:
    """Whether all of `inner` is within `outer`."""
    found = page.evaluate(
        """([inner, outer]) => {
          const box = (one) => document.querySelector(one).getBoundingClientRect();
          const [a, b] = [box(inner), box(outer)];
          return a.left >= b.left && a.right <= b.right + 0.5;
        }""",
        [inner, outer],
    )
    return bool(found)


@pytest.mark.parametrize("words", ["Krishnamurthy", "Venkatanarasimha", LONGEST])
def test_a_long_name_leaves_the_menu_in_its_tile_and_the_page_as_wide_as_it_is(hall: Hall, words: str) -> None:
    linda = hall.group.patients[0]
    name(hall, linda, words)
    hall.join(linda, "off", small=True)
    lead = hall.lead()
    lead.set_viewport_size({"width": 1366, "height": 768})
    expect(lead.get_by_role("button", name=f"Let {words} in")).to_be_visible()
    assert_fits(lead)
    lead.get_by_role("button", name=f"Let {words} in").click()
    seat = hall.seat(linda)
    card = f'#wall [data-seat="{seat}"]'
    expect(lead.locator(f"{card} [data-menu]")).to_be_visible()
    expect(lead.locator(f"{card} strong")).to_have_text(words)
    assert inside(lead, f"{card} [data-menu]", card)
    assert inside(lead, f"{card} strong", card)
    assert_fits(lead)


@pytest.mark.parametrize("width", WIDTHS)
def test_staff_pages_have_margins_at_every_width(hall: Hall, width: int) -> None:
    page = hall.page(hall.group.lead)
    page.set_viewport_size({"width": width, "height": 768})
    for path in ("/", f"/groups/{hall.group.cohort.id}", "/tasks", "/tasks/rota", "/groups"):
        page.goto(f"{hall.house.url}{path}")
        for left, right in page.evaluate(MARGINS):
            assert min(left, right) >= 32, f"{path} at {width} px: {left} and {right} px beside the page"
            assert abs(left - right) <= 1, f"{path} at {width} px is not in the middle"


def test_a_name_and_the_button_beside_it_stand_apart_and_the_buttons_stand_below_each_other(browser: Browser) -> None:
    """The list of goals, as wide as it is at 1366 px."""
    row = '<li><strong>{}</strong><button class="btl-rbtn">Write down</button></li>'
    rows = "".join(row.format(name) for name in ("Alan Hughes", "Siân Rees", "Maureen O’Shaughnessy-Kelly"))
    sheet = "".join(part.read_text() for part in parts("room"))
    with desktop(browser) as context:
        page = context.new_page()
        page.set_content(f'<style>{sheet}</style><body class=btl-room><ul class=btl-goals style="width: 290px">{rows}')
        found = page.evaluate(BESIDE)
    assert all(gap >= 4 for gap, _ in found), found
    assert len({right for _, right in found}) == 1, found
