"""Pictures of the live room with 2, 6, 11 and 16 people in each layout, beside the mock-up 11-room-layouts."""

import tempfile
from pathlib import Path

from tests.journeys.full_room import FullRoom, full_room, visitor
from tests.journeys.small_picture import make_small
from tests.support.browser import DESKTOP, PHONE, assert_accessible, chromium
from tests.support.running import running_house

PREFIX = "11-room"
COUNTS = (2, 6, 11, 16)
LAYOUTS = {"speaker": "welcome", "gallery": "check_in"}
SIZES = {"phone": PHONE["viewport"], "desktop": DESKTOP["viewport"]}
HIDDEN = 3
"""Linda's own picture is counted, cameras that are off are not."""


def take(folder: Path) -> None:
    """Take them all into `folder`; each is looked at by axe as well."""
    with tempfile.TemporaryDirectory() as data, running_house(Path(data)) as house, chromium() as browser:
        for people in COUNTS:
            context = visitor(browser, DESKTOP)
            with full_room(house, context, people) as room:
                for layout, section in LAYOUTS.items():
                    room.enter(section)
                    room.wait_for_pictures(max(1, people - HIDDEN))
                    take_sizes(room, folder, f"{PREFIX}-{people}-{layout}")
            context.close()


def take_sizes(room: FullRoom, folder: Path, name: str) -> None:
    for size, viewport in SIZES.items():
        room.page.set_viewport_size(viewport)
        room.page.wait_for_timeout(800)
        assert_accessible(room.page)
        picture = folder / f"{name}-{size}.png"
        room.page.screenshot(path=picture, animations="disabled")
        make_small(picture)
