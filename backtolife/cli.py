"""The `backtolife` command."""

import argparse
import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from backtolife import secret_files
from backtolife.config import from_environment, keep_private
from backtolife.errors import BacktolifeError

if TYPE_CHECKING:
    from backtolife.data_life.erasing.command import Replaying

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; a refusal prints its words and ends with 2."""
    arguments = parser().parse_args(argv)
    if "every_table" in arguments:
        from backtolife import rooms  # noqa: F401 - what the command does needs to know each of them
    try:
        secret_files.read(os.environ)
        return int(arguments.run(arguments) or 0)
    except BacktolifeError as error:
        print(error.message, file=sys.stderr)
        return 2
    except Exception as error:
        if not (words := unopened(error)):
            raise
        print(words, file=sys.stderr)
        return 2


def unopened(error: Exception) -> str:
    """What to do about a database that cannot be opened or has no tables yet; empty for any other fault."""
    from sqlalchemy.exc import OperationalError, ProgrammingError

    if not isinstance(error, OperationalError | ProgrammingError):
        return ""
    said = str(error.orig).splitlines()[0]
    if "no such table" in said or "UndefinedTable" in said:
        return f"The database is not set up ({said}). Look at DATABASE_URL and DATA_DIR, and run `backtolife migrate`."
    return (
        f"The database cannot be opened ({said}). Look at DATABASE_URL and DATA_DIR: are they right, and may we write?"
    )


def parser() -> argparse.ArgumentParser:
    from backtolife.content.storage import command as videos
    from backtolife.data_life import command as data_life
    from backtolife.doctor import command as doctor
    from backtolife.keeping import command as keeping
    from backtolife.mail import command as mail
    from backtolife.outcomes import command as outcomes

    top = argparse.ArgumentParser(
        prog="backtolife", description="A group programme for people with back pain that lasts."
    )
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    commands.add_parser("demo", help="run everything here, with made-up people").set_defaults(run=demo)
    for name, run, said in (
        ("web", serve_web, "the pages: run this, media and scheduler side by side"),
        ("media", serve_media, "sound and picture"),
        ("scheduler", serve_scheduler, "mail, reminders, calls for help that nobody took, videos"),
    ):
        commands.add_parser(name, help=said).set_defaults(run=run)
    commands.add_parser("migrate", help="update the database to the newest version").set_defaults(run=migrate)

    made_up = commands.add_parser("simulate", help="add a made-up service with a past, to try out results")
    made_up.add_argument("--groups", type=one_or_more, default=6, help="how many groups (default: 6)")
    made_up.add_argument("--patients", type=one_or_more, default=70, help="how many have a place (default: 70)")
    made_up.set_defaults(run=simulate)

    data_life.add_to(commands)
    add_services(commands)
    add_staff(commands)
    doctor.add_to(commands)
    keeping.add_to(commands, replaying)
    mail.add_to(commands)
    outcomes.add_to(commands)
    videos.add_to(commands)
    return top


def add_services(commands: Commands) -> None:
    service = commands.add_parser("service", help="clinical services").add_subparsers(required=True, metavar="ACTION")
    listing = service.add_parser("list", help="show each service's id and name")
    listing.set_defaults(run=list_services)
    create = service.add_parser("create", help="open a service")
    create.add_argument("name", help="as shown in messages, at most 60 characters")
    create.add_argument("--short-name", required=True, help="for text messages, at most 18 characters")
    create.add_argument("--phone", required=True)
    create.add_argument("--zone", default="Europe/London", help="IANA time zone (default: Europe/London)")
    create.add_argument("--no-item-9-cover", action="store_true", help="no alert cover: ask PHQ-8, not PHQ-9")
    create.add_argument("--with-videos", action="store_true", help="let the scheduler make drafts of the videos")
    create.set_defaults(run=create_service)


def add_staff(commands: Commands) -> None:
    from backtolife.people.second_person import command as role_command

    staff = commands.add_parser("staff", help="people who work here").add_subparsers(required=True, metavar="ACTION")
    invite = staff.add_parser("invite", help="send someone a link to choose a password")
    invite.add_argument("email")
    invite.add_argument(
        "--service", required=True, help="the id that `service create` printed; `service list` shows it again"
    )
    invite.add_argument("--role", required=True, choices=STAFF_ROLES, action="append", help="repeat for several roles")
    invite.add_argument("--name", required=True, help="full name")
    invite.add_argument("--job", default="")
    invite.set_defaults(run=invite_staff)
    reset = staff.add_parser("reset-second-step", help="let the only administrator, who lost their phone, start again")
    reset.add_argument("email")
    reset.add_argument("--service", required=True, help="the id that `service list` shows")
    reset.add_argument("--reason", required=True, help="why; it is kept, and told to colleagues")
    reset.set_defaults(run=reset_second_step)
    role_command.add_to(staff)


def one_or_more(text: str) -> int:
    if int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is too few: use 1 or more")
    return int(text)


def replaying(files: Sequence[Path]) -> "Replaying":
    """Who was erased, as a restore needs it."""
    from backtolife.data_life.erasing.command import Replaying

    return Replaying(files)


NO_VIDEOS = (
    "The service has no videos yet, and patients are asked to watch one before each session. An administrator or a "
    "clinical lead uploads them, or has drafts made, on the page Videos."
)
VIDEOS_WAIT = "The scheduler makes a draft of each session's video. How far each one is stands on the page Videos."
LEFT_IN_FILE = (
    "Its file still holds, in parts that are free, what rows held before: somebody has it open, or the disk is full. "
    "The scheduler tries again each night. To have it done now, stop web, media and scheduler, and run this once more."
)
STAFF_ROLES = ("facilitator", "clinical_lead", "service_lead", "duty_clinician", "administrator")


def demo(_: argparse.Namespace) -> int:
    from backtolife.demo.run import run

    return run()


def serve_web(_: argparse.Namespace) -> int:
    from backtolife import serving

    return serving.web(os.environ)


def serve_media(_: argparse.Namespace) -> int:
    from backtolife.sessions.media.__main__ import main as media

    return media([])


def serve_scheduler(_: argparse.Namespace) -> int:
    from backtolife.reminders.__main__ import main as scheduler

    return scheduler()


def migrate(_: argparse.Namespace) -> int:
    from backtolife.database import leftovers
    from backtolife.database.keys import refuse_missing
    from backtolife.database.migrating import migrate as bring_up_to_date
    from backtolife.database.session import opened

    settings = from_environment()
    keep_private(settings.data_dir)
    with opened(settings.database_url) as engine:
        refuse_missing(engine)
        bring_up_to_date(engine)
        left = leftovers.are_left(engine)
    print("The database is up to date.")
    if left:
        print(LEFT_IN_FILE, file=sys.stderr)
    return 0


def simulate(arguments: argparse.Namespace) -> int:
    from backtolife import clock
    from backtolife.database.session import opened, session_scope
    from backtolife.demo.simulated import doors, service

    settings, now = from_environment(), clock.now()
    service.refuse_in_production(settings)
    name = f"Simulated {now:%d %B %Y %H:%M}"
    with opened(settings.database_url) as engine, session_scope(engine) as db:
        size = service.Size(groups=arguments.groups, patients=arguments.patients)
        made = service.simulate(db, name=name, size=size, now=now, domain=f"{now:%Y%m%d%H%M%S}.simulated.example")
        print(doors.ways_in(db, made, site=settings.public_url, now=now), file=sys.stderr)
        print(made.id)
    return 0


def create_service(arguments: argparse.Namespace) -> int:
    from backtolife import clock
    from backtolife.content.services import adopt_scripts
    from backtolife.database.session import opened, session_scope
    from backtolife.people.access import System
    from backtolife.people.services import open_service, refuse_same_name
    from backtolife.programme.adopted.services import adopt_programme

    with opened(from_environment().database_url) as engine, session_scope(engine) as db:
        refuse_same_name(db, arguments.name)
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
        if arguments.with_videos:
            adopt_scripts(db, service=service, actor=System("command", service.id), now=clock.now())
        print(VIDEOS_WAIT if arguments.with_videos else NO_VIDEOS, file=sys.stderr)
        print(service.id)
    return 0


def list_services(_: argparse.Namespace) -> int:
    from sqlmodel import col, select

    from backtolife.database.session import opened, session_scope
    from backtolife.people.models import Service

    with opened(from_environment().database_url) as engine, session_scope(engine) as db:
        for service in db.exec(select(Service).where(col(Service.rehearsal).is_(False)).order_by(col(Service.name))):
            print(f"{service.id}  {service.name}")
    return 0


def invite_staff(arguments: argparse.Namespace) -> int:
    from backtolife import clock
    from backtolife.database.session import opened, session_scope
    from backtolife.mail.all_waiting import send_waiting
    from backtolife.people import services
    from backtolife.people.access import System
    from backtolife.people.models import LinkPurpose, Role
    from backtolife.people.second_person.inviting import invite_staff as invite
    from backtolife.people.signing_in import messages, signin
    from backtolife.reminders.wanted import unwanted

    settings, now = from_environment(), clock.now()
    with opened(settings.database_url) as engine:
        with session_scope(engine) as db:
            services.find_service(db, arguments.service)
            person = invite(
                db,
                actor=System("command", arguments.service),
                email=arguments.email,
                full_name=arguments.name,
                shown_name=arguments.name.split()[0],
                job=arguments.job,
                roles={Role(each) for each in arguments.role},
                now=now,
            )
            issued = signin.issue_link(db, person=person, purpose=LinkPurpose.INVITATION, now=now)
            address = f"{settings.public_url}/staff/invitation/{issued.token}"
            messages.queue_link(db, person=person, issued=issued, address=address, now=now)
        gone = partial(unwanted, production=settings.production)
        sent = send_waiting(engine, settings, now=now, unwanted=gone)
    print("The invitation is sent." if sent else "The invitation waits to be sent; the scheduler tries again.")
    return 0


def reset_second_step(arguments: argparse.Namespace) -> int:
    from backtolife import clock
    from backtolife.database.session import opened, session_scope
    from backtolife.people.access import System
    from backtolife.people.colleagues import lost_phone
    from backtolife.people.services import colleague_at

    settings, actor = from_environment(), System("command", arguments.service)
    with opened(settings.database_url) as engine, session_scope(engine) as db:
        person = colleague_at(db, service_id=arguments.service, address=arguments.email)
        site, now = settings.public_url, clock.now()
        lost_phone.reset(db, actor=actor, person=person, reason=arguments.reason, site=site, now=now)
    print("Done. They are signed out everywhere, and set up a second step when they sign in.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
