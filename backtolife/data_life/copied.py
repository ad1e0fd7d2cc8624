"""What a copy of everything that is held about a patient takes from each table, and what it leaves out and why.

A test fails for a table that is not decided on here.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Copied:
    """A table in the copy: its name there, and the column by which its rows belong to the person, or to a row of
    another table of the copy that does.
    """

    title: str
    column: str = "person_id"
    parent: str = "person"


PLACE, FORM, SEAT = ("enrolment_id", "enrolment"), ("response_id", "instrument_response"), ("seat_id", "seat")
TASK = ("task_id", "safety_task")
COPIED: Mapping[str, Copied] = {
    "person": Copied("Who you are", "id", ""),
    "person_identifier": Copied("Your numbers"),
    "background": Copied("What you told us about yourself"),
    "consent_answer": Copied("What you agreed to"),
    "waiting": Copied("Waiting for a place"),
    "enrolment": Copied("Your places in groups"),
    "enrolment_change": Copied("What became of your places", *PLACE),
    "place_offer": Copied("Offers of a place", *PLACE),
    "offer_answer": Copied("Your answers to offers", *PLACE),
    "place_move": Copied("Moves to another group", *PLACE),
    "place_ending": Copied("How places ended", *PLACE),
    "place_discharge": Copied("Ends of a course", *PLACE),
    "goal": Copied("Your goals", *PLACE),
    "goal_words": Copied("The words of your goals", "goal_id", "goal"),
    "week_plan": Copied("Your plans until the next session", *PLACE),
    "practice_entry": Copied("Your practice diary", *PLACE),
    "prescribed_exercise": Copied("Exercises picked for you", *PLACE),
    "instrument_response": Copied("Your questionnaires", *PLACE),
    "answer": Copied("Your answers", *FORM),
    "given_answer": Copied("Every answer as you gave it", *FORM),
    "score": Copied("What was worked out from your answers", *FORM),
    "reopening": Copied("Questionnaires opened again", *PLACE),
    "safety_task": Copied("When staff had to speak with you", *PLACE),
    "task_note": Copied("What staff added to that later", *TASK),
    "task_reopening": Copied("When that was opened again", *TASK),
    "warning_sign": Copied("Warning signs that you ticked"),
    "patient_note": Copied("Notes about you"),
    "phone_call": Copied("Calls to you"),
    "seat": Copied("You in live sessions"),
    "attendance_span": Copied("When you were there", *SEAT),
    "attendance_correction": Copied("When you were there, as staff put it right"),
    "check_answer": Copied("Pain and effort in sessions", *SEAT),
    "felt_answer": Copied("How exercises felt", *SEAT),
    "poll_answer": Copied("Your answers to questions in sessions", *SEAT),
    "chat_message": Copied("What you wrote in sessions", *SEAT),
    "help_alert": Copied("When you asked for help", *SEAT),
    "incident_record": Copied("What was done when you asked for help", "alert_id", "help_alert"),
    "board_post": Copied("What you wrote on the group’s board"),
    "board_report": Copied("What you reported on the board"),
    "video_note": Copied("Your notes beside videos", *PLACE),
    "watching": Copied("What you watched", *PLACE),
    "trial_run": Copied("Your tries of camera and sound"),
    "emergency_look": Copied("When your record was opened in an emergency"),
    "outgoing_message": Copied("Messages to you"),
    "erasure": Copied("When it was asked that you be erased"),
    "retention_proposal": Copied("When your record is old enough to erase"),
    "draft": Copied("What you typed and did not send"),
    "calendar_feed": Copied("Your calendar"),
    "sign_in_link": Copied("Links to sign in"),
    "signed_in": Copied("When you signed in"),
    "remembered_device": Copied("Devices that know you"),
}
NOBODY = "It is about nobody in particular."
STAFF = "It is about people who work here."
LEFT_OUT: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "adopted_instrument",
            "adopted_programme",
            "audit_check",
            "bank_holiday",
            "beat",
            "blocked_count",
            "caption_version",
            "chosen_battery",
            "cohort",
            "comparator",
            "data_key",
            "consent_text",
            "dates_change",
            "fixed_margin",
            "group_session",
            "imported_form",
            "map_version",
            "media_event",
            "passkey_challenge",
            "poll",
            "programme_draft",
            "section_entered",
            "service",
            "service_change",
            "session_date",
            "spent_state",
            "typed_form",
            "video",
            "video_package",
        ),
        NOBODY,
    ),
    **dict.fromkeys(
        (
            "access_review",
            "api_client",
            "authenticator",
            "cohort_staff",
            "course_part",
            "course_signature",
            "duty_shift",
            "guide_signature",
            "linked_account",
            "mail_check",
            "organisation_account",
            "organisation_sign_in",
            "passkey",
            "recovery_code",
            "rehearsal",
            "role_held",
            "role_proposed",
            "session_cover",
            "staff_leave",
            "task_escalation",
        ),
        STAFF,
    ),
    "audit_entry": "Who looked at you is a file of its own; the rest says what staff did, and names others.",
    "comparator_score": "Rows of another study, by codes that we cannot match to you.",
    "legal_hold": "Whether your record must be kept for a legal matter: ask us.",
    "record_pair": "It says of two records whether they are one person, and so tells of somebody else.",
    "report": "Figures of whole groups, in which nobody is named.",
    "session_note": "What staff wrote about a whole session, and so about others.",
}
SECRETS = frozenset(
    {
        "born_mark",
        "browser_hash",
        "carrier_id",
        "client_id",
        "client_key",
        "closed",
        "code_hash",
        "form_key",
        "key",
        "mark",
        "password_hash",
        "readers",
        "token_hash",
    }
)
"""Columns that let somebody in, name others, or are ours alone."""
