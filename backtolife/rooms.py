"""The rooms of the house, in one list: their pages, their events, and what one room asks of another."""

from functools import partial

from flask import Flask

from backtolife import clock
from backtolife.board import views as board_views
from backtolife.content import services as videos
from backtolife.content.arriving import views as arriving_views
from backtolife.content.captioning import views as caption_views
from backtolife.content.managing import exercise_views
from backtolife.content.managing import views as video_manage_views
from backtolife.content.relaxation import views as relaxation_views
from backtolife.content.storage.storage import storage_of
from backtolife.content.watching import media_views as video_media_views
from backtolife.content.watching import notes
from backtolife.content.watching import views as video_views
from backtolife.content.watching.for_groups import GroupFilms
from backtolife.data_life.copies import views as copy_views
from backtolife.data_life.emergency import views as emergency_views
from backtolife.data_life.erasing import views as erasing_views
from backtolife.data_life.looked import views as looks_views
from backtolife.data_life.retention import views as retention_views
from backtolife.database.keys import begin_with_keys
from backtolife.demo import views as demo_views
from backtolife.home import exercise_sheet
from backtolife.home import views as home_views
from backtolife.outcomes.answering import views as form_views
from backtolife.outcomes.asking import after_session
from backtolife.outcomes.asking.schedule import would_close
from backtolife.outcomes.forms import import_views, sign_off_views
from backtolife.outcomes.safety import on_call, raising, rota_views
from backtolife.outcomes.safety.handing_over import DutyHeld, TasksHeld
from backtolife.outcomes.staff_entry import paper_views
from backtolife.outcomes.staff_entry import views as entry_views
from backtolife.outcomes.tasks import became
from backtolife.outcomes.tasks import views as task_views
from backtolife.outcomes.typed import views as typed_views
from backtolife.pathway.map import views as map_views
from backtolife.pathway.planning import views as planner_views
from backtolife.people.colleagues import views as colleague_views
from backtolife.people.colleagues.yearly import views as review_views
from backtolife.people.details import (
    background_views,
    contact_views,
    needs_views,
    passkey_views,
    places_views,
    second_step_views,
)
from backtolife.people.details import views as details_views
from backtolife.people.drafts import views as draft_views
from backtolife.people.own_services import choosing_views, code_views, linking_views
from backtolife.people.second_person import views as role_views
from backtolife.people.sign_in_pages import again, organisation, passkey, patients, staff, staff_code
from backtolife.programme.agreed import views as plan_views
from backtolife.programme.calendars import views as calendar_views
from backtolife.programme.changes import views as change_views
from backtolife.programme.cohorts import telling
from backtolife.programme.cohorts.surroundings import Surroundings
from backtolife.programme.consent import staff_views as patient_consent_views
from backtolife.programme.consent import text_views as consent_text_views
from backtolife.programme.consent import views as consent_views
from backtolife.programme.course import views as course_of_staff_views
from backtolife.programme.course.services import Around, told_of_staff
from backtolife.programme.discharge import views as discharge_views
from backtolife.programme.editing import import_views as programme_import_views
from backtolife.programme.editing import preview_views as programme_preview_views
from backtolife.programme.editing import views as programme_views
from backtolife.programme.goals import views as goal_views
from backtolife.programme.guides import sign_views as guide_sign_views
from backtolife.programme.guides import told_views as programme_told_views
from backtolife.programme.guides import views as guide_views
from backtolife.programme.making import views as cohort_views
from backtolife.programme.merging import views as merging_views
from backtolife.programme.own_service import views as own_service_views
from backtolife.programme.patients import list_views, need_views, note_views, number_views
from backtolife.programme.patients import views as patient_details_views
from backtolife.programme.places import adding, dying_views, offer_news, offer_views
from backtolife.programme.places import views as place_views
from backtolife.programme.places.queue import views as waiting_views
from backtolife.programme.practice import views as practice_views
from backtolife.programme.practice import week_views
from backtolife.programme.prescribed import views as prescribed_views
from backtolife.programme.staffing import views as staffing_views
from backtolife.programme.staffing.handing_over import GroupsHeld
from backtolife.programme.upkeep import views as upkeep_views
from backtolife.programme.upstream import views as programme_upstream_views
from backtolife.programme.versions import views as programme_version_views
from backtolife.reminders.messages import contact_views as patient_contact_views
from backtolife.reminders.messages import receipts, to_reach
from backtolife.reminders.messages import views as message_views
from backtolife.reporting.api import client_views
from backtolife.reporting.api import views as api_views
from backtolife.reporting.face_to_face import views as comparing_views
from backtolife.reporting.progress import views as own_views
from backtolife.reporting.results import views as report_views
from backtolife.sessions.film import views as film_views
from backtolife.sessions.guests import course_views
from backtolife.sessions.guests import views as guest_views
from backtolife.sessions.guests.booked_again import book_again
from backtolife.sessions.guests.moved import tell_guests
from backtolife.sessions.incidents import views as incident_views
from backtolife.sessions.joining import link_views, running_late
from backtolife.sessions.joining import views as session_views
from backtolife.sessions.realtime import media_webhooks, sockets
from backtolife.sessions.records import warnings_kept
from backtolife.sessions.records.came import came_to
from backtolife.sessions.rehearsals import views as rehearsal_views
from backtolife.sessions.rehearsals.services import rehearsed
from backtolife.sessions.room import seats
from backtolife.sessions.room.services import addresses_of, held_in, schedule, waiting_in
from backtolife.sessions.summary import views as summary_views
from backtolife.sessions.trial import views as trial_views
from backtolife.web import metrics, readiness
from backtolife.web.blocked import views as blocked_views

BLUEPRINTS = (
    patients.pages,
    staff.pages,
    staff_code.pages,
    passkey.pages,
    organisation.pages,
    again.pages,
    colleague_views.pages,
    review_views.pages,
    role_views.pages,
    details_views.pages,
    second_step_views.pages,
    places_views.pages,
    passkey_views.pages,
    choosing_views.pages,
    code_views.pages,
    linking_views.pages,
    draft_views.pages,
    background_views.pages,
    contact_views.pages,
    patient_contact_views.pages,
    needs_views.pages,
    cohort_views.pages,
    patient_details_views.pages,
    goal_views.pages,
    plan_views.pages,
    practice_views.pages,
    week_views.pages,
    prescribed_views.pages,
    list_views.pages,
    merging_views.pages,
    need_views.pages,
    note_views.pages,
    number_views.pages,
    change_views.pages,
    calendar_views.pages,
    staffing_views.pages,
    upkeep_views.pages,
    discharge_views.pages,
    own_service_views.pages,
    programme_views.pages,
    programme_preview_views.pages,
    programme_import_views.pages,
    programme_upstream_views.pages,
    programme_version_views.pages,
    programme_version_views.library_pages,
    place_views.pages,
    dying_views.pages,
    adding.pages,
    offer_views.pages,
    consent_views.pages,
    patient_consent_views.pages,
    consent_text_views.pages,
    guide_sign_views.pages,
    guide_views.pages,
    programme_told_views.pages,
    course_of_staff_views.pages,
    waiting_views.pages,
    video_views.pages,
    arriving_views.pages,
    caption_views.pages,
    video_manage_views.pages,
    video_media_views.pages,
    relaxation_views.pages,
    exercise_views.pages,
    session_views.pages,
    link_views.pages,
    guest_views.pages,
    trial_views.pages,
    course_views.pages,
    summary_views.pages,
    film_views.pages,
    incident_views.pages,
    rehearsal_views.pages,
    media_webhooks.pages,
    receipts.pages,
    message_views.pages,
    message_views.patient_pages,
    form_views.pages,
    task_views.pages,
    entry_views.pages,
    paper_views.pages,
    rota_views.pages,
    sign_off_views.pages,
    import_views.pages,
    import_views.battery_pages,
    typed_views.pages,
    report_views.pages,
    comparing_views.pages,
    planner_views.pages,
    map_views.pages,
    own_views.progress_pages,
    own_views.pages,
    client_views.pages,
    api_views.pages,
    looks_views.pages,
    copy_views.pages,
    erasing_views.pages,
    emergency_views.pages,
    retention_views.pages,
    board_views.pages,
    home_views.pages,
    exercise_sheet.pages,
    home_views.cohort_pages,
    demo_views.pages,
    metrics.pages,
    readiness.pages,
    blocked_views.pages,
    blocked_views.told,
)


def add_to(app: Flask) -> None:
    """Hang every room's pages into `app`."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    media_webhooks.add_to(app)
    receipts.add_to(app)
    emergency_views.add_to(app)
    blocked_views.add_to(app)
    readiness.add_to(app)
    metrics.add_to(app)
    organisation.add_to(app)
    sockets.add_to(app)
    rehearsal_views.add_to(app)
    app.extensions["backtolife.new_cohort"] = (schedule,)
    settings = app.extensions["backtolife.settings"]
    app.extensions["backtolife.around_groups"] = Surroundings(
        days_off=on_call.days_off,
        away=on_call.away_among,
        held=held_in,
        addresses=partial(addresses_of, settings=settings),
        came=came_to,
        waiting=waiting_in,
        closing=would_close,
        moved=running_late.ask_anew,
        offered=offer_news.who_is_asked,
        tell_offered=offer_news.tell_offered,
        book_again=book_again,
        tell_guests=tell_guests,
    )
    app.extensions["backtolife.films"] = GroupFilms(storage_of(settings))
    app.extensions["backtolife.written"] = notes.written_for
    app.extensions["backtolife.video_is_ready"] = videos.video_is_ready
    app.extensions["backtolife.raise_for_signs"] = raising.raise_for_signs
    app.extensions["backtolife.became_of_signs"] = became.became_of_signs
    app.extensions["backtolife.said_at_the_door"] = seats.seat_of
    app.extensions["backtolife.signs_ticked"] = warnings_kept.signs_ticked
    app.extensions["backtolife.work_of_staff"] = (GroupsHeld(), TasksHeld(), DutyHeld())
    app.extensions["backtolife.around_course"] = Around(rehearsed=rehearsed, films=videos.films)
    app.extensions["backtolife.course_of_staff"] = told_of_staff
    app.extensions["backtolife.words_of"] = telling.shipped_words
    app.extensions["backtolife.to_reach"] = to_reach.people_to_reach
    app.extensions["backtolife.asked_after"] = after_session.may_be_offered


def begin(app: Flask) -> None:
    """Start what runs beside the pages. An application that serves nobody, such as a command's, does without.

    Raises Invalid where the database was encrypted with a key that is not here, Conflict where it is a newer version's.
    """
    begin_with_keys(app.extensions["backtolife.engine"], now=clock.now())
    sockets.begin(app)
