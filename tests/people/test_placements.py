"""The history of unit, status, rank and post; and lists written in bulk."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from factories import NOON, make_admin, make_person, make_unit
from people_files import nip, row, xlsx

from lms.auth import queries as auth_queries
from lms.auth.models import SignIn
from lms.auth.services import codes, sign_ins
from lms.core.db import db
from lms.core.ledger import LedgerEntry
from lms.people import queries
from lms.people.details import PersonDetails
from lms.people.models import Person, Placement
from lms.people.policy import may_change
from lms.people.services import people as services
from lms.people.services.placements import record_placements
from lms.roster.services import imports

ANI = PersonDetails(nip=nip(1), name="Ani", status="pns", rank="III/a")


def history(person_id: int) -> list[tuple[str, date, date | None]]:
    rows = db.session.query(Placement).filter_by(person_id=person_id).order_by(Placement.id)
    return [(one.rank, one.since, one.until) for one in rows]


def test_a_change_ends_one_placement_and_begins_another(session):
    person = services.create_person(ANI, actor_id=None, now=NOON)
    later = NOON + timedelta(days=30)
    services.update_person(person, replace(ANI, rank="III/b"), actor_id=None, now=later)
    services.update_person(person, replace(ANI, rank="III/b", phone="+62812345678"), actor_id=None, now=later)
    today, then = NOON.date(), later.date()
    assert history(person.id) == [("III/a", today, then), ("III/b", then, None)]


def test_two_changes_of_a_day_leave_what_the_evening_says(session):
    person = services.create_person(ANI, actor_id=None, now=NOON)
    services.update_person(person, replace(ANI, rank="III/b"), actor_id=None, now=NOON + timedelta(hours=1))
    assert history(person.id) == [("III/b", NOON.date(), None)]


def test_who_is_switched_off_stands_nowhere_until_switched_on(session):
    person = services.create_person(ANI, actor_id=None, now=NOON)
    off, on = NOON + timedelta(days=10), NOON + timedelta(days=30)
    services.deactivate(person, "Pensiun", actor_id=None, now=off)
    services.update_person(person, replace(ANI, rank="III/b"), actor_id=None, now=off + timedelta(days=1))
    services.activate(person, actor_id=None, now=on)
    assert history(person.id) == [("III/a", NOON.date(), off.date()), ("III/b", on.date(), None)]


def test_the_day_is_the_sites_own(session):
    person = services.create_person(ANI, actor_id=None, now=NOON.replace(hour=16))  # after midnight in Sorong
    assert history(person.id)[0][1] == NOON.date() + timedelta(days=1)


def test_who_has_no_history_yet_begins_one(session):
    people = [make_person() for _ in range(3)]
    ids = [person.id for person in people]
    assert record_placements(ids, source="page", now=NOON) == 3
    assert record_placements(ids, source="page", now=NOON) == 0


# in bulk


@pytest.fixture
def handed_in(session):
    admin = make_admin(nip=nip(900))

    def call(*rows, leaving=None):
        data = xlsx(rows)
        file = imports.read_list(data)
        list_ = imports.queue_import(data, "a.xlsx", actor_id=admin.id, now=NOON)
        list_.leaving_unit_id = leaving
        found = imports.plan(file.rows, imports.existing_data(list_, file, may_change, now=NOON))
        imports.show_plan(list_, file, found, refused_key=None)
        assert imports.write(list_, file, may_change, now=NOON) is None
        return list_

    return call


def test_a_list_makes_changes_moves_and_wakes_people_with_history_and_ledger(session, handed_in):
    old, new = make_unit("Dinas Lama"), make_unit("Dinas Baru")
    changed = make_person(nip=nip(2), name="Pegawai 2", rank="II/d", unit_id=new.id)
    moved = make_person(nip=nip(3), name="Pegawai 3", unit_id=old.id)
    asleep = make_person(nip=nip(4), name="Pegawai 4", unit_id=new.id, is_active=False)
    same = make_person(nip=nip(5), name="Pegawai 5", unit_id=new.id)
    record_placements([changed.id, moved.id, asleep.id, same.id], source="start", now=NOON - timedelta(days=9))
    list_ = handed_in(*(row(number, unit="Dinas Baru") for number in range(1, 6)))
    made = queries.person_named(nip(1))
    assert [made.rank, changed.rank, moved.unit_id, asleep.is_active] == ["III/a", "III/a", new.id, True]
    assert [len(history(one.id)) for one in (made, changed, moved, asleep, same)] == [1, 2, 2, 1, 1]
    deeds = {(entry.target, entry.verb) for entry in session.query(LedgerEntry)}
    assert {
        (f"person:{made.id}", "create person"),
        (f"person:{changed.id}", "update person"),
        (f"person:{moved.id}", "update person"),
        (f"person:{asleep.id}", "activate person"),
        (f"import:{list_.id}", "import people"),
    } <= deeds
    assert not [one for one in deeds if one[0] == f"person:{same.id}"]
    assert not [entry for entry in session.query(LedgerEntry) if nip(1) in entry.facts]


def test_who_is_switched_off_by_a_list_is_out_at_once(session, handed_in):
    unit = make_unit("Dinas Contoh")
    gone = make_person(nip=nip(7), unit_id=unit.id)
    sign_ins.start_sign_in(gone, "", now=NOON)
    codes.issue_reset_code(gone, None, now=NOON)
    handed_in(row(1, unit="Dinas Contoh"), leaving=unit.id)
    assert not session.get(Person, gone.id).is_active
    assert session.query(SignIn).one().ended_at
    assert auth_queries.live_code(gone, NOON) is None
