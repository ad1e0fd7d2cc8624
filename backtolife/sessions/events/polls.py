"""The room's events about signs and questions: somebody reacts, staff ask the group, patients answer."""

from backtolife.people.access import permission
from backtolife.sessions.events import payloads, replies
from backtolife.sessions.events.context import Act, Outcome
from backtolife.sessions.records import polls
from backtolife.sessions.state import sharing


@permission("session.chat")
def react(act: Act[payloads.React]) -> Outcome:
    return Outcome(act.apply(sharing.react, seat=act.seat.id, what=act.given["what"], now_ms=act.now_ms))


@permission("session.lead")
def poll_ask(act: Act[payloads.PollAsk]) -> Outcome:
    poll = polls.ask(
        act.db,
        group_session=act.group_session,
        seat=act.seat,
        question=act.given["question"],
        options=act.given["options"],
        now=act.now,
    )
    change = act.apply(sharing.poll_ask, poll=poll.id, question=poll.question, options=poll.options, now_ms=act.now_ms)
    return Outcome(change, reply=replies.PollReply(poll=poll.id))


@permission("session.check")
def poll_answer(act: Act[payloads.PollAnswer]) -> Outcome:
    """My choice, told to nobody; the group gets counts when there are enough."""
    poll = polls.find(act.db, group_session=act.group_session, poll_id=act.given["poll"])
    shown = sharing.poll_in(act.state, poll.id)
    polls.answer(act.db, poll=poll, seat=act.seat, choice=act.given["choice"], now=act.now)
    return Outcome(act.apply(sharing.poll_answer, poll=poll.id, counts=polls.counts_of(act.db, poll, shown)))


@permission("session.lead")
def poll_close(act: Act[payloads.ToPoll]) -> Outcome:
    poll = polls.find(act.db, group_session=act.group_session, poll_id=act.given["poll"])
    change = act.apply(sharing.poll_close, poll=poll.id)
    polls.close(poll, act.now)
    return Outcome(change)


@permission("session.lead")
def poll_clear(act: Act[payloads.ToPoll]) -> Outcome:
    """Take the question off everybody's screen; it counts as closed."""
    poll = polls.find(act.db, group_session=act.group_session, poll_id=act.given["poll"])
    change = act.apply(sharing.poll_clear, poll=poll.id)
    polls.close(poll, act.now)
    return Outcome(change)
