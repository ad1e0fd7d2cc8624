"""A bare Debian in a folder, from where this machine has its own."""

import os
import shutil
import subprocess
from pathlib import Path

SOURCES = Path("/etc/apt/sources.list.d/debian.sources"), Path("/etc/apt/sources.list")
AUTHORITY = Path("/etc/authority.pem")


def make_debian(root: Path, *packages: str) -> None:
    """Debian 12 with nothing but these packages; it trusts whom this machine trusts."""
    sources = [str(path) for path in SOURCES if path.exists() and path.stat().st_size]
    include = [f"--include={','.join(packages)}"] if packages else []
    command = ["mmdebstrap", "--quiet", "--variant=minbase", *include, "bookworm", str(root), *sources]
    subprocess.run(command, check=True)
    if authority := os.environ.get("SSL_CERT_FILE"):
        shutil.copy(authority, root / AUTHORITY.relative_to("/"))


def trusting() -> dict[str, str]:
    """What makes programs in it trust whom this machine trusts; nothing where that is who Debian trusts."""
    if not os.environ.get("SSL_CERT_FILE"):
        return {}
    return dict.fromkeys(("SSL_CERT_FILE", "PIP_CERT"), str(AUTHORITY))
