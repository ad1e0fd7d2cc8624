"""One page of a resource, from one service, put on record."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, or_, select, tuple_
from sqlmodel import col

from backtolife import audit
from backtolife.database.session import Db
from backtolife.outcomes.asking.extending import extended, windows_of_each
from backtolife.outcomes.asking.schedule import Ask, asks_of
from backtolife.outcomes.models import AdoptedInstrument, Answer, InstrumentResponse
from backtolife.people.access import Client, authorise_client
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.reporting.api.changed import changed_since
from backtolife.reporting.api.paging import Wanted, cursor_of
from backtolife.reporting.api.resources import PEOPLE, Resource
from backtolife.reporting.dataset.invited import invited_at, stays_of
from backtolife.reporting.export.csv_cells import moment_text


@dataclass(frozen=True)
class Page:
    """Rows as they go out, and the cursor of the page after; None on the last."""

    rows: list[dict[str, Any]]
    next_cursor: str | None


def page(db: Db, *, client: Client, resource: Resource, wanted: Wanted, now: datetime) -> Page:
    """The page, put on record with how many rows it holds. Raises NotPermitted."""
    authorise_client(client, resource.scope, client)
    given = [field for field in resource.fields if field.source is not None]
    sources = {field.name: field.source for field in given}
    key = [sources[name] for name in resource.key]
    statement = joined(select(*sources.values(), col(Enrolment.id).label("place")), resource)
    statement = statement.where(col(Enrolment.service_id) == client.service_id)
    for name, value in wanted.filters.items():
        statement = statement.where(sources[name] == value)
    if wanted.since is not None:
        statement = statement.where(changed_since(resource, wanted.since))
    if wanted.after is not None:
        statement = statement.where(*beyond(key, wanted.after))
    found = db.execute(statement.order_by(*key).limit(wanted.limit + 1)).all()
    rows = [dict(zip(sources, row, strict=False)) for row in found[: wanted.limit]]
    work_out(db, resource, rows, found, now)
    after = cursor_of([rows[-1][name] for name in resource.key]) if len(found) > wanted.limit else None
    audit.record(
        db,
        actor=client,
        action="api_read",
        subject_type="service",
        subject_id=client.service_id,
        now=now,
        what=resource.name,
        rows=len(rows),
    )
    order = [field.name for field in resource.fields]
    return Page([{name: row[name] for name in order} for row in rows], after)


def beyond(key: Sequence[Any], after: tuple[str, ...]) -> list[ColumnElement[bool]]:
    """Rows after this one. The first condition says nothing new, but lets the database begin at that person."""
    return [key[0] >= after[0], tuple_(*key) > tuple_(*after)]


def joined(statement: Any, resource: Resource) -> Any:
    """The tables a resource needs, each joined to the one before."""
    statement = statement.select_from(Enrolment).join(Cohort, col(Cohort.id) == col(Enrolment.cohort_id))
    if resource is PEOPLE:
        return statement
    form = InstrumentResponse
    statement = statement.join(form, col(form.enrolment_id) == col(Enrolment.id))
    statement = statement.join(AdoptedInstrument, col(AdoptedInstrument.id) == col(form.adopted_id))
    if resource.rows_of is None:
        return statement
    statement = statement.join(resource.rows_of, col(resource.rows_of.response_id) == col(form.id))
    stands = or_(col(Answer.value).is_not(None), col(Answer.words) != "")
    return statement.where(stands) if resource.rows_of is Answer else statement


def work_out(db: Db, resource: Resource, rows: list[dict[str, Any]], found: Sequence[Row[Any]], now: datetime) -> None:
    """Fill in what no column holds: when somebody left, and when questions opened to them. Empty words are null."""
    names = {field.name for field in resource.fields if field.source is None}
    if names:
        places = {row.place for row in found}
        wanted = select(Enrolment).where(col(Enrolment.id).in_(places))
        people = {each.id: each for each in db.execute(wanted).scalars()}
        stays = stays_of(db, people.values())
        asks = asks_by_place(db, people.values()) if "invited_at" in names else {}
        for row, source in zip(rows, found, strict=False):
            person = people[source.place]
            stay = stays[person.id]
            row["left_at"] = moment_text(stay.left_at) or None
            ask = asks.get(person.id, {}).get(row.get("milestone", ""))
            row["invited_at"] = (moment_text(invited_at(stay, ask, now)) or None) if ask else None
    for row in rows:
        if "words" in row:
            row["words"] = row["words"] or None


def asks_by_place(db: Db, people: Collection[Enrolment]) -> dict[str, dict[str, Ask]]:
    """What is asked of each of these, with the window as it is for them, by place and milestone."""
    together: dict[str, list[Enrolment]] = {}
    for each in people:
        together.setdefault(each.cohort_id, []).append(each)
    found: dict[str, dict[str, Ask]] = {}
    for cohort_id, places in together.items():
        asks = asks_of(db, db.get_one(Cohort, cohort_id))
        until = windows_of_each(db, places, asks)
        for place in places:
            longer = until.get(place.id, {})
            found[place.id] = {ask.id: extended(ask, longer.get(ask.id)) for ask in asks}
    return found
