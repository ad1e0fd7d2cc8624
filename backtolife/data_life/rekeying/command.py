"""`backtolife keys rotate`: after DATA_KEY was changed, everything is closed with the new one."""

import sys

from backtolife import clock
from backtolife.config import from_environment
from backtolife.data_life.rekeying.rotation import rotate
from backtolife.database.keys import refuse_missing
from backtolife.database.session import opened

CODES = (
    "{codes} recovery codes of staff were made before: they open only while the old key is in DATA_KEY_OLD. Whoever "
    "has them is written to, and makes new ones on the page of their second step.\n"
)


def rotate_now() -> int:
    """0 once nothing is left of the older keys; 1 where values open with no key that is here."""
    with opened(from_environment().database_url) as engine:
        refuse_missing(engine)
        done = rotate(engine, now=clock.now())
    sys.stdout.write(f"{done.values} values were encrypted again; everything else had the newest key.\n")
    if done.unreadable:
        sys.stdout.write(f"{done.unreadable} values open with no key that is here. Put their key into DATA_KEY_OLD.\n")
        return 1
    if done.recovery_codes:
        sys.stdout.write(CODES.format(codes=done.recovery_codes))
    sys.stdout.write("Nothing needs the older keys any more: take DATA_KEY_OLD out, and start the processes again.\n")
    return 0
