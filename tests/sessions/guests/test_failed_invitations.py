"""A guest's invitation that did not arrive keeps no key to the room, and gives way to a new link."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlmodel import select

from backtolife import clock
from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.mail.sending import Tried, keep
from backtolife.reminders.messages.what_became import NEW_LINK, what_became
from tests.support.sessions.hall import Hall, open_hall


@pytest.fixture
def hall(app: Flask) -> Iterator[Hall]:
    with open_hall(app) as opened:
        yield opened


def test_an_invitation_that_failed_keeps_no_key_and_goes_no_more_once_there_is_a_new_link(hall: Hall) -> None:
    lead, path = hall.browser(hall.group.lead), f"/sessions/{hall.group.group_session.id}/guests"
    lead.post(path, data={"name": "Eve", "role": "observer", "email": "eve@example.org"})
    with hall.database() as db:
        first = db.exec(select(OutgoingMessage)).one()
        keep(db, Tried(first, clock.now(), MessageState.FAILED, trouble="No such place."))
        db.commit()
        failed = db.get_one(OutgoingMessage, first.id)
        assert (failed.state, failed.body) == (MessageState.FAILED, "")
        assert what_became(failed, zone="Europe/London", now=clock.now()).words == f"No such place. {NEW_LINK}"
    lead.post(f"{path}/{first.person_id}/link")
    with hall.database() as db:
        (left,) = db.exec(select(OutgoingMessage).where(OutgoingMessage.person_id == first.person_id))
    assert (left.address, left.state, left.id != first.id) == ("eve@example.org", MessageState.WAITING, True)
