"""Two workers share the tests so that neither waits for the other at the end."""

from types import SimpleNamespace
from typing import Any

from tests.support.workers.scheduling import OneWithMediaAtATime

PLAIN = ["tests/test_cli.py::test_one", "tests/test_release.py::test_one"]
MEDIA = ["tests/sessions/media/rooms/test_simulcast.py::test_one", "tests/journeys/test_whole_walk.py::test_one"]
COLLECTED = [PLAIN[0], MEDIA[0], PLAIN[1], MEDIA[1], *(f"{PLAIN[1]}[{number}]" for number in range(4))]


class Worker:
    """Notes which tests it is sent."""

    shutting_down = False

    def __init__(self) -> None:
        self.gateway = SimpleNamespace(id="worker")
        self.sent: list[list[str]] = []

    def send_runtest_some(self, places: list[int]) -> None:
        self.sent.append([COLLECTED[place] for place in places])

    def shutdown(self) -> None:
        self.shutting_down = True


def test_what_moves_media_is_one_piece_and_begun_first_while_the_other_worker_has_the_rest() -> None:
    option = SimpleNamespace(loadscopereorder=False)
    config: Any = SimpleNamespace(option=option, getvalue={"tx": ["popen", "popen"]}.get, rootpath="")
    scheduler = OneWithMediaAtATime(config, None)
    workers: list[Any] = [Worker(), Worker()]
    for worker in workers:
        scheduler.add_node(worker)
        scheduler.add_node_collection(worker, COLLECTED)
    scheduler.schedule()
    assert workers[0].sent[0] == MEDIA
    assert workers[1].sent[0] == [PLAIN[0]]
