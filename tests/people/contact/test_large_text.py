"""In a browser: with text twice as large a list to choose from stays on a phone's page."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Route

from tests.support.browser import assert_fits, phone

pytestmark = pytest.mark.browser
SITE = "http://site.test"


@pytest.mark.parametrize("page", ["how-we-reach-you", "what-helps"])
def test_the_languages_stay_on_the_page(
    app: Flask, client: FlaskClient, patient: tuple[str, str, dict[str, str]], browser: Browser, page: str
) -> None:
    _, _, tokens = patient
    with client.session_transaction() as cookie:
        cookie["signed_in"] = tokens["own"]
    text = client.get(f"/your-details/{page}").text

    def served(route: Route) -> None:
        address = route.request.url.removeprefix(SITE)
        if address == "/":
            route.fulfill(body=text, content_type="text/html")
            return
        with client.get(address) as answer:
            route.fulfill(body=answer.data, content_type=answer.content_type or "", status=answer.status_code)

    with phone(browser, viewport={"width": 390, "height": 844}) as context:
        opened = context.new_page()
        opened.route("**/*", served)
        opened.goto(f"{SITE}/")
        opened.evaluate("document.documentElement.style.fontSize = '200%'")
        assert_fits(opened)
