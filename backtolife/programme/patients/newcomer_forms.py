"""What every form asks that adds somebody new: who they are, how they are reached, and, of somebody whom the service
knows already, what of it is right now.
"""

from collections.abc import Collection
from dataclasses import dataclass

from flask import request
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from backtolife.people.forms import VISIBLE, email_field, phone_field
from backtolife.people.identity.fields import IdentityForm
from backtolife.people.identity.systems import IdentifierSystem
from backtolife.people.models import Person
from backtolife.people.request import actor, db, now, sealing
from backtolife.programme.patients.newcomers import Difference, Known, Newcomer, differences, seen_of, take_over


class NewcomerForm(IdentityForm):
    """A patient whom the service may not know yet."""

    full_name = StringField("Full name", [InputRequired("Enter their full name"), VISIBLE, Length(max=120)])
    shown_name = StringField(
        "First name that the group sees", [InputRequired("Enter a first name"), VISIBLE, Length(max=40)]
    )
    email = email_field(required="Enter their e-mail address")
    phone = phone_field("Phone number", own=False)

    def newcomer(self, systems: Collection[IdentifierSystem]) -> Newcomer:
        return Newcomer(
            full_name=self.full_name.data or "",
            shown_name=self.shown_name.data or "",
            email=self.email.data or "",
            phone=self.phone.data or "",
            identity=self.identity,
            numbers=self.numbers(systems),
        )


@dataclass(frozen=True)
class Differs:
    """What was typed beside a known person and is not what we have; `seen` tells whether that is still what we have."""

    rows: list[Difference]
    seen: str


def what_differs(newcomer: Newcomer, known: Collection[Known]) -> dict[str, Differs]:
    """Of each patient who may be meant, by id. Raises Invalid for what cannot be kept."""
    today = now().date()
    return {
        each.person.id: Differs(
            differences(db(), person=each.person, newcomer=newcomer, sealing=sealing(), today=today),
            seen_of(db(), person=each.person, sealing=sealing()),
        )
        for each in known
        if each.person.is_patient
    }


def take_over_ticked(person: Person, newcomer: Newcomer) -> None:
    """Keep what was ticked beside the person who is meant. Raises Invalid or Conflict where it cannot be kept."""
    names = request.form.getlist(f"take-{person.id}")
    if names:
        seen = request.form.get(f"seen-{person.id}", "")
        take_over(
            db(), person=person, newcomer=newcomer, names=names, seen=seen, sealing=sealing(), actor=actor(), now=now()
        )
