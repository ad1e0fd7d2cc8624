"""The table of what each role may do, and how far it reaches. Who is asked by it is in `access.py`."""

from enum import StrEnum

from backtolife.people.models import GUESTS, Role

P, F, CL, SL, DC, AD = (
    Role.PATIENT,
    Role.FACILITATOR,
    Role.CLINICAL_LEAD,
    Role.SERVICE_LEAD,
    Role.DUTY_CLINICIAN,
    Role.ADMINISTRATOR,
)
CO, OB = Role.COMPANION, Role.OBSERVER
MEMBERS = tuple(role for role in Role if role not in GUESTS)


class Scope(StrEnum):
    """How near the subject must be to the actor. Nothing ever reaches another service."""

    OWN = "own"
    """It belongs to the actor."""
    COHORT = "cohort"
    """It belongs to a cohort that the actor is in or leads."""
    SESSION = "session"
    """It is the one live session that the actor was invited to, or a seat in it."""
    SERVICE = "service"
    """It belongs to the actor's service."""


CLIENT_SCOPES = frozenset({"results:read", "answers:read"})
"""What a program may be let read. They are permissions of their own, which no person's role holds."""

PUBLIC = "public"
"""The permission of what anyone may see without signing in."""


JOINS = frozenset(
    {
        "session.join",
        "session.room",
        "session.chat",
        "session.take_part",
        "session.help",
        "session.check",
        "warning.tick",
        "consent.answer",
        "account.sign_out",
    }
)
"""What a remembered device may do without a new sign-in."""

SETS_UP = frozenset({"account.second_step", "account.sign_out"})
"""What a password alone lets staff do where a second step is required and they have none."""

WITHOUT_ROLE = frozenset(
    {
        "home.open",
        "account.details",
        "account.second_step",
        "account.services",
        "account.sign_out",
        "draft.keep",
        "exercise.read",
    }
)
"""What staff who hold no role may do until a second person confirms one: their own account, and what tells of nobody.
"""

PERMISSIONS: dict[str, dict[Role, Scope]] = {
    "home.open": dict.fromkeys(MEMBERS, Scope.OWN),
    "account.details": dict.fromkeys(MEMBERS, Scope.OWN),
    "account.background": {P: Scope.OWN},
    "account.needs": {P: Scope.OWN},
    "account.contact": {P: Scope.OWN},
    "draft.keep": dict.fromkeys(MEMBERS, Scope.OWN),
    "account.second_step": dict.fromkeys((F, CL, SL, DC, AD), Scope.OWN),
    "account.services": dict.fromkeys((F, CL, SL, DC, AD), Scope.OWN),
    "account.sign_out": dict.fromkeys(Role, Scope.OWN),
    "service.read": {CL: Scope.SERVICE, AD: Scope.SERVICE},
    "blocked.read": {AD: Scope.SERVICE},
    "service.change": {AD: Scope.SERVICE},
    "service.change_clinical": {CL: Scope.SERVICE, AD: Scope.SERVICE},
    "set_up.read": {CL: Scope.SERVICE, AD: Scope.SERVICE},
    "staff.invite": {AD: Scope.SERVICE},
    "staff.manage": {AD: Scope.SERVICE},
    "role.propose": {CL: Scope.SERVICE, AD: Scope.SERVICE},
    "role.confirm": {CL: Scope.SERVICE, AD: Scope.SERVICE},
    "identifier.choose": {AD: Scope.SERVICE},
    "programme.edit": {CL: Scope.SERVICE, SL: Scope.SERVICE},
    "cohort.create": {SL: Scope.SERVICE, AD: Scope.SERVICE},
    "cohort.read": {F: Scope.COHORT, CL: Scope.SERVICE, SL: Scope.SERVICE, AD: Scope.SERVICE},
    "cohort.change": {F: Scope.COHORT, CL: Scope.SERVICE, SL: Scope.SERVICE, AD: Scope.SERVICE},
    "cohort.enrol": {F: Scope.COHORT, CL: Scope.SERVICE, AD: Scope.SERVICE},
    "patient.correct": {F: Scope.COHORT, CL: Scope.SERVICE, AD: Scope.SERVICE},
    "companion.book": {F: Scope.COHORT, CL: Scope.SERVICE},
    "note.write": {F: Scope.COHORT, CL: Scope.SERVICE},
    "patient.list": {F: Scope.COHORT, CL: Scope.SERVICE, AD: Scope.SERVICE},
    "patient.merge": {CL: Scope.SERVICE, AD: Scope.SERVICE},
    "patient.read": {P: Scope.OWN, F: Scope.COHORT, CL: Scope.SERVICE},
    "copy.make": {CL: Scope.SERVICE},
    "erasure.ask": {CL: Scope.SERVICE},
    "erasure.read": {CL: Scope.SERVICE, AD: Scope.SERVICE},
    "emergency.open": {F: Scope.OWN, DC: Scope.OWN},
    "emergency.review": {CL: Scope.SERVICE},
    "looks.read": {CL: Scope.SERVICE},
    "programme.read": dict.fromkeys(MEMBERS, Scope.OWN),
    "staff_guide.read": dict.fromkeys((F, CL, SL, DC, AD), Scope.OWN),
    "course.do": {F: Scope.OWN, CL: Scope.OWN},
    "course.withdraw": {CL: Scope.SERVICE, SL: Scope.SERVICE},
    "course.read": {CL: Scope.SERVICE, SL: Scope.SERVICE, AD: Scope.SERVICE},
    "goal.read": {P: Scope.OWN},
    "practice.write": {P: Scope.OWN},
    "exercise.prescribe": {F: Scope.COHORT, CL: Scope.SERVICE},
    "goal.set": {F: Scope.COHORT, CL: Scope.SERVICE},
    "plan.set": {F: Scope.COHORT, CL: Scope.SERVICE},
    "goal.reword": {P: Scope.OWN, F: Scope.COHORT, CL: Scope.SERVICE},
    "place.read": {F: Scope.COHORT, CL: Scope.SERVICE, AD: Scope.SERVICE},
    "place.answer": {F: Scope.COHORT, CL: Scope.SERVICE, AD: Scope.SERVICE},
    "place.change": {F: Scope.COHORT, CL: Scope.SERVICE},
    "death.take_back": {CL: Scope.SERVICE},
    "offer.answer": {P: Scope.OWN},
    "consent.answer": {P: Scope.OWN},
    "consent.read": {F: Scope.COHORT, CL: Scope.SERVICE},
    "consent.write": {F: Scope.COHORT, CL: Scope.SERVICE},
    "consent.publish": {CL: Scope.SERVICE, AD: Scope.SERVICE},
    "waiting.read": {CL: Scope.SERVICE, AD: Scope.SERVICE},
    "waiting.change": {CL: Scope.SERVICE, AD: Scope.SERVICE},
    "message.read": {F: Scope.COHORT, CL: Scope.SERVICE, AD: Scope.SERVICE},
    "message.work": {F: Scope.COHORT, CL: Scope.SERVICE, AD: Scope.SERVICE},
    "exercise.read": dict.fromkeys(MEMBERS, Scope.OWN),
    "video.watch": {P: Scope.COHORT, F: Scope.SERVICE, CL: Scope.SERVICE, SL: Scope.SERVICE, AD: Scope.SERVICE},
    "video.record_watching": {P: Scope.OWN},
    "video.manage": {CL: Scope.SERVICE, AD: Scope.SERVICE, F: Scope.SERVICE},
    "session.join": {P: Scope.COHORT, F: Scope.COHORT},
    "session.room": {P: Scope.COHORT, F: Scope.COHORT, CO: Scope.SESSION, OB: Scope.SESSION},
    "session.take_part": {P: Scope.COHORT, F: Scope.COHORT, CO: Scope.SESSION},
    "session.chat": {P: Scope.COHORT, F: Scope.COHORT, CO: Scope.SESSION},
    "session.help": {P: Scope.COHORT, CO: Scope.SESSION},
    "session.check": {P: Scope.COHORT},
    "warning.tick": {P: Scope.COHORT},
    "trial.run": {P: Scope.OWN},
    "trial.help": {F: Scope.COHORT, CL: Scope.SERVICE},
    "session.lead": {F: Scope.COHORT},
    "session.rehearse": {F: Scope.OWN, CL: Scope.OWN},
    "board.read": {P: Scope.COHORT, F: Scope.COHORT},
    "board.write": {P: Scope.COHORT, F: Scope.COHORT},
    "board.take_back": {P: Scope.OWN},
    "board.moderate": {F: Scope.COHORT},
    "incident.read": {F: Scope.COHORT, CL: Scope.SERVICE, DC: Scope.SERVICE},
    "incident.write": {F: Scope.COHORT, CL: Scope.SERVICE, DC: Scope.SERVICE},
    "attendance.read": {F: Scope.COHORT, CL: Scope.SERVICE},
    "attendance.correct": {F: Scope.COHORT},
    "form.answer": {P: Scope.OWN},
    "progress.read": {P: Scope.OWN},
    "patient.lines": {F: Scope.COHORT, CL: Scope.SERVICE},
    "form.enter": {F: Scope.COHORT, CL: Scope.SERVICE},
    "form.reopen": {F: Scope.COHORT, CL: Scope.SERVICE},
    "form.read": {P: Scope.OWN, F: Scope.COHORT, CL: Scope.SERVICE},
    "wording.sign": {CL: Scope.SERVICE},
    "wording.import": {CL: Scope.SERVICE, AD: Scope.SERVICE},
    "battery.choose": {CL: Scope.SERVICE, AD: Scope.SERVICE},
    "task.read": {F: Scope.COHORT, CL: Scope.SERVICE, DC: Scope.SERVICE},
    "task.work": {F: Scope.COHORT, CL: Scope.SERVICE, DC: Scope.SERVICE},
    "rota.read": {F: Scope.SERVICE, CL: Scope.SERVICE, DC: Scope.SERVICE, AD: Scope.SERVICE},
    "rota.manage": {CL: Scope.SERVICE, AD: Scope.SERVICE},
    "safety.assure": {CL: Scope.SERVICE, DC: Scope.SERVICE},
    "report.read": {SL: Scope.SERVICE, CL: Scope.SERVICE},
    "report.export": {SL: Scope.SERVICE},
    "report.make": {SL: Scope.SERVICE, CL: Scope.SERVICE},
    "map.edit": {CL: Scope.SERVICE, SL: Scope.SERVICE, AD: Scope.SERVICE},
    "capacity.plan": {SL: Scope.SERVICE, CL: Scope.SERVICE},
    "margin.fix": {CL: Scope.SERVICE},
    "comparator.bring": {SL: Scope.SERVICE, CL: Scope.SERVICE},
    "client.create": {SL: Scope.SERVICE},
    "client.manage": {SL: Scope.SERVICE, AD: Scope.SERVICE},
    **{scope: {} for scope in sorted(CLIENT_SCOPES)},
}
