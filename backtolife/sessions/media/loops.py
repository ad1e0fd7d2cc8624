"""Which hot loop forwards the packets: the compiled one where it can be had, the one in Python otherwise."""

from typing import Any

import structlog

from backtolife.errors import Conflict
from backtolife.sessions.media import forward, hot
from backtolife.sessions.media.udp import Socket

log = structlog.get_logger()


def choose(wanted: str, endpoint: Socket) -> Any:
    """The loop named `python` or `compiled`, or the better one for `auto`.

    Raises Conflict when the compiled one was asked for by name and cannot be built.
    """
    if wanted != "python":
        try:
            compiled = hot.Forwarding(endpoint.descriptor)
        except Conflict as error:
            if wanted == "compiled":
                raise
            log.warning("the loop in Python does the work", why=error.message)
        else:
            endpoint.intake = compiled.intake
            return compiled
    return forward.Forwarding(endpoint.sendto, endpoint.descriptor)
