"""What can be wrong with a backup, by name; each says what to do."""

from backtolife.errors import Conflict, Invalid


class NoArchive(Invalid):
    """It is no backup of ours, or no backup at all."""


class WrongKey(Invalid):
    """This key does not open it."""


class Damaged(Invalid):
    """It is half there, or was changed since it was made."""


class NewerBackup(Conflict):
    """It was made by a newer version of the program than this one."""


class NotEmpty(Conflict):
    """There is something already where it would be brought back to."""


class StillRunning(Conflict):
    """The processes that write must be stopped first."""


class NotKept(Conflict):
    """The backup could not be made; nothing is left of it."""
