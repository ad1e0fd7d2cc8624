"""Who needs a call after a session."""

from backtolife.sessions.summary.follow_up import Course, why_call


def test_somebody_who_came_and_stayed_needs_no_call() -> None:
    assert why_call(Course(came=True, gone_before_end=2, pain_change=2)) == []


def test_somebody_who_missed_it_is_rung() -> None:
    assert why_call(Course(came=False)) == ["Missed the session."]


def test_somebody_who_said_that_they_could_not_come_is_not_rung_for_that() -> None:
    assert why_call(Course(came=False, said_not_coming=True)) == []
    assert why_call(Course(came=False, said_not_coming=True, alerts=("pain",))) == ["Asked for help: too much pain."]


def test_losing_the_connection_and_leaving_read_differently() -> None:
    assert why_call(Course(came=True, gone_before_end=40)) == ["Lost the connection 40 minutes before the end."]
    assert why_call(Course(came=True, gone_before_end=40, left_on_purpose=True)) == ["Left 40 minutes before the end."]


def test_a_call_for_help_comes_first_and_says_what_it_was() -> None:
    course = Course(came=True, gone_before_end=30, alerts=("pain", ""), pain_change=4, news=True)
    assert why_call(course) == [
        "Asked for help: too much pain.",
        "Asked for help.",
        "Lost the connection 30 minutes before the end.",
        "Pain was 4 points higher after.",
        "Told us about something new before the session.",
    ]


def test_somebody_who_was_removed_did_not_lose_the_connection() -> None:
    assert why_call(Course(came=True, gone_before_end=50, removed=True)) == ["Was removed from the session."]


def test_nobody_rings_somebody_who_has_died() -> None:
    assert why_call(Course(came=True, died=True, alerts=("pain",), signs=("A sign",), gone_before_end=40)) == []


def test_who_left_the_group_since_is_rung_about_help_and_warning_signs_only() -> None:
    assert why_call(Course(came=False, left=True)) == []
    assert why_call(Course(came=True, left=True, gone_before_end=40, pain_change=5, news=True)) == []
    course = Course(came=True, left=True, gone_before_end=40, alerts=("unwell",), signs=("Numb between the legs",))
    assert why_call(course) == [
        "Asked for help: felt unwell.",
        "Ticked a warning sign before the session: Numb between the legs.",
    ]
