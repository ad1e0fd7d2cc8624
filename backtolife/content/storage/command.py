"""The part of the `backtolife` command that moves videos between the disk and a bucket."""

import argparse
import sys

from backtolife.config import from_environment
from backtolife.errors import Invalid


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add videos move."""
    videos = commands.add_parser("videos", help="the files of videos").add_subparsers(required=True, metavar="ACTION")
    move = videos.add_parser("move", help="bring each video to where VIDEOS_IN says, while the site runs")
    move.set_defaults(run=move_videos, every_table=True)


def move_videos(_: argparse.Namespace) -> int:
    """It may be broken off and run again: each video is in one place or the other, and plays."""
    from backtolife.content.storage.bucket import OutOfReach
    from backtolife.content.storage.moving import settling
    from backtolife.content.storage.storage import storage_of
    from backtolife.database.session import opened

    settings = from_environment()
    storage = storage_of(settings)
    if storage.bucket is None:
        raise Invalid("VIDEOS_BUCKET is empty: there is no bucket to move videos to or from.")
    moved = 0
    with opened(settings.database_url) as engine:
        try:
            for name in settling(engine, storage):
                moved += 1
                print(name)
        except OutOfReach as error:
            print(f"Stopped: {error.why}. Nothing is lost. Put it right, and run this again.", file=sys.stderr)
            return 2
    where = "bucket" if storage.keeps_in_bucket else "disk"
    print(
        f"{moved} folders were moved. What is ready is on the {where}." if moved else f"All is in the {where} already."
    )
    return 0
