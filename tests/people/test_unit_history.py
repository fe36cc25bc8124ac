from __future__ import annotations

from datetime import date, timedelta

import pytest
from factories import NOON

from lms.core.db import db
from lms.people import queries
from lms.people.details import PersonDetails
from lms.people.models import UnitVersion
from lms.people.services import mergers, people, units

BY = {"actor_id": None, "now": NOON}
TODAY = date(2026, 11, 23)


def on(days: int) -> dict:
    return {"actor_id": None, "now": NOON + timedelta(days=days)}


@pytest.fixture
def city(session):
    return units.create_unit("Kota Contoh", "instansi", **BY)


def names_on(day: date) -> set[str]:
    return {node.name for node in queries.tree_on(day).by_id.values()}


def test_a_day_shows_the_tree_as_it_was_that_evening(city):
    social = units.create_unit("Dinas Sosial", "opd", city, **BY)
    work = units.create_unit("Dinas Tenaga Kerja", "opd", city, **on(10))
    units.rename_unit(social, "Dinas Sosial Baru", "opd", **on(20))
    units.move_unit(work, social, **on(30))
    assert names_on(TODAY - timedelta(days=1)) == set()
    assert names_on(TODAY) == {"Kota Contoh", "Dinas Sosial"}
    assert names_on(TODAY + timedelta(days=10)) == {"Kota Contoh", "Dinas Sosial", "Dinas Tenaga Kerja"}
    assert "Dinas Sosial Baru" in names_on(TODAY + timedelta(days=20))
    assert queries.tree_on(TODAY + timedelta(days=29)).below({social.id}) == {social.id}
    assert queries.tree_on(TODAY + timedelta(days=30)).below({social.id}) == {social.id, work.id}


def test_two_changes_of_a_day_leave_what_the_evening_says(city):
    social = units.create_unit("Dinas Sosial", "opd", city, **BY)
    units.rename_unit(social, "Dinas Salah", "opd", **on(5))
    units.rename_unit(social, "Dinas Benar", "opd", **on(5))
    told = [(one.name, one.since, one.until) for one in queries.versions_of(social.id)]
    changed = TODAY + timedelta(days=5)
    assert told == [("Dinas Benar", changed, None), ("Dinas Sosial", TODAY, changed)]


def test_a_merged_unit_is_in_the_tree_of_before_and_so_are_its_people(city):
    social, work = (units.create_unit(name, "opd", city, **BY) for name in ("Dinas Sosial", "Dinas Tenaga Kerja"))
    details = PersonDetails(name="Budi", status="non-asn", email="budi@contoh.go.id", unit_id=social.id)
    person = people.create_person(details, **BY)
    mergers.merge_unit(social, work, **on(40))
    before, after = TODAY + timedelta(days=39), TODAY + timedelta(days=40)
    assert names_on(before) == {"Kota Contoh", "Dinas Sosial", "Dinas Tenaga Kerja"}
    assert names_on(after) == {"Kota Contoh", "Dinas Tenaga Kerja"}
    assert queries.unit_path_on(person.id, before) == ["Kota Contoh", "Dinas Sosial"]
    assert queries.unit_path_on(person.id, after) == ["Kota Contoh", "Dinas Tenaga Kerja"]


def test_a_unit_made_by_mistake_leaves_no_history(city):
    unit = units.create_unit("Salah", "opd", city, **BY)
    units.remove_unit(unit, **BY)
    assert db.session.query(UnitVersion).count() == 1


def test_a_unit_where_somebody_once_was_is_not_removed(city):
    social, work = (units.create_unit(name, "opd", city, **BY) for name in ("Dinas Sosial", "Dinas Tenaga Kerja"))
    details = {"name": "Budi", "status": "non-asn", "email": "budi@contoh.go.id"}
    person = people.create_person(PersonDetails(**details, unit_id=social.id), **BY)
    people.update_person(person, PersonDetails(**details, unit_id=work.id), **on(3))
    with pytest.raises(units.UnitNotEmpty):
        units.remove_unit(social, **on(3))
    assert queries.versions_of(social.id)
