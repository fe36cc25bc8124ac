"""The emblem above the government's name: a picture that an admin uploads, stored by its hash, which records keep."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from lms.core import settings, storage
from lms.core.errors import Refusal
from lms.core.i18n import lazy
from lms.records import printing
from lms.records.certificate import CertificateFacts, render_pdf
from lms.records.services.settings import EMBLEM

MAX_BYTES = 1024 * 1024
MAX_STORED_BYTES = 300 * 1024
"""It goes into every certificate."""
PPI = 300
_FOLDER = "emblem"
_TEMPLATE = Path(printing.__file__).with_name("emblem.typ")
_BEGINNINGS = {"png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff"}


class BadPicture(Refusal):
    message = lazy(
        "This file cannot be used. Upload a PNG or JPEG picture of at most 1 MB. The emblem stays as it was."
    )


def change_emblem(data: bytes, *, actor_id: int, now: datetime) -> None:
    """Print this picture on the certificates that are issued from now on. It is stored as it is drawn anew.

    :raises BadPicture: It is no PNG or JPEG, too large, or cannot be read.
    """
    stored = storage.save(_drawn_anew(data), _FOLDER)
    settings.change(EMBLEM, stored.sha256, actor_id=actor_id, now=now)


def remove_emblem(*, actor_id: int, now: datetime) -> None:
    """Print none from now on. The picture stays for the certificates that have it."""
    settings.change(EMBLEM, "", actor_id=actor_id, now=now)


def picture(sha256: str) -> bytes:
    """The PNG with this hash; nothing for none.

    :raises StorageUnavailable: The storage does not answer, or has no intact picture: it is not left out silently.
    """
    if not sha256:
        return b""
    try:
        return storage.read(f"{_FOLDER}/{sha256[:2]}/{sha256}")
    except storage.FileMissing as error:
        raise storage.StorageUnavailable from error


def print_pdf(facts: CertificateFacts) -> bytes:
    """``render_pdf`` with the emblem that the facts name."""
    return render_pdf(facts, picture(facts.emblem))


def _drawn_anew(data: bytes) -> bytes:
    kind = next((kind for kind, beginning in _BEGINNINGS.items() if data.startswith(beginning)), None)
    if kind is None or len(data) > MAX_BYTES:
        raise BadPicture
    try:
        drawn = printing.png(_TEMPLATE, json.dumps({"picture": list(data), "format": kind}), ppi=PPI)
    except printing.CannotPrint as error:
        raise BadPicture from error
    if len(drawn) > MAX_STORED_BYTES:
        raise BadPicture
    return drawn
