"""What a process that we start is told of ours: where programs and certificates are, and none of our secrets."""

import os
from collections.abc import Mapping

TOLD = frozenset(
    {
        "CC",
        "CURL_CA_BUNDLE",
        "HOME",
        "LANG",
        "LC_ALL",
        "LD_LIBRARY_PATH",
        "PATH",
        "PYTHONDONTWRITEBYTECODE",
        "PYTHONHOME",
        "PYTHONPATH",
        "PYTHONUNBUFFERED",
        "REQUESTS_CA_BUNDLE",
        "SSL_CERT_DIR",
        "SSL_CERT_FILE",
        "TMPDIR",
        "TZ",
        "VIRTUAL_ENV",
        "WEBSOCKET_CLIENT_CA_BUNDLE",
        "XDG_CACHE_HOME",
    }
)


def child_env(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment for a process that reads files of strangers, or speaks to us as a stranger would."""
    env = os.environ if environ is None else environ
    return {"PATH": os.defpath, **{name: value for name, value in env.items() if name in TOLD}}
