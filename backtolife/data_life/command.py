"""The parts of the `backtolife` command about records: the log, who was erased, whose time is over, keys."""

import argparse
from pathlib import Path


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add audit, erase, retention and keys."""
    log = commands.add_parser("audit", help="the audit log").add_subparsers(required=True, metavar="ACTION")
    reader = log.add_parser("verify", help="whether an entry was changed, taken out or forged since")
    earlier = "where the log ended once, as the nightly check wrote it: shows entries taken off its end"
    reader.add_argument("--against", type=Path, metavar="FILE", help=earlier)
    reader.set_defaults(run=verify_audit)

    eraser = commands.add_parser("erase", help="people who were erased")
    again = eraser.add_subparsers(required=True, metavar="ACTION").add_parser(
        "replay", help="after a backup was brought back: erase again whoever was erased since it was made"
    )
    again.add_argument("file", type=Path, metavar="FILE", help="erasures.jsonl, from beside the data before")
    again.set_defaults(run=erase_again, every_table=True)

    ages = commands.add_parser("retention", help="records that were kept long enough")
    listing = ages.add_subparsers(required=True, metavar="ACTION").add_parser(
        "list", help="whose time is over in each service, by ids; changes nothing"
    )
    listing.set_defaults(run=list_ages, every_table=True)

    keys = commands.add_parser("keys", help="the key with which columns are encrypted")
    changer = keys.add_subparsers(required=True, metavar="ACTION").add_parser(
        "rotate", help="after DATA_KEY was changed: encrypt everything with the new one; can be stopped and goes on"
    )
    changer.set_defaults(run=rotate_keys, every_table=True)


def verify_audit(arguments: argparse.Namespace) -> int:
    from backtolife.audit.command import verify_logs

    return verify_logs(arguments.against)


def erase_again(arguments: argparse.Namespace) -> int:
    from backtolife.data_life.erasing.command import replay_file

    return replay_file(arguments.file)


def list_ages(_: argparse.Namespace) -> int:
    from backtolife.data_life.retention.command import show

    return show()


def rotate_keys(_: argparse.Namespace) -> int:
    from backtolife.data_life.rekeying.command import rotate_now

    return rotate_now()
