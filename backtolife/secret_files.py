"""Secrets that stand in files, as a container is given them: SECRET_KEY_FILE says where SECRET_KEY is."""

from collections.abc import MutableMapping
from pathlib import Path

from backtolife.errors import Invalid

SECRETS = (
    *(
        "SECRET_KEY",
        "SECRET_KEY_OLD",
        "DATA_KEY",
        "DATA_KEY_OLD",
        "AUDIT_KEY",
        "AUDIT_KEY_OLD",
        "LIVEKIT_API_SECRET",
        "TURN_SECRET",
    ),
    *("DATABASE_URL", "REDIS_URL", "SMTP_PASSWORD", "NOTIFY_API_KEY", "NOTIFY_CALLBACK_TOKEN", "METRICS_TOKEN"),
    *("OIDC_CLIENT_SECRET", "VIDEOS_S3_SECRET"),
)
"""The variables that may be given so. Addresses are among them because they may hold a password."""
OLDER = frozenset({"SECRET_KEY_OLD", "DATA_KEY_OLD", "AUDIT_KEY_OLD"})
"""Those of before, which most installations have none of: their file may be empty."""


def read(environ: MutableMapping[str, str]) -> None:
    """Put what these files hold into the environment. Raises Invalid where a file cannot be read or says nothing,
    and where a secret is given both ways.
    """
    for name in SECRETS:
        file = environ.get(f"{name}_FILE", "")
        if not file:
            continue
        if environ.get(name):
            raise Invalid(f"{name} and {name}_FILE are both set. Leave one of them out.")
        environ[name] = held_in(f"{name}_FILE", Path(file), may_be_empty=name in OLDER)
        del environ[f"{name}_FILE"]


def held_in(name: str, file: Path, *, may_be_empty: bool = False) -> str:
    try:
        found = file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise Invalid(f"{name} is {str(file)!r}, which cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise Invalid(f"{name} is {str(file)!r}, which holds no text.") from None
    if (not found and not may_be_empty) or "\n" in found:
        raise Invalid(f"{name} is {str(file)!r}. Put one line there, the secret alone.")
    return found
