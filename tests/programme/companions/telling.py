"""Everything that a companion can be told, each thing twice."""

from datetime import date, time, timedelta

from backtolife.people.models import Service
from backtolife.programme.changes.models import ChangeKind
from backtolife.programme.changes.wishes import Wish
from backtolife.programme.companions import letters as companions
from tests.programme.changes.desk import SENDER, Desk
from tests.programme.companions.booking import booked, send_all
from tests.support.factories import FIRST_DAY, Factory


def companions_are_told(desk: Desk, make: Factory) -> None:
    """Somebody is booked beside a patient; dates change, the place ends and comes back, and moves on, each once."""
    place = make.enrolment(desk.cohort, "Gus")
    olga = booked(make, place)
    for minute, wish in enumerate(
        (
            Wish(ChangeKind.MOVED, 6, date(2026, 4, 15), time(10)),
            Wish(ChangeKind.LEFT_OUT, 6),
            Wish(ChangeKind.BROUGHT_BACK, 6),
            Wish(ChangeKind.BREAK, 8, weeks=1),
        ),
        start=30,
    ):
        desk.tell(desk.change(wish, desk.now + timedelta(minutes=minute)))
    about = {"place": place, "people": [olga], "sender": SENDER}
    for _ in range(2):
        companions.tell_over(desk.db, cause="c", now=desk.now + timedelta(hours=1), **about)  # type: ignore[arg-type]
    send_all(desk.db, olga)
    for _ in range(2):
        companions.tell_again(desk.db, now=desk.now + timedelta(hours=2), **about)  # type: ignore[arg-type]
    service = desk.db.get_one(Service, desk.cohort.service_id)
    other = make.cohort(service, "Later still", first_day=FIRST_DAY + timedelta(days=2), wall_time=time(15))
    before, place.cohort_id = desk.cohort, other.id
    for _ in range(2):
        companions.tell_other_group(desk.db, before=before, move_id="m", now=desk.now, **about)  # type: ignore[arg-type]
    place.cohort_id = before.id
