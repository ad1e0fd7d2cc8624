"""`backtolife instruments import, template, export`: official wording in and out, as FHIR R4 Questionnaires."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from backtolife import clock
from backtolife.config import from_environment
from backtolife.database.session import Db, opened, session_scope
from backtolife.errors import Invalid
from backtolife.outcomes.catalogue.shipped import load_instrument
from backtolife.outcomes.catalogue.tables import empty_table
from backtolife.outcomes.fhir.writing import template, written
from backtolife.outcomes.forms import importing
from backtolife.outcomes.forms.import_preview import Head, preview, read_json
from backtolife.outcomes.forms.importing import Terms
from backtolife.outcomes.forms.service_wording import words_for_service
from backtolife.people.access import System
from backtolife.people.models import Service
from backtolife.people.services import find_service, only_service

OWN_RIGHTS = "The words of this form are in-house, under CC BY 4.0. They are not the official ones."


def import_command(arguments: argparse.Namespace) -> int:
    """Prints what was loaded. A file that does not fit ends with 2 and says where."""
    data = read(arguments.file)
    table = read(arguments.table) if arguments.table is not None else None
    file = read_json(data, arguments.file.name)
    chosen = dict(named(each) for each in arguments.item)
    notes = preview(file, instrument=arguments.instrument, chosen=chosen, not_scored=arguments.not_scored).notes
    terms = Terms(arguments.licence_holder, arguments.licence_reference, arguments.licence_expires)
    with opened(from_environment().database_url) as engine, session_scope(engine) as db:
        service = service_of(db, arguments.service)
        row = importing.load(
            db,
            service=service,
            actor=System("command", service.id),
            file=file,
            now=clock.now(),
            instrument=arguments.instrument,
            terms=terms,
            head=Head(arguments.url, arguments.form_version, arguments.copyright),
            chosen=chosen,
            not_scored=arguments.not_scored,
            table=table,
        )
        print_json(
            {
                "instrument": row.instrument,
                "url": f"{row.url}|{row.version}",
                "title": row.title,
                "hash": row.form_hash,
                "not_taken_over": notes,
            }
        )
    return 0


def named(pair: str) -> tuple[str, str]:
    """LINKID=ITEM in two. Raises Invalid for anything else."""
    link_id, equals, item = pair.rpartition("=")
    if not equals or not link_id or not item:
        raise Invalid(f"“{pair}” must be a linkId, an equals sign and the item it is, such as q8=9.")
    return link_id, item


def read(file: Path) -> bytes:
    """What a file holds. Raises Invalid where it cannot be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise Invalid(f"{file.name} cannot be read: {error.strerror}.") from None


def template_command(arguments: argparse.Namespace) -> int:
    if arguments.table:
        sys.stdout.write(empty_table(load_instrument(arguments.instrument)))
        return 0
    print_json(template(load_instrument(arguments.instrument)))
    return 0


def export_command(arguments: argparse.Namespace) -> int:
    """The Questionnaire as it was loaded, or our own words in the same shape."""
    instrument, now = load_instrument(arguments.instrument), clock.now()
    with opened(from_environment().database_url) as engine, session_scope(engine) as db:
        service = service_of(db, arguments.service)
        form = words_for_service(db, service_id=service.id, instrument=instrument.id, now=now)
        row = importing.by_hash(db, service_id=service.id, form_hash=form.hash)
        if row is not None:
            print_json(json.loads(row.source))
        else:
            print_json(written(form, instrument, url=f"urn:backtolife:form:{form.id}", rights=OWN_RIGHTS))
    return 0


def service_of(db: Db, service_id: str) -> Service:
    """The service that was named, or the only one. Raises Invalid where there are several."""
    return find_service(db, service_id) if service_id else only_service(db)


def print_json(found: object) -> None:
    sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=2) + "\n")
