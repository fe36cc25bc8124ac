"""Encrypts a backup with a passphrase, in the format of ``age``, so that it can be opened without this program.

The outer tar contains ``identity.age`` (a key, encrypted with the passphrase) and
``backup.tar.age`` (the archive, encrypted to that key). It is written and read as a
stream: nothing unencrypted is ever on the disk.
"""

from __future__ import annotations

import io
import os
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import IO

import pyrage

from lms.ops.archive import Damaged

IDENTITY, BODY = "identity.age", "backup.tar.age"
BLOCK = tarfile.BLOCKSIZE


class WrongPassphrase(Exception):
    """It is encrypted with another passphrase, or was altered."""


def is_encrypted(source: IO[bytes]) -> bool:
    """True if ``source`` needs a passphrase. It must be at its beginning, and is left there."""
    try:
        first = source.read(BLOCK)
        return tarfile.TarInfo.frombuf(first, "utf-8", "strict").name == IDENTITY
    except tarfile.TarError:
        return False
    finally:
        source.seek(0)


@contextmanager
def encrypting(out: IO[bytes], passphrase: str) -> Iterator[IO[bytes]]:
    """Encrypt what is written to the stream into ``out``, a seekable file."""
    identity = pyrage.x25519.Identity.generate()
    key = pyrage.passphrase.encrypt(str(identity).encode(), passphrase)
    out.write(_header(IDENTITY, len(key)) + key)
    out.write(b"\0" * (-len(key) % BLOCK))
    header_at = out.tell()
    out.write(b"\0" * BLOCK)
    with _through_a_pipe(lambda pipe: pyrage.encrypt_io(pipe, out, [identity.to_public()])) as stream:
        yield stream
    size = out.seek(0, io.SEEK_END) - header_at - BLOCK
    out.write(b"\0" * (-size % BLOCK + 2 * BLOCK))
    out.seek(header_at)
    out.write(_header(BODY, size))
    out.seek(0, io.SEEK_END)


@contextmanager
def decrypting(source: IO[bytes], passphrase: str) -> Iterator[IO[bytes]]:
    """The decrypted archive as a stream.

    :raises WrongPassphrase: it cannot be decrypted.
    :raises Damaged: it is truncated.
    """
    try:
        outer = tarfile.open(fileobj=source, mode="r:")  # noqa: SIM115  (closed below)
        key, body = outer.extractfile(IDENTITY), outer.extractfile(BODY)
    except (tarfile.TarError, KeyError, OSError) as error:
        raise Damaged(str(error)) from error
    with outer:
        if key is None or body is None:
            raise WrongPassphrase
        try:
            identity = pyrage.x25519.Identity.from_str(pyrage.passphrase.decrypt(key.read(), passphrase).decode())
        except pyrage.DecryptError as error:
            raise WrongPassphrase from error
        with _out_of_a_pipe(lambda pipe: pyrage.decrypt_io(body, pipe, [identity])) as stream:
            yield stream


def _header(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info.tobuf(tarfile.GNU_FORMAT)


@contextmanager
def _through_a_pipe(take: Callable[[IO[bytes]], object]) -> Iterator[IO[bytes]]:
    """A stream that ``take`` reads in another thread; its errors are raised here."""
    failures: list[Exception] = []
    there, here = os.pipe()

    def work() -> None:
        with os.fdopen(there, "rb") as pipe:
            try:
                take(pipe)
            except Exception as error:
                failures.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        with suppress(BrokenPipeError), os.fdopen(here, "wb") as stream:
            yield stream
    finally:
        thread.join()
    if failures:
        raise OSError(str(failures[0])) from failures[0]


@contextmanager
def _out_of_a_pipe(give: Callable[[IO[bytes]], object]) -> Iterator[IO[bytes]]:
    """A stream that ``give`` fills in another thread; if that fails, the stream ends early."""
    here, there = os.pipe()

    def work() -> None:
        with suppress(Exception), os.fdopen(there, "wb") as pipe:
            give(pipe)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        with os.fdopen(here, "rb") as stream:
            yield stream
    finally:
        thread.join()
