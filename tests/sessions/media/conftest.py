"""An engine for the tests of a module, and browsers for one test."""

from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import pytest

from tests.support.media.browser import Browsers, browsers
from tests.support.media.engine import RunningEngine, running_engine


@pytest.fixture(scope="module")
def media_engine() -> Iterator[RunningEngine]:
    with running_engine(grace=3) as engine:
        yield engine


@pytest.fixture
def room_name() -> str:
    """A room that no other test uses."""
    return f"room-{uuid4().hex[:8]}"


@pytest.fixture
async def people(media_engine: RunningEngine) -> AsyncIterator[Browsers]:
    async with browsers(media_engine) as opened:
        yield opened
