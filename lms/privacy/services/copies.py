"""The copy of a person's own data: JSON per area and the uploaded files, in a zip."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from lms.core import ledger, storage
from lms.core.errors import Refusal
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy, lazy_ngettext, say_moment, to_site_time
from lms.core.personal_data import DataArea, nothing
from lms.privacy import queries

VERB = "copy own data"
MAX_COPIES, WITHIN = 5, timedelta(hours=1)
README = "BACA-SAYA.txt"


class CopiedTooOften(Refusal):
    message = lazy_ngettext(
        "You have made %(num)s copy of your data within an hour. Nothing is lost: try again in an hour.",
        "You have made %(num)s copies of your data within an hour. Nothing is lost: try again in an hour.",
        counted="made",
    )
    status = 429


class ManyAreCopying(Refusal):
    message = lazy("Several people are downloading their data right now. Nothing is lost: try again in a minute.")
    status = 503


def check_may_copy(person_id: int, *, now: datetime) -> None:
    """:raises CopiedTooOften: each copy reads everything, files included."""
    made = queries.copies_made(person_id, VERB, now - WITHIN)
    if made >= MAX_COPIES:
        raise CopiedTooOften(made=made)


def make_copy(person_id: int, site_name: str, *, now: datetime) -> IO[bytes]:
    """An open temporary file with the zip, at its end. Only reads, so nobody waits for a slow storage.

    Files are read one at a time. One that the storage has lost is named in the readme, and the rest is there.

    :raises StorageUnavailable: the storage does not answer.
    """
    copied = [area for area in queries.AREAS if area.copied is not nothing]
    file, lost = TemporaryFile(), []  # noqa: SIM115 - the caller sends and closes it
    try:
        with ZipFile(file, "w", ZIP_DEFLATED) as archive:
            for area in copied:
                archive.writestr(f"{area.name}.json", _as_json(area.copied(person_id)))
                for upload in area.files(person_id):
                    try:
                        archive.writestr(upload.path, storage.read(upload.key), ZIP_STORED)  # most are compressed
                    except storage.FileMissing:
                        lost.append(upload.path)
            archive.writestr(README, _readme(site_name, copied, lost, now))
    except BaseException:
        file.close()
        raise
    return file


def note_copy(person_id: int, *, now: datetime) -> None:
    ledger.record(person_id, "copy own data", f"person:{person_id}", now=now)


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return to_site_time(value).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"no JSON for {type(value).__name__}")


def _readme(site_name: str, copied: list[DataArea], lost: list[str], now: datetime) -> str:
    lines = [
        _("Copy of your data from %(site)s, made on %(moment)s.", site=site_name, moment=say_moment(now)),
        "",
        _("It contains your NIP and everything that you wrote. Keep it where only you can read it."),
        _("Names are in English, texts as they were written. Times are in the time zone of the site."),
        _("Passwords and codes are left out, and so are the names of other people and the right answers of quizzes."),
        "",
        *(f"{area.name}.json: {area.title}. {area.what}" for area in copied),
        _("files/: the files that you uploaded."),
    ]
    if lost:
        lines += ["", _("These files could not be read from the storage. Please tell the admin:"), *lost]
    return "\r\n".join(lines) + "\r\n"
