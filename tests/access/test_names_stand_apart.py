"""A right-to-left name leaves the words beside it alone: on every page, in every choice, in every message."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlmodel import Session, select

from backtolife import clock
from backtolife.config import Settings
from backtolife.database.session import session_scope
from backtolife.mail.delivery import OutgoingMessage
from backtolife.outcomes.asking.signing_needed import ask_for_signing
from backtolife.people.models import LinkPurpose, Person, Role, Service
from backtolife.people.names import OPENS
from backtolife.people.signing_in import messages, signin
from backtolife.reminders.services import remind_cohort
from backtolife.sessions.guests import letters as guest_letters
from backtolife.sessions.safety import escalation
from tests.access import world as houses
from tests.access.decided.roles import PUBLIC, ROLES
from tests.access.decided.routes import ROUTES
from tests.access.test_every_route import World, rules
from tests.support.factories import Factory
from tests.support.sessions.gathering import gather

SITE = "http://localhost"
NUR = "نور"
APART = ("<bdi>", OPENS, "\\u2068", "&#8296;", 'value="')
"""What may stand right before the name: what keeps it apart, or the field in which it is changed."""
WHOLE = re.compile(r"<(p|td|th|div|textarea|h[1-6])( [^<>]*)?>$")
"""Or nothing else stands in the same block."""
UNSEEN = re.compile(r'<input type="hidden"[^<>]*>')


@pytest.fixture
def world(app: Flask, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(houses, "CANARY", NUR)
    now = clock.now()
    with session_scope(app.extensions["backtolife.engine"]) as db:
        house = houses.build(db, "A", now)
    return World(app, house, house)


def mixed(text: str) -> list[str]:
    """Where a name stands bare between other words."""
    escaped = NUR.encode("ascii", "backslashreplace").decode()
    found = []
    for each in re.finditer(f"{NUR}|{re.escape(escaped)}", text):
        before, after = text[: each.start()], text[each.end() :]
        if not before.endswith(APART) and not (WHOLE.search(before) and re.match("[^<>]*</", after)):
            found.append(text[max(0, each.start() - 60) : each.end() + 30])
    return found


@pytest.mark.parametrize("role", list(Role))
def test_on_every_page(world: World, role: Role) -> None:
    bare = []
    for rule, method in rules(world.app):
        action = ROUTES[rule.endpoint]
        if method == "GET" and (action == PUBLIC or role in ROLES.get(action, ())):
            status, body = world.knock(rule, method, world.here.tokens[role], world.here)
            if status == 200 and "<html" in body:
                bare += [f"{rule.endpoint}: {each}" for each in mixed(UNSEEN.sub("", body))]
    assert not bare, "\n".join(bare)


def test_in_every_message(app: Flask, db: Session, make: Factory, now: datetime, settings: Settings) -> None:
    group = gather(db, now)
    service, cohort = db.get_one(Service, group.cohort.service_id), group.cohort
    lead = make.person(service, Role.CLINICAL_LEAD)
    make.person(service, Role.ADMINISTRATOR)
    service.name, service.short_name = f"{NUR} clinic", NUR
    for person in db.exec(select(Person).where(Person.service_id == service.id)):
        person.shown_name = NUR
    db.flush()
    for purpose in LinkPurpose:
        issued = signin.issue_link(db, person=lead, purpose=purpose, now=now)
        with app.app_context():
            messages.queue_link(db, person=lead, issued=issued, address=SITE, now=now)
    guest_letters.send(db, person=lead, group_session=group.group_session, page=SITE, to="guest@example.org", now=now)
    ask_for_signing(db, service_id=service.id, production=True, site=SITE, now=now)
    lead.active = False
    ask_for_signing(db, service_id=service.id, production=True, site=SITE, now=now)
    for hours in range(0, 24 * 8, 3):
        remind_cohort(db, cohort_id=cohort.id, settings=settings, now=now + timedelta(hours=hours))
    alert = houses.call_for_help(db, group.group_session, group.patients[0], now)
    escalation.write(db, alert, group.lead, SITE, now)
    sent = db.exec(select(OutgoingMessage).where(OutgoingMessage.service_id == service.id)).all()
    kinds = {each.key.partition(":")[0] for each in sent}
    assert kinds >= {"link", "guest-invitation", "words-to-sign", "help", "welcome", "reminder-1h", "questionnaire-due"}
    assert not [found for each in sent for found in (*mixed(each.subject), *mixed(each.body))]


def test_in_a_message_about_a_task(world: World) -> None:
    with session_scope(world.app.extensions["backtolife.engine"]) as db:
        sent = [each for each in db.exec(select(OutgoingMessage)) if each.key.startswith("task:")]
        assert sent
        assert not [found for each in sent for found in mixed(each.body)]
