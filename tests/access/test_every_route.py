"""Every route, as every role, of this service and of another."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from backtolife import clock
from backtolife.content.arriving import store
from backtolife.content.relaxation.track import track_path
from backtolife.database.session import session_scope
from backtolife.people.access import permission_of
from backtolife.people.models import Role
from backtolife.people.permissions import CLIENT_SCOPES, PERMISSIONS
from backtolife.programme.cohorts.models import Cohort
from backtolife.programme.plan.loading import shipped
from backtolife.sessions.events.registry import EVENTS
from tests.access.decided.events import EVENTS as DECIDED_EVENTS
from tests.access.decided.roles import PUBLIC, ROLES
from tests.access.decided.routes import ROUTES
from tests.access.world import House, build
from tests.support.figures import figure

REFUSED = {403, 404}
SIGNS_OUT = frozenset({"signin.leave", "places_signed_in.end_all"})
"""After these whoever knocks is nobody in particular; their own tests press them."""
NO_TOKEN = 401
"""What the HTTP API answers to a browser: it asks for a program's token and looks at no cookie."""
NEEDS_MORE_THAN_A_ROLE = {
    "videos_media.file": "the signed address decides; without one nobody gets the file",
}

BODIES: dict[str, object] = {
    "drafts.keep": {"address": "/", "fields": [], "base": []},
    "forms.save": {"answers": []},
    "videos.record": {"ranges": [[0, 1000]], "position": 1000},
}
"""What a page would send, where a request without it is refused before anybody looks whose record it is."""


@dataclass
class World:
    """The application with two houses in it."""

    app: Flask
    here: House
    there: House

    def knock(self, rule: Rule, method: str, token: str | None, house: House) -> tuple[int, str]:
        """Ask for a route with the ids of `house` as whoever `token` belongs to. Returns status and body."""
        client = self.app.test_client()
        if token is not None:
            with client.session_transaction() as session:
                session["signed_in"] = token
        path = address(self.app, rule, house)
        body = BODIES.get(rule.endpoint)
        answer = client.open(path, method=method, headers={"Accept": "text/html"}, json=body, buffered=True)
        return answer.status_code, answer.get_data().decode(errors="replace")


def address(app: Flask, rule: Rule, house: House) -> str:
    with app.test_request_context():
        values = {name: int(value) if name == "number" else value for name, value in house.ids.items()}
        return app.url_for(rule.endpoint, **{name: values[name] for name in rule.arguments})


@pytest.fixture
def world(app: Flask) -> World:
    now = clock.now()
    with session_scope(app.extensions["backtolife.engine"]) as db:
        here, there = build(db, "A", now), build(db, "B", now)
        service_id = db.get_one(Cohort, here.ids["cohort_id"]).service_id
    videos = app.extensions["backtolife.settings"].videos_dir
    coming = store.begin(videos, service_id=service_id, person_id="", name=here.canary, length=1, most=1)
    here.ids["arrival_id"] = coming.id
    track = track_path(videos, shipped().relaxation[here.ids["script_id"]])
    track.parent.mkdir()
    track.write_bytes(b"sound")
    return World(app, here, there)


def rules(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static":
            methods = rule.methods or set()
            own = methods - {"HEAD", "OPTIONS"} or methods - {"OPTIONS"} or methods
            for method in sorted(own):
                yield rule, method


def test_every_route_is_decided_and_names_that_permission(app: Flask) -> None:
    named = {rule.endpoint: permission_of(app.view_functions[rule.endpoint]) for rule, _ in rules(app)}
    undecided = {endpoint for endpoint, action in named.items() if ROUTES.get(endpoint) != action}
    figure(f"{len(named)} routes × {len(Role)} roles: {len(undecided) * len(Role)} cells undecided")
    assert named == ROUTES


def test_every_permission_is_decided_with_its_roles() -> None:
    assert {action: frozenset(roles) for action, roles in PERMISSIONS.items()} == ROLES


def test_every_event_of_the_room_is_decided_and_names_that_permission() -> None:
    assert {name: event.permission for name, event in EVENTS.items()} == DECIDED_EVENTS


def test_nobody_who_is_not_signed_in_gets_past_a_page_that_asks_for_it(world: World) -> None:
    for rule, method in rules(world.app):
        if ROUTES[rule.endpoint] == PUBLIC:
            continue
        status, body = world.knock(rule, method, None, world.here)
        assert status in {302, NO_TOKEN, 403}, f"{method} {rule.endpoint} answers {status}"
        assert world.here.canary not in body, f"{method} {rule.endpoint} shows a name to nobody in particular"


@pytest.mark.parametrize("role", list(Role))
def test_a_role_gets_what_was_decided_and_nothing_else(world: World, role: Role) -> None:
    cells = 0
    for rule, method in rules(world.app):
        action = ROUTES[rule.endpoint]
        if action == PUBLIC or rule.endpoint in NEEDS_MORE_THAN_A_ROLE or rule.endpoint in SIGNS_OUT:
            continue
        cells += 1
        status, body = world.knock(rule, method, world.here.tokens[role], world.here)
        place = f"{method} {rule.endpoint} as {role}: {status}"
        if role in ROLES[action]:
            assert status < 500, place
            assert status not in REFUSED, place
        else:
            assert status == (NO_TOKEN if action in CLIENT_SCOPES else 403), place
            assert "group" not in rule.arguments or world.here.canary not in body, place
    figure(f"{role}: {cells} addresses, each answered as decided")


@pytest.mark.parametrize("role", list(Role))
def test_the_same_role_of_another_service_finds_nothing(world: World, role: Role) -> None:
    cells = 0
    for rule, method in rules(world.app):
        if ROUTES[rule.endpoint] == PUBLIC or rule.endpoint in SIGNS_OUT:
            continue
        cells += 1
        status, body = world.knock(rule, method, world.there.tokens[role], world.here)
        place = f"{method} {rule.endpoint} as {role} of another service: {status}"
        assert status < 500, place
        assert world.here.canary not in body, f"{place} shows a name"
        if names_a_record(rule):
            assert status in REFUSED, place
    figure(f"{role} of another service: {cells} addresses, none leaks")


RECORDS = {
    "client_id",
    "colleague_id",
    "cohort_id",
    "enrolment_id",
    "entry_id",
    "goal_id",
    "group_session_id",
    "import_id",
    "package_id",
    "person_id",
    "report_id",
    "response_id",
    "task_id",
    "typed_id",
    "waiting_id",
}


def names_a_record(rule: Rule) -> bool:
    """Whether the path names a row. A video's key and a milestone's id are the same in every service."""
    return bool(rule.arguments & RECORDS)


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.PATIENT])
def test_someone_of_the_service_but_not_of_the_cohort_finds_nothing(world: World, role: Role) -> None:
    for rule, method in rules(world.app):
        if not rule.arguments & {"cohort_id", "enrolment_id", "goal_id", "group_session_id", "response_id", "task_id"}:
            continue
        status, _ = world.knock(rule, method, world.here.outsiders[role], world.here)
        assert status in REFUSED, f"{method} {rule.endpoint} as a {role} of another cohort: {status}"


def test_a_public_page_shows_nobodys_name(world: World) -> None:
    for rule, method in rules(world.app):
        if ROUTES[rule.endpoint] == PUBLIC:
            status, body = world.knock(rule, method, None, world.here)
            assert status < 500, f"{method} {rule.endpoint}: {status}"
            assert f"{world.here.canary} p" not in body, f"{method} {rule.endpoint} shows a name"


def test_a_remembered_device_opens_the_next_session_and_nothing_else(client: FlaskClient, world: World) -> None:
    from backtolife.people.models import SignedIn
    from backtolife.people.permissions import JOINS
    from backtolife.people.signing_in import signin

    with session_scope(world.app.extensions["backtolife.engine"]) as db:
        place, _ = signin.find_signed_in(db, token=world.here.tokens[Role.PATIENT], now=clock.now()) or (None, None)
        assert isinstance(place, SignedIn)
        place.joins_only = True
    for rule, method in rules(world.app):
        action = ROUTES[rule.endpoint]
        if action == PUBLIC or action in JOINS or Role.PATIENT not in ROLES[action]:
            continue
        status, body = world.knock(rule, method, world.here.tokens[Role.PATIENT], world.here)
        assert status in {302, 403}, f"{method} {rule.endpoint}: {status}"
        assert world.here.canary not in body
    assert client
