"""A database of the commit before the redesign, upgraded: people see what they saw (see README.md)."""

from __future__ import annotations

import difflib
import json
import lzma
import shutil
import tarfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from upgrade.reworded import reworded
from upgrade.seen import Visitor

from config import Config
from lms import create_app
from lms.core import clock, schema
from lms.core.db import db
from lms.courses.queries import contents, item_content
from lms.quizzes import services as quizzes
from lms.quizzes.models import Answer, Attempt
from lms.web.rate_limits import limiter

pytestmark = pytest.mark.once

HERE = Path(__file__).parent
SAVED_AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
PASSWORD = "belajar-asn-sorong"
PAGES: dict[str, dict[str, str]] = json.loads(lzma.decompress((HERE / "pages.json.xz").read_bytes()))
"""By username ("" is a visitor) and address: status and visible text, as the old code gave them."""

PREREQUISITES = {
    "+Tuntaskan kursus berikut lebih dahulu:",
    "+Manajemen Pelayanan Publik",
    "+etika-berakhlak",
    "+etika-berakhlak · belum tuntas",
    "+· belum tuntas",
    "+✓",
    "+· sudah tuntas",
    "+Setelah semuanya tuntas, Anda dapat mendaftar di sini.",
    "-Daftar",
}
"""Courses say which others come first, and who has not done them cannot enrol: before, nobody looked at them."""

NAVIGATION = {f"+{word}" for word in ("Beranda", "Kursus", "Rekam JP", "Mengajar", "Kelola", "Angkatan")}
"""A value that the page of a cohort's member had for itself hid the navigation."""

COHORT_DATES = {"-Waktu", "+Tanggal"}
"""The column with the dates of cohorts says so; in the activity log, the same word is still right."""

PROTECTED = {
    "-Pegawai ini memiliki hak akses di luar instansi Anda. Hanya admin seluruh situs yang dapat mengubah akun ini "
    "atau membuatkan kodenya.",
    "+Hanya admin seluruh situs yang dapat mengubah atau menonaktifkan akun ini atau membuatkan kodenya, karena akun "
    "ini memiliki hak akses yang tidak Anda miliki. Pegawai ini:",
    "+mengelola seluruh situs",
    "+Mintalah bantuan admin seluruh situs: Contoh Admin.",
    "+Hubungi admin",
}
"""The page of somebody with more rights says which, and whom to ask."""

MEANT: dict[str, set[str]] = {
    "/admin/cohorts": COHORT_DATES,
    "/admin/people/1": PROTECTED,
    "/courses/bentuk": PREREQUISITES,
    "/courses/contoh-format": PREREQUISITES,
    **{f"/admin/cohorts/{cohort}/people/": NAVIGATION for cohort in (1, 2, 3, 4, 5, 6, 7)},
}
"""By beginnings of addresses: lines that people are meant to see now (+), or no longer (-). Each with its reason."""

AT_LEAST = {"/admin/settings"}
"""Pages that show what they showed, in any order, and may show more: settings depend on the modules that are loaded."""


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """A site of its own on the old database and files, migrated."""
    folder = tmp_path_factory.mktemp("upgraded")
    with tarfile.open(HERE / "storage.tar.xz") as archive:
        archive.extractall(folder, filter="data")
    file = folder / "lms.sqlite"
    file.write_bytes(lzma.decompress((HERE / "database.sqlite.xz").read_bytes()))
    app = create_app(
        Config(
            secret_key="a secret for tests, long enough to pass",
            database_url=f"sqlite:///{file}",
            storage_url=f"file://{folder}/storage",
            base_url="http://localhost",
            site_name="Belajar ASN",
            timezone="Asia/Jayapura",
            language="id",
            proxies=0,
            instance=tmp_path_factory.mktemp("instance"),
            testing=True,
        )
    )
    limiter.enabled = False
    with app.app_context():
        schema.upgrade()
        with db.engine.connect() as connection:
            connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    shutil.copy(file, folder / "migrated.sqlite")
    return app


@pytest.fixture
def app(upgraded: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The migrated database as it was at first, at the moment it was saved."""
    monkeypatch.setattr(clock, "now", lambda: SAVED_AT)
    contents.cache_clear()  # other tests have other revisions under the same ids
    item_content.cache_clear()
    with upgraded.app_context():
        db.engine.dispose()
        file = Path(db.engine.url.database or "")
    for old in file.parent.glob("lms.sqlite*"):
        old.unlink()
    shutil.copy(file.with_name("migrated.sqlite"), file)
    yield upgraded
    contents.cache_clear()
    item_content.cache_clear()
    with upgraded.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("username", PAGES, ids=lambda username: username or "visitor")
def test_people_see_what_they_saw_before(app, username):
    visitor = Visitor(app, username or None, PASSWORD)
    differences = []
    for address, before in PAGES[username].items():
        compare = missing if address in AT_LEAST else difference
        meant = {line for begins, lines in MEANT.items() if address.startswith(begins) for line in lines}
        found = [line for line in compare(reworded(before), visitor.see(address)) if line not in meant]
        differences += ["\n".join((address, *found))] if found else []
    assert not differences, f"{len(differences)} pages differ\n\n" + "\n\n".join(differences)


def missing(before: str, after: str) -> list[str]:
    return [f"-{line}" for line in (Counter(before.split("\n")) - Counter(after.split("\n"))).elements()]


def difference(before: str, after: str) -> list[str]:
    """The lines that differ, unless it is only in where they are broken."""
    if before.split() == after.split():
        return []
    lines = difflib.unified_diff(before.split("\n"), after.split("\n"), lineterm="", n=0)
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


def test_attempts_marked_again_from_the_journal_have_the_points_they_had(app):
    with app.app_context():
        attempts = db.session.scalars(select(Attempt).where(Attempt.submitted_at.is_not(None))).all()
        before = {attempt.id: marks_of(attempt) for attempt in attempts}
        assert len(before) > 50
        for attempt in attempts:
            attempt.points = attempt.score = attempt.is_passed = None
            for answer in answers_of(attempt):
                answer.points = None
            quizzes._score(attempt, quizzes.quiz_of(attempt), is_discarded=False)
        assert {attempt.id: marks_of(attempt) for attempt in attempts} == before
        db.session.rollback()


def marks_of(attempt: Attempt) -> tuple[object, ...]:
    points = {answer.question: answer.points for answer in answers_of(attempt)}
    return attempt.points, attempt.most_points, attempt.score, points


def answers_of(attempt: Attempt) -> list[Answer]:
    return list(db.session.scalars(select(Answer).where(Answer.attempt_id == attempt.id)))
