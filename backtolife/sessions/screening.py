"""The room's events about a video watched together: facilitators open, play, pause, move and close it."""

from backtolife.errors import Conflict
from backtolife.people.access import permission
from backtolife.sessions.act import Act, Outcome
from backtolife.sessions.films import NONE_YET, films


@permission("session.lead")
def open_film(act: Act) -> Outcome:
    """The session's own video, on everybody's screen, standing at its beginning."""
    session = act.group_session
    found = films().of_session(act.db, service_id=session.service_id, number=session.number)
    if found is None:
        raise Conflict(NONE_YET)
    shown = {
        "package": found.package_id,
        "title": found.title,
        "duration_ms": found.duration_ms,
        "captions": found.captions,
    }
    return Outcome(act.apply("open_film", shown=shown, now_ms=act.now_ms))


@permission("session.lead")
def play(act: Act) -> Outcome:
    return Outcome(act.apply("play_film", now_ms=act.now_ms))


@permission("session.lead")
def pause(act: Act) -> Outcome:
    return Outcome(act.apply("pause_film", now_ms=act.now_ms))


@permission("session.lead")
def seek(act: Act) -> Outcome:
    return Outcome(act.apply("seek_film", at_ms=act.given["at_ms"], now_ms=act.now_ms))


@permission("session.lead")
def close(act: Act) -> Outcome:
    return Outcome(act.apply("close_film"))
