"""What becomes of each table's rows when a person is erased. Figures stay, under a code; what tells who it was goes.

A test fails for a column of words that is not decided on here.
"""

from collections.abc import Mapping

GONE = frozenset(
    {"calendar_feed", "draft", "person_identifier", "remembered_device", "retention_proposal", "sign_in_link"}
)
"""Tables whose rows of the person go whole."""

EMPTIED: Mapping[str, tuple[str, ...]] = {
    "answer": ("words",),
    "attendance_correction": ("reason",),
    "board_post": ("text", "hidden_reason", "form_key"),
    "board_report": ("reason",),
    "chat_message": ("text",),
    "emergency_look": ("reason", "words"),
    "enrolment_change": ("reason",),
    "erasure": ("reason",),
    "given_answer": ("words",),
    "goal_words": ("text",),
    "help_alert": ("reason",),
    "incident_record": ("happened", "done"),
    "outgoing_message": ("address", "subject", "body", "text", "calendar", "trouble", "carrier_id"),
    "patient_note": ("text",),
    "phone_call": ("words", "number"),
    "place_ending": ("words",),
    "place_move": ("words",),
    "practice_entry": ("what", "note"),
    "prescribed_exercise": ("amount",),
    "reopening": ("reason",),
    "safety_task": ("contact", "assessment", "plan"),
    "seat": ("place", "phone", "emergency_name", "emergency_phone", "news"),
    "signed_in": ("browser",),
    "task_note": ("text",),
    "task_reopening": ("reason", "contact", "assessment", "plan"),
    "video_note": ("words",),
    "waiting": ("words", "jump"),
    "warning_sign": ("news",),
    "week_plan": ("what", "how_much", "when"),
}
"""Columns of words that people wrote: each says afterwards that it was erased."""

PERSON: Mapping[str, object] = {
    "full_name": "Erased person",
    "shown_name": "Erased",
    "shares_address": False,
    "phone": "",
    "emergency_name": "",
    "emergency_phone": "",
    "date_of_birth": None,
    "born_mark": None,
    "address": "",
    "clinician": "",
    "clinician_phone": "",
    "guest_email": "",
    "needs": None,
    "needs_language": "",
    "message_language": "",
    "needs_words": "",
    "job": "",
    "password_hash": "",
    "active": False,
}
"""Of the person's own row; the e-mail address becomes one that nobody has."""

CODES: Mapping[str, tuple[str, ...]] = {
    "answer": ("item", "client_key"),
    "attendance_span": ("connection", "place"),
    "background": ("age", "sex", "ethnic_group", "support"),
    "chat_message": ("audience", "small", "client_id", "readers"),
    "check_answer": ("moment",),
    "consent_answer": ("kind", "by"),
    "enrolment": ("code",),
    "enrolment_change": ("by",),
    "felt_answer": ("section_id", "way", "feels"),
    "given_answer": ("item", "client_key"),
    "instrument_response": ("milestone_id", "instrument", "proxy", "summary"),
    "offer_answer": ("by", "taken_back_by"),
    "outgoing_message": ("key", "told_in"),
    "patient_note": ("thread",),
    "phone_call": ("thread",),
    "place_discharge": ("by", "taken_back_by"),
    "place_ending": ("reason", "by", "taken_back_by"),
    "place_move": ("by",),
    "place_offer": ("offered_by",),
    "practice_entry": ("client_key", "item", "felt"),
    "prescribed_exercise": ("exercise_id", "way", "by"),
    "reopening": ("milestone_id", "scores_before", "summary_before"),
    "safety_task": ("item", "level", "highest", "group_session_id"),
    "score": ("scale", "band", "status"),
    "seat": ("space_ready", "flags"),
    "signed_in": ("token_hash", "second"),
    "trial_run": ("run", "camera", "sound", "network", "called_by"),
    "waiting": ("times", "way", "by", "left_because"),
    "watching": ("ranges",),
    "warning_sign": ("sign", "label", "advised"),
}
"""Columns of words that stay: keys of ours, marks and ids, which tell nothing about who it was."""
