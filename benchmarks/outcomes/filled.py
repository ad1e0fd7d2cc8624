"""A service with as many answers as a benchmark wants, put straight into a SQLite database.

A million rows are too many to make objects of: they are plain dictionaries, written a group at a time.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Table
from sqlmodel import Session, SQLModel

from backtolife.database.session import metadata, open_engine
from backtolife.outcomes.asking.schedule import asks_of
from backtolife.outcomes.catalogue.shipped import load_instrument
from backtolife.outcomes.catalogue.wording import Question, wording
from backtolife.outcomes.forms.adoption import adopt
from backtolife.outcomes.models import AdoptedInstrument, Answer, InstrumentResponse, Mode, Score
from backtolife.people.access import System
from backtolife.people.models import Channel, Person, Role
from backtolife.people.roles import acting_as
from backtolife.people.services import add_person, open_service
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.cohorts.services import CohortPlan, create_cohort
from backtolife.programme.plan.loading import shipped

BEGAN = datetime(2018, 1, 1, 9, tzinfo=UTC)
NOW = datetime(2026, 1, 1, 9, tzinfo=UTC)
"""By now every window of every group is over."""
IN_A_GROUP = 14
Rows = dict[type[SQLModel], list[dict[str, Any]]]


def fill(path: Path, answers: int, chance: random.Random) -> str:
    """Make a database at `path` whose one service holds exactly `answers` answers; returns the service's id."""
    engine = open_engine(f"sqlite:///{path}")
    metadata.create_all(engine)
    with Session(engine, expire_on_commit=False) as db:
        service = open_service(db, name="Big", short_name="Big", phone="01632 960000", zone="Europe/London", now=BEGAN)
        lead = add_person(
            db,
            actor=System("benchmark", service.id),
            roles={Role.SERVICE_LEAD},
            email="lead@example.org",
            full_name="Lead",
            shown_name="Lead",
            now=BEGAN,
        )
        pinned = {name: adopt(db, service_id=service.id, instrument=name, now=BEGAN) for name in asked()}
        number = 0
        while answers > 0:
            cohort = a_group(db, lead, number)
            rows = filled_group(db, cohort, pinned, chance=chance, number=number, most=answers)
            for table, values in rows.items():
                if values:
                    db.connection().execute(table_of(table).insert(), values)
            answers -= len(rows[Answer])
            number += 1
            db.expunge_all()
        db.commit()
        db.connection().exec_driver_sql("ANALYZE")
    engine.dispose()
    return service.id


def table_of(kind: type[SQLModel]) -> Table:
    return metadata.tables[str(kind.__tablename__)]


def an_id(chance: random.Random) -> str:
    """Like `new_id`, an eighth of its price, and the same in every run."""
    return f"{chance.getrandbits(128):032x}"


def asked() -> list[str]:
    plan = shipped()
    return [*plan.instrument_ids, *plan.instrument_fallback.values()]


def a_group(db: Session, lead: Person, number: int) -> Cohort:
    first_day = (BEGAN + timedelta(days=number % 2000)).date()
    plan = CohortPlan(f"Group {number}", "weekly", first_day, (first_day.weekday(),), time(10), "Europe/London", 14)
    return create_cohort(db, actor=acting_as(db, lead), plan=plan, now=BEGAN)


def filled_group(
    db: Session,
    cohort: Cohort,
    pinned: dict[str, AdoptedInstrument],
    *,
    chance: random.Random,
    number: int,
    most: int,
) -> Rows:
    """Fourteen people who answered nearly everything, with at most `most` answers."""
    rows: Rows = {Person: [], Enrolment: [], InstrumentResponse: [], Answer: [], Score: []}
    asks = asks_of(db, cohort)
    for place in range(IN_A_GROUP):
        who = a_person(cohort, f"{number:05}{place:02}")
        at = BEGAN + timedelta(days=1)
        enrolment = Enrolment(
            service_id=cohort.service_id,
            cohort_id=cohort.id,
            person_id=who.id,
            code=f"P{number:05}{place:02}",
            state=EnrolmentState.COMPLETED,
            enrolled_at=at,
        )
        rows[Person].append(who.model_dump())
        rows[Enrolment].append(enrolment.model_dump())
        for ask in asks:
            for name in ask.instruments:
                if len(rows[Answer]) < most and chance.random() < 0.9:
                    add_form(rows, enrolment, ask.id, pinned[name], opened=ask.opens_at, most=most, chance=chance)
    return rows


def a_person(cohort: Cohort, mark: str) -> Person:
    return Person(
        service_id=cohort.service_id,
        roles={Role.PATIENT},
        email=f"p{mark}@example.org",
        full_name=f"Person {mark}",
        shown_name="Person",
        channel=Channel.EMAIL,
        created_at=BEGAN,
    )


def add_form(
    rows: Rows,
    enrolment: Enrolment,
    milestone: str,
    adopted: AdoptedInstrument,
    *,
    opened: datetime,
    most: int,
    chance: random.Random,
) -> None:
    at = opened.astimezone(UTC) + timedelta(minutes=chance.randrange(5000), microseconds=chance.randrange(10**6))
    form, service = an_id(chance), enrolment.service_id
    done = at + timedelta(minutes=3)
    rows[InstrumentResponse].append(
        {
            "id": form,
            "service_id": service,
            "enrolment_id": enrolment.id,
            "milestone_id": milestone,
            "instrument": adopted.instrument,
            "adopted_id": adopted.id,
            "opened_at": at,
            "started_at": at + timedelta(seconds=9),
            "completed_at": done,
            "mode": Mode.SELF,
            "proxy": "",
        }
    )
    for place, question in enumerate(wording(adopted.instrument).questions):
        if len(rows[Answer]) >= most:
            return
        value, words = answer_to(question, chance)
        rows[Answer].append(
            {
                "id": an_id(chance),
                "service_id": service,
                "response_id": form,
                "item": question.id,
                "value": value,
                "words": words,
                "answered_at": at + timedelta(seconds=10 + 7 * place),
                "client_key": question.id,
            }
        )
    rows[Score] += scores({"service_id": service, "response_id": form, "scored_at": done}, adopted, chance)


def answer_to(question: Question, chance: random.Random) -> tuple[int | None, str]:
    if question.kind == "text":
        return None, chance.choice(['She said: "you can", and I could.', "=1+1", "The group, the pace\nand the time."])
    if question.options:
        value = chance.choice(question.options).value
        return (value, "") if isinstance(value, int) else (None, value)
    return chance.randint(question.minimum or 0, question.maximum or 10), ""


def scores(common: dict[str, Any], adopted: AdoptedInstrument, chance: random.Random) -> Iterator[dict[str, Any]]:
    for scale in load_instrument(adopted.instrument).scales:
        yield common | {
            "id": an_id(chance),
            "scale": scale.id,
            "value": round(chance.uniform(scale.lowest, scale.highest), scale.places),
            "band": None,
            "missing": 0,
            "status": "scored",
        }
