"""Which hot loop forwards the packets: the compiled one where it can be had, the one in Python otherwise."""

import logging
from typing import Any

from backtolife.errors import Conflict
from backtolife.sessions.media import forward, hot
from backtolife.sessions.media.udp import Socket

log = logging.getLogger(__name__)


def choose(wanted: str, endpoint: Socket) -> Any:
    """The loop named `python` or `compiled`, or the better one for `auto`.

    Raises Conflict when the compiled one was asked for by name and cannot be built.
    """
    if wanted != "python":
        try:
            return hot.Forwarding(endpoint.descriptor)
        except Conflict as error:
            if wanted == "compiled":
                raise
            log.warning("%s The loop in Python does the same work.", error.message)
    return forward.Forwarding(endpoint.sendto, endpoint.descriptor)
