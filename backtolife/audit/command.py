"""`backtolife audit verify`: the log of each service, read through."""

import sys
from pathlib import Path

from backtolife.audit.chain import verify
from backtolife.audit.checks import logs_in
from backtolife.audit.heads import heads_in
from backtolife.config import from_environment
from backtolife.database.session import opened, reading, session_scope


def verify_logs(against: Path | None) -> int:
    """0 when the log of each service is whole; else 1, naming the first entry that does not fit and why."""
    heads = heads_in(against) if against is not None else {}
    broken = 0
    with opened(from_environment().database_url) as engine, session_scope(reading(engine)) as db:
        names = logs_in(db)
        for service_id, name in names.items():
            found = verify(db, service_id, against=[heads[service_id]] if service_id in heads else [])
            whole = found.broken_at is None
            said = f"whole, {found.entries} entries" if whole else f"broken at entry {found.broken_at}: {found.fault}"
            sys.stdout.write(f"{name}: {said}\n")
            broken = broken or int(not whole)
    for service_id in heads.keys() - names.keys():
        sys.stdout.write(f"{service_id}: this service and its log are gone\n")
        broken = 1
    return broken
