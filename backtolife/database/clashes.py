"""Two people, or one person twice, wrote what may stand only once: what a person reads instead of a fault.

Services look first and say it in their own words; this is for the moment in which somebody else was quicker.
"""

from sqlalchemy.exc import IntegrityError

WORDS = {
    "cohort": "There is a group with this name already. Choose another name.",
    "imported_form": "This form is loaded already. Look at the list of questionnaires.",
    "person": "There is somebody with this e-mail address already. Look for them first.",
    "cohort_staff": "This person is in the group’s team already.",
    "enrolment": "This person is in the group already.",
    "waiting": "This person is on the waiting list already.",
    "place_offer": "This person has been offered a place already.",
    "session_date": "Somebody else changed the group’s dates just now. Look at them again.",
    "bank_holiday": "This day is on the list of bank holidays already.",
    "fixed_margin": "This limit is written down already. Look at the list.",
    "seat": "This person has a place in the session already.",
    "session_note": "Somebody else saved a newer version just now. Go back, load the page again, and compare.",
    "incident_record": "Somebody else saved a newer version just now. Go back, load the page again, and compare.",
    "attendance_correction": "Somebody else corrected this just now. Load the page again and look.",
    "safety_task": "A safety task for this form is open already. Open it from the list of tasks.",
    "poll_answer": "Your answer is here already.",
    "board_report": "You have already reported this message. The team will look at it.",
    "video": "There is a video for this session and language already.",
}
OTHERWISE = "Somebody saved the same thing at the same moment. Go back, load the page again, and see what it says now."


def clash_of(error: IntegrityError) -> str | None:
    """What a person reads when a UNIQUE refused what they saved; None for every other fault of the database."""
    origin = error.orig
    state = getattr(origin, "sqlstate", None)
    said = str(origin)
    if state is not None:
        if state != "23505":
            return None
        table = str(getattr(getattr(origin, "diag", None), "table_name", "") or "")
    elif said.startswith("UNIQUE constraint failed: "):
        table = said.removeprefix("UNIQUE constraint failed: ").partition(".")[0]
    else:
        return None
    return WORDS.get(table, OTHERWISE)
