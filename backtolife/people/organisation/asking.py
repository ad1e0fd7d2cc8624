"""Our requests to the provider: to its own host alone, within seconds, and with no more read than fits.

Loaded late: `authlib` and `requests` are in the extra `oidc`.
"""

import ssl
import time
from collections.abc import Mapping
from typing import Any

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from joserfc.errors import JoseError
from requests.adapters import HTTPAdapter

from backtolife.people.organisation.faults import NotAnswered, Refused
from backtolife.people.organisation.settings import OrganisationSettings, origin_of

CONNECT_SECONDS, READ_SECONDS, LONGEST_SECONDS = 3, 5, 8
MOST_BYTES = 1024 * 1024
REFUSALS = frozenset({"invalid_grant", "access_denied", "interaction_required", "login_required", "consent_required"})
"""What a provider says about the person. Everything else is about us, or about itself."""

CERTIFICATE = "certificate"
"""Why a provider gave no answer that counts: its certificate is of no authority that this machine trusts."""


class OneHost(HTTPAdapter):
    """Sends to one origin, follows nowhere else, and gives up on an answer that drips or does not end.

    It trusts the authorities that this machine trusts, as everything else here does: an organisation has its own.
    """

    def __init__(self, origin: str) -> None:
        super().__init__(max_retries=0)
        self.origin = origin

    def init_poolmanager(self, *args: Any, **more: Any) -> None:
        super().init_poolmanager(*args, **more, ssl_context=ssl.create_default_context())

    def cert_verify(self, *_: Any) -> None:
        """Leave it to the context above; requests would put a list of its own in its place."""

    def send(self, request: Any, *args: Any, **more: Any) -> Any:
        if origin_of(request.url) != self.origin:
            raise requests.exceptions.InvalidURL(f"not of {self.origin}")
        ends = time.monotonic() + LONGEST_SECONDS
        more.update(stream=True, timeout=(CONNECT_SECONDS, READ_SECONDS))
        answer = super().send(request, *args, **more)
        body = b""
        while piece := answer.raw.read1(16 * 1024, decode_content=True):
            body += piece
            if len(body) > MOST_BYTES or time.monotonic() > ends:
                answer.close()
                raise requests.exceptions.ReadTimeout("too long")
        answer._content, answer._content_consumed = body, True
        return answer


def session(settings: OrganisationSettings, **more: Any) -> Any:
    """A client of the provider, which shows who we are by our secret or by our key."""
    method, secret = "client_secret_basic", settings.client_secret
    if settings.private_key:
        method, secret = "private_key_jwt", settings.private_key
    client = OAuth2Session(settings.client_id, secret, token_endpoint_auth_method=method, **more)
    client.register_client_auth_method(PrivateKeyJWT())
    client.max_redirects = 0
    client.mount("https://", OneHost(settings.origin))
    client.mount("http://", OneHost(settings.origin))
    return client


def document(settings: OrganisationSettings, url: str, *, bearer: str = "") -> dict[str, Any]:
    """The JSON at `url`, an object. Raises NotAnswered."""
    headers = {"Accept": "application/json", **({"Authorization": f"Bearer {bearer}"} if bearer else {})}
    try:
        answer = session(settings).request("GET", url, withhold_token=True, headers=headers)
        answer.raise_for_status()
        found = answer.json()
    except requests.exceptions.SSLError as error:
        raise NotAnswered(CERTIFICATE) from error
    except (requests.RequestException, ValueError) as error:
        raise NotAnswered(type(error).__name__) from error
    if not isinstance(found, dict):
        raise NotAnswered("no_object")
    return found


def tokens(settings: OrganisationSettings, endpoint: str, asked: Mapping[str, str]) -> dict[str, Any]:
    """What the token endpoint gives for a code or for a refresh token. Raises Refused or NotAnswered."""
    client = session(settings)
    try:
        if asked["grant_type"] == "refresh_token":
            found = client.refresh_token(endpoint, refresh_token=asked["refresh_token"])
        else:
            found = client.fetch_token(endpoint, **asked)
    except OAuthError as error:
        if error.error in REFUSALS:
            raise Refused(str(error.error)) from error
        raise NotAnswered(str(error.error)[:60]) from error
    except (requests.RequestException, ValueError, KeyError, TypeError, AttributeError, JoseError) as error:
        raise NotAnswered(type(error).__name__) from error
    return dict(found)
