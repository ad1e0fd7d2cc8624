"""The memory of a process that serves for days."""

import gc

YOUNG, MIDDLE, OLD = 20_000, 20, 20
"""How many new things are made before the collector looks at them. A list with 200 groups makes some 10 000, and needs
none of them afterwards: at Python's 700 every second page waited 80 ms for a look at everything.
"""


def settle_memory() -> None:
    """Take what start-up made out of the collector's sight, so that each look at the rest takes milliseconds; and look
    seldom.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
