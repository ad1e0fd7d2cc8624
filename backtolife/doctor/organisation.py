"""The provider at which staff sign in: asked for its own description and its keys, as before a sign-in."""

from collections.abc import Iterator

from backtolife import clock
from backtolife.config import Settings
from backtolife.doctor.findings import Finding
from backtolife.errors import Invalid
from backtolife.people.organisation.faults import NotAnswered, NotLetIn
from backtolife.people.organisation.here import provider_of
from backtolife.people.organisation.provider import Provider

WHAT_TO_DO = {
    "another_issuer": "Set OIDC_ISSUER to the issuer that stands in the provider's own description.",
    "certificate": (
        "Its certificate is of no authority that this machine trusts. Put your own one's into the folder "
        "/usr/local/share/ca-certificates as NAME.crt, run update-ca-certificates, and start the processes again."
    ),
}
NOBODYS = "backtolife doctor asks whether you know this client"
NOT_KNOWN = (
    "Set OIDC_CLIENT_ID, and OIDC_CLIENT_SECRET or OIDC_PRIVATE_KEY_FILE, to what the provider has for this site. "
    "Until then nobody signs in there."
)
LOOK = "Look at OIDC_ISSUER, and whether this machine may reach it (a proxy, a firewall)."


def sign_in(settings: Settings) -> Iterator[Finding]:
    """Nothing where staff sign in here alone."""
    try:
        provider = provider_of(settings.public_url)
    except Invalid as error:
        yield Finding("organisation", "wrong", error.message, "Put it right: neither web nor the scheduler starts.")
        return
    if provider is None:
        return
    try:
        found = provider.discovered()
        provider.kept(str(found["jwks_uri"]))
    except NotAnswered as error:
        said = f"{provider.settings.issuer} gives no description that we can use: {error.why}."
        yield Finding("organisation", "wrong", said, WHAT_TO_DO.get(error.why, LOOK))
        return
    if not knows_us(provider):
        said = f"{provider.settings.issuer} answers, but does not take who we say we are."
        yield Finding("organisation", "wrong", said, NOT_KNOWN)
        return
    if not provider.asks_for_refresh(found):
        do = "Have it give refresh tokens (offline_access): without them people sign in again after 15 minutes."
        yield Finding("organisation", "warn", f"{provider.settings.issuer} answers.", do)
        return
    do = f"Register {provider.callback} there as the address to come back to."
    yield Finding("organisation", "ok", f"{provider.settings.issuer} answers.", do)


def knows_us(provider: Provider) -> bool:
    """Ask with a refresh token that nobody gave: a provider refuses it, and before that who asks, if it does."""
    try:
        provider.renew(NOBODYS, "", clock.now())
    except NotAnswered as error:
        return error.why != "invalid_client"
    except NotLetIn:
        return True
    return True
