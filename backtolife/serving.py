"""`backtolife web`: the site under gunicorn, one worker with many threads."""

import sys
from collections.abc import Mapping

from gunicorn.app.wsgiapp import WSGIApplication

from backtolife.processes.supervisor_told import told
from backtolife.sessions.realtime.sockets import THREADS
from backtolife.variables import number, port

GRACE_SECONDS = 5
"""How long a page that is being made may take to end when the process is asked to."""


def web(env: Mapping[str, str]) -> int:
    """Serve until told to stop. Raises Invalid for a setting that is no number; gunicorn ends the process itself."""
    told.take()
    sys.argv = ["gunicorn", *web_arguments(env)]
    WSGIApplication("%(prog)s [OPTIONS] [APP_MODULE]").run()
    return 0


def web_arguments(env: Mapping[str, str]) -> list[str]:
    """What gunicorn is told. Raises Invalid for a setting that is no number."""
    address = f"{env.get('HOST') or '127.0.0.1'}:{port(env, 'PORT', 8000)}"
    threads = str(number(env, "WEB_THREADS", THREADS))
    words = ["-k", "backtolife.web.worker.Worker", "--logger-class", "backtolife.web.worker_log.WorkerLog", "-w", "1"]
    words += ["--threads", threads, "--bind", address]
    return [*words, "--graceful-timeout", str(GRACE_SECONDS), "--no-control-socket", "backtolife.app:served()"]
