"""A message about dates carries them: the same session for ever, one step on for each change, or cancelled."""

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from icalendar import Calendar
from sqlmodel import Session, select

from backtolife.config import Settings
from backtolife.mail.delivery import OutgoingMessage
from backtolife.mail.sending import to_email
from backtolife.people.models import Person, Service
from backtolife.programme.calendars.invitations import Sender, invitation
from backtolife.programme.changes.models import ChangeKind
from backtolife.programme.changes.wishes import Wish
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.cohorts.services import dates_of
from backtolife.reminders.services import remind_cohort
from tests.programme.changes.desk import WEDNESDAY, Desk
from tests.support.factories import Factory


def calendars(desk: Desk, template: str) -> list[Calendar]:
    return [Calendar.from_ical(each.calendar) for each in desk.mails(template)]


def test_each_change_is_the_same_session_one_step_on(desk: Desk) -> None:
    second = dates_of(desk.db, desk.cohort.id)[1]
    desk.change(WEDNESDAY)
    desk.change(Wish(ChangeKind.UNDONE, 0))
    desk.change(Wish(ChangeKind.LEFT_OUT, 2))
    desk.change(Wish(ChangeKind.BROUGHT_BACK, 2))
    found = [
        *calendars(desk, "cohort-moved"),
        *calendars(desk, "session-left-out"),
        *calendars(desk, "session-on-again"),
        *calendars(desk, "staff-dates-changed"),
    ]
    events = [(each["METHOD"], *each.walk("VEVENT")) for each in found]
    assert {event["UID"] for _, event in events} == {f"{second.id}@backtolife"}
    steps = {(method, int(event["SEQUENCE"]), str(event["STATUS"])) for method, event in events}
    assert steps == {
        ("REQUEST", 1, "CONFIRMED"),
        ("REQUEST", 2, "CONFIRMED"),
        ("CANCEL", 3, "CANCELLED"),
        ("REQUEST", 4, "CONFIRMED"),
    }


def test_everybody_gets_an_invitation_of_their_own(desk: Desk) -> None:
    desk.change(WEDNESDAY)
    mails = desk.mails("cohort-moved") + desk.mails("staff-dates-changed")
    told = {each.address: Calendar.from_ical(each.calendar) for each in mails}
    assert len(told) == 4
    for address, calendar in told.items():
        assert calendar.walk("VEVENT")[0]["ATTENDEE"] == f"mailto:{address}"


def test_many_moved_sessions_are_one_file_that_names_nobody(desk: Desk) -> None:
    desk.change(Wish(ChangeKind.BREAK, 7, weeks=1))
    for calendar in calendars(desk, "cohort-dates-moved"):
        assert (calendar["METHOD"], len(calendar.walk("VEVENT"))) == ("PUBLISH", 3)
        assert not any("ATTENDEE" in event for event in calendar.walk("VEVENT"))


def test_the_welcome_carries_all_dates_still_to_come(desk: Desk, settings: Settings) -> None:
    desk.change(Wish(ChangeKind.LEFT_OUT, 4))
    remind_cohort(desk.db, cohort_id=desk.cohort.id, settings=settings, now=desk.now)
    welcomes = calendars(desk, "welcome")
    assert len(welcomes) == 2
    numbers = [str(event["SUMMARY"])[-1] for event in welcomes[0].walk("VEVENT")]
    assert numbers == list("12356789")


def test_staff_read_which_group_it_is_and_nobody_reads_a_word_of_health(make: Factory, desk: Desk) -> None:
    service = desk.db.get_one(Service, desk.cohort.service_id)
    service.short_name, sender = "Pain Clinic", Sender("https://go.example.org", "Us <us@example.org>")
    jo = desk.db.exec(select(Person).where(Person.shown_name == "Jo")).one()
    ann = desk.db.exec(select(Person).where(Person.shown_name == "Ann")).one()
    titles = []
    for name in ("Mornings", "Back pain mornings"):
        desk.cohort.name = name
        for person in (jo, ann):
            file = invitation(
                dates_of(desk.db, desk.cohort.id)[:1],
                cohort=desk.cohort,
                service=service,
                person=person,
                links={},
                sender=sender,
                now=desk.now,
            )
            assert "pain" not in file.lower()
            titles.append(str(Calendar.from_ical(file).walk("VEVENT")[0]["SUMMARY"]))
    plain = "Online group, session 1"
    assert titles == [f"{plain}: Mornings", plain, plain, plain]


def mail_of(desk: Desk, template: str, settings: Settings) -> EmailMessage:
    [message, *_] = desk.mails(template)
    sent = to_email(message, settings, desk.now).as_bytes(policy=policy.SMTP)
    found = message_from_bytes(sent, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def test_an_invitation_stands_beside_the_words_and_as_a_file(desk: Desk, settings: Settings) -> None:
    desk.change(WEDNESDAY)
    mail = mail_of(desk, "cohort-moved", settings)
    words = mail.get_body(("plain",))
    assert words is not None
    assert "will now be on Wed 18 Mar" in words.get_content()
    [part] = [each for each in mail.walk() if each.get_content_type() == "text/calendar"]
    assert (part.get_param("method"), part.get_param("charset")) == ("REQUEST", "utf-8")
    [file] = mail.iter_attachments()
    assert file.get_filename() == "dates.ics"
    kept = desk.mails("cohort-moved")[0].calendar.encode()
    assert part.get_payload(decode=True) == file.get_content() == kept
    assert b"\r\n" in kept


def test_many_dates_are_a_file_alone(desk: Desk, settings: Settings) -> None:
    desk.change(Wish(ChangeKind.BREAK, 7, weeks=1))
    mail = mail_of(desk, "cohort-dates-moved", settings)
    [file] = mail.iter_attachments()
    assert (file.get_content_type(), file.get_param("method")) == ("text/calendar", "PUBLISH")
    assert file.get_filename() == "dates.ics"


def test_a_message_without_dates_is_plain(db: Session, make: Factory, settings: Settings, desk: Desk) -> None:
    assert db.exec(select(Enrolment)).first()
    message = OutgoingMessage(
        service_id=desk.cohort.service_id,
        key="x",
        address="a@example.org",
        subject="s",
        body="b",
        queued_at=desk.now,
        try_at=desk.now,
    )
    assert to_email(message, settings, desk.now).get_content_type() == "text/plain"


@pytest.mark.parametrize("template", ["cohort-moved", "staff-dates-changed", "session-left-out", "welcome"])
def test_the_words_speak_of_the_file(desk: Desk, settings: Settings, template: str) -> None:
    desk.change(WEDNESDAY)
    desk.change(Wish(ChangeKind.LEFT_OUT, 3))
    remind_cohort(desk.db, cohort_id=desk.cohort.id, settings=settings, now=desk.now)
    assert "calendar" in desk.mails(template)[0].body
