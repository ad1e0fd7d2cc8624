"""The ways by which a person is told something."""

from enum import StrEnum


class Channel(StrEnum):
    EMAIL = "email"
    SMS = "sms"
    TELEPHONE = "telephone"
    """Nothing is sent: a member of staff rings them."""
