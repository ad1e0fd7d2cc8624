"""A browser that hangs as it closes holds up one test's end, not all of them."""

import os
import signal

import pytest
from playwright.sync_api import Error

from tests.support import closing
from tests.support.browser import chromium, desktop

pytestmark = pytest.mark.browser


def test_a_browser_that_never_answers_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closing, "CLOSES_WITHIN", 1.0)
    with chromium() as browser:
        context = desktop(browser)
        context.new_page()
        for pid in closing.browsers():
            os.kill(pid, signal.SIGSTOP)
        closing.close_all([context])
        assert not browser.is_connected()


def test_what_goes_wrong_before_is_told() -> None:
    with pytest.raises(Error, match="of another kind"), closing.closing():
        raise Error("of another kind")
