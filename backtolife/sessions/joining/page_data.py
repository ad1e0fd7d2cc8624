"""What a room page carries besides the live state: the script and its words, exercises, who the facilitators are."""

from backtolife.database.session import Db
from backtolife.people.names import isolated
from backtolife.people.needs.telling import needs_in_words
from backtolife.programme.adopted.services import programme_of
from backtolife.programme.cohorts.enrolment import enrolled_in
from backtolife.programme.cohorts.models import Cohort
from backtolife.programme.cohorts.services import named_staff
from backtolife.programme.consent.asking import lacking
from backtolife.programme.figures.library import drawing_of
from backtolife.programme.patients.calling.shown import bare, wrong_numbers
from backtolife.programme.plan.template import Programme, Section
from backtolife.release import release
from backtolife.sessions.joining import room_page
from backtolife.sessions.joining.room_page import EveryPage, Exercise, Listed, RoomPage, StaffPage
from backtolife.sessions.room import store as room
from backtolife.sessions.room.models import GroupSession
from backtolife.sessions.state import script


def for_patients(db: Db, *, group_session: GroupSession, media_url: str, two_rooms: bool) -> RoomPage:
    """The page of somebody who takes part. `two_rooms`: private cameras have a room of their own."""
    everybody = for_everybody(db, group_session=group_session, media_url=media_url, two_rooms=two_rooms)
    programme, plan = room.programme_in(db, group_session), room.plan_of(db, group_session)
    return {**everybody, "sections": [for_reading(programme, section) for section in plan.sections]}


def for_everybody(db: Db, *, group_session: GroupSession, media_url: str, two_rooms: bool) -> EveryPage:
    cohort = db.get_one(Cohort, group_session.cohort_id)
    programme = programme_of(db, cohort)
    plan = programme.session(group_session.number)
    return {
        "session": group_session.id,
        "release": release(),
        "number": group_session.number,
        "media_url": media_url,
        "two_rooms": two_rooms,
        "zone": cohort.zone,
        "exercises": exercises_in(programme, plan.sections),
        "music": [{"id": music.id, "title": music.title} for music in programme.music],
        "stop_rule": programme.safety.stop_rule,
        "staff": [{"name": isolated(each.shown_name), "job": each.job} for each in named_staff(db, cohort.id)],
    }


def for_staff(db: Db, *, group_session: GroupSession, media_url: str, two_rooms: bool) -> StaffPage:
    """The facilitators' page: with notes, spoken scripts, and everyone on the list by full name."""
    everybody = for_everybody(db, group_session=group_session, media_url=media_url, two_rooms=two_rooms)
    members, programme = enrolled_in(db, group_session.cohort_id), room.programme_in(db, group_session)
    lacks = lacking(db, person_ids=[person.id for _, person in members], service_id=group_session.service_id)
    wrong = wrong_numbers(db, group_session.service_id)
    roster: list[Listed] = [
        {
            "person": person.id,
            "full_name": isolated(person.full_name),
            "name": isolated(person.shown_name),
            "phone": "" if (person.id, bare(person.phone)) in wrong else person.phone,
            "phone_is_wrong": (person.id, bare(person.phone)) in wrong,
            "correct_at": f"/patients/{place.id}/details",
            "needs": "; ".join(needs_in_words(person)),
            "agreed": person.id not in lacks,
        }
        for place, person in members
    ]
    return {
        **everybody,
        "sections": [
            {**for_reading(programme, section), "notes": notes_for_staff(programme, section, group_session.number)}
            for section in programme.session(group_session.number).sections
        ],
        "goals": f"/groups/{group_session.cohort_id}/goals",
        "plans": f"/groups/{group_session.cohort_id}/plans",
        "starts_ms": room.milliseconds(room.date_of(db, group_session).starts_at),
        "ends_ms": room.milliseconds(room.planned_end(db, group_session)),
        "roster": sorted(roster, key=lambda entry: entry["full_name"]),
    }


def notes_for_staff(programme: Programme, section: Section, number: int) -> str:
    """What staff read beside a section: its notes; with the first, those for whoever leads; what to take care of."""
    session = programme.session(number)
    first = session.lead_notes if section.id == session.sections[0].id else ""
    care = programme.relaxation[section.script_id].take_care if section.script_id else ""
    return " ".join(filter(None, [first, section.facilitator_notes, care and f"Take care: {care}"]))


def for_reading(programme: Programme, section: Section) -> room_page.Section:
    return {
        "id": section.id,
        "kind": section.kind,
        "title": section.title,
        "minutes": section.minutes,
        "mic": section.mic,
        "layout": section.layout,
        "text": section.patient_text,
        "prompts": list(section.prompts),
        "stations": len(section.stations),
        "phases": [
            {"kind": phase.kind, "seconds": phase.seconds, "exercise": phase.exercise_id, "station": phase.station}
            for phase in script.circuit(section)
        ],
        "spoken": spoken_words(programme, section),
        "music": section.music_id,
        "small": {
            "minutes": section.breakout_minutes,
            "smallest": section.breakout_size_min,
            "largest": section.breakout_size_max,
        }
        if section.breakout
        else None,
    }


def spoken_words(programme: Programme, section: Section) -> list[str]:
    """The relaxation's words, for the facilitator to read and for whoever would rather read along."""
    if not section.script_id:
        return []
    return [part.text for part in programme.relaxation[section.script_id].spoken]


def exercises_in(programme: Programme, sections: tuple[Section, ...]) -> dict[str, Exercise]:
    library = programme.exercises
    named = {station.exercise_id for section in sections for station in section.stations}
    return {
        name: {
            "name": library[name].name,
            "ways": {way: list(steps) for way, steps in library[name].variants.items()},
            "drawn": {way: drawing_of(name, way).says for way in library[name].variants},
        }
        for name in sorted(named)
    }
