"""The pages that the walk does not pass, each opened by somebody whose page it is."""

import re
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, expect

from tests.journeys import walk
from tests.journeys.margins import assert_margins
from tests.support.browser import assert_fits


@dataclass(frozen=True)
class Place:
    """Where to find a page: the address, then links to follow by words or a part of their address; its picture."""

    picture: str
    path: str
    follow: tuple[str, ...] = ()
    beside: str = ""
    """What comes after the address of the last link, for a page to which no link leads yet."""


PLACES: dict[str, tuple[Place, ...]] = {
    "mei": (
        Place("07c-progress", "/progress"),
        Place("exercises", "/exercises"),
        Place("exercise", "/exercises", ("/exercises/",)),
        Place("board", "/board"),
        Place("goals-own", "/goals"),
        Place("about-you", "/your-details/about-you"),
        Place("agreement", "/agreement"),
        Place("trial", "/trial"),
        Place("how-we-reach-you", "/your-details/how-we-reach-you"),
        Place("offline", "/offline"),
        Place("what-helps", "/your-details/what-helps"),
    ),
    "aled": (Place("own-offer", "/offer"),),
    "nina": (Place("own-offer-taken-back", "/offer"),),
    "priya": (
        Place("group-board", "/groups", ("Group A", "/board")),
        Place("rehearse", "/rehearse"),
        Place("staff-home", "/"),
        Place("group", "/groups", ("Group A",)),
        Place("plans", "/groups", ("Group A", "/plans")),
        Place("goals", "/groups", ("Group A", "/goals")),
        Place("summary", "/groups", ("Group A", "/summary")),
        Place("guests", "/groups", ("Group A", "/guests")),
        Place("enrol", "/groups", ("Group B", "/add")),
        Place("patient", "/groups", ("Group A", "/patients/")),
        Place("paper-answers", "/groups", ("Group B", "/patients/", "/questions/")),
    ),
    "grace": (
        Place("tasks-assurance", "/tasks/assurance"),
        Place("tasks-rota", "/tasks/rota"),
        Place("questionnaires", "/questionnaires"),
        Place("milestones", "/questionnaires/milestones"),
        Place("words", "/words"),
        Place("offers", "/offers"),
        Place("waiting", "/waiting"),
        Place("waiting-new", "/waiting/new"),
        Place("waiting-one", "/waiting", ("Rosa Diaz",)),
        Place("waiting-wishes", "/waiting", ("Rosa Diaz", "/wishes")),
        Place("place-offered", "/offers", ("Aled Pugh",)),
        Place("place-reason", "/groups", ("Group A", "Fred Long", "/reason")),
        Place("results", "/results"),
        Place("retention", "/retention"),
        Place("place", "/groups", ("Group A", "/places/")),
        Place("place-agreement", "/groups", ("Group A", "/places/", "/agreement")),
        Place("agreements", "/agreements"),
        Place("agreements-edit", "/agreements/group_agreement"),
        Place("place-leave", "/groups", ("Group A", "/places/", "/leave")),
        Place("place-move", "/groups", ("Group A", "/places/", "/move")),
        Place("place-died", "/groups", ("Group A", "/places/", "/died")),
        Place("dates", "/groups", ("Group A", "/dates")),
        Place("dates-change", "/groups", ("Group A", "/dates", "/dates/")),
        Place("dates-undo", "/groups", ("Group A", "/dates", "/dates/undo")),
        Place("discharge", "/groups", ("Group A",), beside="/discharge"),
        Place("group-staff", "/groups", ("Group A", "/staff")),
        Place("group-edit", "/groups", ("Group A", "/edit")),
        Place("patient-details", "/groups", ("Group A", "/patients/", "/details")),
        Place("calendar", "/calendar"),
        Place("patients", "/patients"),
        Place("patients-twice", "/patients/twice"),
        Place("patient-needs", "/groups", ("Group A", "/patients/", "/needs")),
        Place("patient-companions", "/groups", ("Group A", "/patients/", "/companions")),
        Place("patient-note", "/groups", ("Group A", "/patients/", "/notes")),
        Place("patient-call", "/groups", ("Group A", "/patients/", "/calls")),
        Place("patient-answers", "/groups", ("Group A", "/patients/", "/answers/")),
        Place("messages", "/messages"),
        Place("messages-all", "/messages?show=all"),
        Place("message", "/messages?show=all&sort=name", ("Aled Pugh",)),
        Place("patient-contact", "/groups", ("Group A", "/patients/", "/details", "/contact")),
        Place("messages-coming", "/messages/coming"),
        Place("companion-reach", "/groups", ("Group A", "/patients/", "/companions", "Change where we reach them")),
        Place("services-own", "/your-services"),
        Place("one-sign-in", "/your-services", ("Add or end a service",)),
        Place("erasures", "/erasures"),
        Place("emergency-reviews", "/emergency-access/reviews"),
        Place("patient-messages", "/groups", ("Group A", "/patients/", "/messages")),
    ),
    "sam": (
        Place("staff", "/staff"),
        Place("colleague", "/staff", ("/staff/",)),
        Place("staff-review", "/staff/review"),
        Place("staff-roles", "/staff/roles"),
        Place("blocked", "/service/blocked"),
        Place("numbers", "/numbers"),
        Place("service", "/service"),
    ),
    "dan": (
        Place("emergency", "/emergency-access"),
        Place("tasks", "/tasks"),
        Place("signed-in", "/your-details/signed-in"),
        Place("second-step", "/your-details/second-step"),
    ),
    "jo": (
        Place("groups", "/groups"),
        Place("hand-over", "/groups", ("/groups/hand-over",)),
        Place("face-to-face", "/results/face-to-face"),
    ),
}
ON_PHONE = ("mei", "aled", "nina")


def visit(browser: Browser, url: str, seen: walk.Seen) -> dict[str, list[str]]:
    """Everybody opens their pages; each is looked at. Returns the addresses, by who opened them."""
    opened: dict[str, list[str]] = {key: [] for key in PLACES}
    for key, places in PLACES.items():
        walker = walk.someone(browser, url, key, seen, on_phone=key in ON_PHONE)
        for place in places:
            walker.open(place.path)
            for part in place.follow:
                links = (
                    walker.page.locator(f"main a[href*='{part}']")
                    if "/" in part
                    else walker.page.get_by_role("link", name=part)
                )
                address = links.first.get_attribute("href")
                assert address
                walker.open(address)
            if place.beside:
                walker.page.goto(walker.page.url + place.beside)
            expect(walker.page.get_by_role("heading", level=1)).to_be_visible()
            expect(walker.page.get_by_text(re.compile(r"^Code \d+$"))).to_have_count(0)
            seen(walker.page, place.picture)
            fits_a_small_phone(walker.page)
            if key in ON_PHONE:
                fits_with_text_twice_as_large(walker.page)
            else:
                assert_margins(walker.page)
            opened[key].append(walker.page.url)
        walker.context.close()
    guest = walk.Walker(url, browser.new_context(locale="en-GB").new_page(), seen)
    for path, name in (("/staff/sign-in", "staff-sign-in"), ("/staff/reset", "staff-reset")):
        guest.open(path)
        seen(guest.page, name)
    return opened


def fit_a_small_phone_still(browser: Browser, url: str, opened: dict[str, list[str]]) -> None:
    """Each of these pages once more at 320 px."""
    for key, addresses in opened.items():
        walker = walk.someone(browser, url, key, lambda page, name: None)
        for address in addresses:
            walker.page.goto(address)
            fits_a_small_phone(walker.page)
        walker.context.close()


def fits_a_small_phone(page: Page) -> None:
    """At 320 px too nothing makes the page scroll sideways."""
    own = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 640})
    assert_fits(page)
    if own:
        page.set_viewport_size(own)


def fits_with_text_twice_as_large(page: Page) -> None:
    """On a phone too nothing reaches past the page when somebody doubles the size of its words."""
    sideways = page.evaluate("""() => {
      const root = document.documentElement;
      root.style.fontSize = "200%";
      const shown = (one) => one.checkVisibility() && !one.closest(".btl-scroll, .nhsuk-u-visually-hidden");
      const past = [...document.querySelectorAll("main *")].filter((one) => shown(one) &&
        one.getBoundingClientRect().right > root.clientWidth + 1);
      const found = past.map((one) => `${one.tagName.toLowerCase()}.${one.className}`);
      root.style.fontSize = "";
      return found;
    }""")
    assert sideways == [], f"{page.url} with text twice as large: {sideways[:5]}"
