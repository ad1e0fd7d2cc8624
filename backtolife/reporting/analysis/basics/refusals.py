"""Why a figure is refused rather than computed."""

from backtolife.errors import Invalid


class TooFew(Invalid):
    """There are too few people, groups or points for the figure to mean anything."""


class InHouseWording(Invalid):
    """The answers were given on in-house wording, which has no published size of change and is never compared."""


class MarginTooLate(Invalid):
    """The margin was fixed on or after the day of the first result."""


class NoSpread(Invalid):
    """A published result without a standard deviation or a number of people cannot be compared with."""


class NotInstalled(Invalid):
    """The statistics libraries are not installed."""


def refuse_in_house(in_house: bool) -> None:
    """Raises InHouseWording when the answers were given on in-house wording."""
    if in_house:
        raise InHouseWording(
            "These answers were given on our own wording. Load the official form before you compare them with "
            "published sizes of change."
        )
