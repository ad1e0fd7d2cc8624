"""Somebody who is in shows once more that it is them, by signing in anew at the organisation."""

from sqlmodel import select

from backtolife.audit import AuditEntry
from backtolife.database.session import session_scope
from tests.support.people.at_organisation import AtOrganisation

HERE = "/show-it-is-you"
GRAVE = "/results"
ASKS = 'name="password"'


def fresh(there: AtOrganisation) -> bool:
    page = there.browser.get(f"/staff/people/{there.person.id}/looks").text
    assert "Take this as a file" in page or "Nobody" in page or "looked" in page
    with session_scope(there.app.extensions["backtolife.engine"]) as db:
        return bool(db.exec(select(AuditEntry).where(AuditEntry.action == "signed_in_again")).all())


def again(there: AtOrganisation) -> tuple[int, str]:
    return there.come_back(there.go(door=f"{HERE}/organisation"))


def test_they_are_asked_anew_there_and_led_back_to_where_they_were(there: AtOrganisation) -> None:
    there.sign_in()
    there.later(minutes=5)
    page = there.browser.get(f"{HERE}?next={GRAVE}").text
    assert "Sign in once more at Leeds Hospital" in page
    assert not fresh(there)
    asked = there.browser.get(f"{HERE}/organisation").headers["Location"]
    assert "prompt=login" in asked
    assert "max_age=0" in asked
    assert again(there) == (302, GRAVE)
    assert fresh(there)
    with session_scope(there.app.extensions["backtolife.engine"]) as db:
        row = db.exec(select(AuditEntry).where(AuditEntry.action == "signed_in_again")).one()
    assert row.detail == {"way": "organisation"}
    assert there.is_in()


def test_a_sign_in_of_before_does_not_count(there: AtOrganisation) -> None:
    there.sign_in()
    there.later(minutes=5)
    for lie in (int(there.seconds()) - 240, None, "now", True, int(there.seconds()) + 3600):
        there.provider.lies = {"auth_time": lie}
        assert again(there) == (302, HERE), lie
        assert not fresh(there), lie
    assert there.is_in(), "what was refused signs nobody out"


def test_somebody_else_at_the_organisation_does_not_count(there: AtOrganisation) -> None:
    there.sign_in()
    there.provider.user["sub"] = "u-2"
    assert again(there) == (302, HERE)
    assert not fresh(there)
    assert len(there.accounts()) == 1, "and nobody is linked by it"


def test_signing_in_does_not_stand_in_for_showing_it_once_more(there: AtOrganisation) -> None:
    there.sign_in()
    path = there.go()
    assert there.come_back(path)[0] == 302
    assert not fresh(there)


def test_an_answer_counts_once_and_in_this_browser_alone(there: AtOrganisation) -> None:
    there.sign_in()
    path = there.go(door=f"{HERE}/organisation")
    assert there.come_back(path, there.app.test_client())[0] != 302
    assert not fresh(there)
    assert there.come_back(path) == (302, "/")
    assert there.come_back(path)[0] != 302


def test_a_provider_that_is_down_leaves_them_in(there: AtOrganisation) -> None:
    there.sign_in()
    path = there.go(door=f"{HERE}/organisation")
    there.provider.down = True
    assert there.come_back(path) == (302, HERE)
    assert not fresh(there)
    assert there.is_in()
