"""The archive: what goes in comes out, and what was cut off or altered is told."""

from __future__ import annotations

import io
import tarfile
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from hashlib import sha256

import pytest

from lms.ops import archive, encryption, values
from lms.ops.archive import About, Damaged, FilePart, Manifest, TablePart
from lms.ops.values import TableShape

MOMENT = datetime(2026, 1, 5, 2, 0, 0, 123456, tzinfo=UTC)
SHAPE = TableShape(
    "all",
    {
        "id": "plain",
        "name": "plain",
        "is_so": "plain",
        "share": "plain",
        "at": "moment",
        "on": "date",
        "jp": "decimal",
        "bytes": "bytes",
        "facts": "json",
    },
)
ROWS = [
    (1, "Ñ “kutip”\n😀", True, 0.1, MOMENT, date(2026, 1, 5), Decimal("85.50"), b"\0\xff", '{"a": 1.0}'),
    (2, "", False, 1e-9, MOMENT.astimezone(timezone(timedelta(hours=9))), date.min, Decimal("0.10"), b"", "null"),
    (2**53 + 1, None, None, None, None, None, None, None, None),
]
FILES = [b"", b"isi", b"x" * 300_000]


def key(data: bytes) -> str:
    digest = sha256(data).hexdigest()
    return f"work/{digest[:2]}/{digest}"


@pytest.fixture
def whole(tmp_path) -> bytes:
    out = io.BytesIO()
    about = About(MOMENT.isoformat(), "Belajar ASN", "0007", "sqlite", (SHAPE,))
    writer = archive.ArchiveWriter(out, tmp_path, about, {"LMS_SECRET_KEY": "rahasia"})
    writer.table("all", values.lines(SHAPE, ROWS))
    for data in FILES:
        writer.file(key(data), data)
    writer.finish()
    return out.getvalue()


def test_what_went_in_comes_out(whole):
    parts = []
    for part in archive.read(io.BytesIO(whole)):
        parts.append(part if not isinstance(part, TablePart) else [values.row(part.shape, line) for line in part.lines])
    about, settings, rows, *files, manifest = parts
    assert about.shapes == (SHAPE,)
    assert settings == {"LMS_SECRET_KEY": "rahasia"}
    assert [tuple(row.values()) for row in rows] == ROWS
    assert files == [FilePart(key(data), data) for data in FILES]
    assert (manifest.rows, manifest.files, manifest.file_bytes) == ({"all": 3}, 3, 300_003)


def test_any_tool_opens_it(whole):
    with tarfile.open(fileobj=io.BytesIO(whole)) as tar:
        names = tar.getnames()
    assert names[:3] == ["about.json", "settings.json", "tables/all.jsonl.gz"]
    assert names[-1] == "manifest.json"


def test_it_is_the_same_for_the_same_site(whole, tmp_path):
    assert archive.check(io.BytesIO(whole)) == archive.check(io.BytesIO(whole))


@pytest.mark.parametrize("share", [0, 0.01, 0.1, 0.5, 0.9, 0.96])
def test_what_was_cut_off_is_told(whole, share):
    with pytest.raises(Damaged):
        archive.check(io.BytesIO(whole[: int(len(whole) * share)]))


def test_a_byte_that_was_altered_is_told_wherever_it_is(whole):
    """Of the zeros that fill the last block of each part nothing depends, so they may change."""
    with tarfile.open(fileobj=io.BytesIO(whole)) as tar:
        members = [(info.offset_data, info.size) for info in tar if info.size]
    for start, size in members:
        for place in {start, start + size // 2, start + size - 1}:
            altered = bytearray(whole)
            altered[place] ^= 1
            with pytest.raises(Damaged):
                archive.check(io.BytesIO(bytes(altered)))


@pytest.mark.parametrize("left_out", ["about.json", "settings.json", "tables/all.jsonl.gz", f"files/{key(b'isi')}"])
def test_a_part_that_is_missing_is_told(whole, left_out):
    out = io.BytesIO()
    with tarfile.open(fileobj=io.BytesIO(whole)) as old, tarfile.open(fileobj=out, mode="w") as new:
        for info in old:
            if info.name != left_out:
                new.addfile(info, old.extractfile(info))
    with pytest.raises(Damaged):
        archive.check(io.BytesIO(out.getvalue()))


@pytest.mark.parametrize("junk", [b"", b"bukan arsip", b"\0" * 20480, b"PK\x03\x04" + b"x" * 5000])
def test_what_is_no_archive_is_told(junk):
    with pytest.raises(Damaged):
        archive.check(io.BytesIO(junk))


def test_an_archive_of_a_later_format_is_not_guessed_at(whole, tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "FORMAT", 2)
    with pytest.raises(Damaged, match="format"):
        archive.check(io.BytesIO(whole))


def test_damaged_files_are_named_by_the_manifest(tmp_path):
    out = io.BytesIO()
    writer = archive.ArchiveWriter(out, tmp_path, About("", "", "", "", ()), {})
    writer.manifest.damaged.append("work/aa/x")
    told = writer.finish()
    assert archive.check(io.BytesIO(out.getvalue()))[1] == told == Manifest(**asdict(told))


# Sealed: two seconds for each passphrase, as age means it, so once for all.


@pytest.fixture(scope="module")
def encrypted_words() -> bytes:
    out = io.BytesIO()
    with encryption.encrypting(out, "kata sandi") as stream:
        for _ in range(300):
            stream.write(b"Nama Peserta " * 100)
    return out.getvalue()


@pytest.mark.slow
def test_what_was_encrypted_is_opened_by_its_passphrase_alone(encrypted_words):
    source = io.BytesIO(encrypted_words)
    assert encryption.is_encrypted(source)
    assert b"Nama Peserta" not in encrypted_words
    with encryption.decrypting(source, "kata sandi") as stream:
        assert stream.read() == b"Nama Peserta " * 30_000
    with pytest.raises(encryption.WrongPassphrase), encryption.decrypting(io.BytesIO(encrypted_words), "kata lain"):
        pass


def test_the_encrypted_file_is_a_tar_with_what_the_age_tool_needs(encrypted_words):
    with tarfile.open(fileobj=io.BytesIO(encrypted_words)) as tar:
        assert tar.getnames() == ["identity.age", "backup.tar.age"]
        assert tar.extractfile("identity.age").read().startswith(b"age-encryption.org/v1\n-> scrypt")
        assert tar.extractfile("backup.tar.age").read().startswith(b"age-encryption.org/v1\n-> X25519")


@pytest.mark.slow
def test_a_encrypted_file_that_was_altered_ends_early(encrypted_words):
    altered = bytearray(encrypted_words)
    altered[len(altered) // 2] ^= 1
    with encryption.decrypting(io.BytesIO(bytes(altered)), "kata sandi") as stream:
        assert len(stream.read()) < len(b"Nama Peserta " * 30_000)


@pytest.mark.parametrize("share", [0.5, 0.9, 0.99])
def test_a_encrypted_file_that_was_cut_off_is_told(encrypted_words, share):
    cut = encrypted_words[: int(len(encrypted_words) * share)]
    with pytest.raises(archive.Damaged), encryption.decrypting(io.BytesIO(cut), "kata sandi"):
        pass


def test_what_fails_while_encrypting_is_heard(monkeypatch):
    class Full(io.BytesIO):
        def write(self, data) -> int:
            if self.tell() > 100_000:
                raise OSError(28, "No space left on device")
            return super().write(data)

    monkeypatch.setattr(encryption.pyrage.passphrase, "encrypt", lambda key, _words: key)
    with pytest.raises(OSError, match="No space"), encryption.encrypting(Full(), "kata sandi") as stream:
        for _ in range(300):
            stream.write(b"Nama Peserta " * 100)
