"""Reading the plan itself (programme.yaml). A bad file raises Invalid with its name, the line and the rule."""

from backtolife.programme.plan.template import (
    DUE_WHEN,
    LAYOUTS,
    MICROPHONES,
    PRACTICE_KINDS,
    SECTION_KINDS,
    SESSION_COUNT,
    GroupRules,
    HomePractice,
    Milestone,
    MilestoneDue,
    Music,
    Safety,
    Schedule,
    Section,
    Session,
    Station,
)
from backtolife.programme.plan.yaml_lines import Marked

CIRCUIT = ("intro_seconds", "cool_down_seconds", "rounds", "stations")
GROUPS = ("prompts", "breakout", "breakout_size_min", "breakout_size_max", "breakout_minutes")
GUIDED = ("script_id", "music_id")
ALWAYS = ("id", "kind", "minutes", "title", "mic", "layout", "patient_text", "facilitator_notes")
EXTRA = {"exercise": CIRCUIT, "reflection": GROUPS, "relaxation": GUIDED, "mindfulness": GUIDED}


def read_group(document: Marked) -> GroupRules:
    entry = document.at("group")
    smallest = entry.whole("patients_min", 1, 100)
    return GroupRules(
        patients_min=smallest,
        patients_max=entry.whole("patients_max", smallest, 100),
        facilitators=entry.whole("facilitators", 1, 10),
        session_minutes=entry.whole("session_minutes", 15, 240),
        late_start_until=entry.whole("late_start_until_session", 1, 9),
        completed_from=entry.whole("completed_from_sessions", 1, 9),
        opens_minutes_before=entry.whole("waiting_room_opens_minutes_before", 0, 120),
        stays_open_minutes_after=entry.whole("room_stays_open_minutes_after", 0, 120),
    )


def read_safety(document: Marked) -> Safety:
    entry = document.at("safety")
    return Safety(entry.text("stop_rule"), entry.text("promise"), entry.text("urgent_help_guide"))


def read_music(document: Marked) -> tuple[Music, ...]:
    return tuple(
        Music(item.identifier(), item.text("title"), item.text("description"), item.flag("loop"))
        for item in document.each("music", at_least=1)
    )


def read_schedules(document: Marked) -> tuple[Schedule, ...]:
    """Each schedule has one offset a session, beginning with 0 and always growing."""
    schedules = []
    for entry in document.each("schedules", at_least=1):
        offsets = entry.each("day_offsets", at_least=1)
        if len(offsets) != SESSION_COUNT:
            entry.at("day_offsets").refuse(f"day_offsets has {len(offsets)} days for {SESSION_COUNT} sessions.")
        days: list[int] = []
        for item in offsets:
            day = item.as_whole(0, 1000)
            if (not days and day != 0) or (days and day <= days[-1]):
                item.refuse("day_offsets must begin with 0 and grow with each session.")
            days.append(day)
        schedules.append(Schedule(entry.identifier(), entry.text("title"), tuple(days)))
    return tuple(schedules)


def read_milestones(document: Marked) -> tuple[Milestone, ...]:
    return tuple(read_milestone(entry) for entry in document.each("milestones", at_least=1))


def read_milestone(entry: Marked) -> Milestone:
    due = entry.at("due").only(("anchor_session", "offset_days", "offset_months"))
    if due.has("offset_days") == due.has("offset_months"):
        due.refuse("give either offset_days or offset_months.")
    window = entry.at("window_days")
    return Milestone(
        id=entry.identifier(),
        label=entry.text("label"),
        anchor_session=due.whole("anchor_session", 1, SESSION_COUNT),
        offset_days=due.whole("offset_days", -365, 365, default=0),
        offset_months=due.whole("offset_months", 0, 60, default=0),
        days_before=window.whole("before", 0, 365),
        days_after=window.whole("after", 0, 365),
        instrument_ids=entry.texts("instruments", at_least=1),
        patient_text=entry.text("patient_text"),
    )


def read_session(entry: Marked, number: int) -> Session:
    """One session; `number` is its place in the list, and must be its number."""
    if entry.whole("number", 1, SESSION_COUNT) != number:
        entry.at("number").refuse(f"sessions are numbered 1 to {SESSION_COUNT} in order: this should be {number}.")
    sections = tuple(read_section(item) for item in entry.each("live_plan", at_least=1))
    minutes = entry.whole("live_minutes", 15, 240)
    total = sum(section.minutes for section in sections)
    if total != minutes:
        entry.at("live_plan").refuse(f"the sections take {total} minutes; they must sum to {minutes}.")
    return Session(
        number=number,
        id=entry.identifier(),
        slug=entry.text("slug"),
        title=entry.text("title"),
        theme=entry.text("theme"),
        summary=entry.text("summary"),
        learning_aims=entry.texts("learning_aims", at_least=1),
        video_ids=entry.texts("video_ids"),
        live_minutes=minutes,
        sections=sections,
        home_practice=tuple(read_practice(item) for item in entry.each("home_practice")),
        milestones_due=tuple(
            MilestoneDue(item.text("milestone"), item.choice("when", DUE_WHEN)) for item in entry.each("milestones_due")
        ),
        lead_notes=entry.optional_text("lead_notes"),
    )


def read_practice(entry: Marked) -> HomePractice:
    return HomePractice(
        id=entry.identifier(),
        kind=entry.choice("kind", PRACTICE_KINDS),
        text=entry.text("text"),
        ref=entry.optional_text("ref"),
        times_per_week=entry.whole("times_per_week", 1, 21, default=0),
    )


def read_section(entry: Marked) -> Section:
    kind = entry.choice("kind", SECTION_KINDS)
    entry.only((*ALWAYS, *EXTRA.get(kind, ())))
    section = Section(
        id=entry.identifier(),
        kind=kind,
        minutes=entry.whole("minutes", 1, 240),
        title=entry.text("title"),
        mic=entry.choice("mic", MICROPHONES),
        layout=entry.choice("layout", LAYOUTS),
        patient_text=entry.text("patient_text"),
        facilitator_notes=entry.optional_text("facilitator_notes"),
        prompts=entry.texts("prompts", at_least=1 if kind == "reflection" else 0),
        breakout=entry.flag("breakout"),
        breakout_size_min=entry.whole("breakout_size_min", 2, 20, default=0),
        breakout_size_max=entry.whole("breakout_size_max", 2, 20, default=0),
        breakout_minutes=entry.whole("breakout_minutes", 1, 240, default=0),
        intro_seconds=entry.whole("intro_seconds", 0, 3600, default=0),
        cool_down_seconds=entry.whole("cool_down_seconds", 0, 3600, default=0),
        rounds=entry.whole("rounds", 1, 20, default=0),
        stations=tuple(read_station(item) for item in entry.each("stations", at_least=1 if kind == "exercise" else 0)),
        script_id=entry.text("script_id") if kind in ("relaxation", "mindfulness") else "",
        music_id=entry.text("music_id") if kind in ("relaxation", "mindfulness") else "",
    )
    check_times(entry, section)
    return section


def check_times(entry: Marked, section: Section) -> None:
    """What happens inside a section must fit into its minutes."""
    if section.stations and not section.rounds:
        entry.refuse("rounds is missing: how often is the circuit done?")
    if section.circuit_seconds > section.minutes * 60:
        entry.refuse(f"the circuit takes {section.circuit_seconds} seconds; the section has {section.minutes * 60}.")
    if section.breakout:
        if not 2 <= section.breakout_size_min <= section.breakout_size_max:
            entry.refuse("breakout needs breakout_size_min and breakout_size_max, the first not above the second.")
        if not 1 <= section.breakout_minutes <= section.minutes:
            entry.refuse("breakout_minutes must be at least 1 and fit into the section.")


def read_station(entry: Marked) -> Station:
    entry.only(("exercise", "work_seconds", "rest_seconds"))
    return Station(entry.text("exercise"), entry.whole("work_seconds", 5, 1200), entry.whole("rest_seconds", 0, 1200))
