"""Whoever uses our pages by what they say: a link or a button by its words, a field by its label.

Two kinds of hands do the same story: `QuickHands` without a browser, and `BrowserHands` in Chromium. Both refuse a page
that is not there, and a button or a field that a person could not find.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

import tinyhtml5
from flask.testing import FlaskClient
from playwright.sync_api import Locator, Page
from werkzeug.datastructures import MultiDict


class Hands(Protocol):
    """One person at one screen."""

    def sign_in(self, token: str) -> None: ...
    def open(self, address: str) -> None: ...
    def click(self, words: str) -> None: ...
    def unfold(self, words: str) -> None: ...
    def fill(self, label: str, value: str) -> None: ...
    def choose(self, label: str, option: str) -> None: ...
    def tick(self, label: str) -> None: ...
    def press(self, button: str) -> None: ...
    def text(self) -> str: ...
    @property
    def address(self) -> str: ...


def squeezed(words: str) -> str:
    return re.sub(r"\s+", " ", words).replace("\u2068", "").replace("\u2069", "").strip()


@dataclass
class BrowserHands:
    """The same in a real browser."""

    page: Page
    site: str
    cookie: Callable[[str], dict[str, str]]
    """What the browser keeps of who is signed in by a token."""

    def sign_in(self, token: str) -> None:
        self.page.context.add_cookies([self.cookie(token)])  # type: ignore[list-item]

    def open(self, address: str) -> None:
        answer = self.page.goto(urljoin(self.site, address))
        assert answer is not None
        assert answer.status < 400, f"{address}: {answer.status}"

    def click(self, words: str) -> None:
        self.page.get_by_role("link", name=words).first.click()

    def labelled(self, label: str) -> Locator:
        """The field with just this label, or the first whose label holds these words."""
        whole = self.page.get_by_label(label, exact=True)
        return (whole if whole.count() else self.page.get_by_label(label)).first

    def unfold(self, words: str) -> None:
        self.page.locator("summary").filter(has_text=words).first.click()

    def fill(self, label: str, value: str) -> None:
        self.labelled(label).fill(value)

    def choose(self, label: str, option: str) -> None:
        field = self.labelled(label)
        value = field.locator("option").filter(has_text=option).first.get_attribute("value")
        field.select_option(value=value)

    def tick(self, label: str) -> None:
        self.labelled(label).check()

    def press(self, button: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=button).first.click()

    def text(self) -> str:
        return squeezed(self.page.locator("body").inner_text())

    @property
    def address(self) -> str:
        return self.page.url.removeprefix(self.site)


@dataclass
class QuickHands:
    """Reads the page and sends what its form would send."""

    client: FlaskClient
    address: str = "/"
    html: str = ""
    typed: dict[str, list[str]] = field(default_factory=dict)
    """What was put into fields, by their ids."""

    def sign_in(self, token: str) -> None:
        with self.client.session_transaction() as kept:
            kept["signed_in"] = token

    def open(self, address: str) -> None:
        self.take(self.client.get(address, follow_redirects=True))

    def take(self, answer: object) -> None:
        assert getattr(answer, "status_code", 0) < 500, self.address
        self.address = answer.request.full_path.rstrip("?")  # type: ignore[attr-defined]
        self.html, self.typed = answer.get_data(as_text=True), {}  # type: ignore[attr-defined]
        root = tinyhtml5.parse(self.html, namespace_html_elements=False)
        self.root: Element = root
        self.above = {child: parent for parent in root.iter() for child in parent}

    def click(self, words: str) -> None:
        link = next((each for each in self.root.iter("a") if words in self.words_of(each)), None)
        assert link is not None, f"no link {words!r} on {self.address}: {self.text()[:3000]}"
        self.open(urljoin(self.address, link.get("href", "")))

    def unfold(self, words: str) -> None:
        found = any(words in self.words_of(each) for each in self.root.iter("summary"))
        assert found, f"nothing to unfold at {words!r} on {self.address}"

    def words_of(self, element: Element) -> str:
        return squeezed(" ".join([element.get("aria-label", ""), "".join(element.itertext())]))

    def labelled(self, label: str) -> Element:
        ids = {each.get("id", ""): each for each in self.root.iter() if each.tag in ("input", "select", "textarea")}
        labels = [each for each in self.root.iter("label") if each.get("for", "") in ids]
        for each in sorted(labels, key=lambda each: self.words_of(each) != label):
            if label in self.words_of(each):
                return ids[each.get("for", "")]
        for each in ids.values():
            if label in each.get("aria-label", ""):
                return each
        raise AssertionError(f"no field {label!r} on {self.address}: {self.text()[:3000]}")

    def fill(self, label: str, value: str) -> None:
        self.typed[self.key(self.labelled(label))] = [value]

    def key(self, element: Element) -> str:
        return element.get("id") or element.get("name", "")

    def choose(self, label: str, option: str) -> None:
        found = self.labelled(label)
        for each in found.iter("option"):
            if option in squeezed("".join(each.itertext())):
                self.typed[self.key(found)] = [each.get("value", "")]
                return
        raise AssertionError(f"no {option!r} in {label!r} on {self.address}: {self.words_of(found)}")

    def tick(self, label: str) -> None:
        found = self.labelled(label)
        if found.get("type") == "radio":
            for each in self.root.iter("input"):
                if each.get("name") == found.get("name"):
                    self.typed[self.key(each)] = []
        self.typed[self.key(found)] = [found.get("value", "on")]

    def press(self, button: str) -> None:
        found = next((each for each in self.root.iter("button") if button in self.words_of(each)), None)
        assert found is not None, f"no button {button!r} on {self.address}: {self.text()[:3000]}"
        form: Element | None = found
        while form is not None and form.tag != "form":
            form = self.above.get(form)
        assert form is not None, f"{button!r} stands in no form"
        sent = self.sent_by(form, found)
        address = urljoin(self.address, found.get("formaction") or form.get("action") or self.address)
        if form.get("method", "get").lower() == "get":
            self.take(self.client.get(address, query_string=sent, follow_redirects=True))
        else:
            here = {"Referer": f"http://localhost{self.address}"}
            self.take(self.client.post(address, data=sent, headers=here, follow_redirects=True))

    def sent_by(self, form: Element, button: Element) -> "MultiDict[str, str]":
        sent: MultiDict[str, str] = MultiDict()
        for each in form.iter():
            name = each.get("name")
            if not name or each.get("disabled") is not None or each.tag not in ("input", "select", "textarea"):
                continue
            for value in self.typed.get(self.key(each), self.as_it_stands(each)):
                sent.add(name, value)
        if button.get("name"):
            sent.add(button.get("name", ""), button.get("value", ""))
        return sent

    def as_it_stands(self, each: Element) -> list[str]:
        if each.tag == "textarea":
            return ["".join(each.itertext()).removeprefix("\n")]
        if each.tag == "select":
            options = list(each.iter("option"))
            chosen = [option for option in options if option.get("selected") is not None] or options[:1]
            return [option.get("value", "") for option in chosen]
        if each.get("type") in ("checkbox", "radio"):
            return [each.get("value", "on")] if each.get("checked") is not None else []
        return [] if each.get("type") == "file" else [each.get("value", "")]

    def text(self) -> str:
        body = self.root.find("body")
        assert body is not None
        return squeezed("".join(body.itertext()))
