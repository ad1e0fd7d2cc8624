"""What somebody reads who has left a group and opens an old link: what happened, and whom to call."""

from sqlmodel import col, select

from backtolife.clock import in_zone
from backtolife.database.session import Db
from backtolife.errors import NotFound
from backtolife.people.models import Service
from backtolife.people.names import isolated
from backtolife.programme.cohorts.models import Cohort, Enrolment, EnrolmentChange
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.text.catalogues.worded import worded

HAS_LEFT = worded("You have left the group")


class HasLeft(NotFound):
    """Somebody asks for what was theirs while they were in the group."""


def left_words(db: Db, *, person_id: str, cohort_id: str = "") -> str:
    """That this person has left the group (the last one they left, where none is named), since when, and whom to call.

    Empty for somebody who has not.
    """
    wanted = (
        select(Enrolment, Cohort, EnrolmentChange)
        .join(Cohort, col(Cohort.id) == col(Enrolment.cohort_id))
        .join(EnrolmentChange, col(EnrolmentChange.enrolment_id) == col(Enrolment.id))
        .where(
            Enrolment.person_id == person_id,
            Enrolment.state == EnrolmentState.WITHDRAWN,
            EnrolmentChange.state == EnrolmentState.WITHDRAWN,
        )
    )
    if cohort_id:
        wanted = wanted.where(Enrolment.cohort_id == cohort_id)
    found = db.exec(wanted.order_by(col(EnrolmentChange.at).desc())).first()
    if found is None:
        return ""
    place, cohort, change = found
    phone = db.get_one(Service, place.service_id).phone
    gaps = {"group": isolated(cohort.name), "day": in_zone(change.at, cohort.zone).date(), "phone": phone}
    if place.agreed_later:
        return worded(
            "You left your group, %(group)s, on %(day)s. Thank you for the time you gave it. If you did not ask to "
            "leave, or would like to come back, please call us on %(phone)s. "
            "We may still ask you now and then how you are, as you agreed. You can say no at any time.",
            **gaps,
        )
    return worded(
        "You left your group, %(group)s, on %(day)s. Thank you for the time you gave it. If you did not ask to leave, "
        "or would like to come back, please call us on %(phone)s.",
        **gaps,
    )
