"""The copy as one file: pages to read, data for programs, and who looked."""

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from flask import render_template

from backtolife.data_life.copied import LEFT_OUT, NOBODY, STAFF
from backtolife.data_life.copies.gathering import Part
from backtolife.people.models import Person, Service

FORMAT = "backtolife-copy-1"


def packed(*, person: Person, service: Service, parts: Sequence[Part], looks: str, now: datetime) -> bytes:
    """The ZIP. Nothing of it is kept here."""
    told = {why for why in LEFT_OUT.values() if why not in (NOBODY, STAFF)}
    page = render_template(
        "data_life/copy_file.jinja", about=person, service=service, parts=parts, left_out=sorted(told), now=now
    )
    data = {"format": FORMAT, "made_at": now.isoformat(), "service": service.name, "parts": [asdict(p) for p in parts]}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("about-you.html", page)
        archive.writestr("about-you.json", json.dumps(data, ensure_ascii=False, indent=1))
        archive.writestr("who-looked.csv", looks)
    return file.getvalue()
