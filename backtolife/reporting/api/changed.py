"""Which rows of a resource came or changed since a moment, so that a program need not read everything each night."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_
from sqlmodel import col, select

from backtolife.outcomes.forms.models import Reopening
from backtolife.outcomes.models import Answer, GivenAnswer, InstrumentResponse, Score
from backtolife.programme.cohorts.models import Enrolment, EnrolmentChange
from backtolife.reporting.api.resources import PEOPLE, Resource


def changed_since(resource: Resource, since: datetime) -> ColumnElement[bool]:
    """The condition. What counts is when something reached us, not when a device that was offline says it was given."""
    if resource is PEOPLE:
        change = EnrolmentChange
        moved = select(change.id).where(change.enrolment_id == Enrolment.id, change.at >= since)
        return or_(col(Enrolment.enrolled_at) >= since, exists(moved))
    if resource.rows_of is Score:
        return col(Score.scored_at) >= since
    arrived = select(GivenAnswer.id).where(
        GivenAnswer.response_id == InstrumentResponse.id, GivenAnswer.arrived_at >= since
    )
    if resource.rows_of is Answer:
        return exists(arrived.where(GivenAnswer.item == Answer.item))
    form = InstrumentResponse
    times = [col(each) >= since for each in (form.opened_at, form.completed_at, form.entered_at)]
    again = select(Reopening.id).where(Reopening.response_id == form.id, Reopening.at >= since)
    return or_(*times, exists(arrived), exists(again))


def exists(wanted: Any) -> ColumnElement[bool]:
    found: ColumnElement[bool] = wanted.exists()
    return found
