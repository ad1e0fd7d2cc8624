"""What is looked at in a browser that shows a video: the player, and what the database has of it."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page
from sqlmodel import Session, select

from backtolife.content.models import Watching
from tests.support.content.house import House

WORDS = "Hurt does not always mean harm"
"""The film's captions."""


def watching(house: House) -> Watching | None:
    with Session(house.engine) as db:
        return db.exec(select(Watching)).first()


def picture_of(page: Page, name: str) -> None:
    """For whoever wants to look: only where PICTURES names a folder."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png")


def until(true: Callable[[], bool], what: str) -> None:
    for _ in range(200):
        if true():
            return
        time.sleep(0.1)
    pytest.fail(f"{what} did not happen within 20 seconds")


def until_video(page: Page, claim: str) -> None:
    """Wait until `claim` about the video element holds. The page itself may not evaluate strings, we may."""
    until(lambda: bool(page.evaluate(f"((video) => video.{claim})(document.getElementById('video'))")), claim)


def plays_past(page: Page, seconds: float) -> None:
    until_video(page, f"currentTime > {seconds}")
