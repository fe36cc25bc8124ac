from __future__ import annotations

from dataclasses import replace

import pytest
from factories import NOON, grant, make_admin, make_course, make_person, make_unit

from lms.auth import queries as auth_queries
from lms.auth.models import ResetCode, SignIn
from lms.auth.services import codes
from lms.auth.services.sign_ins import start_sign_in
from lms.core.ledger import LedgerEntry
from lms.people import queries
from lms.people.details import DetailsWarning, PersonDetails, find_warnings, likely_status
from lms.people.services import people, roles

BY = {"actor_id": None, "now": NOON}
PNS = PersonDetails(name="Contoh Nama", status="pns", nip="198609262015051001", rank="III/b")
PPPK_NUMBER = "199305202023211005"


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"status": "cpns"}, []),
        ({"nip": PPPK_NUMBER, "status": "pppk", "rank": "IX"}, []),
        ({"nip": PPPK_NUMBER, "status": "pppk-paruh-waktu", "rank": ""}, []),
        ({"nip": PPPK_NUMBER}, [DetailsWarning.NUMBER_IS_PPPK]),
        ({"status": "pppk", "rank": "IX"}, [DetailsWarning.NUMBER_IS_PNS]),
        ({"status": "non-asn", "rank": ""}, [DetailsWarning.NUMBER_OF_NON_ASN]),
        ({"nip": None, "email": "a@contoh.go.id"}, [DetailsWarning.NO_NUMBER]),
        ({"nip": None, "email": "a@contoh.go.id", "status": "non-asn", "rank": ""}, []),
        ({"rank": "IX"}, [DetailsWarning.RANK_OF_ANOTHER_STATUS]),
        ({"nip": PPPK_NUMBER, "rank": "IX"}, [DetailsWarning.NUMBER_IS_PPPK, DetailsWarning.RANK_OF_ANOTHER_STATUS]),
    ],
)
def test_number_status_and_rank_are_compared(changes, found):
    assert find_warnings(replace(PNS, **changes)) == found


def test_a_number_tells_the_likeliest_status():
    assert [likely_status(nip) for nip in (PNS.nip, PPPK_NUMBER, None)] == ["pns", "pppk", "non-asn"]


def test_a_new_person_has_no_password_and_the_ledger_no_number(session):
    person = people.create_person(PNS, **BY)
    assert (person.password_hash, person.is_active, person.full_name) == (None, True, "Contoh Nama")
    entry = session.query(LedgerEntry).one()
    assert (entry.verb, entry.target) == ("create person", f"person:{person.id}")
    assert "19860926" not in entry.facts


def test_a_number_or_address_that_somebody_has_is_refused(session):
    people.create_person(replace(PNS, email="a@contoh.go.id"), **BY)
    with pytest.raises(people.NipTaken):
        people.create_person(PNS, **BY)
    with pytest.raises(people.EmailTaken):
        people.create_person(replace(PNS, nip=PPPK_NUMBER, email="a@contoh.go.id"), **BY)
    with pytest.raises(people.NoLoginName):
        people.create_person(replace(PNS, nip=None), **BY)
    other = people.create_person(replace(PNS, nip=PPPK_NUMBER), **BY)
    with pytest.raises(people.NipTaken):
        people.update_person(other, PNS, **BY)
    assert other.nip == PPPK_NUMBER
    assert len(session.scalars(queries.people_found("")).all()) == 2


def test_an_update_tells_the_ledger_which_fields_changed_and_not_their_values(session):
    person = people.create_person(PNS, **BY)
    changed = people.update_person(person, replace(PNS, nip="198609262015051002", position="Analis"), **BY)
    assert changed == ["nip", "position"]
    facts = session.query(LedgerEntry).filter_by(verb="update person").one().facts
    assert facts == '{"changed": ["nip", "position"]}'


def test_an_update_that_changes_nothing_leaves_no_trace(session):
    person = people.create_person(PNS, **BY)
    assert people.update_person(person, PNS, **BY) == []
    assert session.query(LedgerEntry).count() == 1


def test_deactivating_ends_sign_ins_and_codes_at_once(session):
    person = make_person()
    token = start_sign_in(person, "Chrome", now=NOON)
    codes.issue_reset_code(person, None, now=NOON)
    people.deactivate(person, "Pensiun", **BY)
    assert auth_queries.account_signed_in(token, now=NOON) is None
    assert session.query(SignIn).one().ended_at == NOON
    assert session.query(ResetCode).one().used_at == NOON
    people.deactivate(person, "Pensiun", **BY)
    assert session.query(LedgerEntry).filter_by(verb="deactivate person").count() == 1


def test_an_activated_person_has_the_roles_of_before(session):
    unit = make_unit()
    person = make_person()
    grant(person, "head", unit=unit)
    people.deactivate(person, "Cuti", **BY)
    people.activate(person, **BY)
    people.activate(person, **BY)
    assert person.is_active
    assert person.headed_unit_ids == {unit.id}
    assert session.query(LedgerEntry).filter_by(verb="activate person").count() == 1


def test_roles_are_granted_once_and_taken_back_once(session):
    make_admin()
    person, unit, course = make_person(), make_unit(), make_course()
    for _press in range(2):
        roles.grant_role(person, "admin", **BY)
        roles.grant_role(person, "head", unit_id=unit.id, **BY)
        roles.grant_role(person, "instructor", course_id=course.id, **BY)
    assert (person.is_admin, person.headed_unit_ids, person.taught_course_ids) == (True, {unit.id}, {course.id})
    assert session.query(LedgerEntry).count() == 3
    for _press in range(2):
        roles.revoke_role(person, "admin", **BY)
        roles.revoke_role(person, "head", unit_id=unit.id, **BY)
        roles.revoke_role(person, "instructor", course_id=course.id, **BY)
    assert person.grants == []
    assert session.query(LedgerEntry).count() == 6


def test_the_last_active_admin_stays_admin_and_active(session):
    admin = make_admin()
    make_admin(is_active=False)
    with pytest.raises(roles.LastAdmin):
        roles.revoke_role(admin, "admin", **BY)
    with pytest.raises(roles.LastAdmin):
        people.deactivate(admin, "Pensiun", **BY)
    assert admin.is_admin
    assert admin.is_active
    other = make_admin()
    roles.revoke_role(admin, "admin", **BY)
    with pytest.raises(roles.LastAdmin):
        people.deactivate(other, "Pensiun", **BY)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("", ["adi", "Budi Contoh", "Citra"]),
        ("BUDI", ["Budi Contoh"]),
        ("contoh budi", ["Budi Contoh"]),
        ("Dr. Budi, M.Si.", ["Budi Contoh"]),
        ("19860926 201505 1 001", ["Budi Contoh"]),
        ("1986.0926", ["Budi Contoh"]),
        ("citra@contoh", ["Citra"]),
        ("kesehatan", ["adi"]),
        ("100%", []),
        ("budi kesehatan", []),
    ],
)
def test_people_are_found_by_name_number_address_and_unit(session, words, names):
    unit = make_unit("Dinas Kesehatan")
    make_person(
        name="Budi Contoh", title_before="Dr.", title_after="S.Sos., M.Si.", nip="198609262015051001", position="Guru"
    )
    make_person(name="adi", unit_id=unit.id)
    make_person(name="Citra", nip=None, email="citra@contoh.go.id")
    assert [person.name for person in session.scalars(queries.people_found(words))] == names


def test_found_people_are_narrowed_by_unit_and_state(session):
    unit = make_unit()
    here, off = make_person(unit_id=unit.id), make_person(unit_id=unit.id, is_active=False)
    make_person()
    found = session.scalars(queries.people_found("", unit_ids={unit.id}, is_active=True)).all()
    assert found == [here]
    assert session.scalars(queries.people_found("", is_active=False)).all() == [off]
