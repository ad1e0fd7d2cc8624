"""Where backups go, who can open them, how often they are made and which are kept."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from backtolife.errors import Invalid
from backtolife.keeping.rules import keep_rule
from backtolife.variables import listed, number

KEPT = "last=12,hourly=24,daily=14,weekly=8"
MISSING = "Backups need what is not installed: pip install 'backtolife[backup]'"
MAKE_ONE = "Make one with: backtolife backup-key FILE"


@dataclass(frozen=True)
class BackupSettings:
    """What the environment says of backups."""

    folder: Path | None
    """None: no backups are made here."""
    recipients: tuple[str, ...]
    """The public keys; whoever has one of the private ones can open an archive."""
    every_minutes: int
    """How often the scheduler backs up the database; 0 means never."""
    files_every_hours: int
    """How often it takes the videos along."""
    kept: Mapping[str, int]
    """How many of each; empty means all."""

    def must(self) -> Path:
        """The folder. Raises Invalid, with what to do, while something is missing for a backup."""
        if self.folder is None:
            raise Invalid("BACKUP_DIR is empty. Say in which folder the backups go, best one on another disk.")
        if not self.recipients:
            raise Invalid(f"BACKUP_RECIPIENTS is empty: backups are encrypted for a key. {MAKE_ONE}")
        return self.folder


def read(environ: Mapping[str, str] | None = None) -> BackupSettings:
    """Read the settings. Raises Invalid, naming the variable and what to put there."""
    env = os.environ if environ is None else environ
    recipients = listed(env.get("BACKUP_RECIPIENTS", ""))
    for each in recipients:
        refuse_no_recipient(each)
    folder = env.get("BACKUP_DIR", "")
    try:
        kept = keep_rule(env.get("BACKUP_KEEP") or KEPT)
    except Invalid as error:
        raise Invalid(f"BACKUP_KEEP: {error.message}") from None
    found = BackupSettings(
        folder=Path(folder).resolve() if folder else None,
        recipients=recipients,
        every_minutes=number(env, "BACKUP_EVERY_MINUTES", 0),
        files_every_hours=number(env, "BACKUP_FILES_EVERY_HOURS", 24, least=1),
        kept=kept,
    )
    if found.every_minutes:
        found.must()
    return found


def refuse_no_recipient(text: str) -> None:
    if text.startswith("AGE-SECRET-KEY-"):
        raise Invalid(
            "BACKUP_RECIPIENTS holds a private key. Put the public one there, which begins with age1, and keep the "
            "private one away from this machine."
        )
    if find_spec("pyrage") is None:
        raise Invalid(MISSING)
    import pyrage  # noqa: PLC0415 - an extra

    try:
        pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        raise Invalid(f"BACKUP_RECIPIENTS: {text[:80]!r} is no public key of age. {MAKE_ONE}") from None
