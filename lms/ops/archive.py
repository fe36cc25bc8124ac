"""The archive of a backup: an ordinary tar, written and read as a stream with constant memory.

It contains, in this order, ``about.json`` (what it is, and the columns of each table),
``settings.json``, ``tables/<name>.jsonl.gz``, ``files/<key>`` and ``manifest.json`` with
the number and the SHA-256 of each part. A file's key ends with the hash of its content.
An archive without a manifest is incomplete.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from lms.ops.values import KINDS, TableShape

FORMAT = 1
SMALL = 1024 * 1024


class Damaged(Exception):
    """The archive was altered or is incomplete."""


@dataclass(frozen=True)
class About:
    """The first part: of which site and when, with which revision of the database and which engine."""

    made_at: str
    site_name: str
    revision: str
    engine: str
    shapes: tuple[TableShape, ...]
    format: int = FORMAT


@dataclass
class Manifest:
    """The last part. ``damaged`` are the keys of files that the storage could not return intact."""

    rows: dict[str, int] = field(default_factory=dict)
    sha256: dict[str, str] = field(default_factory=dict)
    files: int = 0
    file_bytes: int = 0
    keys_sha256: str = ""
    damaged: list[str] = field(default_factory=list)


class ArchiveWriter:
    """Writes the parts in order. ``workspace`` is a folder for temporary files."""

    def __init__(self, out: IO[bytes], workspace: Path, about: About, settings: dict[str, str]) -> None:
        self.manifest = Manifest()
        self._tar = tarfile.TarFile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT)
        self._workspace = workspace
        self._keys = hashlib.sha256()
        self._text("about.json", asdict(about))
        self._text("settings.json", settings)

    @contextmanager
    def abandoned_on_error(self) -> Iterator[None]:
        """After an error in this block, closing the archive does not try to write its rest."""
        try:
            yield
        except BaseException:
            self._tar.fileobj.closed = True  # type: ignore[attr-defined]
            raise

    def table(self, name: str, lines: Iterable[bytes]) -> None:
        with TemporaryFile(dir=self._workspace) as packed:
            count = 0
            with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0, compresslevel=6) as text:
                for line in lines:
                    count += 1
                    text.write(line)
            size = packed.tell()
            packed.seek(0)
            self._part(f"tables/{name}.jsonl.gz", packed, size)
        self.manifest.rows[name] = count

    def file(self, key: str, data: bytes) -> None:
        self._add(f"files/{key}", io.BytesIO(data), len(data))
        self._keys.update(f"{key}\n".encode())
        self.manifest.files += 1
        self.manifest.file_bytes += len(data)

    def finish(self) -> Manifest:
        self.manifest.keys_sha256 = self._keys.hexdigest()
        data = json.dumps(asdict(self.manifest)).encode()
        self._add("manifest.json", io.BytesIO(data), len(data))
        self._tar.close()
        return self.manifest

    def _text(self, name: str, values: dict[str, Any]) -> None:
        data = json.dumps(values, ensure_ascii=False, indent=1).encode()
        self._part(name, io.BytesIO(data), len(data))

    def _part(self, name: str, source: IO[bytes], size: int) -> None:
        digest = hashlib.file_digest(source, "sha256")  # type: ignore[arg-type]
        self.manifest.sha256[name] = digest.hexdigest()
        source.seek(0)
        self._add(name, source, size)

    def _add(self, name: str, source: IO[bytes], size: int) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mode = size, 0o600
        self._tar.addfile(info, source)


@dataclass(frozen=True)
class TablePart:
    """The lines must be read before the next part."""

    shape: TableShape
    lines: Iterator[bytes]


@dataclass(frozen=True)
class FilePart:
    key: str
    data: bytes


Part = About | dict[str, str] | TablePart | FilePart | Manifest


def read(source: IO[bytes]) -> Iterator[Part]:
    """The parts of an archive, each checked. The last one is the manifest.

    :raises Damaged: a part is missing, truncated or altered.
    """
    with _errors_translated():
        yield from _ArchiveReader(source).parts()


@contextmanager
def _errors_translated() -> Iterator[None]:
    try:
        yield
    except (tarfile.TarError, EOFError, OSError, ValueError, KeyError, TypeError, zlib.error) as error:
        raise Damaged(str(error) or type(error).__name__) from error


def check(source: IO[bytes]) -> tuple[About, Manifest]:
    """Read all of it.

    :raises Damaged: a part is missing, truncated or altered.
    """
    about: About | None = None
    for part in read(source):
        if isinstance(part, About):
            about = part
        elif isinstance(part, TablePart):
            for _line in part.lines:
                pass
        elif isinstance(part, Manifest) and about is not None:
            return about, part
    raise Damaged("it ends before its manifest")


class _ArchiveReader:
    def __init__(self, source: IO[bytes]) -> None:
        self._tar = tarfile.TarFile.open(fileobj=source, mode="r|")
        self._seen = Manifest()
        self._keys = hashlib.sha256()
        self._shapes: dict[str, TableShape] = {}

    def parts(self) -> Iterator[Part]:
        for info in self._tar:
            body = self._tar.extractfile(info)
            if body is None:
                raise Damaged(f"{info.name} is no file")
            if info.name == "manifest.json":
                yield self._manifest(json.loads(body.read()))
                return
            if info.name.startswith("files/"):
                yield self._file(info.name.removeprefix("files/"), body.read())
            elif info.name.startswith("tables/"):
                yield from self._table(info, body)
            else:
                yield self._text(info.name, body.read())
        raise Damaged("it ends before its manifest")

    def _text(self, name: str, data: bytes) -> About | dict[str, str]:
        self._seen.sha256[name] = hashlib.sha256(data).hexdigest()
        values = json.loads(data)
        if name != "about.json":
            return {str(key): str(value) for key, value in values.items()}
        if values["format"] != FORMAT:
            raise Damaged(f"its format is {values['format']}; this program reads {FORMAT}")
        shapes = tuple(TableShape(one["name"], one["columns"]) for one in values.pop("shapes"))
        if any(kind not in KINDS for shape in shapes for kind in shape.columns.values()):
            raise Damaged("a column is of a kind that is not known")
        self._shapes = {shape.name: shape for shape in shapes}
        return About(shapes=shapes, **values)

    def _table(self, info: tarfile.TarInfo, body: IO[bytes]) -> Iterator[TablePart]:
        shape = self._shapes[info.name.removeprefix("tables/").removesuffix(".jsonl.gz")]
        hashed = _HashingReader(body)
        counted = 0

        def lines() -> Iterator[bytes]:
            nonlocal counted
            with _errors_translated(), gzip.GzipFile(fileobj=hashed, mode="rb") as text:
                for line in text:
                    counted += 1
                    yield line

        yield TablePart(shape, lines())
        while hashed.read(SMALL):
            pass
        self._seen.sha256[info.name] = hashed.digest.hexdigest()
        self._seen.rows[shape.name] = counted

    def _file(self, key: str, data: bytes) -> FilePart:
        if hashlib.sha256(data).hexdigest() != key.rpartition("/")[2]:
            raise Damaged(f"the file {key} was altered")
        self._keys.update(f"{key}\n".encode())
        self._seen.files += 1
        self._seen.file_bytes += len(data)
        return FilePart(key, data)

    def _manifest(self, values: dict[str, Any]) -> Manifest:
        told = Manifest(**values)
        self._seen.keys_sha256, self._seen.damaged = self._keys.hexdigest(), told.damaged
        if set(told.rows) != set(self._shapes):
            raise Damaged("a table is missing")
        if self._seen != told:
            raise Damaged("its parts are not those that its manifest tells")
        return told


class _HashingReader(io.RawIOBase):
    """Hashes what is read through it."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        self.digest.update(data)
        return data
