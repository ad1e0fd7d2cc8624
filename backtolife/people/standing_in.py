"""Who acts in which room: in the room of their rehearsal somebody of staff acts as their stand-in there.

The stand-in belongs to the rehearsal's own made-up service. So nothing done in a rehearsal can reach anybody real, and
nobody but its owner's browser can reach the rehearsal: the ordinary rules of access see to both.
"""

from collections.abc import Mapping, MutableMapping
from typing import Any

STANDING_IN = "standing_in"


def stand_in(cookie: MutableMapping[str, Any], *, group_session_id: str, token: str) -> None:
    """From now on this browser acts by `token` in that one room."""
    cookie[STANDING_IN] = {"room": group_session_id, "token": token}


def token_for(cookie: Mapping[str, Any], group_session_id: str) -> str:
    """The secret by which the browser with this signed cookie acts in a room, or anywhere else (""). Empty if none."""
    there = cookie.get(STANDING_IN) or {}
    if group_session_id and there.get("room") == group_session_id:
        return str(there.get("token", ""))
    return str(cookie.get("signed_in", ""))


def tokens_in(cookie: Mapping[str, Any]) -> list[str]:
    """Every secret by which the browser with this signed cookie acts somewhere; none for a stranger's."""
    tokens = (cookie.get("signed_in"), (cookie.get(STANDING_IN) or {}).get("token"))
    return [str(token) for token in tokens if token]
