"""Which newer versions there are of what a draft was begun from: of the original, of the service, of another one."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.programme.adopted.models import AdoptedProgramme
from backtolife.programme.adopted.services import offered
from backtolife.programme.editing.models import ProgrammeDraft
from backtolife.programme.plan.keeping import shipped_digest, shipped_files
from backtolife.programme.plan.loading import shipped

ORIGINAL = "original"
"""Stands in addresses for what is shipped now: a service may have no row of it yet."""


@dataclass(frozen=True)
class Newer:
    """A newer version: its files, and those of the earlier one that what we have came from."""

    key: str
    version: str
    files: Mapping[str, str]
    was: Mapping[str, str]

    @property
    def name(self) -> str:
        return f"{self.version} of the original" if self.key == ORIGINAL else self.version


def newer_than(db: Db, draft: ProgrammeDraft) -> list[Newer]:
    """What came since the draft's version: a new original first, then what was published beside the draft."""
    base = db.get_one(AdoptedProgramme, draft.based_on)
    original, beside = newer_original(db, base), newest_beside(db, draft, base)
    found = [Newer(ORIGINAL, shipped().version, shipped_files(), original.files)] if original is not None else []
    return [*found, Newer(beside.id, beside.version, beside.files, base.files)] if beside is not None else found


def newer_original(db: Db, version: AdoptedProgramme) -> AdoptedProgramme | None:
    """The original that a version came from, where another one is shipped by now."""
    seen = {version.id}
    while version.published_by is not None:
        before = db.get(AdoptedProgramme, version.based_on) if version.based_on else None
        if before is None or before.id in seen:
            return None
        seen.add(before.id)
        version = before
    same = (version.key, version.digest == shipped_digest()) == (shipped().id, False)
    return version if same else None


def newest_beside(db: Db, draft: ProgrammeDraft, base: AdoptedProgramme) -> AdoptedProgramme | None:
    """What the same service published since the draft's version, or since the draft was begun from an original."""
    since = base.adopted_at if base.published_by is not None else draft.begun_at
    row = AdoptedProgramme
    if base.service_id == draft.service_id:
        known = offered(db, draft.service_id)
    else:
        shared = select(row).where(row.service_id == base.service_id, col(row.shared_at).is_not(None))
        not_away = shared.where(col(row.put_away_at).is_(None), col(row.published_by).is_not(None))
        known = list(db.exec(not_away.order_by(col(row.adopted_at).desc(), col(row.id))))
    return next((each for each in known if each.adopted_at > since and each.key == base.key), None)
