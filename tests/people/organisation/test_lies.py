"""A provider that is down, lies or is played by somebody else, and browsers that bring what is not theirs."""

import time
from typing import Any

import pytest
from structlog.testing import capture_logs

from backtolife.people.organisation import asking
from backtolife.people.organisation.faults import NotAnswered
from tests.support.people.at_organisation import GO, AtOrganisation
from tests.support.people.provider import CLIENT, MadeUpProvider, made_up_provider, new_key


def why(there: AtOrganisation) -> str:
    """Nobody gets in; the reason in the security log."""
    with capture_logs() as logs:
        status, page = there.sign_in()
    assert status in (400, 503), page
    assert "Sign in with Leeds Hospital" in page
    assert not there.is_in()
    assert there.accounts() == []
    return str(next(each["why"] for each in logs if str(each.get("what")).startswith("organisation")))


@pytest.mark.parametrize(
    ("lie", "reason"),
    [
        ({"iss": "https://evil.example"}, "iss"),
        ({"iss": None}, "iss"),
        ({"aud": "another-client"}, "aud"),
        ({"aud": None}, "aud"),
        ({"aud": [CLIENT, "another"]}, "azp"),
        ({"azp": "another"}, "azp"),
        ({"exp": 1}, "exp"),
        ({"exp": None}, "exp"),
        ({"nonce": "of another question"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"sub": None}, "sub"),
    ],
)
def test_a_token_that_lies_lets_nobody_in(there: AtOrganisation, lie: dict[str, Any], reason: str) -> None:
    there.provider.lies = lie
    assert why(there) == reason
    there.provider.lies = {}
    assert there.sign_in()[0] == 302


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_token_without_a_signature_of_the_providers_key_lets_nobody_in(there: AtOrganisation, algorithm: str) -> None:
    there.provider.algorithm = algorithm
    assert why(there) == "unsupported_algorithm"


def test_a_token_signed_by_another_key_of_the_same_name_lets_nobody_in(there: AtOrganisation) -> None:
    there.provider.shown = [there.provider.key]
    there.provider.key = new_key("first")
    assert why(there) == "signature"


def test_new_keys_are_fetched_once_and_the_old_ones_kept_meanwhile(there: AtOrganisation) -> None:
    assert there.sign_in()[0] == 302
    assert there.sign_in(there.app.test_client())[0] == 302
    assert there.provider.count("/jwks") == 1
    there.provider.rotate()
    assert there.sign_in(there.app.test_client())[0] == 302
    assert there.provider.count("/jwks") == 2


def test_while_the_provider_is_down_the_page_says_so_and_offers_the_password(there: AtOrganisation) -> None:
    there.provider.down = True
    answer = there.browser.get(GO)
    assert answer.status_code == 503
    assert "does not answer just now" in answer.text
    assert "Or sign in with your password." in answer.text
    there.use(passwords=False)
    assert "password" not in there.browser.get(GO).text.lower()


def test_nobody_waits_again_for_a_provider_that_was_down_a_moment_ago(there: AtOrganisation) -> None:
    there.provider.down = True
    there.browser.get(GO)
    there.browser.get(GO)
    assert len(there.provider.asked) == 1


def test_an_answer_that_drips_is_given_up(there: AtOrganisation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "LONGEST_SECONDS", 1)
    there.provider.drips = True
    begun = time.monotonic()
    assert there.browser.get(GO).status_code == 503
    assert time.monotonic() - begun < 5


def test_an_answer_without_end_is_given_up(there: AtOrganisation) -> None:
    there.provider.discovery = {"filler": "x" * (asking.MOST_BYTES + 1)}
    assert there.browser.get(GO).status_code == 503


def test_a_provider_that_is_gone_in_the_middle_lets_nobody_in(there: AtOrganisation) -> None:
    path = there.go()
    there.provider.down = True
    status, page = there.come_back(path)
    assert (status, "does not answer just now" in page) == (503, True)


def test_a_document_of_another_issuer_is_not_believed(there: AtOrganisation) -> None:
    there.provider.discovery = {"issuer": "https://evil.example"}
    assert there.browser.get(GO).status_code == 503


@pytest.mark.parametrize("endpoint", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
def test_no_request_and_no_browser_goes_to_another_host(there: AtOrganisation, endpoint: str) -> None:
    with made_up_provider() as other:
        there.provider.discovery = {endpoint: f"{other.url}/token"}
        assert there.browser.get(GO).status_code == 503
        assert other.asked == []


def test_the_providers_redirects_are_not_followed(there: AtOrganisation) -> None:
    with made_up_provider() as other:
        path = there.go()
        there.provider.elsewhere = f"{other.url}/token"
        assert there.come_back(path)[0] == 503
        assert other.asked == []


def test_a_redirect_on_the_providers_own_host_is_not_followed_either(there: AtOrganisation) -> None:
    path = there.go()
    there.provider.elsewhere = f"{there.provider.url}/inside"
    assert there.come_back(path)[0] == 503
    assert there.provider.count("/inside") == 0


def test_our_client_sends_nothing_to_another_host(there: AtOrganisation) -> None:
    with made_up_provider() as other:
        with pytest.raises(NotAnswered):
            asking.document(there.ours.settings, f"{other.url}/.well-known/openid-configuration")
        assert other.asked == []


def test_a_userinfo_elsewhere_is_not_asked(there: AtOrganisation) -> None:
    with made_up_provider() as other:
        there.provider.discovery = {"userinfo_endpoint": f"{other.url}/userinfo"}
        assert there.sign_in()[0] == 302
        assert other.asked == []


def test_an_answer_that_comes_twice_is_refused(there: AtOrganisation) -> None:
    path = there.go()
    assert there.come_back(path)[0] == 302
    there.browser.post("/sign-out")
    assert there.come_back(path)[0] == 400
    assert not there.is_in()


def test_a_kept_cookie_does_not_make_an_old_answer_new(there: AtOrganisation, provider: MadeUpProvider) -> None:
    path, kept = there.go(), ""
    cookie = there.browser.get_cookie("backtolife")
    assert cookie is not None
    kept = cookie.value
    assert there.come_back(path)[0] == 302
    asked = provider.count("/token")
    thief = there.app.test_client()
    thief.set_cookie("backtolife", kept)
    with capture_logs() as logs:
        assert there.come_back(path, thief)[0] == 400
    assert [each["why"] for each in logs if each.get("what") == "organisation_refused"] == ["state_used_again"]
    assert provider.count("/token") == asked


def test_an_answer_in_another_browser_is_refused(there: AtOrganisation) -> None:
    path = there.go()
    other = there.app.test_client()
    assert there.come_back(path, other)[0] == 400
    assert not there.is_in(other)


def test_an_answer_after_ten_minutes_is_refused(there: AtOrganisation) -> None:
    path = there.go()
    there.later(minutes=11)
    assert there.come_back(path)[0] == 400


def test_a_code_that_was_used_already_lets_nobody_in(there: AtOrganisation, provider: MadeUpProvider) -> None:
    path = there.go()
    provider.codes.clear()
    status, page = there.come_back(path)
    assert (status, "did not let you in" in page) == (400, True)


def test_a_code_of_somebody_elses_question_lets_nobody_in(there: AtOrganisation) -> None:
    """A thief's code in the victim's browser: the verifier does not fit."""
    stolen = there.go(there.app.test_client()).split("code=")[1].split("&")[0]
    state = there.go().split("state=")[1]
    assert there.come_back(f"{GO}/back?code={stolen}&state={state}")[0] == 400
    assert not there.is_in()


def test_who_says_no_there_comes_back_to_the_sign_in_page(there: AtOrganisation) -> None:
    state = there.go().split("state=")[1]
    status, page = there.come_back(f"{GO}/back?error=access_denied&state={state}")
    assert (status, "did not let you in" in page) == (400, True)


@pytest.mark.parametrize("next_page", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_nobody_is_led_on_to_another_site(there: AtOrganisation, next_page: str) -> None:
    there.browser.get("/staff/sign-in", query_string={"next": next_page})
    status, where = there.sign_in()
    assert (status, where) == (302, "/")


def test_two_tabs_on_their_way_at_once_both_arrive(there: AtOrganisation) -> None:
    one, two = there.go(), there.go()
    assert there.come_back(one)[0] == 302
    assert there.come_back(two)[0] == 302
    assert there.is_in()
    assert len(there.sign_ins()) == 1
