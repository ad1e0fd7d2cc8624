"""What a companion is told, by which way, and when nothing is said."""

from datetime import datetime, timedelta

import pytest
from icalendar import Calendar
from sqlmodel import Session

from backtolife.config import Settings
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState
from backtolife.people.models import Person
from backtolife.programme.changes.models import ChangeKind
from backtolife.programme.changes.wishes import Wish
from backtolife.programme.cohorts.enrolment import enrolled_in
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.cohorts.services import dates_of, to_come
from backtolife.programme.companions import letters
from backtolife.programme.plan.loading import shipped
from backtolife.programme.plan.message_text import HEALTH_WORDS
from backtolife.sessions.guests.reach import NOWHERE, Reach
from tests.programme.changes.desk import SENDER, WEDNESDAY, Desk, desk_of
from tests.programme.companions.booking import LINK, MAIL, TEXT, booked, send_all, to
from tests.support.factories import Factory


@pytest.fixture
def desk(make: Factory, db: Session, settings: Settings, now: datetime) -> Desk:
    return desk_of(make, db, settings, now)


@pytest.fixture
def place(desk: Desk) -> Enrolment:
    """Ann's."""
    return enrolled_in(desk.db, desk.cohort.id)[0][0]


def over(desk: Desk, place: Enrolment, person: Person, cause: str = "c", now: datetime | None = None) -> int:
    knew = letters.who_knows(desk.db, [person])
    return letters.tell_over(desk.db, place=place, people=knew, cause=cause, sender=SENDER, now=now or desk.now)


def again(desk: Desk, place: Enrolment, person: Person) -> int:
    return letters.tell_again(desk.db, place=place, people=[person], sender=SENDER, now=desk.now + timedelta(minutes=5))


def test_the_link_comes_with_the_dates_and_stands_in_no_calendar(desk: Desk, make: Factory, place: Enrolment) -> None:
    olga = booked(make, place)
    [letter] = to(desk.db, olga)
    assert (letter.channel, letter.address, letter.urgent) == (Channel.EMAIL, "olga@example.org", True)
    assert LINK in letter.body
    assert "guest" not in letter.calendar
    assert len(Calendar.from_ical(letter.calendar).walk("VEVENT")) == 9
    assert "Ann" not in letter.body + letter.subject + letter.calendar
    assert not HEALTH_WORDS.search(letter.subject)


def test_the_link_fits_whole_into_one_text(desk: Desk, make: Factory, place: Enrolment) -> None:
    [letter] = to(desk.db, booked(make, place, "Pia", TEXT))
    assert (letter.channel, letter.address) == (Channel.SMS, "+447700900131")
    assert LINK in letter.text
    assert len(letter.text) <= 160


def test_each_change_is_told_once_and_is_the_same_entry_one_step_on(
    desk: Desk, make: Factory, place: Enrolment
) -> None:
    olga = booked(make, place)
    change = desk.change(WEDNESDAY)
    desk.tell(change)
    desk.change(Wish(ChangeKind.LEFT_OUT, 2))
    desk.change(Wish(ChangeKind.BROUGHT_BACK, 2))
    desk.change(Wish(ChangeKind.BREAK, 7, weeks=1))
    found = [each for each in to(desk.db, olga) if not each.key.startswith("companion-booked")]
    kinds = sorted(each.key.split(":")[0] for each in found)
    assert kinds == ["companion-dates-moved", "companion-left-out", "companion-moved", "companion-on-again"]
    second = dates_of(desk.db, desk.cohort.id)[1]
    steps = {}
    for each in found:
        for event in Calendar.from_ical(each.calendar).walk("VEVENT"):
            if event["UID"] == f"{second.id}-{olga.id}@backtolife":
                steps[each.key.split(":")[0]] = int(event["SEQUENCE"])
    assert steps == {"companion-moved": 1, "companion-left-out": 2, "companion-on-again": 3}


def test_who_sits_beside_somebody_of_another_group_hears_nothing(desk: Desk, make: Factory) -> None:
    other = make.enrolment(make.cohort(make.service()))
    olga = booked(make, other)
    desk.change(WEDNESDAY)
    assert len(to(desk.db, olga)) == 1


def test_who_never_had_their_link_hears_of_no_new_date_and_is_sent_a_new_link(
    desk: Desk, make: Factory, place: Enrolment
) -> None:
    olga = booked(make, place)
    [link] = to(desk.db, olga)
    link.state, link.body = MessageState.FAILED, ""
    desk.db.flush()
    desk.change(WEDNESDAY)
    [fresh] = to(desk.db, olga)
    assert fresh.key.startswith("companion-booked:")
    assert (fresh.id != link.id, fresh.state) == (True, MessageState.WAITING)
    assert "/guest/" in fresh.body
    assert LINK not in fresh.body


def test_whom_we_can_write_to_nowhere_is_a_call_to_make(desk: Desk, make: Factory, place: Enrolment) -> None:
    nobody = booked(make, place, "Pat", NOWHERE)
    landline = booked(make, place, "Lin", Reach("", "01632 960001", texts=True))
    desk.change(WEDNESDAY)
    [told], [rung] = to(desk.db, nobody), to(desk.db, landline)
    assert (told.channel, told.state, told.address) == (Channel.TELEPHONE, MessageState.WAITING, "")
    assert (rung.channel, rung.address) == (Channel.TELEPHONE, "01632 960001")


def test_without_texts_a_mobile_number_is_a_number_to_ring() -> None:
    assert Reach("", "07700 900131", texts=False).channel is Channel.TELEPHONE
    assert TEXT.channel is Channel.SMS
    assert MAIL.channel is Channel.EMAIL


@pytest.mark.parametrize("reach", [MAIL, TEXT])
def test_the_end_is_told_once_in_the_same_words_for_everything(
    desk: Desk, make: Factory, place: Enrolment, reach: Reach
) -> None:
    olga = booked(make, place, reach=reach)
    assert over(desk, place, olga) == 1
    assert over(desk, place, olga) == 0
    [letter] = to(desk.db, olga, "companion-ended")
    assert (letter.urgent, letter.channel) == (False, reach.channel)
    assert "has ended" in letter.body
    assert letter.calendar.count("STATUS:CANCELLED") == 9
    for word in ("died", "death", "withdr", "left", "Ann"):
        assert word not in letter.body + letter.text + letter.subject


def test_nobody_hears_of_the_end_of_what_they_never_heard_of(desk: Desk, make: Factory, place: Enrolment) -> None:
    olga = booked(make, place)
    [link] = to(desk.db, olga)
    link.state, link.tries = MessageState.WAITING, 0
    assert over(desk, place, olga) == 0
    link.tries = 1
    assert over(desk, place, olga) == 1, "it may be on its way at this moment"


def test_after_the_last_session_there_is_no_end_to_tell(desk: Desk, make: Factory, place: Enrolment) -> None:
    olga = booked(make, place)
    last = dates_of(desk.db, desk.cohort.id)[-1].ends_at + timedelta(minutes=1)
    assert over(desk, place, olga, now=last) == 0


def test_who_heard_of_the_end_hears_that_they_come_after_all(desk: Desk, make: Factory, place: Enrolment) -> None:
    olga = booked(make, place)
    over(desk, place, olga, now=desk.now + timedelta(minutes=1))
    send_all(desk.db, olga)
    assert again(desk, place, olga) == 1
    assert again(desk, place, olga) == 0
    [letter] = to(desk.db, olga, "companion-back")
    assert letter.calendar.count("STATUS:CONFIRMED") == len(to_come(desk.db, desk.cohort.id, desk.now))
    send_all(desk.db, olga)
    assert over(desk, place, olga, "another", desk.now + timedelta(minutes=9)) == 1


def test_an_end_that_did_not_go_yet_goes_no_more(desk: Desk, make: Factory, place: Enrolment) -> None:
    olga = booked(make, place)
    over(desk, place, olga)
    assert again(desk, place, olga) == 0
    assert to(desk.db, olga, "companion-ended") == []
    assert over(desk, place, olga) == 1, "the same cause can be told again"


def test_in_another_group_the_old_dates_go_and_the_new_ones_come(desk: Desk, make: Factory, place: Enrolment) -> None:
    olga = booked(make, place)
    other = make.cohort(make.service(), "Later")
    before, place.cohort_id = desk.cohort, other.id
    told = letters.tell_other_group(
        desk.db, place=place, before=before, move_id="m", people=[olga], sender=SENDER, now=desk.now
    )
    [letter] = to(desk.db, olga, "companion-group")
    statuses = [str(each["STATUS"]) for each in Calendar.from_ical(letter.calendar).walk("VEVENT")]
    assert (told, statuses) == (1, ["CANCELLED"] * 9 + ["CONFIRMED"] * 9)


def test_no_message_to_a_companion_says_what_the_group_is_for_or_whose_it_is() -> None:
    found = [each for each in shipped().messages.values() if each.id.startswith("companion-")]
    assert len(found) == 8
    for each in found:
        for words in (each.subject, *each.bodies.values()):
            assert not HEALTH_WORDS.search(words), each.id
