"""What the first page of staff will ask anyway, asked in one statement."""

from datetime import datetime

from backtolife.audit.checks import trouble
from backtolife.data_life.emergency.reviewing import how_many_to_review
from backtolife.database.asked_together import ask_together
from backtolife.database.session import Db
from backtolife.home.returning import returns_near
from backtolife.outcomes.safety.tasks import nobody_took
from backtolife.people.access import Actor, may
from backtolife.people.colleagues.yearly.services import review_is_due
from backtolife.people.models import Role
from backtolife.people.second_person.deciding import how_many_wait
from backtolife.programme.consent.texts import texts_of
from backtolife.programme.discharge.forgotten import groups_to_discharge
from backtolife.programme.places.dying import deaths_near
from backtolife.programme.places.offer_lists import open_offers
from backtolife.programme.staffing.unled import groups_that_lost_somebody


def ask_ahead(db: Db, *, actor: Actor, now: datetime) -> None:
    """Each of these counts, or reads few rows: what happened these days, or waits for somebody.

    The list of who waits for a place may be long: it is asked for alone.
    """
    ask_together(
        db,
        lambda: deaths_near(db, actor=actor, now=now),
        lambda: returns_near(db, actor=actor, now=now),
        lambda: groups_to_discharge(db, actor=actor, now=now),
        lambda: groups_that_lost_somebody(db, actor=actor, now=now),
        lambda: review_is_due(db, actor=actor, now=now),
        *((lambda: nobody_took(db, actor=actor),) if may(actor, "task.read", actor) else ()),
        *((lambda: texts_of(db, actor.service_id),) if may(actor, "consent.publish", actor) else ()),
        *((lambda: open_offers(db, actor=actor, now=now),) if may(actor, "place.read", actor) else ()),
        lambda: how_many_wait(db, actor=actor),
        lambda: how_many_to_review(db, actor=actor),
        *((lambda: trouble(db, actor.service_id, now=now),) if actor.holds(Role.ADMINISTRATOR) else ()),
    )
