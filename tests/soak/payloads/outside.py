"""Where words may end up beside the database: after everything was sent, none of it stands there."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import requests
from sqlmodel import select

from backtolife.mail.delivery import OutgoingMessage
from tests.soak.payloads.trying import OURS
from tests.support.running import House


@dataclass(frozen=True)
class Outside:
    """The logs of the web process and of PostgreSQL, and the folder for temporary files of the web process."""

    log: Path
    server_log: Path | None
    temporary: Path

    def texts(self, house: House) -> Iterator[tuple[str, str]]:
        yield "log of the web process", read(self.log)
        if self.server_log is not None:
            yield "log of PostgreSQL", read(self.server_log)
        yield "metrics", requests.get(f"{house.url}/metrics", timeout=60).text
        with house.database() as db:
            for subject in db.exec(select(OutgoingMessage.subject)):
                yield "subjects of mail", subject
        for path in self.temporary.rglob("*"):
            yield "temporary files", f"{path} {read(path) if path.is_file() else ''}"

    def found(self, house: House) -> tuple[list[str], dict[str, int]]:
        """What stands where it must not, and how many characters were read by place."""
        wrong, looked = [], dict[str, int]()
        for place, text in self.texts(house):
            looked[place] = looked.get(place, 0) + len(text)
            hit = OURS.search(text)
            if hit is not None:
                wrong.append(f"{place}: …{text[max(0, hit.start() - 200) : hit.end() + 40]}…")
        return wrong, looked


def read(path: Path) -> str:
    return path.read_bytes().decode(errors="replace")
