"""Why people left before the end."""

from tests.reporting.recompute.dataset.release import Release
from tests.reporting.recompute.dataset.rows import Row
from tests.reporting.recompute.dataset.service import Service
from tests.reporting.recompute.words import Table, cell

TITLE = "Those who left before the end, by main reason"
REASONS = {
    "technology": "Lost to technology: device, sound, picture or network",
    "better": "Got better",
    "worse": "Got worse",
    "work": "Work",
    "other_treatment": "Moved to another treatment",
    "ill": "Another illness",
    "family": "Family or caring for somebody",
    "times": "The day or the time did not fit",
    "group": "A group was not right for them",
    "moved_away": "Moved away",
    "no_contact": "We could not reach them",
    "other": "Something else",
}


def by_reason(rows: list[Row]) -> list[list[int]]:
    given = [row["left_because"] for row in rows if row["withdrawn_on"]]
    return [[given.count(key) for key in REASONS]]


def release_of(service: Service) -> Release:
    return service.of(by_reason)


def left(service: Service) -> int:
    return sum(by_reason(release_of(service).rows)[0])


def table(service: Service) -> Table:
    release = release_of(service)
    shown = release.hide(0, by_reason(release.rows)[0])
    return [["Reason", "People"], *([name, cell(count)] for name, count in zip(REASONS.values(), shown, strict=True))]
