"""Passkeys (WebAuthn): a key on one's device that signs in alone, after a fingerprint, a face or a PIN."""

import ipaddress
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import webauthn
from sqlmodel import col, select, update
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from backtolife.database.session import Db
from backtolife.errors import Conflict, Invalid
from backtolife.people.models import Person, Service
from backtolife.people.names import clean_name
from backtolife.people.second_step import challenges
from backtolife.people.second_step.models import Passkey
from backtolife.people.signing_in.signin import rows_changed

MOST = 10
LONGEST_ANSWER = 20_000
STALE = "That took too long, or was sent twice. Please try once more."
UNKNOWN = "We do not know this passkey. It may have been removed. Sign in with your password."
REFUSED = "This passkey did not fit. Try once more, or sign in with your password."
COPIED = "This passkey was refused, because a copy of it seems to be in use. Sign in with your password, and remove it."
NO_NAME = "Enter a name for this passkey"
TOO_MANY = "You have ten passkeys. Remove one first."


class CountedBack(Invalid):
    """The key's own count is not past what we saw of it: somebody may have a copy."""


@dataclass(frozen=True)
class Site:
    """For whom passkeys are made: the site's name and address, which a browser tells the key by itself."""

    name: str
    origin: str

    @property
    def takes_passkeys(self) -> bool:
        """Browsers make none for an address that is a number."""
        try:
            ipaddress.ip_address(self.name)
        except ValueError:
            return bool(self.name)
        return False


def site_of(public_url: str) -> Site:
    return Site(urlsplit(public_url).hostname or "", public_url)


def passkeys_of(db: Db, person_id: str) -> list[Passkey]:
    return list(db.exec(select(Passkey).where(Passkey.person_id == person_id).order_by(col(Passkey.created_at))))


def options_to_add(db: Db, *, person: Person, site: Site, challenge: bytes) -> dict[str, Any]:
    """What the browser is asked to make: a key that it finds by itself, and that asks who holds it."""
    known = passkeys_of(db, person.id)
    if len(known) >= MOST:
        raise Conflict(TOO_MANY)
    options = webauthn.generate_registration_options(
        rp_id=site.name,
        rp_name=db.get_one(Service, person.service_id).name,
        user_id=person.id.encode(),
        user_name=person.email,
        user_display_name=person.full_name,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=base64url_to_bytes(each.credential_id)) for each in known
        ],
    )
    return as_dict(webauthn.options_to_json(options))


def options_to_sign_in(*, site: Site, challenge: bytes) -> dict[str, Any]:
    options = webauthn.generate_authentication_options(
        rp_id=site.name, challenge=challenge, user_verification=UserVerificationRequirement.REQUIRED
    )
    return as_dict(webauthn.options_to_json(options))


def as_dict(text: str) -> dict[str, Any]:
    return dict(json.loads(text))


def add(db: Db, *, person: Person, name: str, answer: str, challenge: bytes, site: Site, now: datetime) -> Passkey:
    """Keep the passkey that their browser made. Raises Invalid, Conflict when there are many."""
    name = clean_name(name, field="name", empty=NO_NAME)[:40]
    if len(passkeys_of(db, person.id)) >= MOST:
        raise Conflict(TOO_MANY)
    if not challenges.spend(db, challenge=challenge, made_for=person.id, now=now):
        raise Invalid(STALE, "name")
    made = made_by(answer, challenge, site)
    credential_id = bytes_to_base64url(made.credential_id)
    if db.exec(select(Passkey).where(Passkey.credential_id == credential_id)).first() is not None:
        raise Invalid("This device has a passkey here already.", "name")
    row = Passkey(
        service_id=person.service_id,
        person_id=person.id,
        name=name,
        credential_id=credential_id,
        public_key=bytes_to_base64url(made.credential_public_key),
        sign_count=made.sign_count,
        created_at=now,
    )
    db.add(row)
    db.flush()
    return row


def made_by(answer: str, challenge: bytes, site: Site) -> VerifiedRegistration:
    try:
        return webauthn.verify_registration_response(
            credential=answer[:LONGEST_ANSWER],
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        raise Invalid(REFUSED, "name") from None


def sign_in(
    db: Db, *, answer: str, challenge: bytes, site: Site, now: datetime, made_for: str = challenges.SIGN_IN
) -> Person:
    """Whose passkey signed this. Raises Invalid; CountedBack where its count is not past what we saw.

    The challenge is used up whatever comes of it: the edge keeps that also when it answers with an error.
    """
    if not challenges.spend(db, challenge=challenge, made_for=made_for, now=now):
        raise Invalid(STALE)
    row = db.exec(select(Passkey).where(Passkey.credential_id == credential_in(answer))).first()
    person = db.get(Person, row.person_id) if row is not None else None
    if row is None or person is None or not person.active or not person.is_staff:
        raise Invalid(UNKNOWN)
    signed = signed_by(answer, challenge, site, row)
    if not count_on(db, row, signed.new_sign_count, now):
        raise CountedBack(COPIED, row.person_id)
    return person


def credential_in(answer: str) -> str:
    try:
        return str(json.loads(answer[:LONGEST_ANSWER])["id"])[:1400]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Invalid(REFUSED) from None


def signed_by(answer: str, challenge: bytes, site: Site, row: Passkey) -> VerifiedAuthentication:
    """Raises Invalid for what is not signed by this key, for this site, with its holder verified."""
    try:
        return webauthn.verify_authentication_response(
            credential=answer[:LONGEST_ANSWER],
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=site.origin,
            credential_public_key=base64url_to_bytes(row.public_key),
            credential_current_sign_count=0,  # looked at below, apart from what is plainly wrong
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        raise Invalid(REFUSED) from None


def count_on(db: Db, row: Passkey, count: int, now: datetime) -> bool:
    """Note the key's new count, in one statement; False where it is not past the one before. Keys that do not count
    say 0 for good.
    """
    before = col(Passkey.sign_count)
    past = update(Passkey).where(col(Passkey.id) == row.id, before < count if count else before == 0)
    return rows_changed(db, past.values(sign_count=count, used_at=now)) == 1
