"""The sign-in page for staff: every way in that there is here, and what was wrong with the last one."""

from flask import render_template

from backtolife.people.forms import PasswordForm
from backtolife.people.organisation.here import provider_here
from backtolife.people.request import settings
from backtolife.people.second_step.passkeys import site_of


def page(form: PasswordForm, *, waits: bool = False, problem: str = "") -> str:
    """`problem` is about the organisation's way; what is about the form stands in the form."""
    provider = provider_here()
    passwords = provider is None or provider.settings.passwords
    return render_template(
        "people/staff_sign_in.jinja",
        form=form,
        waits=waits,
        passwords=passwords,
        passkeys=passwords and site_of(settings().public_url).takes_passkeys,
        organisation=provider.settings.name if provider is not None else "",
        problem=problem,
    )
