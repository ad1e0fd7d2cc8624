"""A sign-in by the organisation lasts as long as the provider says so."""

from sqlmodel import select

from backtolife.audit import AuditEntry
from backtolife.database.session import session_scope
from tests.support.people.at_organisation import AtOrganisation


def stay_active(there: AtOrganisation, minutes: int, *, every: int = 1) -> None:
    """Somebody works on while the scheduler takes a turn `every` so many minutes."""
    for _ in range(0, minutes, every):
        there.later(minutes=every)
        there.ask_again()
        if not there.is_in():
            return


def test_who_is_welcome_stays_in(there: AtOrganisation) -> None:
    assert there.sign_in()[0] == 302
    stay_active(there, 40)
    assert there.is_in()


def test_a_leaver_is_out_within_a_quarter_of_an_hour(there: AtOrganisation) -> None:
    assert there.sign_in()[0] == 302
    stay_active(there, 9)
    assert there.is_in()
    there.provider.welcome = False
    stay_active(there, 14)
    assert not there.is_in()
    with session_scope(there.app.extensions["backtolife.engine"]) as db:
        ended = db.exec(select(AuditEntry.detail).where(AuditEntry.action == "organisation_ended_sign_in")).all()
    assert ended == [{"why": "invalid_grant"}]


def test_where_nobody_asks_the_provider_the_sign_in_ends_by_itself(there: AtOrganisation) -> None:
    assert there.sign_in()[0] == 302
    there.later(minutes=14)
    assert there.is_in()
    there.later(minutes=2)
    assert not there.is_in()


def test_where_the_provider_cannot_be_asked_it_ends_by_itself_too(there: AtOrganisation) -> None:
    there.provider.gives_refresh = False
    assert there.sign_in()[0] == 302
    stay_active(there, 14)
    assert there.is_in()
    stay_active(there, 2)
    assert not there.is_in()


def test_a_provider_that_is_down_cuts_nobody_off_for_two_hours_and_not_for_ever(there: AtOrganisation) -> None:
    assert there.sign_in()[0] == 302
    there.provider.down = True
    stay_active(there, 110, every=5)
    assert there.is_in()
    stay_active(there, 30, every=5)
    assert not there.is_in()


def test_a_token_about_somebody_else_ends_the_sign_in(there: AtOrganisation) -> None:
    assert there.sign_in()[0] == 302
    there.provider.user["sub"] = "u-2"
    stay_active(there, 9)
    assert not there.is_in()


def test_the_sign_in_never_lasts_longer_than_any_of_staff(there: AtOrganisation) -> None:
    assert there.sign_in()[0] == 302
    for _ in range(80):
        there.later(minutes=9)
        there.ask_again()
        there.is_in()
    assert not there.is_in()


def test_after_signing_out_nobody_is_asked_about_and_the_token_is_gone(there: AtOrganisation) -> None:
    assert there.sign_in()[0] == 302
    assert there.sign_ins()[0].refresh_closed
    there.browser.post("/sign-out")
    asked = len(there.provider.asked)
    there.later(minutes=10)
    there.ask_again()
    assert len(there.provider.asked) == asked
    assert there.sign_ins()[0].refresh_closed == ""


def test_the_refresh_token_is_closed_in_the_database(there: AtOrganisation) -> None:
    assert there.sign_in()[0] == 302
    (token,) = there.provider.refresh_tokens
    assert token not in there.sign_ins()[0].refresh_closed
