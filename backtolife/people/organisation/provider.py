"""The provider: found by its discovery document, asked by code flow with PKCE, and asked again while people are in."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backtolife.people.organisation.attempts import Attempt
from backtolife.people.organisation.faults import NotAnswered, TokenWrong
from backtolife.people.organisation.settings import OrganisationSettings, origin_of

DISCOVERY = "/.well-known/openid-configuration"
KEPT_SECONDS = 3600
DOWN_SECONDS = 10
"""After a failure nobody waits for the provider again for so long."""
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
LONGEST_REFRESH = 8000
CLOCKS_DIFFER_SECONDS = 30


@dataclass(frozen=True)
class Told:
    """What the provider says of somebody, all of it checked."""

    issuer: str
    subject: str
    claims: dict[str, Any]
    refresh_token: str

    @property
    def verified_email(self) -> str:
        """Their address, where the provider vouches for it; Entra ID does so by `xms_edov`."""
        sure = any(self.claims.get(name) in (True, "true", "1") for name in ("email_verified", "xms_edov"))
        return str(self.claims.get("email") or "").strip().lower() if sure else ""

    @property
    def acr(self) -> str:
        return str(self.claims.get("acr") or "")[:200]

    @property
    def amr(self) -> str:
        said = self.claims.get("amr")
        return ",".join(map(str, said))[:200] if isinstance(said, list) else ""


def signed_in_since(claims: dict[str, Any], asked_at: int, now: datetime) -> bool:
    """Whether the provider says that they signed in after we asked: it must not answer out of a sign-in of before."""
    at = claims.get("auth_time")
    if not isinstance(at, int) or isinstance(at, bool):
        return False
    return asked_at - CLOCKS_DIFFER_SECONDS <= at <= now.timestamp() + CLOCKS_DIFFER_SECONDS


class Provider:
    """Safe for many threads: what it keeps is only replaced as a whole."""

    def __init__(
        self, settings: OrganisationSettings, callback: str, steady: Callable[[], float] = time.monotonic
    ) -> None:
        self.settings, self.callback, self._steady = settings, callback, steady
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[float, dict[str, Any]]] = {}
        self._down_until = 0.0

    def address(self, attempt: Attempt) -> str:
        """Where the browser goes to sign in. Raises NotAnswered."""
        from authlib.common.urls import add_params_to_uri  # noqa: PLC0415 - in an extra
        from authlib.oauth2.rfc7636 import create_s256_code_challenge  # noqa: PLC0415

        found = self.discovered()
        asked = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": self.callback,
            "scope": " ".join(self.scopes(found)),
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": create_s256_code_challenge(attempt.verifier),
            "code_challenge_method": "S256",
            **({"acr_values": self.settings.acr} if self.settings.acr else {}),
            **({"prompt": "login", "max_age": "0"} if attempt.again else {}),
        }
        return str(add_params_to_uri(found["authorization_endpoint"], list(asked.items())))

    def scopes(self, found: dict[str, Any]) -> list[str]:
        return ["openid", "profile", "email", *(["offline_access"] if self.asks_for_refresh(found) else [])]

    @staticmethod
    def asks_for_refresh(found: dict[str, Any]) -> bool:
        """Whether the provider knows the word by which we ask for refresh tokens."""
        return "offline_access" in (found.get("scopes_supported") or [])

    def exchange(self, code: str, attempt: Attempt, now: datetime) -> Told:
        """Whose code this is. Raises Refused, TokenWrong or NotAnswered."""
        from backtolife.people.organisation import asking  # noqa: PLC0415 - needs an extra

        found = self.discovered()
        asked = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.callback,
            "code_verifier": attempt.verifier,
        }
        given = asking.tokens(self.settings, found["token_endpoint"], asked)
        claims = self.read(str(given.get("id_token") or ""), nonce=attempt.nonce, now=now)
        if self.settings.acr and claims.get("acr") not in self.settings.acr.split():
            raise TokenWrong("acr")
        if attempt.again and not signed_in_since(claims, attempt.asked_at, now):
            raise TokenWrong("auth_time")
        more = self.about(found, str(given.get("access_token") or ""), str(claims["sub"]))
        refresh = str(given.get("refresh_token") or "")
        return Told(
            issuer=str(found["issuer"]),
            subject=str(claims["sub"]),
            claims={**more, **claims},
            refresh_token=refresh if len(refresh) <= LONGEST_REFRESH else "",
        )

    def renew(self, refresh_token: str, subject: str, now: datetime) -> str:
        """Ask whether they are still welcome; the refresh token to ask with next time. Raises as `exchange` does."""
        from backtolife.people.organisation import asking  # noqa: PLC0415 - needs an extra

        found = self.discovered()
        asked = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        given = asking.tokens(self.settings, found["token_endpoint"], asked)
        if given.get("id_token"):
            claims = self.read(str(given["id_token"]), nonce="", now=now)
            if claims["sub"] != subject:
                raise TokenWrong("sub")
        return str(given.get("refresh_token") or refresh_token)

    def read(self, token: str, *, nonce: str, now: datetime) -> dict[str, Any]:
        """The claims of an ID token; its keys are fetched once more when it was signed by one that we do not know."""
        from backtolife.people.organisation import tokens  # noqa: PLC0415 - needs an extra

        found = self.discovered()
        expected = {"issuer": str(found["issuer"]), "client_id": self.settings.client_id, "nonce": nonce}
        try:
            return tokens.read(token, self.kept(found["jwks_uri"]), now=now, **expected)
        except tokens.UnknownKey:
            return tokens.read(token, self.kept(found["jwks_uri"], afresh=True), now=now, **expected)

    def about(self, found: dict[str, Any], access_token: str, subject: str) -> dict[str, Any]:
        """What the provider says beside the token, where that is at its own address; some put the e-mail there."""
        from backtolife.people.organisation import asking  # noqa: PLC0415 - needs an extra

        endpoint = str(found.get("userinfo_endpoint") or "")
        if not access_token or origin_of(endpoint) != self.settings.origin:
            return {}
        said = asking.document(self.settings, endpoint, bearer=access_token)
        if said.get("sub") != subject:
            raise TokenWrong("userinfo_sub")
        return said

    def discovered(self) -> dict[str, Any]:
        """The discovery document, an hour old at most. Raises NotAnswered, also for one that lies about whose it is."""
        found = self.kept(self.settings.issuer.rstrip("/") + DISCOVERY)
        if str(found.get("issuer")).rstrip("/") != self.settings.issuer.rstrip("/"):
            raise NotAnswered("another_issuer")
        elsewhere = [name for name in NEEDED if origin_of(str(found.get(name))) != self.settings.origin]
        if elsewhere:
            raise NotAnswered(f"{elsewhere[0]}_elsewhere")
        return found

    def kept(self, url: str, *, afresh: bool = False) -> dict[str, Any]:
        """A document of the provider, from memory where it is fresh enough. Raises NotAnswered."""
        from backtolife.people.organisation import asking  # noqa: PLC0415 - needs an extra

        here = self._steady()
        with self._lock:
            at, document = self._kept.get(url, (0.0, {}))
            if document and not afresh and here - at < KEPT_SECONDS:
                return document
            if here < self._down_until:
                raise NotAnswered("down_a_moment_ago")
        try:
            fetched = asking.document(self.settings, url)
        except NotAnswered:
            with self._lock:
                self._down_until = self._steady() + DOWN_SECONDS
            raise
        with self._lock:
            self._kept[url] = (here, fetched)
        return fetched
