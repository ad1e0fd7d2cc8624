"""Where in a film the group is: everybody works it out from the server's clock, so all see the same. Pure."""

from backtolife.sessions.state.room_state import FilmShown, FilmState


def begun(shown: FilmShown, now_ms: int) -> FilmState:
    """A film just opened: at its beginning, not playing yet."""
    return {**shown, "at_ms": 0, "since_ms": now_ms, "playing": False}


def place_at(film: FilmState, now_ms: int) -> int:
    """Milliseconds into the film at `now_ms`; never beyond its end."""
    ran = now_ms - film["since_ms"] if film["playing"] else 0
    return max(0, min(film["duration_ms"], film["at_ms"] + max(0, ran)))


def played(film: FilmState, now_ms: int) -> FilmState:
    """The film going on; from the start when it had come to its end."""
    at = place_at(film, now_ms)
    return {**film, "at_ms": 0 if at >= film["duration_ms"] else at, "since_ms": now_ms, "playing": True}


def paused(film: FilmState, now_ms: int) -> FilmState:
    """The film standing still where it is."""
    return {**film, "at_ms": place_at(film, now_ms), "since_ms": now_ms, "playing": False}


def sought(film: FilmState, at_ms: int, now_ms: int) -> FilmState:
    """The film at another place, playing or standing as before."""
    return {**film, "at_ms": min(at_ms, film["duration_ms"]), "since_ms": now_ms}
