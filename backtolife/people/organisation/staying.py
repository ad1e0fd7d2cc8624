"""How long a sign-in by the organisation lasts: a quarter of an hour, and again as long as the provider says yes."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import Engine
from sqlmodel import col, select, update
from sqlmodel.sql.expression import SelectOfScalar

from backtolife import audit
from backtolife.database.sealing import Sealing
from backtolife.database.session import Db, session_scope
from backtolife.errors import Invalid
from backtolife.people.models import SignedIn
from backtolife.people.organisation.faults import NotAnswered, NotLetIn
from backtolife.people.organisation.models import OrganisationAccount, OrganisationSignIn
from backtolife.people.organisation.provider import Provider, Told
from backtolife.people.signing_in import signin

LASTS = timedelta(minutes=15)
"""A sign-in ends by itself so long after the last yes, also when nobody is there to ask."""
ASK_AFTER = timedelta(minutes=8)
OUTAGE = timedelta(hours=2)
"""While the provider answers nothing a sign-in goes on for so long after its last yes: no group is cut off by it."""
MOST_A_TURN = 200
log = structlog.get_logger(__name__)


def begin(
    db: Db, *, signed_in: SignedIn, account: OrganisationAccount, told: Told, sealing: Sealing, now: datetime
) -> None:
    """From now on this sign-in lasts as long as the provider says so."""
    row = OrganisationSignIn(
        service_id=signed_in.service_id,
        person_id=signed_in.person_id,
        signed_in_id=signed_in.id,
        account_id=account.id,
        acr=told.acr,
        amr=told.amr,
        checked_at=now,
    )
    if told.refresh_token:
        row.refresh_closed = sealing.close(told.refresh_token, place=place_of(row))
    signed_in.expires_at = min(signed_in.expires_at, now + LASTS)
    db.add(row)


def carry(db: Db, *, before: SignedIn, after: SignedIn, sealing: Sealing) -> None:
    """The same person goes on in another service, in a sign-in that lasts as this one did: as long as the provider
    says so.
    """
    row = db.exec(select(OrganisationSignIn).where(OrganisationSignIn.signed_in_id == before.id)).first()
    if row is None:
        return
    goes_on = OrganisationSignIn(
        service_id=after.service_id,
        person_id=after.person_id,
        signed_in_id=after.id,
        account_id=row.account_id,
        acr=row.acr,
        amr=row.amr,
        checked_at=row.checked_at,
    )
    if row.refresh_closed:
        token = sealing.open(row.refresh_closed, place=place_of(row))
        goes_on.refresh_closed, row.refresh_closed = sealing.close(token, place=place_of(goes_on)), ""
    db.add(goes_on)


def place_of(row: OrganisationSignIn) -> str:
    return f"organisation_sign_in/{row.id}/refresh_closed"


def ask_again(engine: Engine, provider: Provider, sealing: Sealing, now: datetime) -> None:
    """Ask the provider about everybody whose last yes is some minutes old. One turn of the scheduler."""
    forget_ended(engine, now)
    for row_id in due(engine, now):
        try:
            ask_about(engine, provider, sealing, row_id, now)
        except NotAnswered as error:
            log.warning("organisation_does_not_answer", why=error.why)
            bridge(engine, now)
            return


def ask_about(engine: Engine, provider: Provider, sealing: Sealing, row_id: str, now: datetime) -> None:
    """One sign-in: it lasts on, or it is over. Raises NotAnswered. No transaction is open while the provider thinks."""
    with session_scope(engine, reads_first=True) as db:
        row = db.get(OrganisationSignIn, row_id)
        if row is None:  # its account was forgotten in this moment, and the sign-in ended with it
            return
        closed, place = row.refresh_closed, place_of(row)
        subject = db.get_one(OrganisationAccount, row.account_id).subject
    try:
        again = provider.renew(sealing.open(closed, place=place), subject, now)
    except NotLetIn as error:
        end(engine, row_id, error.why, now)
        return
    except Invalid:  # kept with another DATA_KEY
        end(engine, row_id, "unreadable", now)
        return
    with session_scope(engine) as db:
        row = db.get(OrganisationSignIn, row_id)
        if row is None:
            return
        signed_in = db.get_one(SignedIn, row.signed_in_id)
        row.refresh_closed, row.checked_at = sealing.close(again, place=place), now
        last(signed_in, now)


def last(signed_in: SignedIn, now: datetime) -> None:
    """It lasts another quarter of an hour, and never longer than any sign-in of staff."""
    began = signed_in.shown_at or signed_in.started_at
    signed_in.expires_at = max(signed_in.expires_at, min(now + LASTS, began + signin.STAFF_STAY))


def end(engine: Engine, row_id: str, why: str, now: datetime) -> None:
    """The provider said no: this sign-in is over."""
    with session_scope(engine) as db:
        row = db.get(OrganisationSignIn, row_id)
        if row is None:
            return
        signed_in = db.get_one(SignedIn, row.signed_in_id)
        row.refresh_closed = ""
        if signed_in.ended_at is None:
            signed_in.ended_at = now
        by = signin.system(row.service_id)
        audit.record(
            db,
            actor=by,
            action="organisation_ended_sign_in",
            subject_type="person",
            subject_id=row.person_id,
            now=now,
            why=why,
        )


def bridge(engine: Engine, now: datetime) -> None:
    """Who was welcome a short time ago stays in while the provider is silent."""
    with session_scope(engine) as db:
        for row in db.exec(open_ones(now).where(col(OrganisationSignIn.checked_at) > now - OUTAGE)):
            last(db.get_one(SignedIn, row.signed_in_id), now)


def due(engine: Engine, now: datetime) -> list[str]:
    """Whom to ask about in this turn, the longest unasked first."""
    with session_scope(engine, reads_first=True) as db:
        late = open_ones(now).where(col(OrganisationSignIn.checked_at) <= now - ASK_AFTER)
        return [row.id for row in db.exec(late.order_by(col(OrganisationSignIn.checked_at)).limit(MOST_A_TURN))]


def open_ones(now: datetime) -> SelectOfScalar[OrganisationSignIn]:
    """The sign-ins that go on, and that the provider can be asked about."""
    joined = select(OrganisationSignIn).join(SignedIn, col(SignedIn.id) == col(OrganisationSignIn.signed_in_id))
    return joined.where(
        col(SignedIn.ended_at).is_(None), col(SignedIn.expires_at) > now, col(OrganisationSignIn.refresh_closed) != ""
    )


def forget_ended(engine: Engine, now: datetime) -> None:
    """With what belongs to a sign-in that is over nobody asks anything any more."""
    over = select(SignedIn.id).where((col(SignedIn.ended_at).is_not(None)) | (col(SignedIn.expires_at) <= now))
    kept = col(OrganisationSignIn.refresh_closed) != "", col(OrganisationSignIn.signed_in_id).in_(over)
    with session_scope(engine, reads_first=True) as db:
        if db.exec(select(OrganisationSignIn.id).where(*kept).limit(1)).first() is not None:
            db.connection().execute(update(OrganisationSignIn).where(*kept).values(refresh_closed=""))
