"""A page of the room learns from each answer to "state" which release the server runs."""

from datetime import datetime

from flask import Flask
from sqlmodel import Session

from backtolife.release import release
from backtolife.sessions.joining import page_data
from tests.support.sessions.gathering import gather
from tests.support.sessions.hall import ask, open_hall


def test_every_page_of_the_room_carries_the_release_it_was_loaded_with(db: Session, now: datetime) -> None:
    group = gather(db, now)
    for made in (page_data.for_patients, page_data.for_staff):
        data = made(db, group_session=group.group_session, media_url="", two_rooms=False)
        assert data["release"] == release()


def test_a_page_hears_at_each_coming_which_release_runs_also_in_the_waiting_room(app: Flask) -> None:
    with open_hall(app) as hall:
        hall.sit(hall.group.patients[0])
        for person in (hall.group.lead, hall.group.patients[0]):
            assert ask(hall.connect(person), "state")["release"] == release()
