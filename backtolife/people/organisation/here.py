"""The provider of this application, if there is one."""

from typing import cast

from flask import Flask, current_app

from backtolife.people.organisation import settings as organisation_settings
from backtolife.people.organisation.provider import Provider

PLACE = "backtolife.organisation"
BACK = "/staff/sign-in/organisation/back"


def provider_of(public_url: str) -> Provider | None:
    """As the environment says. Raises Invalid for settings that do not fit."""
    found = organisation_settings.read()
    return Provider(found, public_url + BACK) if found is not None else None


def add_to(app: Flask) -> None:
    app.extensions[PLACE] = provider_of(app.extensions["backtolife.settings"].public_url)


def provider_here() -> Provider | None:
    return cast("Provider | None", current_app.extensions.get(PLACE))
