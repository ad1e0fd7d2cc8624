"""Where in a film the group is: everybody works it out from the server's clock, so all see the same. Pure."""

from typing import Any

Film = dict[str, Any]
"""`at_ms` is the place in the film at the moment `since_ms`; from there it runs on while `playing`."""


def begun(*, package: str, title: str, duration_ms: int, captions: bool, now_ms: int) -> Film:
    """A film just opened: at its beginning, not playing yet."""
    said = {"package": package, "title": title, "duration_ms": duration_ms, "captions": captions}
    return {**said, "at_ms": 0, "since_ms": now_ms, "playing": False}


def place_at(film: Film, now_ms: int) -> int:
    """Milliseconds into the film at `now_ms`; never beyond its end."""
    ran: int = now_ms - film["since_ms"] if film["playing"] else 0
    return max(0, min(int(film["duration_ms"]), int(film["at_ms"]) + max(0, ran)))


def played(film: Film, now_ms: int) -> Film:
    """The film going on; from the start when it had come to its end."""
    at = place_at(film, now_ms)
    return {**film, "at_ms": 0 if at >= film["duration_ms"] else at, "since_ms": now_ms, "playing": True}


def paused(film: Film, now_ms: int) -> Film:
    """The film standing still where it is."""
    return {**film, "at_ms": place_at(film, now_ms), "since_ms": now_ms, "playing": False}


def sought(film: Film, at_ms: int, now_ms: int) -> Film:
    """The film at another place, playing or standing as before."""
    return {**film, "at_ms": min(at_ms, int(film["duration_ms"])), "since_ms": now_ms}
