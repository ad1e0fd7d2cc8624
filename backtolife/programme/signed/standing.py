"""The signatures of a service that stand, and the languages whose words it says by them."""

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.programme.signed.models import GuideSignature
from backtolife.text.catalogues import reading
from backtolife.text.languages import looked_for


def signatures(db: Db, service_id: str) -> dict[str, GuideSignature]:
    """The signatures of a service that stand, by the digest of what was signed."""
    wanted = select(GuideSignature).where(
        GuideSignature.service_id == service_id, col(GuideSignature.withdrawn_at).is_(None)
    )
    return {row.digest: row for row in db.exec(wanted)}


def signed_tag(db: Db, service_id: str, wanted: str) -> str:
    """The language of the catalogues that fits `wanted`, if the service's lead has signed its words; else empty."""
    tag = next((each for each in looked_for(wanted) if each in reading.tags()), "")
    return tag if tag and reading.digest(tag) in signatures(db, service_id) else ""
