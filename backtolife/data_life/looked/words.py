"""What was looked at, as people would say it."""

ACTIONS = {
    "answers_seen": "Answers",
    "cohort_seen": "The group’s page",
    "consents_seen": "What they agreed to",
    "copy_made": "A copy of what is held, as a file",
    "emergency_opened": "Opened their record in an emergency",
    "emergency_record_seen": "Their record, in an emergency",
    "emergency_details_seen": "Where they are, and who to ring",
    "looks_taken": "Who looked, as a file",
    "needs_seen": "What helps them take part",
    "note_read": "What they wrote for the group",
    "patient_details_seen": "Details",
    "patient_seen": "The patient’s page",
    "place_seen": "Their place in the group",
    "record_compared": "Two records side by side",
    "session_summary_seen": "How a session went",
    "task_seen": "A safety task",
}
"""Looks that a page puts on record itself."""

PAGES = {
    "access_review": "Who has access, looked through",
    "adding": "Adding somebody to the group",
    "board": "The group’s board",
    "cohort": "The group’s page",
    "copies": "A copy of what is held",
    "colleagues": "A colleague’s page",
    "companions": "Who comes with them",
    "deaths": "A death, written down",
    "discharge": "Discharging people",
    "entries": "Filling in questions for them",
    "emergency": "Records opened in an emergency",
    "erasures": "Erasing them",
    "goals": "Goals",
    "plans": "Plans until next time",
    "prescribed": "Exercises picked for them",
    "group_dates": "The group’s dates",
    "group_staff": "Who leads the group",
    "group_upkeep": "Changing the group",
    "guests": "Guests of a session",
    "home": "The first page",
    "incidents": "A call for help",
    "looks": "Who looked",
    "merging": "Two records side by side",
    "messages": "Messages",
    "offers": "Offers",
    "patient_consents": "What they agreed to",
    "patient_contact": "How we reach them",
    "patient_details": "Details",
    "patient_list": "The list of patients",
    "patient_messages": "Messages to them",
    "patient_needs": "What helps them take part",
    "patient_notes": "Notes and calls",
    "patients": "The patient’s page",
    "places": "Their place in the group",
    "rehearsals": "A live session",
    "retention": "Records kept long enough",
    "sessions": "A live session",
    "summaries": "How a session went",
    "tasks": "Safety tasks",
    "trial": "Their try of camera and sound",
    "waiting": "The waiting list",
}
"""The others, by the part of the address."""
LOOKS = ("looked", *ACTIONS)


def what(action: str, page: str) -> str:
    """What somebody looked at."""
    return ACTIONS.get(action) or PAGES.get(page.partition(".")[0], "Another page")
