"""Settings from the environment, read and checked once at start.

All settings begin with ``LMS_``; README.md lists them. All errors are reported at
once, each with its remedy, so that an operator can fix them in one go.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import SplitResult, parse_qs, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lms.content.markdown.problems import Message, say

DEFAULT_SECRET = "only-for-trying-out-on-this-machine"  # noqa: S105  (not a secret: lms serve refuses it)
"""Used where no secret is set. ``make run`` sets a random one."""

SHORTEST_SECRET = 32
SHORTEST_TOKEN = 16
ROOT = Path(__file__).resolve().parent
LANGUAGES = ("id", "en")
DRIVERS = "pip install --require-hashes -r requirements.lock"
HOST = re.compile(r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:\d+)?")


class WrongSettings(Exception):
    """Some settings are invalid. ``problems`` says which ones and what to do."""

    def __init__(self, problems: list[Message]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True)
class Config:
    """The checked settings. ``instance`` is the folder for database, files and keys by default."""

    secret_key: str
    database_url: str
    storage_url: str
    base_url: str
    site_name: str
    timezone: str
    language: str
    proxies: int
    instance: Path
    testing: bool = False
    redis_url: str = ""
    """Empty: each process limits requests by itself."""
    metrics_token: str = ""
    """Empty: ``/metrics`` answers only requests from this machine."""
    backup_dir: Path | None = None
    """None: a folder in the instance folder."""
    mail_url: str = ""
    """Empty: mails are written as files into the instance folder and reach no one."""

    @property
    def backups(self) -> Path:
        return self.backup_dir or self.instance / "backups"

    @property
    def mail(self) -> str:
        """The URL for ``lms.core.mail``."""
        return self.mail_url or (self.instance / "mails").as_uri()

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Config:
        """Read ``environ`` (by default the process's own).

        :raises WrongSettings: names every invalid setting.
        """
        env = os.environ if environ is None else environ
        known: list[str] = []

        def setting(name: str, default: str = "") -> str:
            known.append(name)
            return env.get(name) or default

        instance = Path(setting("LMS_INSTANCE", "instance")).absolute()
        backup_dir = setting("LMS_BACKUP_DIR")
        problems: list[Message] = []
        config = cls(
            secret_key=setting("LMS_SECRET_KEY", DEFAULT_SECRET),
            database_url=setting("LMS_DATABASE_URL", f"sqlite:///{instance / 'lms.sqlite'}"),
            storage_url=setting("LMS_STORAGE_URL", (instance / "files").as_uri()),
            base_url=setting("LMS_BASE_URL", "http://127.0.0.1:8000").rstrip("/").lower(),
            site_name=setting("LMS_SITE_NAME", "Belajar ASN"),
            timezone=setting("LMS_TIMEZONE", "Asia/Jayapura"),
            language=setting("LMS_LANGUAGE", "id"),
            proxies=_whole_number("LMS_PROXIES", setting("LMS_PROXIES", "0"), problems),
            instance=instance,
            redis_url=setting("LMS_REDIS_URL"),
            metrics_token=setting("LMS_METRICS_TOKEN"),
            backup_dir=Path(backup_dir).absolute() if backup_dir else None,
            mail_url=setting("LMS_MAIL_URL"),
        )
        problems += _unknown(env, known) + config.problems()
        if problems:
            raise WrongSettings(problems)
        return config

    def problems(self) -> list[Message]:
        """Errors in any environment."""
        found: list[Message] = []
        database, storage, base = _parts(self.database_url), _parts(self.storage_url), _parts(self.base_url)
        if database.scheme not in {"sqlite", "postgresql"} or (database.scheme == "sqlite" and not database.path):
            found.append(say("LMS_DATABASE_URL must begin with sqlite:/// or postgresql://"))
        elif database.scheme == "sqlite" and not database.path.startswith("//"):
            found.append(
                say(
                    "LMS_DATABASE_URL must name the SQLite file by its whole path, which takes four slashes: %(url)s",
                    url=f"sqlite:///{database.path}",
                )
            )
        elif database.netloc.count("@") > 1:
            found.append(say("LMS_DATABASE_URL has more than one @: write %%40 for one in the password"))
        elif database.scheme == "postgresql" and find_spec("psycopg") is None:
            found.append(
                say("LMS_DATABASE_URL names PostgreSQL, whose driver is missing: %(command)s", command=DRIVERS)
            )
        if not _is_storage(storage) and not (self.testing and storage.scheme == "memory"):
            found.append(say("LMS_STORAGE_URL must begin with file:///, or be s3:// and the name of a bucket"))
        if base.scheme not in {"http", "https"} or not HOST.fullmatch(self.base_url.partition("://")[2]):
            found.append(say("LMS_BASE_URL must be the site's own address, such as https://belajar.example.go.id"))
        if self.redis_url and _parts(self.redis_url).scheme not in {"redis", "rediss", "unix"}:
            found.append(say("LMS_REDIS_URL must begin with redis://, rediss:// or unix://"))
        elif self.redis_url and find_spec("redis") is None:
            found.append(say("LMS_REDIS_URL is set, but its driver is missing: %(command)s", command=DRIVERS))
        if self.mail_url and not _is_mail(_parts(self.mail_url)):
            found.append(
                say(
                    "LMS_MAIL_URL must be smtp://user:password@host:587?tls=starttls&from=belajar@contoh.go.id, "
                    "smtps://… (tls: starttls, implicit or none), or file:/// and a folder"
                )
            )
        if self.metrics_token and len(self.metrics_token) < SHORTEST_TOKEN:
            found.append(say("LMS_METRICS_TOKEN must have at least %(count)d characters", count=SHORTEST_TOKEN))
        if self.language not in LANGUAGES:
            found.append(say("LMS_LANGUAGE must be one of: %(languages)s", languages=", ".join(LANGUAGES)))
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a folder of time zones, such as Asia
            found.append(say("LMS_TIMEZONE must be a time zone's name, such as Asia/Jayapura"))
        return found

    def problems_for_production(self) -> list[Message]:
        """Errors only in production."""
        if self.secret_key == DEFAULT_SECRET or len(self.secret_key) < SHORTEST_SECRET:
            return [
                say(
                    "LMS_SECRET_KEY must be set to at least %(count)d random characters; make one with: %(command)s",
                    count=SHORTEST_SECRET,
                    command='python3 -c "import secrets; print(secrets.token_urlsafe(48))"',
                )
            ]
        return []

    def with_secret(self, secret_key: str) -> Config:
        return replace(self, secret_key=secret_key)

    def to_keep(self) -> dict[str, str]:
        """The settings that a backup contains, because a restored site needs the same ones."""
        return {
            "LMS_SECRET_KEY": self.secret_key,
            "LMS_BASE_URL": self.base_url,
            "LMS_SITE_NAME": self.site_name,
            "LMS_TIMEZONE": self.timezone,
            "LMS_LANGUAGE": self.language,
        }

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")


def _unknown(env: Mapping[str, str], known: Collection[str]) -> list[Message]:
    """A misspelt setting would be ignored: the site would start with another database, say."""
    found = []
    for name in sorted(name for name in env if name.startswith("LMS_") and name not in known):
        near = get_close_matches(name, known, 1)
        found.append(
            say("%(name)s is not a setting: did you mean %(near)s?", name=name, near=near[0])
            if near
            else say("%(name)s is not a setting: remove it; README.md lists the settings", name=name)
        )
    return found


def development_secret(instance: Path) -> str:
    """The random secret in ``instance/secret-key``, which is made if it is not there."""
    path = instance / "secret-key"
    if not path.exists():
        instance.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", dir=instance) as file, suppress(FileExistsError):  # whole at once, for its owner
            print(secrets.token_urlsafe(48), file=file, flush=True)
            os.link(file.name, path)
    return path.read_text().strip()


def _parts(url: str) -> SplitResult:
    """The parts of a URL; all empty if it is invalid."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  (a port that is no number shows itself only when asked for)
        return parts
    except ValueError:
        return urlsplit("")


def _is_storage(url: SplitResult) -> bool:
    if url.scheme == "s3":
        return bool(url.netloc)
    return url.scheme == "file" and not url.netloc and url.path.startswith("/")


def _is_mail(url: SplitResult) -> bool:
    if url.scheme == "file":
        return not url.netloc and url.path.startswith("/")
    values = parse_qs(url.query)
    try:
        has_server = bool(url.hostname) and url.port != 0
    except ValueError:
        return False
    is_secured = values.get("tls", ["starttls"])[-1] in {"starttls", "implicit", "none"}
    return url.scheme in {"smtp", "smtps"} and has_server and is_secured and "@" in values.get("from", [""])[-1]


def _whole_number(name: str, text: str, problems: list[Message]) -> int:
    if text.isdecimal():
        return int(text)
    problems.append(say("%(name)s must be a whole number, not “%(text)s”", name=name, text=text))
    return 0
