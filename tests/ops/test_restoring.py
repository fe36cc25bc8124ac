"""A site goes into a backup and out of it again, between engines too; a place in use is never overwritten unasked."""

from __future__ import annotations

import hashlib
import os
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from backups import another_site, everything, run
from factories import NOON, make_course, make_enrolment, make_person, make_unit
from flask import Flask
from sqlalchemy import func, select

from config import Config
from lms.core import clock, jobs, ledger, ledger_heads, settings, storage, triggers
from lms.core.db import db
from lms.counts import queries as counts
from lms.learning.services import PASS_MARK
from lms.ops import encryption, queries
from lms.ops.services import making, noting
from lms.people.models import Person, Unit


@pytest.fixture
def elsewhere(request, tmp_path_factory, app) -> Iterator[Flask]:
    """Its engine is ``request.param`` where the run has both."""
    with another_site(app, tmp_path_factory.mktemp("elsewhere"), getattr(request, "param", "sqlite")) as other:
        yield other


def fill(site: Flask) -> None:
    """Something of every kind of column, and files."""
    with site.app_context():
        unit = make_unit("Dinas “Ñ” 😀")
        person = make_person(name="Nama 'Aneh'; --", unit_id=unit.id)
        course = make_course("kursus", ({"slug": "satu"}, {"slug": "dua", "content": {"a": [1, None, "x"]}}))
        make_enrolment(person, course)
        for number in range(20):
            ledger.record(person.id, "do", f"thing:{number}", now=NOON + timedelta(microseconds=number), n=number)
        db.session.commit()
        ledger.extend_chain()
        ledger_heads.sign_head(now=NOON)
        settings.change(PASS_MARK, 61.5, actor_id=person.id, now=NOON)
        db.session.commit()
        for number in range(3):
            storage.save(os.urandom(1000 * number), "work")


@pytest.fixture
def full(app) -> Flask:
    fill(app)
    return app


@pytest.fixture
def file(full, tmp_path) -> Path:
    path = tmp_path / "lms.tar"
    done = run(full, "backup", path)
    assert done.exit_code == 0, done.output
    return path


ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)]


@pytest.mark.parametrize("elsewhere", ENGINES, indirect=True)
def test_what_was_backed_up_stands_elsewhere_row_for_row(request, full, file, elsewhere):
    if "postgresql" in request.node.name and request.config.getoption("--database") == "sqlite":
        pytest.skip("the run on PostgreSQL does this")
    done = run(elsewhere, "restore", file)
    assert done.exit_code == 0, done.output
    assert everything(elsewhere) == everything(full)
    with elsewhere.app_context():
        assert ledger.first_broken() is None
        assert triggers.missing(db.session.connection()) == []
        assert counts.wrong_counts() == []
        make_person()  # its number comes after those that were restored
        db.session.commit()
    back = file.with_name("back.tar")
    assert run(elsewhere, "backup", back).exit_code == 0
    with elsewhere.app_context():
        before = db.session.scalar(select(func.count()).select_from(Person))
    again = run(elsewhere, "restore", back, "--yes-replace", "Belajar ASN")
    assert again.exit_code == 0, again.output
    with elsewhere.app_context():
        assert db.session.scalar(select(func.count()).select_from(Person)) == before


def test_the_archive_is_for_its_owner_alone_and_holds_the_secret(file, full):
    assert file.stat().st_mode & 0o077 == 0
    with tarfile.open(file) as tar:
        settings = tar.extractfile("settings.json").read().decode()
    assert full.config["SECRET_KEY"] in settings
    assert not list(file.parent.glob(".*"))


def test_every_column_of_every_table_is_of_a_kind_that_comes_back(app):
    plain = {"Integer", "String", "Text", "Boolean", "Double", "Float", "BigInteger", "SmallInteger", "ComposedText"}
    for table in queries.tables():
        for name, kind in queries.shape(table).columns.items():
            assert kind != "plain" or type(table.columns[name].type).__name__ in plain, f"{table.name}.{name}"


def test_a_folder_that_is_not_there_is_named(full, tmp_path):
    done = run(full, "backup", tmp_path / "tidak-ada" / "x.tar")
    assert done.exit_code == 1
    assert str(tmp_path / "tidak-ada") in done.output.replace("\n", "")
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_is_not_empty_is_left_as_it_is(file, full):
    before = everything(full)
    done = run(full, "restore", file)
    assert done.exit_code == 1
    assert "--replace" in done.output
    assert everything(full) == before


def test_it_overwrites_only_when_told_twice(file, full):
    before = everything(full)
    for words, said in [
        (["--replace"], "ya\n"),
        (["--replace"], "\n"),
        (["--yes-replace", "Lain"], ""),
        (["--yes-replace", ""], ""),
    ]:
        done = run(full, "restore", file, *words, said=said)
        assert done.exit_code == 1
        assert everything(full) == before
    with full.app_context():
        db.session.query(Unit).update({"name": "Diubah"})
        db.session.commit()
        other = storage.save(b"of another site", "uploads").key
    done = run(full, "restore", file, "--replace", said="Belajar ASN\n")
    assert done.exit_code == 0, done.output
    assert everything(full) == before
    with full.app_context():
        assert other not in set(storage.all_keys()), "what was there is gone, as was said"


def test_nothing_is_overwritten_while_a_server_is_at_work(file, full):
    jobs.run_once(full, [jobs.Job("work", lambda: None)])
    before = everything(full)
    assert run(full, "restore", file, "--yes-replace", "Belajar ASN").exit_code == 1
    assert everything(full) == before


@pytest.mark.parametrize("damage", ["cut", "altered", "empty", "of a newer program"])
def test_a_backup_that_is_not_whole_changes_nothing(file, full, elsewhere, damage, monkeypatch):
    data = bytearray(file.read_bytes())
    if damage == "cut":
        data = data[: len(data) // 2]
    elif damage == "altered":
        data[data.index(b"tables/person.jsonl.gz") + 600] ^= 1
    elif damage == "empty":
        data = bytearray()
    else:
        monkeypatch.setattr("lms.ops.cli.schema.is_known", lambda _revision: False)
    file.write_bytes(bytes(data))
    before = everything(full)
    for site, words in [(elsewhere, []), (full, ["--yes-replace", "Belajar ASN"])]:
        done = run(site, "restore", file, *words)
        assert done.exit_code == 1
        assert "Traceback" not in done.output
    assert everything(full) == before


def test_a_backup_never_overwrites_a_file(file, full):
    before = hashlib.sha256(file.read_bytes()).hexdigest()
    assert run(full, "backup", file).exit_code == 1
    assert hashlib.sha256(file.read_bytes()).hexdigest() == before


def test_a_backup_into_a_place_that_cannot_be_written_is_told_in_a_line(full):
    done = run(full, "backup", "/dev/null/x.tar")
    assert done.exit_code == 1
    assert "Traceback" not in done.output


def test_a_backup_that_reads_back_otherwise_leaves_no_file(full, tmp_path, monkeypatch):
    from lms.ops import archive

    def broken(_source):
        raise archive.Damaged("a disk that lies")

    monkeypatch.setattr(making.archive, "check", broken)
    assert run(full, "backup", tmp_path / "lms.tar").exit_code == 1
    assert not list(tmp_path.iterdir())


def test_a_file_that_the_storage_lost_is_told_and_the_rest_is_kept(full, elsewhere, tmp_path, monkeypatch):
    lost = next(storage.all_keys())
    read = storage.read

    def without(key: str) -> bytes:
        if key == lost:
            raise storage.FileMissing(key)
        return read(key)

    monkeypatch.setattr(storage, "read", without)
    path = tmp_path / "lms.tar"
    assert run(full, "backup", path).exit_code == 1
    assert run(elsewhere, "restore", path).exit_code == 0
    rows, keys = everything(full)
    assert everything(elsewhere) == (rows, keys - {lost})


class QuickPassphrase:
    """In place of age's own, which takes a second or two on purpose."""

    @staticmethod
    def encrypt(key: bytes, words: str) -> bytes:
        return words.encode() + b":" + key

    @staticmethod
    def decrypt(encrypted_key: bytes, words: str) -> bytes:
        if not encrypted_key.startswith(words.encode() + b":"):
            raise encryption.pyrage.DecryptError("Decryption failed")
        return encrypted_key.removeprefix(words.encode() + b":")


def test_with_a_passphrase_nothing_can_be_read_without_it(full, elsewhere, tmp_path, monkeypatch):
    monkeypatch.setattr(encryption.pyrage, "passphrase", QuickPassphrase)
    (tmp_path / "words").write_text("kata sandi\n")
    (tmp_path / "other").write_text("kata lain\n")
    path = tmp_path / "lms.tar"
    assert run(full, "backup", path, "--passphrase-file", tmp_path / "words").exit_code == 0
    assert b"person" not in path.read_bytes()
    for words, said in [(["--passphrase-file", tmp_path / "other"], ""), ([], "kata lain\n")]:
        assert run(elsewhere, "restore", path, *words, said=said).exit_code == 1
    done = run(elsewhere, "restore", path, said="kata sandi\n")
    assert done.exit_code == 0, done.output
    assert everything(elsewhere) == everything(full)
    assert private_key(elsewhere) == private_key(full)


def private_key(app) -> bytes | None:
    with app.app_context():
        return ledger_heads.keys().private()


def test_an_unencrypted_backup_has_the_public_keys_only(full, file, elsewhere):
    own = private_key(full)
    assert own is not None
    assert own.hex().encode() not in file.read_bytes()
    assert run(elsewhere, "restore", file).exit_code == 0
    assert private_key(elsewhere) is None
    with full.app_context():
        known = set(ledger_heads.keys().public())
    with elsewhere.app_context():
        assert known <= set(ledger_heads.keys().public())


def test_a_restored_site_is_told_of_a_secret_that_differs_without_printing_it(file, elsewhere):
    config: Config = elsewhere.config["LMS"]
    elsewhere.config["LMS"] = replace(config, secret_key="another secret, long enough to be one")
    done = run(elsewhere, "restore", file)
    assert done.exit_code == 0
    assert config.secret_key not in done.output
    kept = config.instance / "secret-key-of-the-backup"
    assert kept.read_text().strip() == config.secret_key
    assert kept.stat().st_mode & 0o077 == 0


def test_the_passphrase_may_not_be_empty(full, tmp_path):
    (tmp_path / "words").write_text("\n")
    assert run(full, "backup", tmp_path / "x.tar", "--passphrase-file", tmp_path / "words").exit_code == 1


def test_old_backups_of_the_site_may_go_and_nothing_else(app, tmp_path):
    config: Config = app.config["LMS"]
    now = clock.now()
    for number in range(40):
        path = tmp_path / f"lms-{number}.tar"
        path.write_bytes(b"")
        row = noting.begin_backup(path, now=now - timedelta(days=number))
        noting.finish_backup(
            row, making.FinishedBackup(path, 0, "", making.Manifest()), now=now - timedelta(days=number, minutes=-1)
        )
    (tmp_path / "penting.tar").write_bytes(b"")
    from zoneinfo import ZoneInfo

    gone = noting.files_to_remove(tmp_path, ZoneInfo(config.timezone))
    assert {path.name for path in gone} < {f"lms-{number}.tar" for number in range(14, 40)}
    assert len(gone) >= 40 - 14 - 8


def test_the_stream_is_read_from_its_beginning(file):
    with file.open("rb") as source:
        source.seek(100)
        with making.opened_backup(source, None) as stream:
            assert stream.read(10) == b"about.json"
