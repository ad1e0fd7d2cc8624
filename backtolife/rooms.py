"""The rooms of the house, in one list: their pages, their events, and what one room asks of another."""

from flask import Flask

from backtolife.board import views as board_views
from backtolife.content import exercise_views, notes
from backtolife.content import manage_views as video_manage_views
from backtolife.content import media_views as video_media_views
from backtolife.content import views as video_views
from backtolife.content.for_groups import GroupFilms
from backtolife.demo import views as demo_views
from backtolife.home import views as home_views
from backtolife.outcomes import entry_views, import_views, rota_views, task_views, word_views
from backtolife.outcomes import views as form_views
from backtolife.people import background_views, details_views, signin_views, staff_views
from backtolife.programme import views as cohort_views
from backtolife.reporting import client_views, comparing_views, own_views
from backtolife.reporting import views as report_views
from backtolife.reporting.api import views as api_views
from backtolife.sessions import (
    film_views,
    guest_views,
    incident_views,
    join_views,
    rehearsal_views,
    sockets,
    summary_views,
    webhooks,
)
from backtolife.sessions import views as session_views
from backtolife.sessions.services import schedule

BLUEPRINTS = (
    signin_views.pages,
    staff_views.pages,
    details_views.pages,
    background_views.pages,
    cohort_views.pages,
    video_views.pages,
    video_manage_views.pages,
    video_media_views.pages,
    exercise_views.pages,
    session_views.pages,
    join_views.pages,
    guest_views.pages,
    summary_views.pages,
    film_views.pages,
    incident_views.pages,
    rehearsal_views.pages,
    webhooks.pages,
    form_views.pages,
    task_views.pages,
    entry_views.pages,
    rota_views.pages,
    word_views.pages,
    import_views.pages,
    import_views.battery_pages,
    report_views.pages,
    comparing_views.pages,
    own_views.progress_pages,
    own_views.pages,
    client_views.pages,
    api_views.pages,
    board_views.pages,
    home_views.pages,
    home_views.cohort_pages,
    demo_views.pages,
)


def add_to(app: Flask) -> None:
    """Hang every room's pages into `app`."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    webhooks.add_to(app)
    sockets.add_to(app)
    rehearsal_views.add_to(app)
    app.extensions["backtolife.new_cohort"] = (schedule,)
    app.extensions["backtolife.films"] = GroupFilms(app.extensions["backtolife.settings"].videos_dir / "packages")
    app.extensions["backtolife.written"] = notes.written_for
