"""An account at the organisation opens an account here no more."""

from datetime import datetime

from sqlmodel import col, delete, select, update

from backtolife.database.session import Db
from backtolife.people.models import SignedIn
from backtolife.people.organisation.models import OrganisationAccount, OrganisationSignIn


def forget(db: Db, person_id: str, now: datetime, *, but_behind: str = "") -> int:
    """Nobody at the organisation is this person any more, and each sign-in that came from there is over, also where it
    went on in another service. `but_behind`: the sign-in whose account at the organisation stays.

    Returns how many were forgotten.
    """
    stays = select(OrganisationSignIn.account_id).where(OrganisationSignIn.signed_in_id == but_behind)
    wanted = select(OrganisationAccount.id).where(OrganisationAccount.person_id == person_id)
    gone = list(db.exec(wanted.where(col(OrganisationAccount.id).not_in(stays))))
    if gone:
        behind = col(OrganisationSignIn.account_id).in_(gone)
        opened = col(SignedIn.id).in_(select(OrganisationSignIn.signed_in_id).where(behind))
        db.exec(update(SignedIn).where(opened, col(SignedIn.ended_at).is_(None)).values(ended_at=now))
        db.exec(delete(OrganisationSignIn).where(behind))
        db.exec(delete(OrganisationAccount).where(col(OrganisationAccount.id).in_(gone)))
    return len(gone)
