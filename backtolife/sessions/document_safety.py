"""How the room's document changes for safety: who leads, who is late, a call nobody took, news that was read,
a word in private. Pure."""

from backtolife.errors import Conflict
from backtolife.sessions import small_rules
from backtolife.sessions.document import Document, alert_in, change, choose_lead, seat_in
from backtolife.sessions.rules import SeatRole, SeatStatus

LEAD, SPOTTER = "lead", "spotter"


@change
def escalate_help(document: Document, *, alert: str, now_ms: int) -> None:
    """Nobody took the call in time: the duty contact is told, and every page of staff says so."""
    alert_in(document, alert)["escalated_ms"] = now_ms


@change
def hand_over(document: Document, *, seat: str, to: str) -> None:
    """The lead (`seat`) gives the lead to another facilitator. Raises Conflict unless `seat` leads and `to` can."""
    if document.get("lead") != seat:
        raise Conflict("Only the facilitator who leads can hand over.")
    make_lead(document, to)


@change
def take_lead(document: Document, *, seat: str) -> None:
    """A facilitator takes the lead while whoever leads is away. Raises Conflict when they are here."""
    lead = document.get("lead")
    if lead is not None and lead != seat:
        leading = seat_in(document, lead)
        if leading["online"] and leading["status"] == SeatStatus.ADMITTED:
            raise Conflict(f"{leading['name']} is here and leads. Ask them to hand over.")
    make_lead(document, seat)


def make_lead(document: Document, seat: str) -> None:
    """From now on the person in `seat` is the lead, also when the other one comes back."""
    entry = seat_in(document, seat)
    if entry["role"] != SeatRole.FACILITATOR or entry["status"] != SeatStatus.ADMITTED or not entry["online"]:
        raise Conflict(f"{entry['name']} is not here to lead. Choose a facilitator who is in the room.")
    document["places"] = dict.fromkeys(document["places"], SPOTTER) | {entry["person"]: LEAD}
    choose_lead(document)


@change
def say_late(document: Document, *, person: str, minutes: int, now_ms: int) -> None:
    """Somebody on the list will come about `minutes` late."""
    document.setdefault("late", {})[person] = {"minutes": minutes, "said_ms": now_ms}


@change
def read_news(document: Document, *, seat: str, by: str) -> None:
    """A facilitator has read what is new with this person."""
    seat_in(document, seat).setdefault("news_read", by)


@change
def word_begin(document: Document, *, seat: str, by: str) -> None:
    """A patient and a facilitator are alone together; somebody from the waiting room is kept out of the group."""
    entry, other = seat_in(document, seat), seat_in(document, by)
    if entry["role"] != SeatRole.PATIENT or entry["status"] in (SeatStatus.LEFT, SeatStatus.REMOVED):
        raise Conflict(f"{entry['name']} is not here to talk to.")
    for one in (entry, other):
        if "word" in one:
            raise Conflict(f"{one['name']} is in a private word already.")
    taken = {one.get("word") for one in document["seats"].values()}
    free = next((word for word in small_rules.WORDS if word not in taken), None)
    if free is None:
        raise Conflict("Every private room is in use. End another private word first.")
    if entry["status"] == SeatStatus.LOBBY:
        entry["status"] = SeatStatus.HELD.value
    entry["word"] = other["word"] = free


@change
def word_end(document: Document, *, seat: str) -> None:
    small_rules.end_word(document, seat)
