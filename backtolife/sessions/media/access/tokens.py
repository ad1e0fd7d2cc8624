"""Who is at the door: LiveKit access tokens, checked and turned into what a participant may do."""

import datetime
import time
from dataclasses import dataclass

import jwt
from livekit import api
from livekit.api.access_token import Claims

from backtolife.errors import NotPermitted
from backtolife.sessions.media.access import policy

LEEWAY = 1
"""Seconds after its end in which a token is still taken. (Before its beginning it is the verifier's minute: clocks
differ.)"""
FRESH_FOR = datetime.timedelta(minutes=10)
"""How long a token lives that we send to a connected client so that it can reconnect."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person whose token was believed. `issued` is the token's nbf in seconds since 1970, 0 where it has none;
    `expires` is its exp.
    """

    identity: str
    name: str
    room: str
    metadata: str
    attributes: dict[str, str]
    grants: policy.Grants
    issued: int
    expires: int


class Tokens:
    """Checks and makes tokens with one key and secret."""

    def __init__(self, key: str, secret: str) -> None:
        self.key, self._secret = key, secret
        self._verifier = api.TokenVerifier(key, secret)

    def claims(self, token: str) -> Claims:
        """What a token claims. Raises NotPermitted when it is forged, expired or no token at all."""
        return self.dated(token)[0]

    def dated(self, token: str) -> tuple[Claims, int, int]:
        """What a token claims, when it was made (its nbf, 0 without) and when it ends. Raises NotPermitted."""
        try:
            claims = self._verifier.verify(token)
            plain = jwt.decode(token, options={"verify_signature": False})
            issued, expires = int(plain.get("nbf", 0)), int(plain["exp"])
            if time.time() >= expires + LEEWAY:
                raise jwt.ExpiredSignatureError("it has expired")
            return claims, issued, expires
        except (jwt.PyJWTError, ValueError, TypeError, AttributeError, KeyError) as error:
            raise NotPermitted(f"The access token is not valid: {error}") from None

    def visitor(self, token: str) -> Visitor:
        """The person who wants to join. Raises NotPermitted when the token does not let them into a room."""
        try:
            return self._visitor(token)
        except (ValueError, TypeError, AttributeError) as error:
            raise NotPermitted(f"The access token has an odd shape: {error}") from None

    def _visitor(self, token: str) -> Visitor:
        claims, issued, expires = self.dated(token)
        video = claims.video
        if video is None or not video.room_join or not video.room or not claims.identity:
            raise NotPermitted("The access token does not let anyone join a room.")
        words = (claims.identity, claims.name, claims.metadata, video.room, *(video.can_publish_sources or ()))
        if not all(isinstance(word, str) for word in words):
            raise NotPermitted("The access token says something other than words where words belong.")
        return Visitor(
            identity=claims.identity,
            name=claims.name,
            room=video.room,
            metadata=claims.metadata,
            attributes={str(key): str(value) for key, value in dict(claims.attributes or {}).items()},
            grants=policy.Grants(
                can_publish=bool(video.can_publish),
                can_subscribe=bool(video.can_subscribe),
                can_publish_data=bool(video.can_publish_data),
                sources=policy.named_sources(video.can_publish_sources or ()),
                hidden=bool(video.hidden),
                can_update_metadata=bool(video.can_update_own_metadata),
            ),
            issued=issued,
            expires=expires,
        )

    def fresh(self, visitor: Visitor, grants: policy.Grants, attributes: dict[str, str]) -> str:
        """A token with which the same client can come back; it grants what is granted now."""
        names = {int(number): name for name, number in policy.SOURCES.items()}
        video = api.VideoGrants(
            room_join=True,
            room=visitor.room,
            can_publish=grants.can_publish,
            can_subscribe=grants.can_subscribe,
            can_publish_data=grants.can_publish_data,
            can_publish_sources=[names.get(number, "none") for number in sorted(grants.sources)] or None,
            hidden=grants.hidden or None,
            can_update_own_metadata=grants.can_update_metadata or None,
        )
        token = api.AccessToken(self.key, self._secret).with_identity(visitor.identity).with_name(visitor.name)
        token = token.with_metadata(visitor.metadata).with_attributes(attributes)
        return token.with_grants(video).with_ttl(FRESH_FOR).to_jwt()

    def signed(self, sha256: str) -> str:
        """The token of a webhook: it vouches for a body with this digest (base64)."""
        return (
            api.AccessToken(self.key, self._secret).with_sha256(sha256).with_ttl(datetime.timedelta(minutes=5)).to_jwt()
        )
