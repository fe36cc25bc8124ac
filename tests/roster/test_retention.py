"""Files and names of old lists are deleted; the imported people and the counts are kept."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

import pytest
from people_files import nip, row, xlsx
from sqlalchemy import select

from lms.core import clock, settings, storage
from lms.core.db import db
from lms.core.small_transactions import SomeFailed
from lms.people.models import Person
from lms.roster.jobs import delete_old_lists, process_people_lists
from lms.roster.models import PeopleImport
from lms.roster.services import imports, retention


@cache
def two_rows() -> bytes:
    """Two rows, the second one refused. Built once, because a spreadsheet contains the time it was made."""
    return xlsx([row(1, unit="Dinas Kesehatan"), row(2, nip="1,98609E+17", name="Tertolak Contoh")])


def list_of(admin, days_ago: int, *, is_written: bool = True) -> PeopleImport:
    found = imports.queue_import(
        two_rows(), "pegawai.xlsx", actor_id=admin.id, now=clock.now() - timedelta(days=days_ago)
    )
    db.session.commit()
    process_people_lists()
    if is_written:
        imports.approve(found, found.digest, actor_id=admin.id, now=clock.now())
        db.session.commit()
        process_people_lists()
    return found


def test_after_its_days_the_files_and_names_are_gone_and_the_counts_stay(client, admin):
    old = list_of(admin, 91)
    keys = old.key, old.refused_key
    assert "1,98609E+17" in str(old.report)
    assert delete_old_lists() == 1
    for key in keys:
        with pytest.raises(storage.FileMissing):
            storage.read(key)
    db.session.refresh(old)
    assert old.refused_key is None
    assert "98609" not in str(old.report)
    assert (old.report["counts"]["create"], old.report["counts"]["refused"]) == (1, 1)
    assert db.session.scalar(select(Person).where(Person.nip == nip(1))), "who was brought in stays"
    page = client.get(f"/admin/people/import/{old.id}")
    assert page.status_code == 200
    assert "refused.xlsx" not in page.get_data(as_text=True)
    assert client.get(f"/admin/people/import/{old.id}/refused.xlsx").status_code == 404
    assert delete_old_lists() == 0


def test_a_younger_list_stays_and_so_does_a_file_that_it_shares(client, admin):
    old, young = list_of(admin, 91), list_of(admin, 3, is_written=False)
    assert old.key == young.key
    delete_old_lists()
    assert storage.read(young.key)
    assert db.session.get_one(PeopleImport, young.id).refused_key


def test_one_that_was_never_decided_is_put_away(client, admin):
    old = list_of(admin, 91, is_written=False)
    assert old.state == "checked"
    delete_old_lists()
    db.session.refresh(old)
    assert (old.state, old.key) == ("withdrawn", retention.DELETED)
    assert not db.session.scalar(select(Person).where(Person.nip == nip(1)))


def test_the_days_are_the_agencys_to_say(client, admin):
    list_of(admin, 40)
    assert delete_old_lists() == 0
    settings.change(retention.RETENTION_DAYS, 30, actor_id=None, now=clock.now())
    db.session.commit()
    assert delete_old_lists() == 1
    assert retention.RETENTION_DAYS.check(0)


def test_one_list_that_cannot_be_deleted_keeps_no_other(admin, monkeypatch):
    bad, good = list_of(admin, 92), list_of(admin, 91, is_written=False)
    bad_id, delete = bad.id, retention.delete_list

    def failing(import_id: int) -> None:
        if import_id == bad_id:
            raise storage.StorageUnavailable
        delete(import_id)

    monkeypatch.setattr(retention, "delete_list", failing)
    with pytest.raises(SomeFailed):
        delete_old_lists()
    db.session.expire_all()
    assert (bad.key != retention.DELETED, good.key) == (True, retention.DELETED)


def test_while_the_storage_does_not_answer_a_list_waits_and_is_not_lost(admin, monkeypatch):
    found = imports.queue_import(two_rows(), "pegawai.xlsx", actor_id=admin.id, now=clock.now())
    db.session.commit()
    read = storage.read

    def no_answer(_key: str) -> bytes:
        raise storage.StorageUnavailable

    monkeypatch.setattr(storage, "read", no_answer)
    with pytest.raises(storage.StorageUnavailable):
        process_people_lists()
    db.session.rollback()
    monkeypatch.setattr(storage, "read", read)
    process_people_lists()
    db.session.refresh(found)
    assert found.state == "checked"
