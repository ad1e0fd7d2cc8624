"""Access tokens: believed only when they are ours, fresh and for joining a room."""

import datetime

import jwt
import pytest
from livekit import api

from backtolife.errors import NotPermitted
from backtolife.sessions.media.tokens import Tokens
from tests.media_engine import KEY, SECRET

JOIN = api.VideoGrants(room_join=True, room="session-4", can_publish_sources=["microphone"])


def made(grants: api.VideoGrants = JOIN, *, key: str = KEY, secret: str = SECRET, minutes: float = 5) -> str:
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


def test_a_fresh_token_grants_what_is_granted_now() -> None:
    tokens = Tokens(KEY, SECRET)
    visitor = tokens.visitor(made())
    again = tokens.visitor(tokens.fresh(visitor, visitor.grants, {"role": "patient", "camera_to": "nobody"}))
    assert again.grants == visitor.grants
    assert again.attributes == {"role": "patient", "camera_to": "nobody"}
