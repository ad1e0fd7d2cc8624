"""gunicorn's own lines as every other line of the log: one JSON object each."""

import logging

import structlog
from gunicorn.config import Config
from gunicorn.glogging import Logger

from backtolife.processes.logs import configure_logs


class WorkerLog(Logger):
    """Says that the site listens, that a worker began, ended or was stopped, and by which signal."""

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        configure_logs()
        self.error_log.handlers = [AsObject()]


class AsObject(logging.Handler):
    """A line of gunicorn's. What it says of itself is whole: numbers of processes, the address it listens at. Of a
    warning only gunicorn's own words are kept, for a caller's request may stand in it, and of an error its place.
    """

    def emit(self, record: logging.LogRecord) -> None:
        words = record.getMessage() if record.levelno < logging.WARNING else str(record.msg)
        structlog.get_logger(record.name).log(record.levelno, "gunicorn", words=words, exc_info=record.exc_info)
