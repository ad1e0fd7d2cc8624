"""Where staff may sign in besides here, and what their organisation may decide about them."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from backtolife.config import host_of, loopback
from backtolife.errors import Invalid
from backtolife.people.models import STAFF, Role
from backtolife.variables import listed, one_of

MISSING = "OIDC_ISSUER is set, but what it needs is not installed: pip install 'backtolife[oidc]'"
CLINICAL = ("here", "directory")
HOW_ROLES = "Write it as CLAIM: VALUE=ROLE, VALUE=ROLE; the roles are"


@dataclass(frozen=True)
class OrganisationSettings:
    """What the environment says of one provider."""

    issuer: str
    client_id: str
    name: str
    """What the button calls it."""
    client_secret: str = field(default="", repr=False)
    private_key: str = field(default="", repr=False)
    """PEM; signs who we are in place of a secret that both sides know (`private_key_jwt`)."""
    acr: str = ""
    """How well people must have been recognised, in the provider's words; empty: that is for the provider."""
    roles_claim: str = ""
    """The claim that names groups or roles there; empty: roles are given here alone."""
    roles: Mapping[str, frozenset[Role]] = field(default_factory=dict)
    clinical_by_directory: bool = False
    """Whether the directory alone makes somebody clinical whom nobody here made so."""
    passwords: bool = True
    """Whether staff may also sign in with a password or a passkey."""

    @property
    def origin(self) -> str:
        """Scheme, host and port: our requests go there and nowhere else."""
        return origin_of(self.issuer)

    @property
    def roles_named(self) -> frozenset[Role]:
        """The roles that the directory decides."""
        return frozenset().union(*self.roles.values())


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def read(environ: Mapping[str, str] | None = None) -> OrganisationSettings | None:
    """None where staff sign in here alone. Raises Invalid, naming the variable and what to put there."""
    env = os.environ if environ is None else environ
    issuer = env.get("OIDC_ISSUER", "").strip()
    if not issuer:
        return None
    refuse_unsafe_address(issuer)
    if find_spec("authlib") is None or find_spec("requests") is None:
        raise Invalid(MISSING)
    client_id, secret = env.get("OIDC_CLIENT_ID", "").strip(), env.get("OIDC_CLIENT_SECRET", "")
    key = private_key(env.get("OIDC_PRIVATE_KEY_FILE", ""))
    if not client_id:
        raise Invalid("OIDC_CLIENT_ID is empty. It is the name under which your organisation knows this site.")
    if bool(secret) == bool(key):
        raise Invalid("Set either OIDC_CLIENT_SECRET or OIDC_PRIVATE_KEY_FILE, so that we can show who we are.")
    claim, roles = roles_table(env.get("OIDC_ROLES", ""))
    return OrganisationSettings(
        issuer=issuer,
        client_id=client_id,
        name=env.get("OIDC_NAME", "").strip() or "your organisation",
        client_secret=secret,
        private_key=key,
        acr=env.get("OIDC_ACR", "").strip(),
        roles_claim=claim,
        roles=roles,
        clinical_by_directory=one_of(env, "OIDC_CLINICAL_ROLES", CLINICAL, "here") == "directory",
        passwords=one_of(env, "STAFF_PASSWORDS", ("yes", "no"), "yes") == "yes",
    )


def refuse_unsafe_address(issuer: str) -> None:
    """Raise Invalid for an address at which anybody on the way could answer."""
    parts = urlsplit(issuer)
    local = parts.scheme == "http" and loopback(host_of(issuer))
    plain = not (parts.username or parts.password or parts.query or parts.fragment)
    if not (parts.scheme == "https" or local) or not parts.hostname or not plain:
        raise Invalid(f"OIDC_ISSUER is {issuer!r}. Use the provider's address as it gives it, with https://.")


def private_key(file: str) -> str:
    if not file:
        return ""
    try:
        return Path(file).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"OIDC_PRIVATE_KEY_FILE: {file} cannot be read. It holds a private key as PEM.") from error


def roles_table(text: str) -> tuple[str, dict[str, frozenset[Role]]]:
    """The claim, and the roles behind each of its values. Raises Invalid for what is no such table."""
    if not text.strip():
        return "", {}
    claim, colon, pairs = text.partition(":")
    table: dict[str, frozenset[Role]] = {}
    for pair in listed(pairs):
        value, sign, role = (part.strip() for part in pair.rpartition("="))
        if not sign or not value or role not in STAFF:
            raise Invalid(f"OIDC_ROLES does not fit at {pair!r}. {HOW_ROLES} {', '.join(sorted(STAFF))}.")
        table[value] = table.get(value, frozenset()) | {Role(role)}
    if not colon or not claim.strip() or not table:
        raise Invalid(f"OIDC_ROLES is {text!r}. {HOW_ROLES} {', '.join(sorted(STAFF))}.")
    return claim.strip(), table
