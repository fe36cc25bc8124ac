"""People are found by name, ticked and enrolled in a cohort, by whoever may enrol them."""

from __future__ import annotations

import pytest
from factories import grant, make_admin, make_cohort, make_person, make_unit

from lms.enrolment import queries


@pytest.fixture
def cohort(session):
    return make_cohort(name="Angkatan I")


def address(cohort) -> str:
    return f"/admin/cohorts/{cohort.id}"


def find(client, cohort, words: str):
    return client.post_form(f"{address(cohort)}/people/find", page=address(cohort), name=words)


def enrol(client, cohort, *ids: int):
    return client.post_form(f"{address(cohort)}/people/ticked", page=address(cohort), person=[str(one) for one in ids])


def test_who_is_found_is_ticked_and_enrolled(client, cohort, session):
    yes, no = make_person(name="Rosa Wamafma"), make_person(name="Rosa Kambu")
    make_person(name="Rosa Pergi", is_active=False)
    client.sign_in(make_admin())
    page = find(client, cohort, "rosa").get_data(as_text=True)
    assert [name for name in ("Wamafma", "Kambu", "Pergi") if f"Rosa {name}" in page] == ["Wamafma", "Kambu"]
    assert f'name="person" value="{yes.id}"' in page
    assert yes.nip not in page
    assert enrol(client, cohort, yes.id).status_code == 302
    assert queries.people_inside(cohort.id) == {yes.id}
    again = find(client, cohort, "rosa").get_data(as_text=True)
    assert f'name="person" value="{yes.id}"' not in again
    assert f'name="person" value="{no.id}"' in again


def test_an_agency_admin_neither_finds_nor_enrols_people_of_another_agency(client, cohort, session):
    own, other = make_unit("Dinas Satu"), make_unit("Dinas Dua")
    mine, foreign = make_person(name="Rosa Satu", unit=own), make_person(name="Rosa Dua", unit=other)
    office = make_person(name="Kantor", unit=own)
    grant(office, "agency-admin", unit=own)
    client.sign_in(office)
    page = find(client, cohort, "rosa").get_data(as_text=True)
    assert "Rosa Satu" in page
    assert "Rosa Dua" not in page
    assert enrol(client, cohort, mine.id, foreign.id).status_code == 404
    assert queries.people_inside(cohort.id) == set()
    assert enrol(client, cohort, mine.id).status_code == 302
    assert queries.people_inside(cohort.id) == {mine.id}


def test_nothing_ticked_or_typed_enrols_nobody_and_says_so(client, cohort, session):
    client.sign_in(make_admin())
    assert find(client, cohort, "").status_code == 422
    assert enrol(client, cohort).status_code == 302
    assert "Tidak ada yang didaftarkan" in client.text(address(cohort))
