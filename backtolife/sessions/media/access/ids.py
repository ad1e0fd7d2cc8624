"""Identifiers as LiveKit makes them: a prefix that says of what, then chance."""

import secrets


def new_id(prefix: str) -> str:
    """For example `PA_` (participant), `TR_` (track), `RM_` (room), `EV_` (webhook)."""
    return prefix + secrets.token_hex(6)
