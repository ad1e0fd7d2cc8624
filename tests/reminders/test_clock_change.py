"""In the night in which the clocks change a scheduler sleeps for an hour: what was due goes once, and nothing twice."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from backtolife.config import Settings
from backtolife.database.session import session_scope
from backtolife.mail.all_waiting import send_waiting
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import OutgoingMessage
from backtolife.people.models import Person
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.cohorts.telling import tell
from backtolife.reminders.services import remind
from tests.support.factories import Factory

BACK, FORWARD = datetime(2026, 10, 25, 1, tzinfo=UTC), datetime(2026, 3, 8, 7, tzinfo=UTC)
TICK, HOUR = timedelta(minutes=20), timedelta(hours=1)


@pytest.mark.parametrize(
    ("zone", "change", "eight"),
    [
        ("Europe/London", BACK, "2026-10-25T08:00+00:00"),
        ("America/New_York", FORWARD, "2026-03-08T08:00-04:00"),
    ],
)
def test_each_message_of_that_night_goes_once_and_at_its_hour_on_the_wall(
    engine: Engine, settings: Settings, zone: str, change: datetime, eight: str
) -> None:
    """An hour before one session begins while nobody is awake; another begins at ten in the morning; and a text from
    late in the evening waits for eight o'clock.
    """
    evening, morning = change - 4 * HOUR, datetime.fromisoformat(eight).astimezone(UTC)
    with session_scope(engine) as db:
        make = Factory(db, evening - timedelta(days=14))
        service = make.service()
        cohort = make.cohort(service, first_day=morning.date())
        service.zone = cohort.zone = zone
        by_mail, by_text = (db.get_one(Person, make.enrolment(cohort).person_id) for _ in range(2))
        by_text.channel, by_text.phone = Channel.SMS, "07700 900123"
        in_the_night, at_ten, *_ = dates_of(db, cohort.id)
        for date, starts in ((in_the_night, change + 1.5 * HOUR), (at_ten, morning + 2 * HOUR)):
            date.starts_at, date.ends_at = starts, starts + HOUR
        tell(db, person=by_text, cohort=cohort, template="place-ended", key="from-the-evening", values={}, now=evening)
    moment, went = evening, 0
    while moment < morning + 2 * HOUR:
        if not change <= moment < change + HOUR:
            remind(engine, settings, moment)
            went += send_waiting(engine, settings, now=moment)
        moment += TICK
    with session_scope(engine) as db:
        rows = db.exec(select(OutgoingMessage).where(OutgoingMessage.service_id == service.id)).all()
    hours = Counter((each.key.rpartition(":")[0] or each.key, to_minute(each.sent_at)) for each in rows)
    assert hours == {
        (f"reminder-1h:{in_the_night.id}:{in_the_night.starts_at:%Y%m%d%H%M}", change + HOUR): 2,
        (f"reminder-1h:{at_ten.id}:{at_ten.starts_at:%Y%m%d%H%M}", morning + HOUR): 2,
        ("questionnaire-due:baseline", morning): 2,
        ("from-the-evening", morning): 1,
    }
    assert went == len(rows) == 7, "each left once"
    assert by_mail.id in {each.person_id for each in rows}


def to_minute(moment: datetime | None) -> datetime | None:
    return moment.replace(second=0, microsecond=0) if moment is not None else None
