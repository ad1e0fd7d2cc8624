"""What a page for staff keeps to at the widths of real screens."""

from typing import Any

from playwright.sync_api import Page

WIDTHS = (1024, 1280, 1366, 1920)
LEAST_MARGIN = 24
LONGEST_LINE = 100
"""Characters in a line of running text: more than that the eye loses."""
MEASURE = """() => {
  const wide = document.documentElement.clientWidth;
  const inset = (one) => {
    const { left, right } = one.getBoundingClientRect();
    return [Math.round(left), Math.round(wide - right)];
  };
  const main = document.querySelector("main");
  const room = main.getBoundingClientRect();
  const named = (one) => `${one.tagName.toLowerCase()}.${one.className}: ${one.textContent.trim().slice(0, 40)}`;
  const shown = (one) => one.checkVisibility() && one.getClientRects().length > 0;
  const beyond = [...main.querySelectorAll("*")].filter((one) => {
    if (!shown(one) || one.closest(".btl-scroll, .nhsuk-u-visually-hidden, svg")) return false;
    const { left, right, width } = one.getBoundingClientRect();
    return width > 1 && (left < room.left - 2 || right > room.right + 2);
  });
  const cut = [...main.querySelectorAll(".btl-scroll")].filter(
    (one) => shown(one) && one.scrollWidth > one.clientWidth + 1);
  const lines = (one) => {
    const range = document.createRange();
    range.selectNodeContents(one);
    return new Set([...range.getClientRects()].map(({ bottom }) => Math.round(bottom / 8))).size;
  };
  const long = [...main.querySelectorAll("p, li")].filter((one) => shown(one) && !one.querySelector("p, li, table")
    && !one.closest("table") && lines(one) > 1 && one.innerText.trim().length / lines(one) > LONGEST);
  return {
    margins: ["header > div", "main", "footer > div"].map((each) => document.querySelector(each))
      .filter(Boolean).map(inset),
    sideways: document.documentElement.scrollWidth - wide,
    beyond: beyond.slice(0, 5).map(named),
    cut: cut.map((one) => `${one.getAttribute("aria-label")}: ${one.scrollWidth} in ${one.clientWidth}`),
    long: long.slice(0, 5).map((one) => `${Math.round(one.innerText.trim().length / lines(one))}: ${named(one)}`),
  };
}""".replace("LONGEST", str(LONGEST_LINE))


def measured(page: Page) -> dict[int, dict[str, Any]]:
    """What is found at each width, on the one page that is open."""
    own, found = page.viewport_size, {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found[width] = page.evaluate(MEASURE)
    if own:
        page.set_viewport_size(own)
    return found


def assert_margins(page: Page) -> None:
    """At every width the page has equal margins, nothing beyond them, no line too long to read, no table cut."""
    for width, found in measured(page).items():
        where = f"{page.url} at {width} px: {found}"
        for left, right in found["margins"]:
            assert min(left, right) >= LEAST_MARGIN, where
            assert abs(left - right) <= 1, where
        assert found["sideways"] <= 0, where
        assert not found["beyond"], where
        assert not found["cut"], where
        assert not found["long"], where
