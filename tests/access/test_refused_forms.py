"""Every form, sent empty by everybody who may send it: what is wrong stands on top, and each id is there once."""

import re
from collections import Counter

import pytest

from backtolife.people.models import Role
from tests.access.decided.roles import PUBLIC, ROLES
from tests.access.decided.routes import ROUTES
from tests.access.test_every_route import World, address, rules, world
from tests.support.assets import missing_files

__all__ = ["world"]
MARKED = re.compile(r'class="[^"]*nhsuk-error-message|class="btl-qerror" id="[^"]*">')
LINK = re.compile(r'href="#([^"]+)"')
ID = re.compile(r'\sid="([^"]+)"')
HAS_NO_PAGE = {"signin.leave", "videos_media.file", "pages.offline_worker"}


def pages(world: World, role: Role, method: str) -> dict[str, str]:
    """What `role` is shown at every address with this method, by endpoint; only pages."""
    found = {}
    for rule, verb in rules(world.app):
        action = ROUTES[rule.endpoint]
        if verb != method or rule.endpoint in HAS_NO_PAGE or (action != PUBLIC and role not in ROLES[action]):
            continue
        client = world.app.test_client()
        with client.session_transaction() as session:
            session["signed_in"] = world.here.tokens[role]
        try:
            path = address(world.app, rule, world.here)
        except KeyError:
            continue
        sent = {"seen": "0"} if method == "POST" else None  # which a page sends along by itself
        answer = client.open(path, method=method, headers={"Accept": "text/html"}, data=sent, buffered=True)
        if answer.mimetype == "text/html":
            found[rule.endpoint] = answer.get_data(as_text=True)
        answer.close()
    return found


@pytest.mark.parametrize("role", [Role.PATIENT, Role.FACILITATOR, Role.CLINICAL_LEAD, Role.ADMINISTRATOR])
def test_a_refused_form_says_on_top_what_is_wrong_and_where(world: World, role: Role) -> None:
    refused = {name: page for name, page in pages(world, role, "POST").items() if MARKED.search(page)}
    assert refused, "no form refused anything, so nothing was tried"
    for name, page in refused.items():
        assert "<title>Error: " in page, name
        main = page.split('id="main"')[1]
        assert page.count('class="nhsuk-error-summary"') == 1, name
        assert main.index("nhsuk-error-summary") < main.index("<h1"), name
        summary = main.split("nhsuk-error-summary__list")[1].split("</ul>")[0]
        ids = set(ID.findall(page))
        assert set(LINK.findall(summary)) <= ids, f"{name} links to nothing"
        assert LINK.findall(summary), name


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_page_has_the_same_id_twice(world: World, role: Role, method: str) -> None:
    for name, page in pages(world, role, method).items():
        twice = [each for each, times in Counter(ID.findall(page)).items() if times > 1]
        assert twice == [], f"{method} {name} as {role}"


@pytest.mark.parametrize("role", list(Role))
def test_every_sheet_and_script_that_a_page_names_is_there(world: World, role: Role) -> None:
    assert {name: missing_files(page) for name, page in pages(world, role, "GET").items() if missing_files(page)} == {}
