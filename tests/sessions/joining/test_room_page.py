"""What the page of the live room carries for its scripts."""

from datetime import datetime

from sqlmodel import Session

from backtolife.sessions.joining import page_data
from backtolife.sessions.joining.room_page import RoomPage, StaffPage
from tests.support.sessions.gathering import gather
from tests.support.shapes import misfits


def test_it_carries_what_the_types_say(db: Session, now: datetime) -> None:
    group = gather(db, now)
    for made, kind in ((page_data.for_patients, RoomPage), (page_data.for_staff, StaffPage)):
        data = made(db, group_session=group.group_session, media_url="", two_rooms=False)
        assert misfits(data, kind) == []


def test_facilitators_are_told_more_of_each_section_and_who_is_on_the_list(db: Session, now: datetime) -> None:
    group = gather(db, now, ("Zoe", "Ada"))
    staff = page_data.for_staff(db, group_session=group.group_session, media_url="", two_rooms=False)
    patient = page_data.for_patients(db, group_session=group.group_session, media_url="", two_rooms=False)
    assert [{**section, "notes": ""} for section in patient["sections"]] == [
        {**section, "notes": ""} for section in staff["sections"]
    ]
    assert all(section["notes"] for section in staff["sections"])
    assert [listed["person"] for listed in staff["roster"]] == [
        person.id for person in sorted(group.patients, key=lambda person: person.full_name)
    ]
    assert "roster" not in patient
