"""Access tokens: believed only when they are ours, fresh and for joining a room."""

import datetime
import time

import jwt
import pytest
from livekit import api

from backtolife.errors import NotPermitted
from backtolife.sessions.media.access.removals import KEPT, MOST, Removals
from backtolife.sessions.media.access.tokens import Tokens
from tests.support.media.engine import KEY, SECRET

JOIN = api.VideoGrants(room_join=True, room="session-4", can_publish_sources=["microphone"])


def made(grants: api.VideoGrants = JOIN, *, key: str = KEY, secret: str = SECRET, minutes: float = 5) -> str:
    """A token of ana's."""
    token = api.AccessToken(key, secret).with_identity("ana").with_attributes({"role": "patient"}).with_grants(grants)
    return token.with_ttl(datetime.timedelta(minutes=minutes)).to_jwt()


def test_a_token_becomes_a_visitor_with_grants_and_attributes() -> None:
    visitor = Tokens(KEY, SECRET).visitor(made())
    assert (visitor.identity, visitor.room, visitor.attributes) == ("ana", "session-4", {"role": "patient"})
    assert visitor.grants.message().can_publish_sources == [2]
    assert visitor.issued > 0


@pytest.mark.parametrize(
    "token",
    [
        "",
        "not.a.token",
        made(minutes=-10),
        made(secret="another-secret-of-sufficient-length-0123"),
        made(key="another-key"),
        made(api.VideoGrants(room_list=True)),
        jwt.encode({"sub": "ana", "iss": KEY, "video": {"roomJoin": True, "room": "r"}}, "", algorithm="none"),
        jwt.encode({"sub": "ana", "iss": KEY, "exp": 9999999999, "video": 5}, SECRET),
    ],
    ids=["empty", "nonsense", "expired", "wrong secret", "wrong key", "no join", "none", "odd shape"],
)
def test_any_other_token_is_refused(token: str) -> None:
    with pytest.raises(NotPermitted):
        Tokens(KEY, SECRET).visitor(token)


@pytest.mark.parametrize(("ago", "taken"), [(-1, True), (0, True), (1, False), (2, False), (18, False), (59, False)])
def test_a_token_is_taken_until_its_end_and_no_longer(monkeypatch: pytest.MonkeyPatch, ago: int, taken: bool) -> None:
    token = made()
    end = jwt.decode(token, options={"verify_signature": False})["exp"]
    monkeypatch.setattr(time, "time", lambda: float(end + ago))
    tokens = Tokens(KEY, SECRET)
    if taken:
        assert tokens.visitor(token).expires == end
        return
    with pytest.raises(NotPermitted):
        tokens.visitor(token)


def test_who_was_removed_comes_in_with_no_token_made_until_then() -> None:
    removals = Removals()
    removals.add("session-4", "ana", 1000)
    assert [removals.bars("session-4", "ana", issued) for issued in (0, 999, 1000, 1001)] == [True, True, True, False]
    assert not removals.bars("session-4", "ben", 999)
    assert not removals.bars("session-5", "ana", 999)


def test_a_removal_is_remembered_as_long_as_a_token_of_then_may_live() -> None:
    removals = Removals()
    removals.add("session-4", "ana", 1000, expires=10_000_000.0)
    removals.add("session-4", "ben", 1000)
    removals.add("session-4", "ana", 500)
    removals.forget(1000 + KEPT + 1)
    assert removals.bars("session-4", "ana", 1000)
    assert not removals.bars("session-4", "ben", 1000)
    removals.forget(10_000_001.0)
    assert not removals.bars("session-4", "ana", 1000)


def test_the_oldest_of_too_many_removals_is_forgotten_first() -> None:
    removals = Removals()
    for number in range(MOST + 1):
        removals.add("session-4", str(number), 1000)
    assert [removals.bars("session-4", str(number), 1000) for number in (0, 1, MOST)] == [False, True, True]


def test_a_fresh_token_grants_what_is_granted_now() -> None:
    tokens = Tokens(KEY, SECRET)
    visitor = tokens.visitor(made())
    again = tokens.visitor(tokens.fresh(visitor, visitor.grants, {"role": "patient", "camera_to": "nobody"}))
    assert again.grants == visitor.grants
    assert again.attributes == {"role": "patient", "camera_to": "nobody"}
