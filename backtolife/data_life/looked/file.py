"""Who looked, as a file."""

from backtolife.data_life.looked.flags import Flag
from backtolife.data_life.looked.listing import Days, every
from backtolife.database.session import Db
from backtolife.people.models import Person
from backtolife.reporting.export.csv_cells import lines

FLAG_WORDS = {
    Flag.WORKS_HERE: "The patient may work here too",
    Flag.NOT_THEIR_GROUP: "Not in a group of theirs",
}
HEADER = ("when", "who", "role", "what", "patient")


def looks_file(db: Db, *, person: Person, days: Days, zone: str, ask_about: bool = False) -> str:
    """As CSV; what to `ask_about` is for the clinical lead alone."""
    header = (*HEADER, "ask_about") if ask_about else HEADER
    rows = (
        (each.at, each.who, each.role, each.what, each.shown, "; ".join(FLAG_WORDS[flag] for flag in each.flags))
        for each in every(db, person=person, days=days, zone=zone)
    )
    return "".join(lines(header, (row[: len(header)] for row in rows)))
