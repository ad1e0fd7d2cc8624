"""What an export is made from: one look at one service's data, at one moment."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from backtolife.database.session import Db
from backtolife.reporting.export.columns import Column
from backtolife.reporting.export.form_layout.slots import FormSlot
from backtolife.reporting.export.records import PersonRecord, records
from backtolife.reporting.export.wide_file import wide_columns


@dataclass(frozen=True)
class Source:
    """Whose data, with which forms, as of when. Each call of `people` reads anew, so that nothing is held in memory."""

    db: Db
    service_id: str
    now: datetime
    asked: tuple[FormSlot, ...]
    """The forms of the wide file."""

    def people(self, *, came: bool = True, lines: bool = False) -> Iterator[PersonRecord]:
        """Everyone who ever had a place; without `came` their sessions are not looked up. `lines` is for the long file:
        their answers are then lines of it, and not rows.
        """
        return records(self.db, service_id=self.service_id, now=self.now, came=came, lines=lines)

    def columns(self) -> list[Column]:
        """The columns of the wide file."""
        return wide_columns(self.asked)
