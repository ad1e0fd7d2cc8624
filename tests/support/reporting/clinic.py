"""What a service has that can compare remote with face to face: a file of its clinic's groups, and a margin."""

import random
from datetime import timedelta

from sqlmodel import Session, select

from backtolife.people.access import Actor
from backtolife.people.models import Person, Role, Service
from backtolife.people.roles import holding
from backtolife.reporting.face_to_face.importing import bring
from backtolife.reporting.face_to_face.margins import fix

MARGIN = 4.0


def clinic_file() -> str:
    """Twenty groups of six to twelve people each, alike within a group; some did not answer at the end."""
    dice = random.Random(7)
    lines = ["person,group,measure,milestone,start,score,wording"]
    for group in range(20):
        shared = dice.gauss(3.5, 1.2)
        for place in range(dice.randint(6, 12)):
            start = dice.randint(5, 22)
            score = max(0, min(24, round(start - dice.gauss(shared, 4))))
            end = "" if dice.random() < 0.15 else str(score)
            lines.append(f"F{group:02}{place:02},Clinic {group + 1},rmdq-24,end,{start},{end},official")
    return "\n".join(lines) + "\n"


def bring_the_clinic(db: Session, service: Service) -> None:
    """The margin was fixed before the first group began."""
    first = service.created_at + timedelta(hours=1)

    def of(role: Role) -> Actor:
        wanted = select(Person).where(Person.service_id == service.id, holding(role))
        return Actor(db.exec(wanted).one().id, service.id, frozenset({role}))

    plan = {"points": MARGIN, "sd": 5.0, "icc": 0.05, "group_size": 10.0}
    fix(
        db, actor=of(Role.CLINICAL_LEAD), instrument="rmdq-24", milestone="end", beside="own", plan=plan,
        source="Agreed for the check", now=first,
    )  # fmt: skip
    bring(
        db, actor=of(Role.SERVICE_LEAD), name="Clinic groups", source="Our own, before",
        content=clinic_file().encode(), now=first,
    )  # fmt: skip
