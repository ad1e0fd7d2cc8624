"""Does what systemctl would, for the units of docs/operating.md, on a machine that systemd does not run.

Starts what a unit's ExecStart says, as its user, with its environment alone; keeps the ids under /run.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

UNITS, RUN = Path("/etc/systemd/system"), Path("/run/units")


def settings(unit: str) -> dict[str, str]:
    lines = (UNITS / unit).read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def environment(of: dict[str, str]) -> dict[str, str]:
    found = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"} | dict(each.split("=", 1) for each in of["Environment"].split())
    lines = Path(of["EnvironmentFile"]).read_text().splitlines()
    return found | dict(line.split("=", 1) for line in lines if "=" in line)


def start(unit: str) -> None:
    of = settings(unit)
    for each in of.get("Wants", "").split() if unit.endswith(".target") else ():
        start(each)
    if "ExecStart" not in of:
        return
    command = ["runuser", "-u", of["User"], "--", *of["ExecStart"].split()]
    given = {"env": environment(of), "cwd": of["WorkingDirectory"], "start_new_session": True}
    Path("/var/cache/backtolife").mkdir(exist_ok=True)
    if of["Type"] == "oneshot":
        subprocess.run(command, check=True, **given)  # type: ignore[call-overload]
        return
    with (RUN / f"{unit}.log").open("ab") as log:
        running = subprocess.Popen(command, stdout=log, stderr=log, **given)  # type: ignore[call-overload]
    (RUN / unit).write_text(str(running.pid))


def stop(unit: str) -> None:
    for each in settings(unit)["Wants"].split():
        pid = int((RUN / each).read_text())
        os.killpg(pid, signal.SIGTERM)
        for _ in range(300):
            if not Path(f"/proc/{pid}").exists():
                break
            time.sleep(0.1)
        (RUN / each).unlink()


def main(verb: str, *words: str) -> None:
    RUN.mkdir(exist_ok=True)
    for unit in (word for word in words if word.startswith("backtolife")):
        if verb in {"enable", "start"}:
            start(unit)
        elif verb == "stop":
            stop(unit)


if __name__ == "__main__":
    main(*sys.argv[1:])
