"""Every look, in order, and what the command prints."""

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import redirect_stdout
from dataclasses import asdict

from sqlalchemy.exc import ArgumentError

from backtolife import clock
from backtolife.config import DEVELOPMENT_SECRET, Settings, audit_keys, from_environment
from backtolife.database.session import opened
from backtolife.doctor import data, machine, messages, organisation, outside, upgrade, videos
from backtolife.doctor.findings import Finding, exit_code
from backtolife.errors import BacktolifeError


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    doctor = commands.add_parser("doctor", help="look at everything this installation needs; ends with 0, 1 or 2")
    doctor.add_argument("--json", action="store_true", help="one list for a script")
    doctor.add_argument("--clock", default="", metavar="URL", help="a web server whose clock is right")
    doctor.add_argument("--mail-to", default="", metavar="ADDRESS", help="ask the mail server about this address")
    doctor.set_defaults(run=lambda arguments: told(looks(arguments), arguments))
    newer = commands.add_parser("upgrade", help="what a newer version will change here; ends with 0, 1 or 2")
    newer.add_argument("--check", action="store_true", required=True, help="only look; backtolife migrate does it")
    newer.add_argument("--json", action="store_true", help="one list for a script")
    newer.set_defaults(run=check_upgrade)


def check_upgrade(arguments: argparse.Namespace) -> int:
    return told(upgrade.looks(from_environment(), os.environ, clock.now()), arguments)


def told(findings: Iterable[Finding], arguments: argparse.Namespace) -> int:
    found, out = [], sys.stdout
    with redirect_stdout(sys.stderr):  # what is logged meanwhile is no part of the list that a script reads
        for each in findings:
            found.append(each)
            if not arguments.json:
                print(each.line(), file=out, flush=True)
    if arguments.json:
        json.dump([asdict(each) for each in found], sys.stdout, indent=1)
        print()
    return exit_code(found)


def looks(arguments: argparse.Namespace) -> Iterator[Finding]:
    try:
        settings = from_environment()
    except BacktolifeError as error:
        yield Finding("settings", "wrong", error.message, "Put it right, then look again: nothing else was looked at.")
        return
    yield kind(settings)
    yield secrets(settings)
    yield machine.disk(settings)
    try:
        with opened(settings.database_url) as engine:
            yield from data.database(engine, settings, clock.now())
            yield machine.clocks(engine, arguments.clock)
    except (ArgumentError, ValueError, ImportError) as error:
        yield Finding("database", "wrong", f"DATABASE_URL names none that we know: {type(error).__name__}.", "Set it.")
    yield data.backups(clock.now())
    yield messages.mail(settings, arguments.mail_to)
    yield messages.texts(settings)
    yield from outside.media(settings)
    yield from outside.relays(settings)
    yield from organisation.sign_in(settings)
    yield from videos.bucket(settings)
    yield outside.site(settings)
    yield outside.signalling(settings)
    yield from machine.programs()


def kind(settings: Settings) -> Finding:
    if settings.production:
        return Finding("settings", "ok", "They are those of a real service.")
    do = "For real people set BACKTOLIFE_ENV=production: then unsafe settings are refused."
    return Finding("settings", "warn", f"They are those of {settings.environment}.", do)


def secrets(settings: Settings) -> Finding:
    """Production refuses the known ones by itself."""
    named = {"SECRET_KEY": settings.secret_keys[0], "DATA_KEY": settings.data_key, "AUDIT_KEY": audit_keys()[0]}
    known = [name for name, value in named.items() if value == DEVELOPMENT_SECRET]
    if known:
        do = "Make one for each, with: openssl rand -hex 32"
        return Finding("secrets", "warn", f"Everybody knows these: {', '.join(known)}.", do)
    same = len(set(named.values())) < len(named) or settings.media_api_secret in named.values()
    if same:
        return Finding("secrets", "warn", "Two of them are the same.", "Make one for each, with: openssl rand -hex 32")
    if os.environ.get("SECRET_KEY_OLD"):
        do = "Take SECRET_KEY_OLD out once nobody uses what it signed, after 90 days at the latest."
        return Finding("secrets", "ok", "Each has its own, and the old SECRET_KEY is still accepted.", do)
    return Finding("secrets", "ok", "Each has its own.")
