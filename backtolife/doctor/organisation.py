"""The provider at which staff sign in: asked for its own description and its keys, as before a sign-in."""

from collections.abc import Iterator

from backtolife.config import Settings
from backtolife.doctor.findings import Finding
from backtolife.errors import Invalid
from backtolife.people.organisation.faults import NotAnswered
from backtolife.people.organisation.here import provider_of

WHAT_TO_DO = {
    "another_issuer": "Set OIDC_ISSUER to the issuer that stands in the provider's own description.",
}
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
    if not provider.asks_for_refresh(found):
        do = "Have it give refresh tokens (offline_access): without them people sign in again after 15 minutes."
        yield Finding("organisation", "warn", f"{provider.settings.issuer} answers.", do)
        return
    do = f"Register {provider.callback} there as the address to come back to."
    yield Finding("organisation", "ok", f"{provider.settings.issuer} answers.", do)
