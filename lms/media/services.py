"""Making versions of pictures. What is slow changes no rows; ``add`` records what was made."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import insert, select

from lms.content.rendering.media import PictureVersions
from lms.core import isolated, storage
from lms.core.db import db, insert_if_missing
from lms.core.storage import StoredFile
from lms.media import queries
from lms.media.encoding import EncodedVersion, PictureRefused, encoded, reduced
from lms.media.models import Picture, PictureVersion

FOLDER = "pictures"
SECONDS = 40
MEGABYTES = 1024


@dataclass(frozen=True)
class MadePicture:
    """A picture whose versions are in the storage, and not yet in the database."""

    sha256: str
    width: int
    height: int
    versions: tuple[tuple[EncodedVersion, StoredFile], ...]

    @property
    def sizes(self) -> PictureVersions:
        return PictureVersions(
            self.width, self.height, tuple(sorted((one.kind, one.width, file.size) for one, file in self.versions))
        )


def make(data: bytes) -> MadePicture:
    """Encode a picture in a child process and store its versions.

    :raises PictureRefused: it is none, it is broken, too large, or takes too long.
    """
    try:
        done = isolated.run(encoded, data, seconds=SECONDS, megabytes=MEGABYTES)
    except (isolated.TookTooLong, isolated.BrokeDown) as error:
        raise PictureRefused("bomb") from error
    return MadePicture(
        hashlib.sha256(data).hexdigest(),
        done.width,
        done.height,
        tuple((one, _store(one.data)) for one in done.versions),
    )


def for_phones(data: bytes) -> bytes:
    """A small JPEG of a picture, made in a child process and kept nowhere.

    :raises PictureRefused: as ``make``.
    """
    try:
        return isolated.run(reduced, data, seconds=SECONDS, megabytes=MEGABYTES)
    except (isolated.TookTooLong, isolated.BrokeDown) as error:
        raise PictureRefused("bomb") from error


@dataclass(frozen=True)
class PicturesOfFiles:
    """``versions`` by the hash of the file. ``made`` are not in the database yet; ``refused`` says why, by name."""

    versions: Mapping[str, PictureVersions]
    made: tuple[MadePicture, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)


def known_pictures(files: Mapping[str, bytes]) -> PicturesOfFiles:
    hashes = {hashlib.sha256(data).hexdigest() for data in files.values()}
    return PicturesOfFiles(queries.pictures(hashes) if hashes else {})


def pictures_made(files: Mapping[str, bytes]) -> PicturesOfFiles:
    """Like ``known_pictures``, but make the versions of the other pictures, one after the other."""
    versions = dict(known_pictures(files).versions)
    made: list[MadePicture] = []
    refused: dict[str, str] = {}
    for name, data in files.items():
        if hashlib.sha256(data).hexdigest() in versions:
            continue
        try:
            made.append(make(data))
            versions[made[-1].sha256] = made[-1].sizes
        except PictureRefused as error:
            refused[name] = str(error)
    return PicturesOfFiles(versions, tuple(made), refused)


def add(made: Iterable[MadePicture], *, now: datetime) -> None:
    """Record pictures. One that somebody else has recorded meanwhile stays as it is."""
    for picture in made:
        if db.session.scalar(select(Picture.id).where(Picture.sha256 == picture.sha256)) is not None:
            continue
        values = {"width": picture.width, "height": picture.height, "made_at": now}
        insert_if_missing(Picture, ("sha256",), sha256=picture.sha256, **values)
        row = db.session.scalars(select(Picture).where(Picture.sha256 == picture.sha256).with_for_update()).one()
        if not picture.versions or row.versions:
            continue
        rows = [
            {
                "picture_id": row.id,
                "width": one.width,
                "height": one.height,
                "kind": one.kind,
                "key": file.key,
                "size": file.size,
            }
            for one, file in picture.versions
        ]
        db.session.execute(insert(PictureVersion), rows)


def _store(data: bytes) -> StoredFile:
    file = storage.stored_file_for(data, FOLDER)
    return file if storage.has(file.key) else storage.save(data, FOLDER)
