"""A Redis of our own on this machine alone; nothing is written to disk."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import redis

from tests.support.running import free_port
from tests.support.sessions.socket_page import until


@contextmanager
def running_redis() -> Iterator[str]:
    """Yield its address; it ends with the block."""
    program, port = shutil.which("redis-server"), free_port()
    assert program, "redis-server is not installed. Run: make programs"
    options = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"]
    server = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
    try:
        with redis.Redis(port=port) as asked:
            until(lambda: answers(asked), "starting Redis")
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait()


def answers(asked: redis.Redis) -> bool:
    try:
        return bool(asked.ping())
    except redis.ConnectionError:
        return False
