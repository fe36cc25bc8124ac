"""Files under the hash of their content: in memory, in a folder, and in a real S3-compatible storage."""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from flask import Flask

from lms.core import storage

pytestmark = pytest.mark.once

SAMPLES = [b"", b"\0", b"isi", "naïf – 漢字 😀".encode(), os.urandom(300_000), b"x" * 6_000_000]
NAMES = ["nothing", "a zero", "a word", "any script", "a photo", "a long one"]
HOSTILE = [
    "",
    "/",
    "/etc/passwd",
    "../instance/secret-key",
    "work/../../secret-key",
    "work/aa/../../../secret-key",
    "work//aa",
    "..",
    ".",
    "work/aa/%2e%2e/x",
    "work\\aa",
    "work/aa\0",
    "C:\\Windows",
    "work/" + "a" * 5000,
]


@pytest.fixture(scope="session")
def s3_process() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A storage that speaks S3, with a bucket ``arsip``, on this machine alone: its address and its process."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    words = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", address.rsplit(":", 1)[1]]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(300):
        try:
            with urllib.request.urlopen(urllib.request.Request(f"{address}/arsip", method="PUT"), timeout=5):
                break
        except (urllib.error.URLError, ConnectionError):
            assert process.poll() is None, "the storage did not start"
            time.sleep(0.1)
    yield address, process
    process.terminate()
    process.wait()


@pytest.fixture
def s3_server(s3_process) -> str:
    return s3_process[0]


@pytest.fixture(params=["memory", "file", "s3", "s3 below a folder"])
def place(request, tmp_path, monkeypatch) -> str:
    """The address of a storage, as a setting names it."""
    if request.param == "memory":
        return "memory:///"
    if request.param == "file":
        return (tmp_path / "berkas & lampiran").as_uri()
    monkeypatch.setenv("AWS_ENDPOINT_URL", request.getfixturevalue("s3_server"))
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "name")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    return "s3://arsip" if request.param == "s3" else "s3://arsip/lms/berkas"


@pytest.fixture
def opened(place) -> Iterator[str]:
    """A storage in use."""
    with in_use(place):
        yield place


def in_use(place: str):
    app = Flask("storage")
    app.config["STORAGE_URL"] = place
    storage.set_up(app)
    return app.app_context()


@pytest.mark.parametrize("data", SAMPLES, ids=NAMES)
def test_what_was_kept_comes_back_whole(opened, data):
    stored = storage.save(data, "work")
    assert storage.read(stored.key) == data
    assert (stored.size, stored.sha256) == (len(data), hashlib.sha256(data).hexdigest())


def test_a_key_is_the_name_of_the_content(opened):
    stored = storage.save(b"isi", "media")
    assert stored.key == f"media/{stored.sha256[:2]}/{stored.sha256}"


def test_the_same_bytes_again_are_the_same_file(opened):
    first = storage.save(b"isi", "work")
    assert storage.save(b"isi", "work") == first
    assert storage.read(first.key) == b"isi"


def test_the_same_bytes_in_another_folder_are_another_file(opened):
    assert storage.save(b"isi", "work").key != storage.save(b"isi", "media").key


def test_it_is_still_there_after_the_server_was_started_anew(place):
    if place.startswith("memory"):
        pytest.skip("what is in memory is for tests alone")
    with in_use(place):
        key = storage.save(b"isi", "work").key
    with in_use(place):
        assert storage.read(key) == b"isi"


def test_a_file_that_is_not_there_is_said_to_be_missing(opened):
    with pytest.raises(storage.FileMissing):
        storage.read(f"work/aa/{'a' * 64}")


@pytest.mark.parametrize("key", HOSTILE, ids=range(len(HOSTILE)))
def test_a_key_that_this_house_never_made_names_no_file(opened, key):
    storage.save(b"isi", "work")
    with pytest.raises(storage.FileMissing):
        storage.read(key)


@pytest.mark.parametrize("folder", ["", "..", "../work", "/etc", "work/..", "work\\", "Work\0"])
def test_a_folder_that_leads_elsewhere_keeps_nothing(opened, folder):
    with pytest.raises(ValueError, match="folder"):
        storage.save(b"isi", folder)


def test_a_folder_keeps_files_beneath_itself_and_nothing_half_written(tmp_path):
    with in_use(tmp_path.as_uri()):
        stored = storage.save(b"isi", "work")
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()] == [stored.key]
    assert (tmp_path / stored.key).read_bytes() == b"isi"


def test_in_a_folder_a_file_and_every_new_folder_above_it_is_synced_before_it_counts_as_kept(tmp_path, monkeypatch):
    synced = []
    fsync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (synced.append(os.fstat(handle).st_ino), fsync(handle)))
    with in_use((tmp_path / "files").as_uri()):
        stored = storage.save(b"isi", "work")
    path = tmp_path / "files" / stored.key
    for one in (path, *path.parents[:3]):
        assert one.stat().st_ino in synced, one


def test_a_file_that_was_altered_on_the_disk_is_not_given_out(tmp_path):
    with in_use(tmp_path.as_uri()):
        stored = storage.save(b"isi", "work")
        (tmp_path / stored.key).write_bytes(b"lain")
        with pytest.raises(storage.FileMissing):
            storage.read(stored.key)


def test_a_large_file_is_given_in_pieces_that_are_checked(opened):
    data = os.urandom(2 * storage.PIECE + 1)
    stored = storage.save(data, "work")
    pieces = list(storage.checked_pieces(stored.key, stored.size))
    assert [len(piece) for piece in pieces] == [storage.PIECE, storage.PIECE, 1]
    assert b"".join(pieces) == data


def test_an_altered_file_is_never_given_whole(tmp_path):
    with in_use(tmp_path.as_uri()):
        small, large = storage.save(b"isi", "work"), storage.save(b"a" * (storage.PIECE + 1), "work")
        (tmp_path / small.key).write_bytes(b"lai")
        (tmp_path / large.key).write_bytes(b"a" * storage.PIECE + b"b")
        with pytest.raises(storage.FileMissing):
            storage.checked_pieces(small.key, small.size)
        pieces = storage.checked_pieces(large.key, large.size)
        assert next(pieces) == b"a" * storage.PIECE
        with pytest.raises(storage.FileMissing):
            next(pieces)


def test_saving_again_repairs_a_file_that_was_altered_on_the_disk(tmp_path):
    with in_use(tmp_path.as_uri()):
        stored = storage.save(b"isi", "work")
        (tmp_path / stored.key).write_bytes(b"i")
        storage.save(b"isi", "work")
        assert storage.read(stored.key) == b"isi"


@pytest.mark.slow
@pytest.mark.parametrize("place", ["s3"], indirect=True)
def test_a_bucket_that_hangs_is_given_up_in_time_and_used_again_when_it_answers(place, s3_process, monkeypatch):
    monkeypatch.setattr(storage, "TIMEOUT_SECONDS", 1)
    _address, server = s3_process
    with in_use(place):
        kept = storage.save(b"isi", "work")
        server.send_signal(signal.SIGSTOP)
        try:
            for deed in (lambda: storage.read(kept.key), lambda: storage.save(b"lain", "work"), storage.check):
                began = time.monotonic()
                with pytest.raises(storage.StorageUnavailable):
                    deed()
                assert time.monotonic() - began < 15
        finally:
            server.send_signal(signal.SIGCONT)
        assert storage.read(kept.key) == b"isi"
        assert storage.read(storage.save(b"lain", "work").key) == b"lain"
