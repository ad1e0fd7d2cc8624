"""Who runs what when two workers share the tests: a file stays together, and what moves media goes one file at a time.

Sound and pictures are counted there; two such files at once would count how busy the machine is. Together they are the
longest piece of all, so it is begun first: begun late, one worker goes through it while the other has nothing to do.
"""

from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

ROOT = Path(__file__).resolve().parents[3]
MEDIA = "media"


class OneWithMediaAtATime(LoadScopeScheduling):
    """Each file is one piece of work; all files marked `media` together are one piece."""

    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        super().__init__(config, log)
        self._pieces: dict[str, str] = {}

    def _assign_work_unit(self, node: WorkerController) -> None:
        if MEDIA in self.workqueue:
            self.workqueue.move_to_end(MEDIA, last=False)
        super()._assign_work_unit(node)

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        if file not in self._pieces:
            moves_media = "pytest.mark.media" in (ROOT / file).read_text(encoding="utf-8")
            self._pieces[file] = MEDIA if moves_media else file
        return self._pieces[file]
