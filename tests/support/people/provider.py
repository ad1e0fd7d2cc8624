"""A made-up OpenID Connect provider: its real HTTP interface on loopback, with switches for every lie."""

import base64
import hashlib
import hmac
import json
import secrets
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.support.network.made_up_server import JsonDoor, answering

CLIENT, SECRET = "backtolife-tests", "a made-up secret of the client"
ASSERTED = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def packed(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def new_key(name: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig"})


@dataclass
class Grant:
    """What a code or a refresh token stands for."""

    challenge: str
    nonce: str
    redirect_uri: str


@dataclass
class MadeUpProvider:
    url: str = ""
    user: dict[str, Any] = field(default_factory=lambda: {"sub": "u-1", "email": "", "email_verified": True})
    """Who is signed in there: claims of their ID token."""
    lies: dict[str, Any] = field(default_factory=dict)
    """Claims that the ID token says in place of the true ones; None leaves one out."""
    algorithm: str = "RS256"
    """Also `none`, and `HS256` with the public key as the secret."""
    key: RSAKey = field(default_factory=lambda: new_key("first"))
    shown: list[RSAKey] = field(default_factory=list)
    """The keys it publishes; empty: the one it signs with."""
    discovery: dict[str, Any] = field(default_factory=dict)
    """What the discovery document says in place of the truth."""
    about: dict[str, Any] | None = None
    """What userinfo says; None: there is none."""
    gives_refresh: bool = True
    welcome: bool = True
    """Whether refresh tokens still work."""
    down: bool = False
    drips: bool = False
    elsewhere: str = ""
    """Where everything but discovery is led on to."""
    client_key: RSAKey | None = None
    """The public half of the key by which the client shows who it is, in place of its secret."""
    codes: dict[str, Grant] = field(default_factory=dict)
    refresh_tokens: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    """Method and path of every request."""
    refused: list[str] = field(default_factory=list)
    signed_in_at: int | None = None
    """When they last signed in there, in seconds; what asks for it anew is given."""
    clock: Callable[[], float] = time.time
    stopping: threading.Event = field(default_factory=threading.Event)

    def count(self, path: str) -> int:
        return sum(each.endswith(path) for each in self.asked)

    def rotate(self) -> None:
        self.key = new_key(secrets.token_hex(4))

    def authorize(self, query: dict[str, list[str]]) -> str:
        """The person says yes at once; where their browser goes."""
        given = {name: values[0] for name, values in query.items()}
        assert given["code_challenge_method"] == "S256", given
        assert (given["client_id"], given["response_type"]) == (CLIENT, "code"), given
        if given.get("prompt") == "login" and given.get("max_age") == "0":
            self.signed_in_at = int(self.clock())
        code = secrets.token_urlsafe(16)
        self.codes[code] = Grant(given["code_challenge"], given["nonce"], given["redirect_uri"])
        return f"{given['redirect_uri']}?{urlencode({'code': code, 'state': given['state']})}"

    def id_token(self, nonce: str | None) -> str:
        now = int(self.clock())
        since = {} if self.signed_in_at is None else {"auth_time": self.signed_in_at}
        true = {
            **since,
            "iss": self.url,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            **({"nonce": nonce} if nonce else {}),
        }
        claims = {name: value for name, value in {**true, **self.user, **self.lies}.items() if value is not None}
        header = {"alg": self.algorithm, "kid": self.key.kid, "typ": "JWT"}
        body = f"{packed(json.dumps(header).encode())}.{packed(json.dumps(claims).encode())}"
        if self.algorithm == "none":
            return f"{body}."
        if self.algorithm == "HS256":
            public = self.key.as_pem(private=False)
            return f"{body}.{packed(hmac.new(public, body.encode(), hashlib.sha256).digest())}"
        return jwt.encode(header, claims, self.key, algorithms=[self.algorithm])

    def tokens(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if form["grant_type"] == "refresh_token":
            if not self.welcome or form["refresh_token"] not in self.refresh_tokens:
                return 400, {"error": "invalid_grant"}
            self.refresh_tokens.remove(form["refresh_token"])
            return 200, self.given(None)
        grant = self.codes.pop(form["code"], None)
        challenge = packed(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if grant is None or challenge != grant.challenge or form["redirect_uri"] != grant.redirect_uri:
            return 400, {"error": "invalid_grant"}
        return 200, self.given(grant.nonce)

    def given(self, nonce: str | None) -> dict[str, Any]:
        refresh = secrets.token_urlsafe(24)
        if self.gives_refresh:
            self.refresh_tokens.add(refresh)
        more = {"refresh_token": refresh} if self.gives_refresh else {}
        return {
            "access_token": "at",
            "token_type": "Bearer",
            "expires_in": 300,
            "id_token": self.id_token(nonce),
            **more,
        }

    def knows(self, headers: Any, form: dict[str, str]) -> bool:
        """Whether the client showed who it is."""
        if self.client_key is not None:
            claims = jwt.decode(form["client_assertion"], self.client_key, algorithms=["RS256"]).claims
            return form["client_assertion_type"] == ASSERTED and claims["aud"] == f"{self.url}/token"
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        return bool(headers.get("Authorization") == f"Basic {basic}")


class Door(JsonDoor):
    provider: MadeUpProvider

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name in the standard library
        del format, args

    def begin(self) -> str:
        here = urlsplit(self.path).path
        self.provider.asked.append(f"{self.command} {here}")
        if self.provider.down:
            self.answer(503, {"error": "down"})
            return ""
        if self.provider.elsewhere and "well-known" not in here:
            self.send_response(307)
            self.send_header("Location", self.provider.elsewhere)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return ""
        return here

    def do_GET(self) -> None:  # noqa: N802 - the name that the library calls
        here, url = self.begin(), self.provider.url
        if here == "/.well-known/openid-configuration":
            about = {"userinfo_endpoint": f"{url}/userinfo"} if self.provider.about is not None else {}
            document = {
                "issuer": url,
                "authorization_endpoint": f"{url}/authorize",
                "token_endpoint": f"{url}/token",
                "jwks_uri": f"{url}/jwks",
                "scopes_supported": ["openid", "email", "offline_access"],
                **about,
                **self.provider.discovery,
            }
            self.answer(200, document)
        elif here == "/jwks":
            keys = self.provider.shown or [self.provider.key]
            self.answer(200, {"keys": [key.as_dict(private=False) for key in keys]})
        elif here == "/userinfo":
            self.answer(200, self.provider.about or {})
        elif here == "/authorize":
            self.send_response(302)
            self.send_header("Location", self.provider.authorize(parse_qs(urlsplit(self.path).query)))
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif here:
            self.answer(404, {})

    def do_POST(self) -> None:  # noqa: N802 - the name that the library calls
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        here = self.begin()
        if here == "/token":
            if not self.provider.knows(self.headers, form):
                self.provider.refused.append("client")
                self.answer(401, {"error": "invalid_client"})
                return
            self.answer(*self.provider.tokens(form))
        elif here:
            self.answer(404, {})

    def write(self, data: bytes) -> None:
        if not self.provider.drips:
            super().write(data)
            return
        for each in data:
            self.wfile.write(bytes([each]))
            self.wfile.flush()
            if self.provider.stopping.wait(0.5):
                return


@contextmanager
def made_up_provider(certificate: Path | None = None, key: Path | None = None) -> Iterator[MadeUpProvider]:
    """One that runs for as long as the block lasts, over TLS where it is given a certificate and its key."""
    provider, over = MadeUpProvider(), None
    if certificate is not None:
        over = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        over.load_cert_chain(certificate, key)
    with answering(provider, type("OwnDoor", (Door,), {"provider": provider}), over):
        yield provider
