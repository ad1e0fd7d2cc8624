"""What a question page shows: the form, the answers so far, who reads them, and where to go on."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.outcomes.answering.responses import NONE_APPLY, answers_of, empty_numbers, form_for, given, page_count
from backtolife.outcomes.asking.due import due_for
from backtolife.outcomes.asking.schedule import ask_of
from backtolife.outcomes.catalogue.shipped import load_instrument
from backtolife.outcomes.catalogue.wording import Form
from backtolife.outcomes.models import Answer, InstrumentResponse
from backtolife.people.models import Person, Role
from backtolife.people.names import isolated
from backtolife.people.roles import holding
from backtolife.people.working import can_work, who_can_work
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.services import staff_of
from backtolife.text.dates_in_words import clock_time, day


@dataclass(frozen=True)
class Sheet:
    """One form as its pages show it. `part` of `parts` is its place among the forms of the milestone."""

    response: InstrumentResponse
    form: Form
    label: str
    zone: str
    part: int
    parts: int
    answers: dict[str, int | str | None]
    none_apply: bool
    saved_at: datetime | None
    empty: list[int]
    readers: str
    alerts: dict[str, int]
    """The items whose answer, from this value on, shows the support page."""

    @property
    def pages(self) -> int:
        return page_count(self.form)


def sheet_of(db: Db, response: InstrumentResponse, enrolment: Enrolment, now: datetime) -> Sheet:
    """Everything the pages of one form need."""
    form, answers = form_for(db, response), answers_of(db, response)
    cohort = db.get_one(Cohort, enrolment.cohort_id)
    due = next(
        (each for each in due_for(db, enrolment=enrolment, now=now) if each.ask.id == response.milestone_id), None
    )
    names = due.ask.instruments if due else (response.instrument,)
    instrument = load_instrument(response.instrument)
    return Sheet(
        response=response,
        form=form,
        label=(due.ask if due else ask_of(db, cohort, response.milestone_id, windows_only=True)).label,
        zone=cohort.zone,
        part=names.index(response.instrument) + 1 if response.instrument in names else 1,
        parts=len(names),
        answers={name: given(answer) for name, answer in answers.items()},
        none_apply=NONE_APPLY in answers,
        saved_at=last_saved(answers),
        empty=empty_numbers(form, answers),
        readers=readers_of(db, cohort),
        alerts={instrument.items[alert.item].id: alert.same_day_from for alert in instrument.alerts},
    )


def last_saved(answers: dict[str, Answer]) -> datetime | None:
    return max((answer.answered_at for answer in answers.values()), default=None)


def readers_of(db: Db, cohort: Cohort) -> str:
    """The first names of those who may read the answers: “Priya, Tom and Grace”."""
    leads = select(Person).where(Person.service_id == cohort.service_id, holding(Role.CLINICAL_LEAD), who_can_work())
    of_group = [person for _, person in staff_of(db, cohort.id) if can_work(person)]
    people = of_group + list(db.exec(leads.order_by(col(Person.created_at))))
    return in_a_row([isolated(person.shown_name) for person in people]) or "Your team"


def in_a_row(names: list[str]) -> str:
    """Names as people say them: “Priya”, “Priya and Tom”, “Priya, Tom and Grace”."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def before_words(moment: datetime, zone: str, now: datetime) -> str:
    """“today before 5pm”, “tomorrow before 12 noon”, “on Monday 9 March before 12 noon”."""
    at = clock_time(moment, zone).replace("12pm", "12 noon")
    for distance, words in ((0, "today"), (1, "tomorrow")):
        if day(moment, zone) == day(now + timedelta(days=distance), zone):
            return f"{words} before {at}"
    return f"on {day(moment, zone)} before {at}"
