"""Loading official wording into a service: checked against the instrument, licensed where needed, kept for good."""

import json
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, cast

from sqlalchemy.orm import QueryableAttribute, defer
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from backtolife import audit
from backtolife.audit import Acting
from backtolife.clock import in_zone
from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import Conflict, Invalid, NotFound
from backtolife.outcomes.catalogue.instrument import Instrument
from backtolife.outcomes.catalogue.json_node import JsonNode
from backtolife.outcomes.catalogue.shipped import load_instrument
from backtolife.outcomes.catalogue.tables import tables_in
from backtolife.outcomes.catalogue.wording import Form
from backtolife.outcomes.fhir.mapping import Mapped, as_form, read_mapped
from backtolife.outcomes.fhir.matching import matched
from backtolife.outcomes.fhir.reading import Questionnaire, read_questionnaire
from backtolife.outcomes.forms.import_links import links_of
from backtolife.outcomes.forms.import_preview import Head, instrument_of, with_head
from backtolife.outcomes.forms.models import ImportedForm
from backtolife.people.models import Service


@dataclass(frozen=True)
class Terms:
    """The licence under which a service asks the official words. All three are needed where any is."""

    holder: str = ""
    reference: str = ""
    expires_on: date | None = None


@dataclass(frozen=True)
class Read:
    """A file as it was read: what it says, the instrument, its words in our shape, and how the two go together."""

    found: Questionnaire
    measure: Instrument
    mapped: Mapped
    links: dict[str, Any]


def load(
    db: Db,
    *,
    service: Service,
    actor: Acting,
    file: JsonNode,
    now: datetime,
    instrument: str = "",
    terms: Terms | None = None,
    head: Head | None = None,
    chosen: Mapping[str, str] | None = None,
    not_scored: Collection[str] = (),
    table: bytes | None = None,
) -> ImportedForm:
    """Keep the wording of a FHIR Questionnaire for the service. Loading the same file again changes nothing.

    `chosen` says by linkId which item a question is (`Match.part`); `table` is the CSV file with the figures that some
    scores are looked up in, kept and pinned with the words. Raises Invalid, naming each spot, for a file that does not
    fit the instrument or a licence that is not whole; Conflict when this url and version stand already with other
    words or another table, or these words under another url.
    """
    head, chosen = head or Head(), chosen or {}
    what = read(file, instrument=instrument, head=head, chosen=chosen, not_scored=not_scored, table=table)
    terms = checked_terms(what.measure, terms or Terms(), in_zone(now, service.zone).date())
    one_at_a_time(db, f"import:{service.id}")
    if before := standing(db, service.id, what.found.url, what.found.version):
        return the_same(before, what.measure.id, what.mapped.form.hash)
    refuse_other_url(db, service.id, what.measure.id, what.mapped.form.hash)
    row = row_of(what, file, terms, service=service, actor=actor, now=now)
    db.add(row)
    db.flush()
    audit.record(
        db,
        actor=actor,
        action="wording_imported",
        subject_type="imported_form",
        subject_id=row.id,
        now=now,
        instrument=row.instrument,
        hash=row.form_hash,
    )
    return row


def read(
    file: JsonNode,
    *,
    instrument: str,
    head: Head,
    chosen: Mapping[str, str],
    not_scored: Collection[str],
    table: bytes | None,
) -> Read:
    """What is in the file, with what a person said of it. Raises Invalid, naming each spot, where it does not fit."""
    found = read_questionnaire(file)
    measure = instrument_of(file, found, instrument)
    tables = tables_in(table, measure) if table is not None else None
    found = with_head(found, head)
    mapped = as_form(found, measure, not_scored=not_scored, tables=tables, chosen=chosen)
    return Read(found, measure, mapped, links_of(matched(found, measure, chosen, not_scored), mapped.form))


def row_of(what: Read, file: JsonNode, terms: Terms, *, service: Service, actor: Acting, now: datetime) -> ImportedForm:
    return ImportedForm(
        service_id=service.id,
        instrument=what.measure.id,
        instrument_version=what.measure.version,
        url=what.found.url,
        version=what.found.version,
        title=what.found.title,
        copyright=what.found.copyright,
        licence_holder=terms.holder,
        licence_reference=terms.reference,
        licence_expires_on=terms.expires_on,
        cross_check="\n".join(what.found.formulas)[:4000],
        source=json.dumps(file.value, ensure_ascii=False),
        form=what.mapped.text,
        form_hash=what.mapped.form.hash,
        links=what.links,
        imported_by=actor.id,
        imported_at=now,
    )


def refuse_other_url(db: Db, service_id: str, instrument: str, form_hash: str) -> None:
    """Raises Conflict when the very same words of this instrument stand under another address or version."""
    same = select(ImportedForm).where(ImportedForm.service_id == service_id, ImportedForm.instrument == instrument)
    row = db.exec(without_source(same.where(ImportedForm.form_hash == form_hash))).first()
    if row is not None:
        raise Conflict(
            f"These words are loaded already, as “{row.title}” from {row.url}, version {row.version}. "
            "There is no need to load them again: use that one."
        )


def the_same(before: ImportedForm, instrument: str, form_hash: str) -> ImportedForm:
    """The form that stands, when it is this one. Raises Conflict when it is another of the same url and version."""
    if before.form_hash != form_hash or before.instrument != instrument:
        raise Conflict(
            f"Version {before.version} of this form is loaded already with other words or another table. "
            "A change needs a new version."
        )
    return before


def standing(db: Db, service_id: str, url: str, version: str) -> ImportedForm | None:
    same = select(ImportedForm).where(ImportedForm.service_id == service_id, ImportedForm.url == url)
    return db.exec(same.where(ImportedForm.version == version)).first()


def needs_licence(instrument: Instrument) -> bool:
    """Whether somebody has to allow the service to ask the official words."""
    return not instrument.licence.ship


def checked_terms(instrument: Instrument, terms: Terms, today: date) -> Terms:
    """The terms, trimmed. Raises Invalid, naming the field, for a licence that is needed and not whole, or over."""
    holder, reference = terms.holder.strip()[:200], terms.reference.strip()[:200]
    if needs_licence(instrument):
        owner = instrument.licence.permission_from or "the owner"
        if not holder:
            raise Invalid(f"{instrument.name} needs a licence from {owner}. Write who holds it.", "licence_holder")
        if not reference:
            raise Invalid("Enter the licence's number, or the letter that gives it.", "licence_reference")
        if terms.expires_on is None:
            raise Invalid("Write the last day on which the licence holds.", "licence_expires_on")
    if terms.expires_on is not None and terms.expires_on < today:
        raise Invalid("This licence has expired. Renew it before you load the form.", "licence_expires_on")
    return Terms(holder, reference, terms.expires_on)


def newest_of_each(db: Db, *, service_id: str, instruments: Collection[str], today: date) -> dict[str, ImportedForm]:
    """The wording that new forms of each instrument are opened on; where none is loaded or its licence is over, there
    is none. One statement.
    """
    versions = {}
    for each in instruments:
        with suppress(NotFound):  # an instrument that nobody ships has no words
            versions[each] = load_instrument(each).version
    wanted = select(ImportedForm).where(
        ImportedForm.service_id == service_id, col(ImportedForm.instrument).in_(versions)
    )
    rows = db.exec(without_source(wanted).order_by(col(ImportedForm.imported_at), col(ImportedForm.id).desc()))
    return {
        row.instrument: row
        for row in rows
        if row.instrument_version == versions[row.instrument]
        and (row.licence_expires_on is None or row.licence_expires_on >= today)
    }


def by_hash(db: Db, *, service_id: str, form_hash: str) -> ImportedForm | None:
    wanted = select(ImportedForm).where(ImportedForm.service_id == service_id, ImportedForm.form_hash == form_hash)
    return db.exec(without_source(wanted)).first()


def without_source(wanted: SelectOfScalar[ImportedForm]) -> SelectOfScalar[ImportedForm]:
    """The file as it came can be large, and nobody who answers needs it."""
    return wanted.options(defer(cast(QueryableAttribute[str], ImportedForm.source)))


def form_in(row: ImportedForm) -> Form:
    """The wording that a row holds."""
    return parsed(row.form, row.instrument, row.instrument_version)


@lru_cache(maxsize=128)
def parsed(text: str, instrument: str, version: str) -> Form:
    return read_mapped(text, load_instrument(instrument, version)).form


def imported_forms(db: Db, *, service_id: str) -> list[ImportedForm]:
    """Everything the service loaded, newest first."""
    wanted = select(ImportedForm).where(ImportedForm.service_id == service_id)
    return list(db.exec(wanted.order_by(col(ImportedForm.imported_at).desc(), col(ImportedForm.id))))


def find_import(db: Db, *, service_id: str, import_id: str) -> ImportedForm:
    """One loaded form of the service. Raises NotFound."""
    row = db.get(ImportedForm, import_id)
    if row is None or row.service_id != service_id:
        raise NotFound("We could not find this form. It may belong to another service.")
    return row
