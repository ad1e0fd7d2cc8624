"""Frozen settings from the environment. Production refuses to start on a value that is unsafe there."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

from backtolife.errors import Invalid

Environment = Literal["development", "demo", "test", "production"]
MediaEngine = Literal["embedded", "livekit"]

ROOT = Path(__file__).resolve().parent.parent
DEVELOPMENT_SECRET = "development-only-secret-do-not-use-anywhere-else"  # noqa: S105 - refused in production
DEVELOPMENT_MEDIA_KEY = "backtolife"
SHORTEST_SECRET = 32


@dataclass(frozen=True)
class Settings:
    """Everything that differs between one machine and another. Times are seconds unless the name says otherwise."""

    environment: Environment
    data_dir: Path
    """Uploads, packaged videos, the SQLite file and the demo's mailbox live here."""
    database_url: str
    public_url: str
    """Scheme, host and port under which browsers reach the site; no slash at the end."""
    secret_keys: tuple[str, ...]
    """The first signs; the others are still accepted, so that keys can be rotated."""
    media_engine: MediaEngine
    media_url: str
    """ws:// or wss:// address under which browsers reach the media engine."""
    media_api_url: str
    """http:// or https:// address under which the web process reaches the media engine's RoomService."""
    media_api_key: str
    media_api_secret: str
    smtp_host: str
    """Empty means no mail leaves: messages land in the mailbox folder of `data_dir` (the demo's mailbox page)."""
    smtp_port: int
    smtp_user: str
    smtp_password: str
    smtp_starttls: bool
    mail_from: str
    redis_url: str
    turn_urls: tuple[str, ...]
    turn_secret: str
    proxies: int
    """How many reverse proxies stand in front; their X-Forwarded headers are believed, nobody else's."""

    @property
    def production(self) -> bool:
        return self.environment == "production"

    @property
    def secure(self) -> bool:
        """Whether browsers reach us by TLS, so that cookies may say Secure."""
        return self.public_url.startswith("https://")

    @property
    def videos_dir(self) -> Path:
        return self.data_dir / "videos"

    @property
    def mailbox_dir(self) -> Path:
        return self.data_dir / "mailbox"


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings. Raises Invalid, naming the variable and what to put there."""
    env = os.environ if environ is None else environ
    kind = env.get("BACKTOLIFE_ENV", "development")
    if kind not in get_args(Environment):
        raise Invalid(f"BACKTOLIFE_ENV is {kind!r}. Use one of: {', '.join(get_args(Environment))}.")
    engine = env.get("MEDIA_ENGINE", "embedded")
    if engine not in get_args(MediaEngine):
        raise Invalid(f"MEDIA_ENGINE is {engine!r}. Use embedded or livekit.")
    data_dir = Path(env.get("DATA_DIR", str(ROOT / "var"))).resolve()
    media_port = number(env, "MEDIA_PORT", 7880)
    settings = Settings(
        environment=cast(Environment, kind),
        data_dir=data_dir,
        database_url=env.get("DATABASE_URL", f"sqlite:///{data_dir / 'backtolife.db'}"),
        public_url=env.get("PUBLIC_URL", f"http://127.0.0.1:{number(env, 'PORT', 8000)}").rstrip("/"),
        secret_keys=tuple(
            key for key in (env.get("SECRET_KEY", DEVELOPMENT_SECRET), env.get("SECRET_KEY_OLD", "")) if key
        ),
        media_engine=cast(MediaEngine, engine),
        media_url=env.get("LIVEKIT_URL", f"ws://127.0.0.1:{media_port}").rstrip("/"),
        media_api_url=env.get("LIVEKIT_API_URL", f"http://127.0.0.1:{media_port}").rstrip("/"),
        media_api_key=env.get("LIVEKIT_API_KEY", DEVELOPMENT_MEDIA_KEY),
        media_api_secret=env.get("LIVEKIT_API_SECRET", DEVELOPMENT_SECRET),
        smtp_host=env.get("SMTP_HOST", ""),
        smtp_port=number(env, "SMTP_PORT", 587),
        smtp_user=env.get("SMTP_USER", ""),
        smtp_password=env.get("SMTP_PASSWORD", ""),
        smtp_starttls=env.get("SMTP_STARTTLS", "yes") != "no",
        mail_from=env.get("MAIL_FROM", "no-reply@backtolife.example"),
        redis_url=env.get("REDIS_URL", ""),
        turn_urls=tuple(url for url in env.get("TURN_URLS", "").split(",") if url),
        turn_secret=env.get("TURN_SECRET", ""),
        proxies=number(env, "PROXIES", 0),
    )
    if settings.production:
        refuse_unsafe(settings)
    return settings


def refuse_unsafe(settings: Settings) -> None:
    """Raise Invalid for the first value that must not be used with real people."""
    for name, secret in (("SECRET_KEY", settings.secret_keys[0]), ("LIVEKIT_API_SECRET", settings.media_api_secret)):
        if secret == DEVELOPMENT_SECRET or len(secret) < SHORTEST_SECRET:
            raise Invalid(f"{name} needs a secret of its own with at least {SHORTEST_SECRET} characters in production.")
    if not settings.secure:
        raise Invalid("PUBLIC_URL must begin with https:// in production: browsers give no camera without it.")
    if not settings.media_url.startswith("wss://"):
        raise Invalid("LIVEKIT_URL must begin with wss:// in production.")
    if not settings.smtp_host:
        raise Invalid("SMTP_HOST is empty: in production people must get their mail.")
    if settings.turn_urls and len(settings.turn_secret) < SHORTEST_SECRET:
        raise Invalid(f"TURN_SECRET needs at least {SHORTEST_SECRET} characters when TURN_URLS is set.")


def number(env: Mapping[str, str], name: str, default: int) -> int:
    """The whole number in variable `name`. Raises Invalid when it is not one."""
    text = env.get(name, "")
    if not text:
        return default
    try:
        return int(text)
    except ValueError:
        raise Invalid(f"{name} is {text!r}. Use a whole number.") from None
