"""Which hot loop forwards the packets: the compiled one where it can be had, the one in Python otherwise."""

import structlog

from backtolife.errors import Conflict
from backtolife.sessions.media.datapath import loop_native, loop_python
from backtolife.sessions.media.datapath.ports import ForwardingPort
from backtolife.sessions.media.transport.udp import Socket

log = structlog.get_logger()


def choose(wanted: str, endpoint: Socket) -> ForwardingPort:
    """The loop named `python` or `compiled`, or the better one for `auto`.

    Raises Conflict when the compiled one was asked for by name and cannot be built.
    """
    if wanted != "python":
        try:
            compiled = loop_native.Forwarding(endpoint.descriptor)
        except Conflict as error:
            if wanted == "compiled":
                raise
            log.warning("the loop in Python does the work", why=error.message)
        else:
            endpoint.intake = compiled.intake
            return compiled
    return loop_python.Forwarding(endpoint.sendto, endpoint.descriptor)
