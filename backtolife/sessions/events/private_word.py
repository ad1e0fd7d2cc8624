"""A word in private: one patient and one facilitator in a media room of their own, which nobody else can enter."""

from backtolife import audit
from backtolife.people.access import permission
from backtolife.sessions.events import payloads
from backtolife.sessions.events.context import Act, Outcome
from backtolife.sessions.state import safety


@permission("session.lead")
def word_begin(act: Act[payloads.ToSeat]) -> Outcome:
    """Take somebody aside, from the room or from the waiting room. Whoever waits stays out of the group."""
    seat = act.other_seat()
    change = act.apply(safety.word_begin, seat=seat.id, by=act.seat.id)
    audit.record(act.db, actor=act.actor, action="private_word", subject_type="seat", subject_id=seat.id, now=act.now)
    return Outcome(change, media=act.cut_off(change, [seat.id]))


@permission("session.lead")
def word_end(act: Act[payloads.Nothing]) -> Outcome:
    """Both go back to where they were; without a private word nothing happens."""
    entry = act.state["seats"][act.seat.id]
    if "word" not in entry:
        return Outcome()
    word = entry["word"]
    both = [seat for seat, one in act.state["seats"].items() if one.get("word") == word]
    change = act.apply(safety.word_end, seat=act.seat.id)
    return Outcome(change, media=act.cut_off(change, both))
