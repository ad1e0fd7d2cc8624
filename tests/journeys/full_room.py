"""A room with 2 to 16 people in it: one in a browser, the others as clients that send a drawn picture."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, BrowserContext, Page, expect

from backtolife import clock
from backtolife.programme.plan.loading import shipped
from backtolife.sessions.broadcast.hub import live
from backtolife.sessions.room import store as rooms
from backtolife.sessions.room.models import GroupSession
from backtolife.sessions.state import script
from backtolife.sessions.state import seats as seat_changes
from backtolife.sessions.state.document import Change, Given
from backtolife.sessions.state.room_state import RoomState, publishing_of
from backtolife.sessions.state.rules import Camera
from tests.support.crowd import Crowd
from tests.support.running import House
from tests.support.sessions.gathering import Gathering, gather
from tests.support.sessions.socket_page import SocketPage

NAMES = (
    *("Linda", "Joseph", "Maureen", "Dev", "Karen", "Farah", "Alan"),
    *("Siân", "Mei", "Pete", "Grace", "Omar", "Ruth", "Tomasz"),
)
CAMERA_OFF = {"Karen": Camera.OFF, "Pete": Camera.FACILITATORS}
STAFF = 2
PATIENCE = 90_000


@dataclass
class FullRoom:
    """The page of Linda, who is a patient, in a room of `people` in all."""

    house: House
    group: Gathering
    page: Page
    people: int

    def enter(self, kind: str) -> None:
        """Move the group to the section of this kind, as the lead would."""
        plan = shipped().session(1).sections
        place = next(at for at, section in enumerate(plan) if section.kind == kind)
        self.change(script.go_to, sections=plan, seen=self.state["section"]["index"], index=place, now_ms=self.now_ms)

    @property
    def now_ms(self) -> int:
        return rooms.milliseconds(clock.now())

    @property
    def state(self) -> RoomState:
        with self.house.database() as db:
            return rooms.state_of(db, db.get_one(GroupSession, self.group.group_session.id))

    def change(self, change: Change[Given], /, *args: Given.args, **given: Given.kwargs) -> None:
        """Change the room beside the running web process, and let the page load what holds now."""
        with self.house.database() as db:
            rooms.apply(db, rooms.load(db, self.group.group_session.id), change, clock.now(), *args, **given)
        self.page.reload()
        self.wait_for_everyone()

    def wait_for_everyone(self) -> None:
        expect(self.page.locator("#people-here")).to_have_text(f"{self.people} people here", timeout=PATIENCE)

    def wait_for_pictures(self, fewest: int) -> None:
        """Wait until so many pictures play on the page."""
        self.page.wait_for_function(
            "(fewest) => [...document.querySelectorAll('.btl-video')].filter("
            "(one) => one.checkVisibility() && one.videoWidth).length >= fewest",
            arg=fewest,
            timeout=PATIENCE,
        )


@contextmanager
def full_room(house: House, context: BrowserContext, people: int) -> Iterator[FullRoom]:
    """Linda's page in a started session with `people` there: one lead from 2 on, the spotter from 3 on."""
    with house.database() as db:
        group = gather(db, clock.now(), NAMES[: max(1, people - STAFF)])
        staff = [group.lead, group.spotter][: min(STAFF, people - 1)]
        seats = {}
        for person in (*staff, *group.patients):
            choice = CAMERA_OFF.get(person.shown_name, Camera.EVERYONE)
            seats[person.id] = group.sit(person, now=clock.now(), camera=choice).id
        now_ms = rooms.milliseconds(clock.now())
        for patient in group.patients:
            group.apply(seat_changes.admit, clock.now(), seat=seats[patient.id], now_ms=now_ms)
        group.apply(script.start, clock.now(), sections=shipped().session(1).sections, now_ms=now_ms)
        state = rooms.state_of(db, rooms.load(db, group.group_session.id))
    engine = live(house.app).engine
    with Crowd() as crowd, ExitStack() as pages:
        for person in staff:
            pages.enter_context(closing(SocketPage(house, person, group.group_session.id).connect()))
        for number, person in enumerate((*staff, *group.patients[1:])):
            may = publishing_of(state, seats[person.id])
            found = engine.tokens(room=group.group_session.id, seat=seats[person.id], name=person.shown_name, may=may)
            face = number if number < len(staff) else number - len(staff) + 3
            camera, talks = may.camera, person is group.lead
            crowd.join(house.settings.media_url, str(found["token"]), face=face, camera=camera, talks=talks)
        context.add_cookies(house.browser_cookies(group.patients[0]))  # type: ignore[arg-type]
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(f"{house.url}/sessions/{group.group_session.id}/room")
        yield FullRoom(house, group, page, people)


def visitor(browser: Browser, size: dict[str, object]) -> BrowserContext:
    context = browser.new_context(**size)  # type: ignore[arg-type]
    context.grant_permissions(["camera", "microphone"])
    return context
