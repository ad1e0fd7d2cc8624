"""The page on which a form is checked before it is loaded, filled in as a person would."""

from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient


class Fields(HTMLParser):
    """What a browser would send back of a page: every input, and of every select what is chosen."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "input" and "name" in found:
            self.values[found["name"]] = found.get("value", "")
        elif tag == "select":
            self._select = found["name"]
        elif tag == "option" and "selected" in found:
            self.values[self._select] = found["value"]


def confirm(client: FlaskClient, page: str, **written: str) -> Any:
    """Send the page, with what a person wrote and chose on it."""
    return client.post("/questionnaires/confirm", data=Fields(page).values | written)
