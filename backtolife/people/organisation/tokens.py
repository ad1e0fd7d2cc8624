"""Reading an ID token: signed by one of the provider's keys, from it, for us, new, and the answer to our question.

Loaded late, as `asking` is.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from joserfc import jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from backtolife.people.organisation.faults import TokenWrong

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures of a key pair alone. “none” is no signature, and for HS256 our copy of a public key would be a secret."""
LEEWAY_SECONDS = 60


class UnknownKey(TokenWrong):
    """Signed by a key that we do not have: the provider may have new ones."""


def read(
    token: str, keys: Mapping[str, Any], *, issuer: str, client_id: str, nonce: str, now: datetime
) -> dict[str, Any]:
    """The claims. Raises TokenWrong, naming which part does not fit, and UnknownKey."""
    try:
        known = KeySet.import_key_set({"keys": list(keys.get("keys") or [])})
        found = jwt.decode(token, known, algorithms=list(ALGORITHMS))
    except (BadSignatureError, InvalidKeyIdError) as error:
        raise UnknownKey("signature") from error
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise TokenWrong(getattr(error, "error", "") or "unreadable") from error
    claims = dict(found.claims)
    rules = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=LEEWAY_SECONDS,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce} if nonce else {},
    )
    try:
        rules.validate(claims)
    except JoseError as error:
        raise TokenWrong(str(getattr(error, "claim", "claims"))) from error
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", "" if several else client_id) != client_id:
        raise TokenWrong("azp")
    return claims
