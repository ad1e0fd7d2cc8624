"""The part of the `backtolife` command to which a mail server gives what came back."""

import argparse
import sys

from backtolife.config import from_environment

MOST_BYTES = 10_000_000
"""A report holds at most the mail that came back; ours are small."""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add mail bounced."""
    mail = commands.add_parser("mail", help="mail that came back").add_subparsers(required=True, metavar="ACTION")
    bounced = mail.add_parser("bounced", help="read a report of a mail server from standard input")
    bounced.set_defaults(run=take_report)


def take_report(_: argparse.Namespace) -> int:
    """It ends well whatever it is given: a mail server would send what is refused back once more."""
    from backtolife.database.session import opened, session_scope
    from backtolife.mail.bounces import read_bounce, take_bounce

    bounce = read_bounce(sys.stdin.buffer.read(MOST_BYTES))
    if bounce is None:
        print("This is no report about a mail of ours that came back. Nothing was changed.")
        return 0
    with opened(from_environment().database_url) as engine, session_scope(engine) as db:
        is_news = take_bounce(db, bounce)
    print("The message is marked as not arrived." if is_news else "This was known, or seen to. Nothing was changed.")
    return 0
