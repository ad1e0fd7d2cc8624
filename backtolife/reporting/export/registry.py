"""The kinds of file that can be taken away: what each is called, and what writes it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec

from backtolife.reporting.export.formats.datapackage import data_package
from backtolife.reporting.export.formats.fhir import bundle
from backtolife.reporting.export.formats.plain import codebook_csv, long_csv, wide_csv
from backtolife.reporting.export.formats.redcap import redcap
from backtolife.reporting.export.formats.spss import spss
from backtolife.reporting.export.formats.stata import stata
from backtolife.reporting.export.formats.xlsx import workbook
from backtolife.reporting.export.people_file import equality_csv, people_csv
from backtolife.reporting.export.source import Source


class File(StrEnum):
    """What can be taken away."""

    LONG = "long"
    WIDE = "wide"
    PEOPLE = "people"
    EQUALITY = "equality"
    CODEBOOK = "codebook"
    XLSX = "xlsx"
    SPSS = "spss"
    STATA = "stata"
    DATA_PACKAGE = "datapackage"
    REDCAP = "redcap"
    FHIR = "fhir"


@dataclass(frozen=True)
class Kind:
    """`label` and `about` are for the person who chooses. `needs` are the programs of the extra “exports”."""

    label: str
    about: str
    extension: str
    mimetype: str
    write: Callable[[Source], Iterator[str] | Iterator[bytes]]
    needs: tuple[str, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether what writes it is installed."""
        return all(find_spec(name) for name in self.needs)


CSV, ZIP, BYTES = "text/csv", "application/zip", "application/octet-stream"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STATISTICS = ("pandas", "pyreadstat")
KINDS: dict[File, Kind] = {
    File.LONG: Kind("One row an answer (CSV)", "For R, Python and databases", "csv", CSV, long_csv),
    File.WIDE: Kind("One row a person (CSV)", "For a first look", "csv", CSV, wide_csv),
    File.PEOPLE: Kind("The people behind this page (CSV)", "Steps, sessions, minutes", "csv", CSV, people_csv),
    File.EQUALITY: Kind("Who starts and who stays (CSV)", "Rounded counts, no person", "csv", CSV, equality_csv),
    File.CODEBOOK: Kind("Codebook (CSV)", "What each column means", "csv", CSV, codebook_csv),
    File.XLSX: Kind("Excel", "Answers, people and codebook as sheets", "xlsx", SHEET, workbook, ("xlsxwriter",)),
    File.SPSS: Kind("SPSS", "Labels, and why a value is missing", "sav", BYTES, spss, STATISTICS),
    File.STATA: Kind("Stata", "Labels, and why a value is missing", "dta", BYTES, stata, STATISTICS),
    File.DATA_PACKAGE: Kind("Data package", "The CSV files, each column described", "zip", ZIP, data_package),
    File.REDCAP: Kind("REDCap", "A data dictionary and the records", "zip", ZIP, redcap),
    File.FHIR: Kind("FHIR R4", "Answers and scores as a bundle", "json", "application/fhir+json", bundle),
}
