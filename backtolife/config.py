"""Frozen settings from the environment. Production refuses to start on a value that is unsafe there."""

import ipaddress
import os
import re
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Literal, cast, get_args
from urllib.parse import urlsplit

from backtolife.errors import Invalid
from backtolife.variables import LAST_PORT, listed, number, one_of, port

Environment = Literal["development", "demo", "test", "production"]
MediaEngine = Literal["embedded", "livekit"]

SOURCE = Path(__file__).resolve().parent.parent
PACKED = not (SOURCE / "templates" / "base.jinja").exists()
"""Whether this is an installed wheel, without the source around it."""
ROOT = SOURCE / "backtolife" / "packed" if PACKED else SOURCE
"""Where `static`, `templates`, `migrations` and the Procfile are."""
DEVELOPMENT_SECRET = "development-only-secret-do-not-use-anywhere-else"  # noqa: S105 - refused in production
DEVELOPMENT_MEDIA_KEY = "backtolife"
NOTIFY_URL = "https://api.notifications.service.gov.uk"
UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
NOTIFY_KEY = re.compile(f"{UUID}-{UUID}$")
LONGEST_LINK = 32
"""So many places of a text message the words leave to an address."""
SECOND_STEP = ("required", "optional")
MOST_PROXIES = 20
SHORTEST_SECRET = 32
FEWEST_CHARACTERS = 8
"""So many different ones are in practically every random secret, hexadecimal ones too."""


@dataclass(frozen=True)
class Settings:
    """Everything that differs between one machine and another. Times are seconds unless the name says otherwise."""

    environment: Environment
    data_dir: Path
    """Uploads, packaged videos, the SQLite file and the demo's mailbox live here."""
    database_url: str
    database_connections: int
    """The most connections of the web process to PostgreSQL; its `max_connections` must hold those of every process."""
    public_url: str
    """Scheme, host and port under which browsers reach the site; no slash at the end."""
    secret_keys: tuple[str, ...]
    """The first signs; the others are still accepted, so that keys can be rotated."""
    data_key: str
    """With it what tells who somebody is and what was written about them is encrypted in the database."""
    data_keys_old: tuple[str, ...]
    """The keys before: what they closed still opens, until `backtolife keys rotate` is through."""
    audit_heads_dir: Path | None
    """A folder on another machine, mounted here: each night the end of the audit log is written there."""
    audit_heads_mail: str
    """An address outside this machine that gets the same; empty means that it is not sent."""
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
    notify_api_key: str
    """Of GOV.UK Notify; empty means that no text leaves."""
    notify_template_id: str
    """Of a template there whose only words are ((message))."""
    notify_url: str
    notify_callback_token: str
    """With which Notify says what became of a text; empty means that it is never believed."""
    metrics_token: str
    """Whoever brings it reads the web process's figures; empty means that nobody does."""
    redis_url: str
    turn_urls: tuple[str, ...]
    turn_secret: str
    second_step_required: bool
    """Whether staff who have no second step must set one up before anything else opens to them."""
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
    def texts_by(self) -> str:
        """Who takes our text messages, by the name in `mail.texts.PROVIDERS`; empty where nobody does."""
        if self.notify_api_key:
            return "notify"
        return "" if self.smtp_host else "mailbox"

    @property
    def videos_dir(self) -> Path:
        return self.data_dir / "videos"

    @property
    def mailbox_dir(self) -> Path:
        return self.data_dir / "mailbox"


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings. Raises Invalid, naming the variable and what to put there."""
    env = os.environ if environ is None else environ
    kind = one_of(env, "BACKTOLIFE_ENV", get_args(Environment), "development")
    engine = one_of(env, "MEDIA_ENGINE", get_args(MediaEngine), "embedded")
    asked = one_of(env, "STAFF_SECOND_STEP", SECOND_STEP, SECOND_STEP[kind != "production"])
    data_dir = Path(env.get("DATA_DIR") or Path.cwd() / "var").resolve()
    media_port = port(env, "MEDIA_PORT", 7880)
    if "BACKTOLIFE_ENV" not in env:
        refuse_unsaid(env)
    settings = Settings(
        environment=cast(Environment, kind),
        data_dir=data_dir,
        database_url=env.get("DATABASE_URL", f"sqlite:///{data_dir / 'backtolife.db'}"),
        database_connections=number(env, "DATABASE_CONNECTIONS", 40, least=1),
        public_url=env.get("PUBLIC_URL", f"http://127.0.0.1:{port(env, 'PORT', 8000)}").rstrip("/"),
        secret_keys=tuple(
            key for key in (env.get("SECRET_KEY", DEVELOPMENT_SECRET), env.get("SECRET_KEY_OLD", "")) if key
        ),
        data_key=env.get("DATA_KEY", DEVELOPMENT_SECRET),
        data_keys_old=listed(env.get("DATA_KEY_OLD", "")),
        audit_heads_dir=Path(env["AUDIT_HEADS_DIR"]).resolve() if env.get("AUDIT_HEADS_DIR") else None,
        audit_heads_mail=env.get("AUDIT_HEADS_MAIL", "").strip(),
        media_engine=cast(MediaEngine, engine),
        media_url=env.get("LIVEKIT_URL", f"ws://127.0.0.1:{media_port}").rstrip("/"),
        media_api_url=env.get("LIVEKIT_API_URL", f"http://127.0.0.1:{media_port}").rstrip("/"),
        media_api_key=env.get("LIVEKIT_API_KEY", DEVELOPMENT_MEDIA_KEY),
        media_api_secret=env.get("LIVEKIT_API_SECRET", DEVELOPMENT_SECRET),
        smtp_host=env.get("SMTP_HOST", ""),
        smtp_port=number(env, "SMTP_PORT", 587, least=1, most=LAST_PORT),
        smtp_user=env.get("SMTP_USER", ""),
        smtp_password=env.get("SMTP_PASSWORD", ""),
        smtp_starttls=env.get("SMTP_STARTTLS", "yes") != "no",
        mail_from=env.get("MAIL_FROM", "no-reply@backtolife.example"),
        notify_api_key=env.get("NOTIFY_API_KEY", "").strip(),
        notify_template_id=env.get("NOTIFY_TEMPLATE_ID", "").strip(),
        notify_url=env.get("NOTIFY_URL", NOTIFY_URL).rstrip("/"),
        notify_callback_token=env.get("NOTIFY_CALLBACK_TOKEN", ""),
        metrics_token=env.get("METRICS_TOKEN", ""),
        redis_url=env.get("REDIS_URL", ""),
        turn_urls=listed(env.get("TURN_URLS", "")),
        turn_secret=env.get("TURN_SECRET", ""),
        second_step_required=asked == "required",
        proxies=number(env, "PROXIES", 0, most=MOST_PROXIES),
    )
    if settings.notify_api_key:
        refuse_half_set(settings)
    if settings.redis_url and not settings.redis_url.startswith(("redis://", "rediss://")):
        raise Invalid("REDIS_URL must begin with redis:// or rediss://: the rooms' events go by no other address.")
    if settings.production:
        refuse_unsafe(settings)
        refuse_weak("AUDIT_KEY", env.get("AUDIT_KEY", ""))
        for key in listed(env.get("AUDIT_KEY_OLD", "")):
            refuse_weak("AUDIT_KEY_OLD", key)
        if settings.media_engine == "embedded" and loopback(host_of(settings.media_api_url)):
            refuse_media_out_of_reach(settings.public_url, media_addresses(env))
    return settings


def audit_keys(environ: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """With the first the audit log's entries are signed, the others made the entries before. The log asks for them
    itself, so that nothing is ever written without. In development SECRET_KEY stands in for one that is not set.
    """
    env = os.environ if environ is None else environ
    newest = env.get("AUDIT_KEY") or env.get("SECRET_KEY") or DEVELOPMENT_SECRET
    return newest, *listed(env.get("AUDIT_KEY_OLD", ""))


def data_keys(environ: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """With the first, columns of the database are encrypted; the others still open what they closed. Columns ask for
    them themselves, as the audit log does.
    """
    env = os.environ if environ is None else environ
    return env.get("DATA_KEY") or DEVELOPMENT_SECRET, *listed(env.get("DATA_KEY_OLD", ""))


def refuse_unsafe(settings: Settings) -> None:
    """Raise Invalid for the first value that must not be used with real people."""
    names = ("SECRET_KEY", *("SECRET_KEY_OLD" for _ in settings.secret_keys[1:]))
    for name, secret in zip(names, settings.secret_keys, strict=True):
        refuse_weak(name, secret)
    refuse_weak("DATA_KEY", settings.data_key)
    for key in settings.data_keys_old:
        refuse_weak("DATA_KEY_OLD", key)
    refuse_weak("LIVEKIT_API_SECRET", settings.media_api_secret)
    if not settings.secure:
        raise Invalid("PUBLIC_URL must begin with https:// in production: browsers give no camera without it.")
    if not settings.media_url.startswith("wss://"):
        raise Invalid("LIVEKIT_URL must begin with wss:// in production.")
    if not settings.smtp_host:
        raise Invalid("SMTP_HOST is empty: in production people must get their mail.")
    if settings.turn_urls:
        refuse_weak("TURN_SECRET", settings.turn_secret)
    if settings.metrics_token:
        refuse_weak("METRICS_TOKEN", settings.metrics_token)
    if settings.notify_callback_token:
        refuse_weak("NOTIFY_CALLBACK_TOKEN", settings.notify_callback_token)
    if settings.notify_api_key and not settings.notify_url.startswith("https://"):
        raise Invalid("NOTIFY_URL must begin with https:// in production.")


def refuse_half_set(settings: Settings) -> None:
    """Raise Invalid when texts are to go by Notify, and something that this needs is not there."""
    if not settings.notify_template_id:
        raise Invalid("NOTIFY_TEMPLATE_ID is empty. Make a text template with ((message)) in Notify, and give its id.")
    if find_spec("notifications_python_client") is None:
        raise Invalid("NOTIFY_API_KEY is set, but what it needs is not installed: pip install 'backtolife[sms]'")
    if not NOTIFY_KEY.search(settings.notify_api_key):
        raise Invalid("NOTIFY_API_KEY is no key of GOV.UK Notify. It is a name, a dash, and two ids with dashes.")
    if len(settings.public_url) > LONGEST_LINK:
        raise Invalid(
            f"PUBLIC_URL has {len(settings.public_url)} characters, and a text message holds an address of "
            f"{LONGEST_LINK}. Give the site a shorter address, or leave NOTIFY_API_KEY empty."
        )


def refuse_weak(name: str, secret: str) -> None:
    """Raise Invalid for a secret that is public, short, or quickly guessed."""
    if secret == DEVELOPMENT_SECRET or len(secret) < SHORTEST_SECRET or monotonous(secret):
        raise Invalid(
            f"{name} needs a secret of its own in production: at least {SHORTEST_SECRET} characters at random. "
            "Make one with: openssl rand -hex 32"
        )


def monotonous(secret: str) -> bool:
    """Whether it has few characters, is one piece again and again, or runs along the alphabet or the digits."""
    steps = [abs(ord(one) - ord(other)) <= 1 for one, other in pairwise(secret)]
    again = secret in (secret * 2)[1:-1]
    return len(set(secret)) < FEWEST_CHARACTERS or again or sum(steps) > len(steps) / 2


def refuse_unsaid(env: Mapping[str, str]) -> None:
    """Raise Invalid when nobody said what this is, and it would be reached from elsewhere with secrets all know."""
    for name in ("PUBLIC_URL", "HOST"):
        given = env.get(name, "")
        host = host_of(given) if name == "PUBLIC_URL" else given
        if given and not loopback(host):
            raise Invalid(
                f"{name} is {given!r}, but BACKTOLIFE_ENV is not set. Set BACKTOLIFE_ENV=production for a real service."
            )


def keep_private(folder: Path) -> None:
    """Make the folder for our data, or close it to others. One that others use too, such as /tmp, is left as it is."""
    if not folder.exists():
        folder.mkdir(mode=0o700, parents=True)
        return
    mode = folder.stat().st_mode
    ours = not any(folder.iterdir()) or (folder / "backtolife.db").exists() or (folder / "videos").exists()
    if mode & 0o077 and not mode & stat.S_ISVTX and ours and folder.stat().st_uid == os.geteuid():
        folder.chmod(0o700)


def media_addresses(env: Mapping[str, str]) -> tuple[str, ...]:
    """What an engine that shares our environment tells browsers to send to, as far as the environment says."""
    given = listed(env.get("MEDIA_PUBLIC_ADDRESS", "")) or listed(env.get("MEDIA_UDP_ADDRESS", ""))
    return given or (env.get("HOST") or "127.0.0.1",)


def refuse_media_out_of_reach(public_url: str, addresses: Sequence[str]) -> None:
    """Raise Invalid when the site is for other machines, but sound and picture are only for this one."""
    if not loopback(host_of(public_url)) and all(map(loopback, addresses)):
        raise Invalid(
            f"Sound and picture would go to {', '.join(addresses)}, which nobody outside this machine reaches. "
            "Set MEDIA_UDP_ADDRESS to this machine's own address (0.0.0.0 finds it), and behind a router also "
            "MEDIA_PUBLIC_ADDRESS to the address that the internet knows."
        )


def host_of(url: str) -> str:
    """The name or address in a URL, without brackets and port; empty where there is none."""
    return urlsplit(url).hostname or ""


def loopback(host: str) -> bool:
    """Whether this name or address means the machine itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
