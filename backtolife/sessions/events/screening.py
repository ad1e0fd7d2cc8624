"""The room's events about a video watched together: facilitators open, play, pause, move and close it."""

from backtolife.errors import Conflict
from backtolife.people.access import permission
from backtolife.sessions.events import payloads
from backtolife.sessions.events.context import Act, Outcome
from backtolife.sessions.film.source import NONE_YET, films
from backtolife.sessions.state import sharing
from backtolife.sessions.state.room_state import FilmShown


@permission("session.lead")
def film_open(act: Act[payloads.Nothing]) -> Outcome:
    """The session's own video, on everybody's screen, standing at its beginning."""
    session = act.group_session
    found = films().of_session(act.db, service_id=session.service_id, number=session.number)
    if found is None:
        raise Conflict(NONE_YET)
    shown: FilmShown = {
        "package": found.package_id,
        "title": found.title,
        "duration_ms": found.duration_ms,
        "captions": found.captions,
    }
    return Outcome(act.apply(sharing.film_open, shown=shown, now_ms=act.now_ms))


@permission("session.lead")
def film_play(act: Act[payloads.Nothing]) -> Outcome:
    return Outcome(act.apply(sharing.film_play, now_ms=act.now_ms))


@permission("session.lead")
def film_pause(act: Act[payloads.Nothing]) -> Outcome:
    return Outcome(act.apply(sharing.film_pause, now_ms=act.now_ms))


@permission("session.lead")
def film_seek(act: Act[payloads.FilmSeek]) -> Outcome:
    return Outcome(act.apply(sharing.film_seek, at_ms=act.given["at_ms"], now_ms=act.now_ms))


@permission("session.lead")
def film_close(act: Act[payloads.Nothing]) -> Outcome:
    return Outcome(act.apply(sharing.film_close))
