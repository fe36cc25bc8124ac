from __future__ import annotations

import re
from datetime import date

import pytest
from concurrency import run_concurrently
from factories import NOON, grant, make_admin, make_person

from lms.core.db import db
from lms.core.ledger import LedgerEntry
from lms.people import queries
from lms.people.details import PersonDetails
from lms.people.models import Person, Placement, Unit
from lms.people.services import mergers, people, roles, units

BY = {"actor_id": None, "now": NOON}
TODAY = date(2026, 11, 23)


@pytest.fixture
def city(session):
    return units.create_unit("Kota Contoh", "instansi", **BY)


@pytest.fixture
def offices(city):
    return [units.create_unit(name, "opd", city, **BY) for name in ("Dinas Sosial", "Dinas Tenaga Kerja")]


def test_people_parts_and_heads_go_over_in_one_step(offices):
    social, work = offices
    part = units.create_unit("Bidang Bantuan", "bidang", social, **BY)
    one, other = make_person(unit_id=social.id), make_person(unit_id=social.id, is_active=False)
    roles.grant_role(one, "head", unit_id=social.id, **BY)
    mergers.merge_unit(social, work, **BY)
    assert {one.unit_id, other.unit_id} == {work.id}
    assert part.parent_id == work.id
    assert queries.terms(one, "head", unit_id=work.id)
    assert (social.ended_on, social.merged_into_id) == (TODAY, work.id)
    assert {row.source for row in db.session.query(Placement)} == {f"merge:{social.id}"}
    entry = db.session.query(LedgerEntry).filter_by(verb="merge unit").one()
    assert entry.target == f"unit:{social.id}"
    assert '"people": 2' in entry.facts


def test_the_ended_unit_is_offered_nowhere_and_its_name_is_free(city, offices):
    social, work = offices
    mergers.merge_unit(social, work, **BY)
    assert social.id not in {unit.id for unit, _depth in queries.units_in_order()}
    assert units.create_unit("Dinas Sosial", "opd", city, **BY).id != social.id
    assert queries.versions_of(social.id)[0].name == "Dinas Sosial"


def test_parts_of_one_name_become_one(offices):
    social, work = offices
    part, twin = (units.create_unit("Sekretariat", "bidang", office, **BY) for office in offices)
    person = make_person(unit_id=part.id)
    mergers.merge_unit(social, work, **BY)
    assert person.unit_id == twin.id
    assert part.merged_into_id == twin.id


def test_a_unit_goes_into_the_one_above_it(city, offices):
    social, _work = offices
    person = make_person(unit_id=social.id)
    mergers.merge_unit(social, city, **BY)
    assert person.unit_id == city.id


def test_who_heads_both_keeps_one_role_and_past_ones_stay_behind(offices):
    social, work = offices
    twice, back, once = make_person(), make_person(), make_person()
    for unit in offices:
        roles.grant_role(twice, "head", unit_id=unit.id, **BY)
    roles.grant_role(back, "head", unit_id=work.id, ends_on=date(2025, 1, 31), **BY)
    roles.grant_role(back, "head", unit_id=social.id, is_deputy=True, **BY)
    roles.grant_role(once, "head", unit_id=social.id, ends_on=date(2025, 1, 31), **BY)
    mergers.merge_unit(social, work, **BY)
    assert [one.unit_id for one in twice.grants] == [work.id]
    assert [one.is_deputy for one in queries.terms(back, "head", unit_id=work.id)] == [False, True]
    assert not queries.terms(back, "head", unit_id=social.id)
    assert [one.unit_id for one in once.grants] == [social.id]


@pytest.mark.parametrize(
    ("there", "here", "left"),
    [
        ({"ends_on": date(2030, 6, 30)}, {}, (None, None, False)),
        ({}, {"ends_on": date(2030, 6, 30)}, (None, None, False)),
        ({"ends_on": date(2030, 6, 30)}, {"ends_on": date(2031, 6, 30)}, (None, date(2031, 6, 30), False)),
        ({"starts_on": date(2029, 1, 1)}, {"starts_on": date(2020, 1, 1)}, (date(2020, 1, 1), None, False)),
        ({"starts_on": date(2020, 1, 1)}, {"starts_on": date(2019, 1, 1)}, (date(2020, 1, 1), None, False)),
        ({"is_deputy": True}, {}, (None, None, False)),
        ({"is_deputy": True}, {"is_deputy": True, "ends_on": date(2030, 6, 30)}, (None, None, True)),
    ],
)
def test_overlapping_terms_become_one_and_nobody_loses_days_or_rank(offices, there, here, left):
    social, work = offices
    person = make_person()
    roles.grant_role(person, "head", unit_id=work.id, **there, **BY)
    roles.grant_role(person, "head", unit_id=social.id, **here, **BY)
    mergers.merge_unit(social, work, **BY)
    [one] = queries.terms(person, "head", unit_id=work.id)
    assert (one.starts_on, one.ends_on, one.is_deputy) == left
    assert not queries.terms(person, "head", unit_id=social.id)


def test_a_term_that_overlaps_with_two_joins_them(offices):
    social, work = offices
    person = make_person()
    roles.grant_role(person, "head", unit_id=work.id, ends_on=date(2030, 6, 30), **BY)
    roles.grant_role(person, "head", unit_id=work.id, starts_on=date(2030, 9, 1), **BY)
    roles.grant_role(person, "head", unit_id=social.id, ends_on=date(2030, 12, 31), **BY)
    mergers.merge_unit(social, work, **BY)
    [one] = queries.terms(person, "head", unit_id=work.id)
    assert (one.starts_on, one.ends_on) == (None, None)


def test_a_circle_an_ended_unit_and_an_agency_in_an_office_are_refused(city, offices):
    social, work = offices
    part = units.create_unit("Bidang", "bidang", social, **BY)
    other = units.create_unit("Kabupaten Contoh", "instansi", **BY)
    for target in (part, social):
        with pytest.raises(units.UnitUnderItself):
            mergers.merge_unit(social, target, **BY)
    with pytest.raises(units.UnitMisplaced):
        mergers.merge_unit(other, work, **BY)
    mergers.merge_unit(part, work, **BY)
    with pytest.raises(units.UnitEnded):
        mergers.merge_unit(part, social, **BY)
    with pytest.raises(units.UnitEnded):
        mergers.merge_unit(work, part, **BY)


def test_agencies_merge_with_all_their_offices_and_admins(city, offices):
    other = units.create_unit("Kabupaten Contoh", "instansi", **BY)
    admin = make_person()
    roles.grant_role(admin, "agency-admin", unit_id=city.id, **BY)
    mergers.merge_unit(city, other, **BY)
    assert {office.parent_id for office in offices} == {other.id}
    assert admin.administered_unit_ids == {other.id}


def test_nothing_can_be_put_into_an_ended_unit(offices):
    social, work = offices
    person = make_person(unit_id=work.id)
    mergers.merge_unit(social, work, **BY)
    details = PersonDetails(name="Budi", status="pns", nip=person.nip, unit_id=social.id)
    deeds = [
        lambda: units.create_unit("Bidang", "bidang", social, **BY),
        lambda: units.rename_unit(social, "Nama", "opd", **BY),
        lambda: units.move_unit(work, social, **BY),
        lambda: units.move_unit(social, work, **BY),
        lambda: units.remove_unit(social, **BY),
        lambda: roles.grant_role(person, "head", unit_id=social.id, **BY),
        lambda: people.update_person(person, details, **BY),
    ]
    for deed in deeds:
        with pytest.raises(units.UnitEnded):
            deed()


@pytest.mark.parametrize("_round", range(2))
def test_two_mergers_into_each_other_leave_one_unit(app, offices, _round):
    one, other = (office.id for office in offices)
    person = make_person(unit_id=one)
    ends = run_concurrently(
        app,
        lambda: mergers.merge_unit(queries.unit(one), queries.unit(other), **BY),
        lambda: mergers.merge_unit(queries.unit(other), queries.unit(one), **BY),
    )
    assert ends == ["UnitEnded", "done"]
    assert queries.unit(person.unit_id).ended_on is None


@pytest.mark.parametrize("_round", range(2))
def test_whoever_comes_during_a_merger_is_never_left_in_an_ended_unit(app, offices, _round):
    one, other = (office.id for office in offices)
    person, head = make_person().id, make_person().id

    def joins() -> None:
        row = queries.person(person)
        people.update_person(row, PersonDetails(name=row.name, status="pns", nip=row.nip, unit_id=one), **BY)

    run_concurrently(
        app,
        lambda: mergers.merge_unit(queries.unit(one), queries.unit(other), **BY),
        joins,
        lambda: roles.grant_role(queries.person(head), "head", unit_id=one, **BY),
        lambda: units.create_unit("Bidang", "bidang", queries.unit(one), **BY),
    )
    assert db.session.query(Person).filter_by(unit_id=one).count() == 0
    assert list(queries.grants_at(one)) == []
    assert db.session.query(Unit).filter_by(parent_id=one).count() == 0


def test_an_admin_sees_first_what_will_move(client, offices):
    social, work = offices
    units.create_unit("Bidang Bantuan", "bidang", social, **BY)
    for office in offices:
        units.create_unit("Sekretariat", "bidang", office, **BY)
    head = make_person(name="Kepala Contoh", unit_id=social.id)
    grant(head, "head", unit=social)
    client.sign_in(make_admin())
    path = f"/admin/units/{social.id}/merger"
    page = client.get(f"{path}?into={work.id}").get_data(as_text=True)
    for name in ("Bidang Bantuan", "Sekretariat", "Kepala Contoh"):
        assert name in page
    assert social.ended_on is None
    done = client.post_form(path, page=f"{path}?into={work.id}", into=str(work.id))
    assert done.location == f"/admin/units/{work.id}"
    assert client.get(f"/admin/units/{social.id}").status_code == 200
    assert client.get(f"/admin/units/{work.id}").status_code == 200
    again = client.post_form(path, page=f"/admin/units/{work.id}", into=str(work.id))
    assert again.status_code == 409


def test_a_merger_with_nothing_or_with_itself_changes_nothing(client, offices):
    social, work = offices
    client.sign_in(make_admin())
    path = f"/admin/units/{social.id}/merger"
    assert client.get(path).status_code == 302
    assert client.get(f"{path}?into=bukan").status_code == 302
    assert client.get(f"{path}?into=99999").status_code == 404
    assert client.get(f"{path}?into={social.id}").status_code == 409
    assert client.post(path, data={"into": str(work.id)}).status_code == 400
    assert social.ended_on is None


def test_the_page_of_a_merged_unit_says_where_it_went_and_offers_no_head(client, offices):
    social, work = offices
    head = make_person(name="Kepala Lama", unit_id=social.id)
    roles.grant_role(head, "head", unit_id=social.id, ends_on=date(2025, 1, 31), **BY)
    mergers.merge_unit(social, work, **BY)
    client.sign_in(make_admin())
    page = client.get(f"/admin/units/{social.id}").get_data(as_text=True)
    title = re.search(r"<h1>(.+?)</h1>", page)[1]
    assert title.startswith("Dinas Sosial (")
    assert work.name in title
    assert f"#{social.id}" not in page
    assert "Kepala Lama" not in page
    for path in (f"/admin/units/{work.id}", f"/admin/people/{head.id}", f"/admin/people/{head.id}/rights"):
        page = client.get(path).get_data(as_text=True)
        assert "Dinas Sosial" in page
        assert f"Dinas Sosial #{social.id}" not in page
