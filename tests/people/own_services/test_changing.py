"""Choosing a service after signing in, and changing to another: with what was shown, and with nothing less."""

from datetime import timedelta

import pytest

from backtolife.people.models import Person
from backtolife.people.own_services.changing import TOO_LITTLE
from backtolife.people.signing_in import signin
from tests.support.factories import Factory
from tests.support.people.two_services import TwoServices

CHOOSER = "Which service are you working for now?"


@pytest.fixture
def joined(two: TwoServices) -> TwoServices:
    two.are_joined()
    return two


def order_on(page: str) -> list[str]:
    return sorted(
        ("North Pain Service", "South Pain Service"), key=lambda name: page.index(f"<span>Work for <bdi>{name}")
    )


def test_after_signing_in_the_service_is_chosen_and_the_one_used_last_stands_first(joined: TwoServices) -> None:
    assert joined.sign_in("north") == "/your-services"
    assert CHOOSER in joined.browser.get("/your-services").text
    assert joined.change("south") == (302, "/")
    joined.later(minutes=2)
    joined.browser.get("/")
    joined.browser.post("/sign-out")
    joined.later(hours=20)
    joined.sign_in("north")
    assert order_on(joined.browser.get("/your-services").text)[0] == "South Pain Service"
    assert joined.change("north") == (302, "/")
    assert joined.works_as() == "north"


def test_who_works_for_one_service_is_asked_nothing_and_finds_no_change_of_service(two: TwoServices) -> None:
    assert two.sign_in("north") == "/"
    assert "Change service" not in two.browser.get("/").text
    assert len(two.audit("north", "signed_in")) == 1


def test_a_change_ends_one_sign_in_begins_the_other_and_is_on_record_in_both(joined: TwoServices) -> None:
    joined.sign_in("north")
    assert "Change service" in joined.browser.get("/").text
    joined.change("south")
    page = joined.browser.get("/").text
    assert joined.works_as() == "south"
    assert joined.service("south").short_name in page
    assert "Change service" in page
    assert joined.open_ones("north") == []
    (left,) = joined.audit("north", "changed_to_other_service")
    (came,) = joined.audit("south", "signed_in")
    assert left.actor_id == joined.people["north"].id
    assert (came.actor_id, came.detail["way"]) == (joined.people["south"].id, "other service")
    assert left.detail["link"] == came.detail["link"]
    assert "South" not in str(left.detail)


def test_each_account_keeps_its_own_roles(joined: TwoServices) -> None:
    joined.sign_in("north")
    assert joined.browser.get("/results").status_code == 200, "a clinical lead in the north"
    joined.change("south")
    assert joined.browser.get("/results").status_code == 403, "a facilitator in the south"


@pytest.mark.parametrize("name", ["mallory", "south admin", "north admin"])
def test_an_account_that_is_not_joined_is_not_found_and_who_asked_is_on_record(joined: TwoServices, name: str) -> None:
    joined.sign_in("north")
    status, _ = joined.change(name)
    assert status == 404
    assert joined.works_as() == "north"
    (entry,) = [each for each in joined.audit("north", "refused") if each.detail.get("wanted") == "account.services"]
    assert entry.subject_id == joined.people[name].id


def test_a_made_up_id_and_nothing_at_all_change_nothing(joined: TwoServices) -> None:
    joined.sign_in("north")
    assert joined.browser.post("/your-services/change", data={"account": "0" * 32}).status_code == 404
    assert joined.browser.post("/your-services/change").status_code == 400
    assert joined.app.test_client().post("/your-services/change", data={"account": "x"}).status_code == 403
    assert joined.works_as() == "north"


def test_a_form_from_elsewhere_changes_nothing(joined: TwoServices) -> None:
    joined.sign_in("north")
    joined.app.config["WTF_CSRF_ENABLED"] = True
    assert joined.change("south")[0] == 400
    assert joined.works_as() == "north"


def test_a_service_that_asks_for_a_second_step_asks_who_comes_with_a_password_alone(joined: TwoServices) -> None:
    joined.has_app("south")
    joined.sign_in("north")
    assert joined.change("south") == (302, "/your-services/code")
    assert joined.works_as() == "north"
    assert joined.browser.post("/your-services/code", data={"app_code": "000000"}).status_code == 400
    assert joined.works_as() == "north"
    answer = joined.browser.post("/your-services/code", data={"app_code": joined.code("south")})
    assert answer.headers["Location"] == "/"
    assert joined.works_as() == "south"
    assert [each.second for each in joined.open_ones("south")] == ["app"]


def test_a_second_step_that_was_shown_counts_in_the_other_service_too(joined: TwoServices) -> None:
    joined.has_app("north")
    joined.has_app("south")
    joined.require()
    assert joined.sign_in("north") == "/your-services"
    assert joined.change("south") == (302, "/")
    assert joined.works_as() == "south"
    (entry,) = joined.audit("south", "signed_in")
    assert entry.detail["second"] == "app"


def test_where_everybody_needs_a_second_step_a_password_alone_enters_no_other_service(joined: TwoServices) -> None:
    browser = joined.signed_in_as("north")
    joined.require()
    assert joined.change("south", browser) == (302, "/your-services")
    assert TOO_LITTLE.split(".")[0] in browser.get("/your-services").text
    assert joined.works_as(browser) == "north"


def test_who_must_set_up_a_second_step_first_changes_nowhere(joined: TwoServices) -> None:
    joined.require()
    assert joined.password("north") == "/your-details/second-step"
    assert joined.change("south")[0] == 403
    assert joined.works_as() == "north"


def test_the_code_of_the_other_account_opens_that_account_and_no_third_one(joined: TwoServices) -> None:
    """A code that was given for a change is not taken once the accounts are joined no more."""
    joined.has_app("south")
    joined.sign_in("north")
    joined.change("south")
    browser = joined.signed_in_as("south")
    browser.post("/your-details/services/stop")
    answer = joined.browser.post("/your-services/code", data={"app_code": joined.code("south")})
    assert answer.status_code == 404
    assert joined.works_as() == "north"


def test_a_change_lasts_no_longer_than_the_sign_in_and_carries_a_proof_only_while_it_holds(
    joined: TwoServices,
) -> None:
    joined.sign_in("north")
    ends = joined.open_ones("north")[0].expires_at
    joined.prove()
    joined.later(minutes=9)
    joined.change("south")
    (there,) = joined.open_ones("south")
    assert there.expires_at == ends
    assert "Sign in there" in joined.browser.get("/your-details/services").text, "still within ten minutes"
    joined.later(minutes=2)
    assert "Sign in there" not in joined.browser.get("/your-details/services").text
    joined.change("north")
    assert joined.open_ones("north")[0].expires_at == ends


def test_the_password_of_either_account_shows_once_more_that_it_is_them_and_nobody_elses_does(
    joined: TwoServices,
) -> None:
    joined.sign_in("north")
    joined.change("south")
    joined.prove("north")
    joined.later(minutes=11)
    joined.prove("south")
    refused = joined.browser.post("/your-details/services/prove", data={"password": "marble cactus violin"})
    assert refused.status_code == 400


def test_whoever_idled_in_one_service_comes_back_to_their_page_there(joined: TwoServices) -> None:
    joined.sign_in("north")
    joined.change("south")
    joined.later(minutes=31)
    sent = joined.browser.get("/your-details/signed-in", headers={"Accept": "text/html"})
    assert sent.headers["Location"].startswith("/staff/sign-in")
    joined.browser.get(sent.headers["Location"])
    assert joined.sign_in("north") == "/your-services"
    assert joined.change("south") == (302, "/your-details/signed-in")


def test_the_page_of_one_service_is_not_where_the_other_one_leads(joined: TwoServices) -> None:
    joined.sign_in("north")
    joined.change("south")
    joined.later(minutes=31)
    sent = joined.browser.get("/your-details/signed-in", headers={"Accept": "text/html"})
    joined.browser.get(sent.headers["Location"])
    joined.sign_in("north")
    assert joined.change("north") == (302, "/")


def test_what_was_typed_in_one_service_waits_there_while_they_work_for_the_other(joined: TwoServices) -> None:
    joined.sign_in("north")
    joined.app.config["WTF_CSRF_ENABLED"] = True
    page = joined.browser.get("/your-details").text
    whose = page.split('data-whose="')[1].split('"')[0]
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    joined.app.config["WTF_CSRF_ENABLED"] = False
    joined.change("south")
    joined.app.config["WTF_CSRF_ENABLED"] = True
    typed = {"shown_name": "Grace of the north", "phone": "", "whose": whose, "csrf_token": token}
    here = {"Origin": "http://localhost", "Accept": "text/html"}
    answer = joined.browser.post("/your-details", data=typed, headers=here)
    assert answer.status_code == 409
    assert "You work for another service in this browser now" in answer.text
    joined.app.config["WTF_CSRF_ENABLED"] = False
    with joined.db() as db:
        assert db.get_one(Person, joined.people["south"].id).shown_name == "Grace"
    joined.change("north")
    waits = joined.browser.get("/drafts?address=/your-details", headers={"Accept": "application/json"})
    assert "Grace of the north" in waits.text


def test_somebody_switched_off_here_is_no_choice_there(joined: TwoServices) -> None:
    joined.sign_in("north")
    with joined.db() as db:
        db.get_one(Person, joined.people["south"].id).active = False
    assert joined.change("south")[0] == 404
    assert "South Pain Service" not in joined.browser.get("/your-services").text


def test_two_presses_at_once_leave_one_sign_in(joined: TwoServices) -> None:
    joined.sign_in("north")
    with joined.browser.session_transaction() as cookie:
        token = cookie["signed_in"]
    joined.change("south")
    with joined.browser.session_transaction() as cookie:
        cookie["signed_in"] = token
    assert joined.change("south")[0] == 403, "the sign-in before has ended"
    assert len(joined.open_ones("south")) == 1


def test_a_sign_in_says_through_which_account_it_came(joined: TwoServices) -> None:
    joined.sign_in("north")
    joined.change("south")
    assert [each.through_id for each in joined.open_ones("south")] == [joined.people["north"].id]
    joined.change("north")
    assert [each.through_id for each in joined.open_ones("north")] == [None]
    joined.change("south")
    assert [each.through_id for each in joined.open_ones("south")] == [joined.people["north"].id]


def test_every_place_is_listed_with_its_service_and_signing_out_everywhere_ends_both(joined: TwoServices) -> None:
    other = joined.signed_in_as("south")
    joined.sign_in("north")
    page = joined.browser.get("/your-details/signed-in").text
    assert "For <bdi>South Pain Service</bdi>" in page
    assert "For <bdi>North Pain Service</bdi>" in page
    joined.browser.post("/your-details/signed-in/end-all")
    assert joined.open_ones("north") == joined.open_ones("south") == []
    assert joined.works_as(other) == ""
    for name in ("north", "south"):
        (entry,) = joined.audit(name, "signed_out_everywhere")
        assert entry.actor_id == joined.people[name].id


def test_one_place_of_the_other_service_is_signed_out_and_a_strangers_is_not(joined: TwoServices) -> None:
    joined.sign_in("north")
    joined.signed_in_as("south")
    joined.signed_in_as("mallory")
    for name, left in (("south", 0), ("mallory", 1)):
        (place,) = joined.open_ones(name)
        joined.browser.post(f"/your-details/signed-in/{place.id}/end")
        assert len(joined.open_ones(name)) == left
    (entry,) = joined.audit("south", "signed_out_elsewhere")
    assert entry.subject_id == joined.people["south"].id


def test_idling_ends_a_sign_in_that_was_changed_as_any_other(joined: TwoServices) -> None:
    joined.sign_in("north")
    joined.change("south")
    joined.later(minutes=29)
    assert joined.works_as() == "south"
    joined.later(minutes=2)
    assert joined.works_as() == ""
    assert timedelta(minutes=30) == signin.STAFF_IDLE


def test_patients_have_no_services_to_choose(joined: TwoServices) -> None:
    with joined.db() as db:
        joined.people["patient"] = Factory(db, joined.now).person(joined.service("north"), name="Pat")
    browser = joined.signed_in_as("patient")
    assert browser.get("/your-services").status_code == 403
    assert browser.get("/your-details/services").status_code == 403
    assert browser.post("/your-details/services/other", data={}).status_code == 403
