"""The room's events about signs and questions: somebody reacts, staff ask the group, patients answer."""

from backtolife.people.access import permission
from backtolife.sessions import polls, together
from backtolife.sessions.act import Act, Outcome


@permission("session.chat")
def react(act: Act) -> Outcome:
    return Outcome(act.apply("react", seat=act.seat.id, what=act.given["what"], now_ms=act.now_ms))


@permission("session.lead")
def ask(act: Act) -> Outcome:
    poll = polls.ask(
        act.db,
        group_session=act.group_session,
        seat=act.seat,
        question=act.given["question"],
        options=act.given["options"],
        now=act.now,
    )
    change = act.apply("ask_poll", poll=poll.id, question=poll.question, options=poll.options, now_ms=act.now_ms)
    return Outcome(change, reply={"poll": poll.id})


@permission("session.check")
def answer(act: Act) -> Outcome:
    """My choice, told to nobody; the group gets counts when there are enough."""
    poll = polls.find(act.db, group_session=act.group_session, poll_id=act.given["poll"])
    shown = together.poll_in(act.state, poll.id)
    polls.answer(act.db, poll=poll, seat=act.seat, choice=act.given["choice"], now=act.now)
    return Outcome(act.apply("count_poll", poll=poll.id, counts=polls.counts_of(act.db, poll, shown)))


@permission("session.lead")
def close(act: Act) -> Outcome:
    poll = polls.find(act.db, group_session=act.group_session, poll_id=act.given["poll"])
    change = act.apply("close_poll", poll=poll.id)
    polls.close(poll, act.now)
    return Outcome(change)


@permission("session.lead")
def clear(act: Act) -> Outcome:
    """Take the question off everybody's screen; it counts as closed."""
    poll = polls.find(act.db, group_session=act.group_session, poll_id=act.given["poll"])
    change = act.apply("clear_poll", poll=poll.id)
    polls.close(poll, act.now)
    return Outcome(change)
