"""Reading what the programme says of itself. Everything here may be missing: kept programmes did not have to say it."""

from backtolife.programme.plan.template import About, Review
from backtolife.programme.plan.yaml_lines import Marked

WHO = ("include", "assess_first", "not_suitable")


def read_review(document: Marked) -> Review:
    entry = document.at("review")
    return Review(
        status=entry.text("status"),
        needs=words(entry, "needs"),
        accountable_clinician=words(entry, "accountable_clinician"),
        reviewed_on=words(entry, "reviewed_on"),
        next_review_months=entry.whole("next_review_months", 1, 120, default=12),
    )


def read_about(document: Marked) -> About:
    after, safety = document.at("after_each_session"), document.at("milestone_safety")
    return About(
        authors_note=words(document, "authors_note"),
        licence_url=words(document, "licence_url"),
        who_it_is_for=lines_by_name(document, "who_it_is_for"),
        accessibility=document.texts("accessibility"),
        mic_policies=words_by_name(document, "mic_policies"),
        layouts=words_by_name(document, "layouts"),
        music_note=words(document, "music_note"),
        after_each_session=words(after, "patient_text"),
        answers_are_not_read_at_once=words(safety, "patient_text"),
        safety_rule=words(safety, "rule"),
    )


def words(entry: Marked, name: str) -> str:
    """A text that may be missing or left empty."""
    return str(entry.at(name).value() or "").strip() if entry.has(name) else ""


def words_by_name(document: Marked, name: str) -> dict[str, str]:
    return {key: each.as_text() for key, each in document.keyed(name)} if document.has(name) else {}


def lines_by_name(document: Marked, name: str) -> dict[str, tuple[str, ...]]:
    if not document.has(name):
        return {}
    entry = document.at(name).only(WHO)
    return {key: entry.texts(key) for key in WHO}
