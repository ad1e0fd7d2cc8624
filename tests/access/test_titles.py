"""Every page says in its title what it is: in the list of windows, in the history, and to a screen reader."""

import re

from flask import Flask

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.people.models import Role
from tests.access import world as houses
from tests.access.decided.roles import PUBLIC, ROLES
from tests.access.decided.routes import ROUTES
from tests.access.test_every_route import World, rules

TITLE = re.compile(r"<title>\s*(?:Error: )?(.*?)\s*</title>", re.DOTALL)


def test_every_page_has_words_of_its_own_before_the_name_of_the_site(app: Flask) -> None:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        house = houses.build(db, "A", clock.now())
    world, silent, seen = World(app, house, house), [], 0
    for rule, method in rules(app):
        action = ROUTES[rule.endpoint]
        role = next((each for each in Role if action == PUBLIC or each in ROLES.get(action, ())), None)
        if method != "GET" or role is None:
            continue
        status, body = world.knock(rule, method, house.tokens[role], house)
        if status == 200 and (found := TITLE.search(body)):
            seen += 1
            silent += [rule.endpoint] if not re.search(r"\w", found[1].partition("–")[0]) else []
    assert seen > 50
    assert silent == []
