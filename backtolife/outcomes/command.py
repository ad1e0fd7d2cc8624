"""The parts of the `backtolife` command that score a form or a change. JSON in, JSON out."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from backtolife.errors import BacktolifeError, Invalid, NotFound
from backtolife.outcomes.catalogue.instrument import Instrument
from backtolife.outcomes.catalogue.shipped import load_instrument, shipped_instruments
from backtolife.outcomes.catalogue.tables import Tables, checked, tables_in
from backtolife.outcomes.scoring.change import change
from backtolife.outcomes.scoring.responses_in import InvalidAnswer
from backtolife.outcomes.scoring.score import score

Scoring = Callable[[Instrument, Mapping[str, Any]], dict[str, Any]]


def add_to(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds score, change and instruments. Each sets `run`, a function from the parsed arguments to the exit code."""
    scorer = subparsers.add_parser("score", help="score one form")
    changer = subparsers.add_parser("change", help="compare two scores of one person")
    for parser, run in ((scorer, score_command), (changer, change_command)):
        parser.add_argument("instrument", metavar="ID", help="the instrument, such as phq-9")
        parser.add_argument("responses", metavar="JSON", help="the answers as a JSON object; - reads standard input")
        parser.set_defaults(run=run)
    scorer.add_argument("--table", type=Path, metavar="FILE", help="CSV of the figures its score is looked up in")
    lister = subparsers.add_parser("instruments", help="list the instruments that come with the product")
    lister.set_defaults(run=instruments_command)
    add_files_to(lister.add_subparsers(metavar="ACTION"))


def add_files_to(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds import, template and export below `instruments`."""
    loader = actions.add_parser("import", help="load official wording from a FHIR R4 Questionnaire")
    loader.add_argument("file", metavar="FILE", type=Path)
    loader.add_argument("--instrument", default="", metavar="ID", help="where the file does not name it")
    loader.add_argument("--licence-holder", default="", help="who may ask these words")
    loader.add_argument("--licence-reference", default="", help="the licence's number or letter")
    loader.add_argument("--licence-expires", type=date.fromisoformat, metavar="YYYY-MM-DD", help="its last day")
    loader.add_argument("--not-scored", action="append", default=[], metavar="LINKID", help="asked beside it")
    loader.add_argument("--item", action="append", default=[], metavar="LINKID=ITEM", help="which item a question is")
    loader.add_argument("--url", default="", help="the form's address, where the file does not say it")
    loader.add_argument("--form-version", default="", help="its version, where the file does not say it")
    loader.add_argument("--copyright", default="", help="whose it is, where the file does not say it")
    loader.add_argument("--table", type=Path, metavar="FILE", help="CSV of the figures its scores are looked up in")
    loader.set_defaults(run=import_file)
    blank = actions.add_parser("template", help="write an empty form to fill in")
    blank.add_argument("--table", action="store_true", help="the empty table instead, where scores are looked up")
    blank.set_defaults(run=write_template)
    exporter = actions.add_parser("export", help="write the wording that a service asks")
    exporter.set_defaults(run=export_form)
    for parser in (blank, exporter):
        parser.add_argument("instrument", metavar="ID", help="the instrument, such as pseq-10")
    for parser in (loader, exporter):
        parser.add_argument("--service", default="", metavar="ID", help="where there is more than one")


def import_file(arguments: argparse.Namespace) -> int:
    from backtolife.outcomes.forms.import_command import import_command

    return import_command(arguments)


def write_template(arguments: argparse.Namespace) -> int:
    from backtolife.outcomes.forms.import_command import template_command

    return template_command(arguments)


def export_form(arguments: argparse.Namespace) -> int:
    from backtolife.outcomes.forms.import_command import export_command

    return export_command(arguments)


def score_command(arguments: argparse.Namespace) -> int:
    """Prints the score of one form; see `score` for the answers it takes."""

    def outcome(instrument: Instrument, responses: Mapping[str, Any]) -> dict[str, Any]:
        return score(instrument, responses, official=_official(arguments.table, instrument)).as_dict()

    return _answer(arguments, outcome)


def _official(file: Path | None, instrument: Instrument) -> Tables | None:
    if file is None:
        return None
    try:
        return checked(tables_in(file.read_bytes(), instrument), instrument)
    except OSError as error:
        raise Invalid(f"The table cannot be read: {error.strerror}.", "table") from None


def change_command(arguments: argparse.Namespace) -> int:
    """Prints the change between two scores; see `change`."""
    return _answer(arguments, lambda instrument, responses: change(instrument, responses).as_dict())


def instruments_command(_arguments: argparse.Namespace) -> int:
    """Prints every shipped instrument: id, version, hash, name, domain, whether it can be scored and sent as it is."""
    _print(
        [
            {
                "id": instrument.id,
                "version": instrument.version,
                "hash": instrument.hash,
                "name": instrument.name,
                "domain": instrument.domain,
                "scoring": instrument.readiness,
                "needs": instrument.needs,
                "wording": instrument.wording,
            }
            for instrument in shipped_instruments()
        ]
    )
    return 0


def _answer(arguments: argparse.Namespace, outcome: Scoring) -> int:
    try:
        instrument = load_instrument(arguments.instrument)
        found = outcome(instrument, _read(arguments.responses))
    except BacktolifeError as error:
        _print({"error": _code(error), "message": error.message, **_where(error)})
        return 2
    _print(found)
    return 0


def _read(text: str) -> Any:
    try:
        return json.loads(sys.stdin.read() if text == "-" else text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise InvalidAnswer("not_json", f"The answers must be JSON: {error}.") from error


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no answer")


def _code(error: BacktolifeError) -> str:
    if isinstance(error, InvalidAnswer):
        return error.code
    return "unknown_instrument" if isinstance(error, NotFound) else "invalid"


def _where(error: BacktolifeError) -> dict[str, str]:
    field = getattr(error, "field", None)
    return {} if field is None else {"field": field}


def _print(found: object) -> None:
    sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
