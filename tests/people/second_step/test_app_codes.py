"""The code of an app after the password: which ones are taken, once each, and what wrong ones lead to."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlmodel import col, select
from structlog.testing import capture_logs

from backtolife.audit import AuditEntry
from backtolife.database.sealing import Sealing
from backtolife.database.session import session_scope
from backtolife.errors import Invalid
from backtolife.mail.delivery import OutgoingMessage
from backtolife.people.models import Person, SignedIn
from backtolife.people.second_step import services
from backtolife.people.second_step.models import Authenticator, RecoveryCode
from backtolife.people.sign_in_pages.staff_code import AGAIN
from backtolife.people.signing_in.passwords import hash_password
from tests.support.people.phone import PASSWORD, Phone

AT_ONCE = 16
WRONG, WAIT, IN = 400, 429, 302


def at_once(look: Callable[[], object]) -> int:
    """How many of sixteen who come in the same moment are let in."""
    barrier = Barrier(AT_ONCE)

    def come(_: int) -> bool:
        barrier.wait()
        try:
            look()
        except Invalid:
            return False
        return True

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sum(pool.map(come, range(AT_ONCE)))


def test_the_password_alone_opens_nothing_and_the_code_opens_what_they_wanted(phone: Phone) -> None:
    phone.has_app()
    phone.browser.get("/staff/sign-in?next=/your-details")
    assert phone.give_password() == "/staff/sign-in/code"
    assert not phone.is_in()
    assert phone.browser.get("/", headers={"Accept": "text/html"}).headers["Location"].startswith("/sign-in")
    assert phone.give_code(phone.shows()) == (IN, "/your-details")
    assert phone.is_in()
    with session_scope(phone.app.extensions["backtolife.engine"]) as db:
        entries = db.exec(select(AuditEntry).where(AuditEntry.action == "signed_in")).all()
        assert [(each.actor_id, each.detail) for each in entries] == [(phone.person.id, {"second": "app"})]


@pytest.mark.parametrize("seconds", [-30, 0, 30])
def test_a_clock_half_a_minute_off_is_no_hindrance(phone: Phone, seconds: int) -> None:
    phone.has_app()
    phone.give_password()
    assert phone.give_code(phone.shows(ago=timedelta(seconds=seconds)))[0] == IN


@pytest.mark.parametrize("minutes", [-10, -1, 1, 10])
def test_a_code_from_another_time_is_refused(phone: Phone, minutes: int) -> None:
    phone.has_app()
    phone.give_password()
    status, page = phone.give_code(phone.shows(ago=timedelta(minutes=minutes)))
    assert (status, services.WRONG_CODE in page) == (WRONG, True)
    assert not phone.is_in()


@pytest.mark.parametrize("typed", ["abcdef", "12345", "1234567", "", "١٢٣٤٥", "12 34 5x", "0x1234", "-12345"])
def test_what_is_no_code_is_told_so_in_words(phone: Phone, typed: str) -> None:
    phone.has_app()
    phone.give_password()
    status, page = phone.give_code(typed)
    assert status == WRONG
    assert "Enter all six digits" in page or "Enter the six digits" in page


def test_a_code_with_a_space_in_it_is_the_code(phone: Phone) -> None:
    phone.has_app()
    phone.give_password()
    code = phone.shows()
    assert phone.give_code(f" {code[:3]} {code[3:]} ")[0] == IN


def test_a_code_is_taken_once_and_neither_it_nor_an_older_one_again(phone: Phone) -> None:
    phone.has_app()
    other = phone.app.test_client()
    for browser in (phone.browser, other):
        phone.give_password(browser)
    code, older = phone.shows(), phone.shows(ago=timedelta(seconds=30))
    assert phone.give_code(code)[0] == IN
    with capture_logs() as lines:
        status, page = phone.give_code(code, other)
    assert (status, services.USED_CODE in page) == (WRONG, True)
    assert [line["what"] for line in lines if line["event"] == "security"] == ["code_used_again"]
    assert phone.give_code(older, other)[0] == WRONG, "whoever looked over a shoulder has the one before"
    phone.later(seconds=30)
    assert phone.give_code(phone.shows(), other)[0] == IN


def test_of_sixteen_who_bring_the_same_code_at_once_one_is_let_in(phone: Phone) -> None:
    phone.has_app()
    code, sealing = phone.shows(), Sealing(phone.app.extensions["backtolife.settings"].data_key)

    def look() -> None:
        with session_scope(phone.app.extensions["backtolife.engine"]) as db:
            services.check_code(db, person=phone.person, code=code, sealing=sealing, now=phone.now)

    assert at_once(look) == 1


def test_of_sixteen_who_bring_the_same_recovery_code_at_once_one_is_let_in(phone: Phone) -> None:
    code, sealing = phone.has_app()[3], Sealing(phone.app.extensions["backtolife.settings"].data_key)

    def look() -> None:
        with session_scope(phone.app.extensions["backtolife.engine"]) as db:
            person = db.get_one(Person, phone.person.id)
            services.check_recovery(db, person=person, code=code, sealing=sealing, now=phone.now)

    assert at_once(look) == 1


def test_who_uses_a_recovery_code_is_told_how_many_are_left_on_the_page_by_mail_and_on_record(phone: Phone) -> None:
    codes = phone.has_app()
    for left, code in zip(range(len(codes) - 1, -1, -1), codes, strict=True):
        browser = phone.app.test_client()
        phone.give_password(browser)
        page = browser.post("/staff/sign-in/recovery", data={"recovery": code}, follow_redirects=True)
        said = "That was your last recovery code" if left == 0 else f"You have {left} recovery code"
        assert said in page.get_data(as_text=True)
        phone.later(seconds=60)
    with session_scope(phone.app.extensions["backtolife.engine"]) as db:
        used = select(AuditEntry).where(AuditEntry.action == "recovery_code_used").order_by(col(AuditEntry.number))
        assert [each.detail["left"] for each in db.exec(used)] == list(range(len(codes) - 1, -1, -1))
        bodies = db.exec(
            select(OutgoingMessage.body).where(col(OutgoingMessage.body).contains("recovery code was"))
        ).all()
    assert sum("You have 9 left." in each for each in bodies) == 1


def test_wrong_codes_make_whoever_tries_wait_and_are_in_the_security_log(phone: Phone) -> None:
    phone.has_app()
    owner = phone.app.test_client()
    phone.give_password(owner)
    assert phone.give_code(phone.shows(), owner)[0] == IN
    owner.post("/sign-out")
    phone.later(minutes=1)
    phone.give_password()
    wrong = phone.shows(ago=timedelta(hours=3))
    with capture_logs() as lines:
        answers = [phone.give_code(wrong)[0] for _ in range(7)]
    assert answers == [WRONG] * 5 + [WAIT] * 2
    told = [line["what"] for line in lines if line["event"] == "security"]
    assert told == ["code_wrong"] * 5 + ["throttled"] * 2
    assert phone.person.email not in str(lines)
    assert wrong not in str(lines)
    assert phone.give_code(phone.shows())[0] == WAIT, "they wait also with the right one"
    assert phone.give_recovery("aaaaa-bbbbb")[0] == WAIT, "the other field is no way round"
    phone.give_password()
    assert phone.give_code(wrong)[0] == WAIT, "the password once more is no way round"
    phone.give_password(owner)
    assert phone.give_code(phone.shows(), owner)[0] == IN, "the owner's own browser does not wait for others"


def test_after_the_wait_the_right_code_works(phone: Phone) -> None:
    phone.has_app()
    phone.give_password()
    for _ in range(6):
        phone.give_code(phone.shows(ago=timedelta(hours=3)))
    phone.later(seconds=11)
    assert phone.give_code(phone.shows())[0] == IN


def test_a_password_given_more_than_ten_minutes_ago_or_changed_since_is_asked_for_again(phone: Phone) -> None:
    phone.has_app()
    phone.give_password()
    phone.later(minutes=11)
    assert phone.give_code(phone.shows()) == (IN, "/staff/sign-in")
    assert AGAIN in phone.browser.get("/staff/sign-in").text
    phone.give_password()
    with session_scope(phone.app.extensions["backtolife.engine"]) as db:
        db.get_one(Person, phone.person.id).password_hash = hash_password("another orchard pebble")
    assert phone.give_code(phone.shows()) == (IN, "/staff/sign-in")
    assert not phone.is_in()


def test_without_the_password_there_is_no_page_for_a_code(phone: Phone) -> None:
    phone.has_app()
    assert phone.browser.get("/staff/sign-in/code").headers["Location"] == "/staff/sign-in"
    assert phone.give_code(phone.shows()) == (IN, "/staff/sign-in")
    assert not phone.is_in()


def test_a_recovery_code_lets_in_once_and_its_owner_hears_of_it(
    phone: Phone, outgoing: Callable[[], list[str]]
) -> None:
    codes = phone.has_app()
    phone.give_password()
    assert phone.give_recovery(codes[0].upper().replace("-", " "))[0] == IN
    assert "You have 9 recovery codes left" in phone.browser.get("/your-details").text
    assert outgoing() == ["How you sign in was changed"]
    other = phone.app.test_client()
    phone.give_password(other)
    status, page = phone.give_recovery(codes[0], other)
    assert (status, services.WRONG_RECOVERY in page) == (WRONG, True)
    assert not phone.is_in(other)


def test_a_code_of_somebody_else_opens_nothing(phone: Phone) -> None:
    phone.has_app()
    mine = phone.shows()
    with session_scope(phone.app.extensions["backtolife.engine"]) as db:
        from backtolife.people.models import Role
        from tests.support.factories import Factory

        other = Factory(db, phone.now).person(Factory(db, phone.now).service(), Role.FACILITATOR, "Other")
        other.email = "other@example.org"
        other.password_hash = hash_password(PASSWORD)
    theirs = Phone(phone.app, other, phone.now)
    codes = theirs.has_app()
    theirs.give_password()
    assert theirs.give_code(mine)[0] == WRONG
    phone.give_password()
    assert phone.give_recovery(codes[0])[0] == WRONG


def test_what_is_kept_gives_away_no_code(phone: Phone) -> None:
    codes = phone.has_app()
    with session_scope(phone.app.extensions["backtolife.engine"]) as db:
        row = db.exec(select(Authenticator)).one()
        kept = [row.secret_closed, *(each.code_mark for each in db.exec(select(RecoveryCode)))]
        assert phone.secret not in str(kept)
        assert not any(code in str(kept) or code.replace("-", "") in str(kept) for code in codes)
        assert len(kept) == 11


def test_a_link_to_choose_a_password_is_no_way_round_the_code(phone: Phone) -> None:
    from backtolife.people.models import LinkPurpose
    from backtolife.people.signing_in import signin

    phone.has_app()
    with session_scope(phone.app.extensions["backtolife.engine"]) as db:
        person = db.get_one(Person, phone.person.id)
        token = signin.issue_link(db, person=person, purpose=LinkPurpose.PASSWORD_RESET, now=phone.now).token
    answer = phone.browser.post(f"/staff/reset/{token}", data={"password": "another orchard pebble"})
    assert answer.headers["Location"] == "/staff/sign-in/code"
    assert not phone.is_in()
    with session_scope(phone.app.extensions["backtolife.engine"]) as db:
        assert not db.exec(select(SignedIn).where(SignedIn.person_id == phone.person.id)).all()
