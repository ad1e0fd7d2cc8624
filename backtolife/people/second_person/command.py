"""`backtolife staff confirm-role`: for a service in which nobody else can be the second person."""

import argparse
import sys
from typing import TypeAlias

from backtolife.config import from_environment

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_to(commands: Commands) -> None:
    confirm = commands.add_parser("confirm-role", help="give the roles that wait, where nobody else can say yes")
    confirm.add_argument("email")
    confirm.add_argument("--service", required=True, help="the id that `service list` shows")
    confirm.add_argument("--reason", required=True, help="why nobody else confirms; it is kept")
    confirm.set_defaults(run=confirm_role)


def confirm_role(arguments: argparse.Namespace) -> int:
    from backtolife import clock
    from backtolife.database.session import opened, session_scope
    from backtolife.people.access import System
    from backtolife.people.role_words import in_words
    from backtolife.people.second_person.deciding import confirm_on_the_server
    from backtolife.people.services import colleague_at

    settings, actor = from_environment(), System("command", arguments.service)
    with opened(settings.database_url) as engine, session_scope(engine) as db:
        person = colleague_at(db, service_id=arguments.service, address=arguments.email)
        given = confirm_on_the_server(
            db, actor=actor, person=person, reason=arguments.reason, site=settings.public_url, now=clock.now()
        )
    sys.stdout.write(f"Given: {in_words(given)}.\n")
    return 0
