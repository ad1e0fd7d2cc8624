"""The page that asks which of the people whom the service knows is meant, and what follows from the answer."""

from collections.abc import Collection
from dataclasses import dataclass

from flask import render_template, request

from backtolife.errors import BacktolifeError, Conflict
from backtolife.people.models import Person
from backtolife.people.request import actor, db, now, sealing
from backtolife.programme.patients.newcomer_forms import NewcomerForm
from backtolife.programme.patients.newcomers import (
    NOBODY,
    Difference,
    Known,
    Newcomer,
    add_newcomer,
    differences,
    groups_of,
    seen_of,
    take_over,
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


def ticked(person_id: str) -> list[str]:
    """Which differences were ticked beside this person: also by who went on to change what they typed."""
    return request.form.getlist(f"take-{person_id}")


def take_over_ticked(person: Person, newcomer: Newcomer) -> None:
    """Keep what was ticked beside the person who is meant. Raises Invalid or Conflict where it cannot be kept."""
    names = ticked(person.id)
    if names:
        seen = request.form.get(f"seen-{person.id}", "")
        take_over(
            db(), person=person, newcomer=newcomer, names=names, seen=seen, sealing=sealing(), actor=actor(), now=now()
        )


def ask_page(
    form: NewcomerForm, newcomer: Newcomer, known: Collection[Known], *, where: str, may_correct: bool, **shown: object
) -> str:
    """Who is meant? `where` says what they are added to; who `may_correct` is offered what differs to tick."""
    return render_template(
        "programme/patients/known.jinja",
        form=form,
        known=known,
        groups=groups_of(db(), people=[each.person for each in known], actor=actor()),
        differs=what_differs(newcomer, known) if may_correct else {},
        ticked={each.person.id: ticked(each.person.id) for each in known},
        nobody=NOBODY,
        where=where,
        **shown,
    )


def is_about_whom(error: BacktolifeError, chosen: str) -> bool:
    """Whether what was refused is said where they were asked who is meant: nothing that was typed has to change."""
    return bool(chosen) and isinstance(error, Conflict) and error.field is None


def who_was_chosen(newcomer: Newcomer, person: Person | None, *, chosen: str, may_correct: bool) -> Person:
    """The person who is meant, new where nobody known is, with what was ticked taken over.

    Raises Invalid or Conflict for what cannot be kept.
    """
    person = person or add_newcomer(
        db(), newcomer=newcomer, sealing=sealing(), actor=actor(), now=now(), is_another=chosen == NOBODY
    )
    if chosen == person.id and may_correct:
        take_over_ticked(person, newcomer)
    return person
