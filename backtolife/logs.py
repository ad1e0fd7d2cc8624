"""How every process writes its log."""

import structlog


def configure_logs() -> None:
    """One JSON object a line, without personal data: events carry ids, never names, addresses or answers."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ]
    )
