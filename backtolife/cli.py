"""The `backtolife` command."""

import argparse
import sys
from collections.abc import Sequence

from backtolife.config import from_environment
from backtolife.errors import BacktolifeError


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; a refusal prints its words and ends with 2."""
    arguments = parser().parse_args(argv)
    try:
        return int(arguments.run(arguments) or 0)
    except BacktolifeError as error:
        print(error.message, file=sys.stderr)
        return 2


def parser() -> argparse.ArgumentParser:
    from backtolife.outcomes import command as outcomes

    top = argparse.ArgumentParser(
        prog="backtolife", description="A group programme for people with back pain that lasts."
    )
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    commands.add_parser("demo", help="run everything here, with made-up people").set_defaults(run=demo)
    commands.add_parser("migrate", help="bring the database to its newest shape").set_defaults(run=migrate)

    made_up = commands.add_parser("simulate", help="add a made-up service with a past, to try out results")
    made_up.add_argument("--groups", type=int, default=6, help="how many groups (default: 6)")
    made_up.add_argument("--patients", type=int, default=70, help="how many have a place (default: 70)")
    made_up.set_defaults(run=simulate)

    service = commands.add_parser("service", help="clinical services").add_subparsers(required=True, metavar="ACTION")
    create = service.add_parser("create", help="open a service")
    create.add_argument("name", help="as it stands in messages, at most 60 characters")
    create.add_argument("--short-name", required=True, help="for text messages, at most 18 characters")
    create.add_argument("--phone", required=True)
    create.add_argument("--zone", default="Europe/London", help="IANA time zone (default: Europe/London)")
    create.add_argument("--no-item-9-cover", action="store_true", help="no alert cover: ask PHQ-8, not PHQ-9")
    create.set_defaults(run=create_service)

    staff = commands.add_parser("staff", help="people who work here").add_subparsers(required=True, metavar="ACTION")
    invite = staff.add_parser("invite", help="send someone a link to choose a password")
    invite.add_argument("email")
    invite.add_argument("--service", required=True, help="the id that `service create` printed")
    invite.add_argument("--role", required=True, choices=STAFF_ROLES)
    invite.add_argument("--name", required=True, help="full name")
    invite.add_argument("--job", default="")
    invite.set_defaults(run=invite_staff)
    outcomes.add_to(commands)
    return top


STAFF_ROLES = ("facilitator", "clinical_lead", "service_lead", "duty_clinician", "administrator")


def demo(_: argparse.Namespace) -> int:
    from backtolife.demo.run import run

    return run()


def migrate(_: argparse.Namespace) -> int:
    from backtolife.db import opened
    from backtolife.migrating import migrate as bring_up_to_date

    settings = from_environment()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with opened(settings.database_url) as engine:
        bring_up_to_date(engine)
    print("The database is up to date.")
    return 0


def simulate(arguments: argparse.Namespace) -> int:
    from backtolife import clock
    from backtolife.db import opened, session_scope
    from backtolife.demo.simulated.service import Size, refuse_in_production
    from backtolife.demo.simulated.service import simulate as make

    settings, now = from_environment(), clock.now()
    refuse_in_production(settings)
    name = f"Simulated {now:%d %B %Y %H:%M}"
    with opened(settings.database_url) as engine, session_scope(engine) as db:
        size = Size(groups=arguments.groups, patients=arguments.patients)
        service = make(db, name=name, size=size, now=now, domain=f"{now:%Y%m%d%H%M%S}.simulated.example")
        print(service.id)
    return 0


def create_service(arguments: argparse.Namespace) -> int:
    from backtolife import clock
    from backtolife.db import opened, session_scope
    from backtolife.people.access import System
    from backtolife.people.services import open_service
    from backtolife.programme.services import adopt_programme

    with opened(from_environment().database_url) as engine, session_scope(engine) as db:
        service = open_service(
            db,
            name=arguments.name,
            short_name=arguments.short_name,
            phone=arguments.phone,
            zone=arguments.zone,
            covers_item_9=not arguments.no_item_9_cover,
            now=clock.now(),
        )
        adopt_programme(db, actor=System("command", service.id), now=clock.now())
        print(service.id)
    return 0


def invite_staff(arguments: argparse.Namespace) -> int:
    from backtolife import clock, delivery
    from backtolife.db import opened, session_scope
    from backtolife.people import messages, services, signin
    from backtolife.people.access import System
    from backtolife.people.models import LinkPurpose, Role

    settings, now = from_environment(), clock.now()
    with opened(settings.database_url) as engine:
        with session_scope(engine) as db:
            services.find_service(db, arguments.service)
            person = services.invite_staff(
                db,
                actor=System("command", arguments.service),
                email=arguments.email,
                full_name=arguments.name,
                shown_name=arguments.name.split()[0],
                job=arguments.job,
                role=Role(arguments.role),
                now=now,
            )
            issued = signin.issue_link(db, person=person, purpose=LinkPurpose.INVITATION, now=now)
            address = f"{settings.public_url}/staff/invitation/{issued.token}"
            messages.queue_link(db, person=person, issued=issued, address=address, now=now)
        sent = delivery.send_waiting(engine, settings, now=now)
    print("The invitation is sent." if sent else "The invitation waits to be sent; the scheduler tries again.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
