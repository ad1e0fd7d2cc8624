"""Rules that need more than one place of the programme: ids are used once and everything named exists."""

from collections.abc import Collection

from backtolife.programme.plan.template import SESSION_COUNT, Programme, Section, Session
from backtolife.programme.plan.yaml_lines import Marked


def check(document: Marked, programme: Programme) -> None:
    """Raise Invalid, naming the line of programme.yaml, for the first name that leads nowhere or is used twice."""
    sessions = document.each("sessions")
    if len(sessions) != SESSION_COUNT:
        document.at("sessions").refuse(f"there are {len(sessions)} sessions; there must be {SESSION_COUNT}.")
    unique(document, "schedules")
    unique(document, "milestones")
    unique(document, "music")
    check_lists(document, programme)
    seen: set[str] = set()
    for entry, session in zip(sessions, programme.sessions, strict=True):
        for item in (entry, *entry.each("live_plan"), *entry.each("home_practice")):
            once(item, seen)
        check_session(entry, session, programme)


def once(entry: Marked, seen: set[str]) -> None:
    if entry.text("id") in seen:
        entry.at("id").refuse(f"the id {entry.text('id')} is used twice.")
    seen.add(entry.text("id"))


def unique(document: Marked, name: str) -> None:
    seen: set[str] = set()
    for entry in document.each(name):
        once(entry, seen)


def known(entry: Marked, value: str, ids: Collection[str], noun: str) -> None:
    if value not in ids:
        entry.refuse(f"there is no {noun} {value!r}.")


def check_lists(document: Marked, programme: Programme) -> None:
    guide_ids = {guide_id for guide_id, language in programme.guides if language == programme.language}
    for item in document.each("relaxation_ids"):
        known(item, item.as_text(), programme.relaxation, "relaxation script")
    for item in document.each("guide_ids"):
        known(item, item.as_text(), guide_ids, "guide")
    urgent = document.at("safety").at("urgent_help_guide")
    known(urgent, urgent.as_text(), guide_ids, "guide")


def check_session(entry: Marked, session: Session, programme: Programme) -> None:
    for item in entry.each("video_ids"):
        known(item, item.as_text(), programme.videos, "video")
        if programme.videos[item.as_text()].session != session.number:
            item.refuse(f"the video {item.as_text()} says that it belongs to another session.")
    for item, section in zip(entry.each("live_plan"), session.sections, strict=True):
        check_section(item, section, programme)
    milestones = {milestone.id for milestone in programme.milestones}
    for item in entry.each("milestones_due"):
        known(item, item.text("milestone"), milestones, "milestone")
    places: dict[str, tuple[Collection[str], str]] = {
        "relaxation": (programme.relaxation, "relaxation script"),
        "video": (programme.videos, "video"),
        "reading": ({guide_id for guide_id, _ in programme.guides}, "guide"),
        "exercise": (programme.exercises, "exercise"),
    }
    anything = {name for ids, _ in places.values() for name in ids}
    for item, practice in zip(entry.each("home_practice"), session.home_practice, strict=True):
        if practice.kind in ("relaxation", "video", "reading") and not practice.ref:
            item.refuse(f"a {practice.kind} needs ref: which one?")
        if practice.ref:
            ids, noun = places.get(practice.kind, (anything, "material"))
            known(item.at("ref"), practice.ref, ids, noun)


def check_section(entry: Marked, section: Section, programme: Programme) -> None:
    for item, station in zip(entry.each("stations"), section.stations, strict=True):
        known(item.at("exercise"), station.exercise_id, programme.exercises, "exercise")
    if section.script_id:
        known(entry.at("script_id"), section.script_id, programme.relaxation, "relaxation script")
        minutes = programme.relaxation[section.script_id].minutes
        if minutes > section.minutes:
            entry.at("script_id").refuse(f"the script takes {minutes} minutes; the section has {section.minutes}.")
    if section.music_id:
        known(entry.at("music_id"), section.music_id, {music.id for music in programme.music}, "music")
