"""The doctor's checks: each says in a line how something stands and, where it does not stand well, one remedy."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from urllib.request import url2pathname

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from config import Config
from lms.auth.services import second_factors
from lms.core import database_errors, mail, schema, storage, triggers
from lms.core.db import UtcDateTime, db
from lms.core.i18n import gettext as _
from lms.core.i18n import ngettext, say_message, say_moment
from lms.core.jobs import leases
from lms.counts import queries as counts
from lms.notices import queries as notices
from lms.ops import queries
from lms.records import queries as records

State = Literal["ok", "warning", "problem"]
SKEW_NOTICED, SKEW_HARMFUL = timedelta(seconds=5), timedelta(seconds=60)
ROOM_WANTED, ROOM_NEEDED = 2_000_000_000, 300_000_000
SECONDS_TO_ANSWER = 5


@dataclass(frozen=True)
class Finding:
    """What a check found; ``remedy`` is empty where nothing is to be done."""

    name: str
    state: State
    text: str
    remedy: str = ""


def examine(config: Config, now: datetime) -> Iterator[Finding]:
    """All checks in their order. Those that need the database end where there is none."""
    yield from (_secret(config), _https(config), _disk(config), _files(config), _mail(config), _redis(config))
    database = _database(config)
    yield database
    if database.state == "problem":
        return
    checks = (_clock, _stamps, _jobs, _backups, _backup_folder, _evidence, _counts, _numbers, _outbox, _demo, _admins)
    for check in checks:
        yield check(config, now)


def _secret(config: Config) -> Finding:
    name = _("secret")
    if problems := config.problems_for_production():
        return Finding(name, "problem", _("No secret key is set."), " ".join(map(say_message, problems)))
    return Finding(name, "ok", _("The secret key is set."))


def _https(config: Config) -> Finding:
    name = _("https")
    if config.is_https and not config.proxies:
        remedy = _("Set LMS_PROXIES=1 if nginx or Caddy is in front; otherwise all visitors seem to have its address.")
        return Finding(name, "warning", _("%(url)s, yet LMS_PROXIES is 0.", url=config.base_url), remedy)
    if config.is_https:
        return Finding(name, "ok", config.base_url)
    is_here = urlsplit(config.base_url).hostname in {"127.0.0.1", "localhost", "::1"}
    return Finding(
        name,
        "warning" if is_here else "problem",
        _("%(url)s is not encrypted: passwords can be read on the way.", url=config.base_url),
        _("Put nginx or Caddy in front and set LMS_BASE_URL to https://… (docs/operator.md)."),
    )


def _database(config: Config) -> Finding:
    name = _("database")
    try:
        missing = schema.missing_migrations()
    except DBAPIError as error:
        return Finding(name, "problem", database_errors.explain(error, config.database_url))
    if missing:
        text = ngettext("%(num)s migration is missing.", "%(num)s migrations are missing.", len(missing))
        return Finding(name, "problem", text, _("Run: lms init"))
    return Finding(name, "ok", _("%(engine)s answers and is up to date.", engine=db.engine.dialect.name))


def _files(config: Config) -> Finding:
    name = _("storage")
    try:
        storage.check(by_writing=True)
    except storage.StorageUnavailable as error:
        text = _("Files cannot be stored: %(why)s", why=str(error.__cause__).partition("\n")[0])
        return Finding(name, "problem", text, _storage_remedy(config))
    return Finding(name, "ok", _("File storage works."))


def _storage_remedy(config: Config) -> str:
    if _storage_folder(config):
        return _("Fix LMS_STORAGE_URL or its permissions, or free some space.")
    return _(
        "Check the bucket in LMS_STORAGE_URL, and AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID and"
        " AWS_SECRET_ACCESS_KEY. An endpoint with http:// needs AWS_ALLOW_HTTP=true."
    )


def _disk(config: Config) -> Finding:
    """Of all folders that database, files and backups are in, the one that fills up first."""
    name = _("disk")
    folders = [config.instance, config.backups, *_storage_folder(config)]
    free, folder = min((shutil.disk_usage(_existing(one)).free, one) for one in folders)
    state: State = "ok" if free >= ROOM_WANTED else "warning" if free >= ROOM_NEEDED else "problem"
    text = _("%(size)s MB are free in %(folder)s.", size=free // 1_000_000, folder=folder)
    return Finding(name, state, text, "" if state == "ok" else _("Delete what is not needed, or enlarge the disk."))


def _storage_folder(config: Config) -> list[Path]:
    parts = urlsplit(config.storage_url)
    return [Path(url2pathname(parts.path))] if parts.scheme == "file" else []


def _clock(config: Config, now: datetime) -> Finding:
    """Against the database server; where that is a file, against the clock by which the disk dates its files."""
    name = _("clock")
    if db.engine.dialect.name == "postgresql":
        there = db.session.scalar(select(func.clock_timestamp(type_=UtcDateTime()))) or now
    else:
        with tempfile.NamedTemporaryFile(dir=_existing(config.instance)) as file:
            there = datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, now.tzinfo)
    skew = abs(there - now)
    state: State = "ok" if skew < SKEW_NOTICED else "warning" if skew < SKEW_HARMFUL else "problem"
    text = ngettext(
        "%(num)s second apart from the database's clock.",
        "%(num)s seconds apart from the database's clock.",
        round(skew.total_seconds()),
    )
    return Finding(
        name, state, text, "" if state == "ok" else _("Turn on time synchronisation: timedatectl set-ntp true")
    )


def _stamps(_config: Config, now: datetime) -> Finding:
    name = _("moments")
    if found := queries.future_stamps(now):
        told = ", ".join(f"{table}: {say_moment(latest)}" for table, latest in found.items())
        remedy = _("The clock was ahead once, or is behind now. Check it: timedatectl. What is ahead does not count.")
        return Finding(name, "warning", _("Ahead of the clock: %(stamps)s", stamps=told), remedy)
    return Finding(name, "ok", _("Nothing is dated later than now."))


def _mail(config: Config) -> Finding:
    name = _("mail")
    to = mail.server(config.mail)
    if to.folder is not None:
        return Finding(
            name, "warning", _("Mails are written to files and reach no one."), _("Set LMS_MAIL_URL to smtp://…")
        )
    try:
        with mail.sending(to):
            return Finding(name, "ok", _("%(host)s answers and accepts the login.", host=to.host))
    except mail.MailServerGone as error:
        remedy = _("Check LMS_MAIL_URL and the connection to the mail server. Mails wait until then; none is lost.")
        return Finding(name, "problem", _("%(host)s: %(why)s", host=to.host, why=error), remedy)


def _redis(config: Config) -> Finding:
    name = "redis"
    parts = urlsplit(config.redis_url)
    if not config.redis_url:
        return Finding(name, "ok", _("Not set; each process limits requests by itself."))
    if parts.scheme == "unix" or _answers(parts.hostname or "", parts.port or 6379):
        return Finding(name, "ok", _("It answers."))
    remedy = _("Start it, or fix LMS_REDIS_URL. The site works without it.")
    return Finding(name, "warning", _("It does not answer."), remedy)


def _jobs(_config: Config, now: datetime) -> Finding:
    name = _("jobs")
    if not leases():
        return Finding(name, "problem", _("No job has ever run."), _("Start the server: lms serve (or: lms jobs run)"))
    if behind := queries.jobs_behind(now):
        told = ", ".join(f"{lease.name} ({lease.last_error or '–'})" for lease in behind)
        remedy = _("Search the server's log for the name of the job, then restart the server.")
        return Finding(name, "problem", _("Behind: %(jobs)s", jobs=told), remedy)
    return Finding(name, "ok", _("All are on time."))


def _backups(_config: Config, now: datetime) -> Finding:
    name = _("backup")
    state = queries.backup_state(now)
    remedy = _("Make one now: lms backup FILE; then search the server's log for “back up daily”.")
    if state.last is None:
        return Finding(name, "problem", _("There is no verified backup."), remedy)
    hours = round((now - state.last.started_at).total_seconds() / 3600)
    text = ngettext("The newest is %(num)s hour old.", "The newest is %(num)s hours old.", hours)
    if state.is_late:
        return Finding(name, "problem", text, remedy)
    if state.last.damaged_files:
        lost = ngettext(
            "%(num)s file could not be read from the storage.",
            "%(num)s files could not be read from the storage.",
            state.last.damaged_files,
        )
        return Finding(name, "problem", f"{text} {lost}", _("Restore those files from an older backup."))
    return Finding(name, "ok", text)


def _backup_folder(config: Config, _now: datetime) -> Finding:
    name = _("backup folder")
    folder = _existing(config.backups)
    if not os.access(folder, os.W_OK):
        text = _("%(path)s cannot be written.", path=config.backups)
        return Finding(name, "problem", text, _("Give the server's user the right to write there."))
    if folder.stat().st_dev == _existing(config.instance).stat().st_dev:
        remedy = _("Copy the backups to another machine each day (docs/operator.md).")
        return Finding(name, "warning", _("It is on the same disk as the site: both would be lost together."), remedy)
    return Finding(name, "ok", str(config.backups))


def _evidence(_config: Config, now: datetime) -> Finding:
    name = _("evidence")
    state = queries.evidence_state(now)
    remedy = _("Run now: lms ledger verify")
    if state.last is None:
        return Finding(name, "warning", _("The ledger was never checked."), remedy)
    hours = round((now - state.last.started_at).total_seconds() / 3600)
    text = ngettext("The last check was %(num)s hour ago.", "The last check was %(num)s hours ago.", hours)
    if state.last.disagreements:
        text += " " + ngettext("%(num)s disagreement.", "%(num)s disagreements.", state.last.disagreements)
        advice = _("Leave the database as it is, see them with: lms ledger verify, and inform the inspectorate.")
        return Finding(name, "problem", text, advice)
    if state.is_late:
        return Finding(name, "problem", text, remedy)
    return Finding(name, "ok", text)


def _counts(_config: Config, _now: datetime) -> Finding:
    """Those of boards and reports, counted anew and compared."""
    name = _("counts")
    if triggers.missing(db.session.connection()):
        text = _("What changes is not noticed any more; counts of boards and reports can be wrong.")
        return Finding(name, "problem", text, _("Run: lms init"))
    if counts.wrong_counts():
        text = _("Counts of boards and reports are not right.")
        return Finding(
            name, "warning", text, _("The server counts anew within an hour. Run lms doctor again after that.")
        )
    return Finding(name, "ok", _("The counts of boards and reports are right."))


def _numbers(_config: Config, _now: datetime) -> Finding:
    name = _("certificate numbers")
    if uncertain := records.uncertain_sequences():
        since = uncertain[0].uncertain_since
        text = _(
            "Restored from the backup of %(moment)s: the last printed number is not known.", moment=say_moment(since)
        )
        remedy = _("An admin enters it under Manage → Certificates. Until then no certificate is issued.")
        return Finding(name, "problem", text, remedy)
    return Finding(name, "ok", _("The last numbers are known."))


def _outbox(_config: Config, _now: datetime) -> Finding:
    name = _("outbox")
    box = notices.outbox()
    if box.failed:
        remedy = _("Correct the addresses on the page of failed mails.")
        return Finding(
            name,
            "warning",
            ngettext("%(num)s mail could not be sent.", "%(num)s mails could not be sent.", box.failed),
            remedy,
        )
    if box.late:
        remedy = _("Check LMS_MAIL_URL and the connection to the mail server. Mails wait until then; none is lost.")
        text = ngettext(
            "%(num)s mail is waiting after a failed attempt: %(why)s",
            "%(num)s mails are waiting after a failed attempt: %(why)s",
            box.late,
            why=box.error or "–",
        )
        return Finding(name, "warning", text, remedy)
    return Finding(name, "ok", _("No mail has failed."))


def _admins(_config: Config, _now: datetime) -> Finding:
    """A stolen password of an admin opens everything; the second factor is theirs to set up."""
    name = _("second step")
    if not queries.has_admin():
        remedy = _("Make the first admin with: lms person create --admin --nip … --name …")
        return Finding(name, "problem", _("There is no active site admin."), remedy)
    if second_factors.is_off():
        return Finding(name, "ok", _("It is off in the settings."))
    if count := queries.admins_without_second_factor():
        text = ngettext(
            "%(num)s site admin signs in with a password alone.",
            "%(num)s site admins sign in with a password alone.",
            count,
        )
        return Finding(name, "warning", text, _("Each of them sets it up under Account → Second step at sign-in."))
    return Finding(name, "ok", _("All site admins use it."))


def _demo(_config: Config, _now: datetime) -> Finding:
    name = _("demo people")
    if count := queries.demo_count():
        text = ngettext(
            "%(num)s is active; its password is known to everyone.",
            "%(num)s are active; their password is known to everyone.",
            count,
        )
        remedy = _("An admin deactivates all of them under Manage → People; or start with a new database.")
        return Finding(name, "problem", text, remedy)
    return Finding(name, "ok", _("None are active."))


def _answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), SECONDS_TO_ANSWER).close()
    except OSError:
        return False
    return True


def _existing(folder: Path) -> Path:
    """The folder, or the one above it that exists already."""
    return next(path for path in (folder, *folder.parents) if path.exists())
