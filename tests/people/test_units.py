from __future__ import annotations

import re

import pytest
from factories import NOON, grant, make_admin, make_person, make_unit

from lms.core.db import db
from lms.core.ledger import LedgerEntry
from lms.people import queries
from lms.people.models import Unit
from lms.people.services import units

BY = {"actor_id": None, "now": NOON}


@pytest.fixture
def city(session):
    return units.create_unit("Pemerintah Kota Contoh", "instansi", **BY)


def test_the_tree_is_read_from_the_top_with_neighbours_by_name(city):
    health = units.create_unit("Dinas Kesehatan", "opd", city, **BY)
    units.create_unit("Badan Kepegawaian", "opd", city, **BY)
    units.create_unit("Puskesmas Contoh", "upt", health, **BY)
    assert [(unit.name, depth) for unit, depth in queries.units_in_order()] == [
        ("Pemerintah Kota Contoh", 0),
        ("Badan Kepegawaian", 1),
        ("Dinas Kesehatan", 1),
        ("Puskesmas Contoh", 2),
    ]


def test_a_unit_is_found_with_all_below_it_and_knows_its_path(city):
    health = units.create_unit("Dinas Kesehatan", "opd", city, **BY)
    clinic = units.create_unit("Puskesmas Contoh", "upt", health, **BY)
    other = units.create_unit("Dinas Sosial", "opd", city, **BY)
    assert queries.unit_and_below({health.id}) == {health.id, clinic.id}
    assert queries.unit_and_below({clinic.id, other.id}) == {clinic.id, other.id}
    assert queries.unit_and_below(set()) == set()
    assert queries.unit_path(clinic) == ["Pemerintah Kota Contoh", "Dinas Kesehatan", "Puskesmas Contoh"]
    assert queries.unit_path(None) == []


def test_people_of_units_come_by_name(session, city):
    last = make_person(name="zeta", unit_id=city.id)
    first = make_person(name="Alfa", unit_id=city.id)
    make_person(name="Beta")
    assert session.scalars(queries.people_in({city.id})).all() == [first, last]


def test_two_units_of_a_name_in_one_place_are_refused_also_at_the_top(city):
    units.create_unit("Dinas Sosial", "opd", city, **BY)
    with pytest.raises(units.UnitNameTaken):
        units.create_unit("Dinas Sosial", "opd", city, **BY)
    with pytest.raises(units.UnitNameTaken):
        units.create_unit(city.name, "instansi", **BY)
    with pytest.raises(units.UnitNameTaken):
        units.create_unit("dinas  SOSIAL", "opd", city, **BY)  # one name to people, and to their lists
    with pytest.raises(units.UnitNameTaken):
        units.create_unit("Dínas\u00a0Sosi\u00adal", "opd", city, **BY)
    assert db.session.query(Unit).count() == 2
    other = units.create_unit("Dinas Lain", "opd", city, **BY)
    with pytest.raises(units.UnitNameTaken):
        units.rename_unit(other, "DINAS SOSIAL", "opd", **BY)
    part = units.create_unit("dinas sosial", "bidang", other, **BY)
    with pytest.raises(units.UnitNameTaken):
        units.move_unit(part, city, **BY)
    units.rename_unit(other, "DINAS LAIN", "opd", **BY)
    assert other.name == "DINAS LAIN"


def test_one_name_may_stand_in_two_places(city):
    for name in ("Dinas Sosial", "Dinas Kesehatan"):
        units.create_unit("Sekretariat", "bidang", units.create_unit(name, "opd", city, **BY), **BY)
    assert len(queries.units_in_order()) == 5


def test_a_rename_to_a_neighbours_name_is_refused_and_changes_nothing(city):
    units.create_unit("Dinas Sosial", "opd", city, **BY)
    other = units.create_unit("Dinas Kesehatan", "opd", city, **BY)
    with pytest.raises(units.UnitNameTaken):
        units.rename_unit(other, "Dinas Sosial", "opd", **BY)
    assert other.name == "Dinas Kesehatan"


@pytest.mark.parametrize("kind", ["opd", "bidang", "upt"])
def test_only_an_agency_stands_at_the_top(city, kind):
    with pytest.raises(units.UnitMisplaced):
        units.create_unit("Di Atas", kind, **BY)
    with pytest.raises(units.UnitMisplaced):
        units.create_unit("Di Bawah", "instansi", city, **BY)


def test_a_unit_moves_with_all_below_it(city):
    health = units.create_unit("Dinas Kesehatan", "opd", city, **BY)
    clinic = units.create_unit("Puskesmas Contoh", "upt", health, **BY)
    other = units.create_unit("Dinas Sosial", "opd", city, **BY)
    units.move_unit(health, other, **BY)
    assert queries.unit_and_below({other.id}) == {other.id, health.id, clinic.id}
    assert '"after": "Dinas Sosial"' in db.session.query(LedgerEntry).filter_by(verb="move unit").one().facts


def test_a_unit_never_moves_under_itself(city):
    health = units.create_unit("Dinas Kesehatan", "opd", city, **BY)
    clinic = units.create_unit("Puskesmas Contoh", "upt", health, **BY)
    for place in (health, clinic):
        with pytest.raises(units.UnitUnderItself):
            units.move_unit(health, place, **BY)
    assert health.parent_id == city.id


def test_a_move_beside_a_unit_of_the_same_name_is_refused(city):
    one, two = (units.create_unit(name, "opd", city, **BY) for name in ("Dinas Satu", "Dinas Dua"))
    units.create_unit("Sekretariat", "bidang", one, **BY)
    moved = units.create_unit("Sekretariat", "bidang", two, **BY)
    with pytest.raises(units.UnitNameTaken):
        units.move_unit(moved, one, **BY)
    assert moved.parent_id == two.id


@pytest.mark.parametrize("holder", ["part", "person", "head"])
def test_a_unit_with_anything_in_it_is_not_removed(city, holder):
    unit = units.create_unit("Dinas Sosial", "opd", city, **BY)
    if holder == "part":
        units.create_unit("Bidang", "bidang", unit, **BY)
    elif holder == "person":
        make_person(unit_id=unit.id, is_active=False)
    else:
        grant(make_person(), "head", unit=unit)
    with pytest.raises(units.UnitNotEmpty):
        units.remove_unit(unit, **BY)
    assert queries.unit(unit.id) is not None


def test_an_empty_unit_is_removed_and_the_ledger_keeps_its_name(city):
    unit = units.create_unit("Dinas Sosial", "opd", city, **BY)
    units.remove_unit(unit, **BY)
    assert len(queries.units_in_order()) == 1
    assert "Dinas Sosial" in db.session.query(LedgerEntry).filter_by(verb="remove unit").one().facts


def test_the_tree_page_counts_people_with_those_below_and_names_heads(client):
    top = make_unit("Kota Contoh", kind="instansi")
    unit = make_unit("Dinas Contoh", parent=top)
    head = make_person(name="Kepala Contoh", unit_id=unit.id)
    make_person(unit_id=unit.id, is_active=False)
    grant(head, "head", unit=unit)
    client.sign_in(make_admin())
    page = client.get("/admin/units").get_data(as_text=True)
    assert re.search(r'<td class="number"[^>]*>0</td><td class="number"[^>]*>1</td>', page)
    assert "Kepala Contoh" in page


def test_the_tree_page_is_for_admins_only(client):
    unit = make_unit(kind="instansi")
    for path in ("/admin/units", f"/admin/units/{unit.id}"):
        assert client.get(path).status_code == 302
    client.sign_in(make_person())
    for path in ("/admin/units", f"/admin/units/{unit.id}"):
        assert client.get(path).status_code == 404
    assert client.sign_in(make_admin()).get("/admin/units/99999").status_code == 404


def test_an_admin_builds_the_tree(client):
    client.sign_in(make_admin())
    assert client.post_form("/admin/units", name=" Kota   Contoh ", kind="instansi").status_code == 302
    top = db.session.query(Unit).one()
    assert top.name == "Kota Contoh"
    path = f"/admin/units/{top.id}"
    part = {"part-name": "Dinas Contoh", "part-kind": "opd"}
    assert client.post_form(f"{path}/parts", page=path, **part).status_code == 302
    again = client.post_form(f"{path}/parts", page=path, **part)
    assert again.status_code == 422
    assert "Dinas Contoh" in again.get_data(as_text=True)
    assert client.post_form(path, name="Kota Lain", kind="instansi").status_code == 302
    assert [unit.name for unit, _depth in queries.units_in_order()] == ["Kota Lain", "Dinas Contoh"]


def test_bad_names_and_places_are_sent_back(client):
    top = make_unit("Kota", kind="instansi")
    unit = make_unit("Dinas", parent=top)
    client.sign_in(make_admin())
    path = f"/admin/units/{unit.id}"
    assert client.post_form("/admin/units", name="", kind="instansi").status_code == 422
    assert client.post_form("/admin/units", name="Kota > Dinas", kind="instansi").status_code == 422
    assert client.post_form("/admin/units", name="Kota", kind="instansi").status_code == 422
    assert client.post_form(path, name="x" * 161, kind="opd").status_code == 422
    assert client.post_form(path, name="Dinas", kind="instansi").status_code == 422
    assert client.post_form(f"{path}/place", page=path, **{"move-parent_id": str(unit.id)}).status_code == 422
    assert client.post_form(f"{path}/place", page=path, **{"move-parent_id": "bukan"}).status_code == 422
    assert queries.unit(unit.id).parent_id == top.id


def test_an_admin_moves_and_removes_a_unit(client):
    top = make_unit("Kota", kind="instansi")
    unit, other = make_unit("Dinas Satu", parent=top), make_unit("Dinas Dua", parent=top)
    person = make_person(unit_id=unit.id)
    client.sign_in(make_admin())
    unit_id, other_id = unit.id, other.id
    path = f"/admin/units/{unit_id}"
    assert client.post_form(f"{path}/place", page=path, **{"move-parent_id": str(other_id)}).status_code == 302
    assert queries.unit(unit_id).parent_id == other_id
    assert client.post_form(f"{path}/removal", page=path).status_code == 409
    person.unit_id = None
    assert client.post_form(f"{path}/removal", page=path).status_code == 302
    db.session.expire_all()
    assert queries.unit(unit_id) is None
    assert client.post_form(f"{path}/removal", page="/admin/units").status_code == 302


@pytest.mark.parametrize(("kind", "part"), [("instansi", "opd"), ("opd", "bidang"), ("upt", "bidang")])
def test_a_part_is_at_first_of_the_kind_that_its_place_mostly_has(client, city, kind, part):
    unit = city if kind == "instansi" else units.create_unit("Dinas Contoh", kind, city, **BY)
    page = client.sign_in(make_admin()).get(f"/admin/units/{unit.id}").get_data(as_text=True)
    assert f'<option selected value="{part}">' in page.split('id="part-kind"')[1]
