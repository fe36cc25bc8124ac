from __future__ import annotations

import re

import pytest
from factories import NOON, grant, make_admin, make_person, make_unit
from pages import csrf_token

from lms.auth.models import ResetCode
from lms.auth.one_time_codes import ALPHABET
from lms.auth.phonetic_alphabet import spelled
from lms.auth.services import codes
from lms.core.db import db
from lms.core.ledger import LedgerEntry
from lms.people import queries
from lms.people.models import Person

NIP = "198609262015051001"
PPPK_NUMBER = "199305202023211005"
FORM = {"nip": "19860926 201505 1 001", "name": "Contoh  Nama", "status": "", "rank": "III/b", "unit_id": ""}


@pytest.fixture
def admin(session):
    return make_admin(name="Admin Contoh")


def test_people_pages_are_for_admins_only(client):
    person = make_person()
    paths = ["/admin/people", "/admin/people/new", f"/admin/people/{person.id}"]
    assert [client.get(path).status_code for path in paths] == [302] * 3
    grant(person, "head", unit=make_unit())
    client.sign_in(person)
    assert [client.get(path).status_code for path in paths] == [404] * 3
    for path in ("code", "state", "roles/admin", "roles/head"):
        assert client.post_form(f"/admin/people/{person.id}/{path}", "/account").status_code == 404
    assert db.session.query(ResetCode).count() == 0


def test_the_list_masks_numbers_and_shows_roles(client, admin):
    person = make_person(name="Budi Contoh", nip=NIP)
    grant(person, "head", unit=make_unit())
    page = client.sign_in(admin).get("/admin/people?q=budi").get_data(as_text=True)
    assert "Budi Contoh" in page
    assert "• 001" in page
    assert "19860926" not in page


def test_the_persons_own_page_shows_the_whole_number(client, admin):
    person = make_person(nip=NIP)
    page = client.sign_in(admin).get(f"/admin/people/{person.id}").get_data(as_text=True)
    assert "19860926 201505 1 001" in page
    assert client.get("/admin/people/99999").status_code == 404


def test_the_list_is_narrowed_by_unit_with_those_below_and_by_state(client, admin):
    top = make_unit("Kota", kind="instansi")
    make_person(name="Orang Dalam", unit_id=make_unit("Dinas", parent=top).id)
    make_person(name="Orang Luar")
    make_person(name="Orang Pensiun", is_active=False)
    client.sign_in(admin)
    page = client.get(f"/admin/people?unit={top.id}").get_data(as_text=True)
    assert "Orang Dalam" in page
    assert "Orang Luar" not in page
    page = client.get("/admin/people?state=inactive").get_data(as_text=True)
    assert "Orang Pensiun" in page
    assert "Orang Luar" not in page
    assert client.get("/admin/people?q=takada").status_code == 200
    assert client.get("/admin/people?unit=bukan").status_code == 302


def test_a_whole_number_leads_to_its_owner_and_never_into_an_address(client, admin):
    person = make_person(nip=NIP)
    client.sign_in(admin)
    found = client.post_form("/admin/people", q="19860926 201505 1 001", unit="", state="all")
    assert found.location == f"/admin/people/{person.id}"
    unknown = client.post_form("/admin/people", q=PPPK_NUMBER, unit="", state="active")
    assert unknown.location == "/admin/people"
    words = client.post_form("/admin/people", q="budi", unit="", state="all")
    assert words.location == "/admin/people?q=budi&state=all"


def test_the_demo_accounts_that_are_to_be_deactivated_are_listed(client, admin, session):
    make_person(name="Contoh Coba").is_demo = True
    gone = make_person(name="Contoh Pergi", is_active=False)
    gone.is_demo = True
    make_person(name="Pegawai Nyata")
    session.flush()
    client.sign_in(admin)
    assert 'href="/admin/people?state=demo"' in client.text("/admin")
    page = client.text("/admin/people?state=demo")
    assert "Contoh Coba" in page
    assert "Contoh Pergi" not in page
    assert "Pegawai Nyata" not in page
    assert client.get("/admin/people/export.csv?state=demo").status_code == 200


def test_all_demo_accounts_are_deactivated_at_once_but_the_one_that_does_it(client, admin, session):
    admin.is_demo = True
    demo = [make_person(is_demo=True), make_admin(is_demo=True)]
    assert codes.issue_codes(demo[:1], admin.id, now=NOON)
    real = make_person()
    session.flush()
    client.sign_in(admin)
    listed = "/admin/people?state=demo"
    assert client.post_form("/admin/people/demo/deactivate", page=listed).location == listed
    assert [one.is_active for one in (admin, *demo, real)] == [True, False, False, True]
    assert session.query(ResetCode).one().used_at is not None
    entries = session.query(LedgerEntry).filter_by(verb="deactivate person", actor_id=admin.id)
    assert {one.target for one in entries} == {f"person:{one.id}" for one in demo}
    page = client.text(listed)
    assert "2 akun demo" in page
    assert "/demo/deactivate" not in page


def test_a_real_admin_deactivates_the_demo_admins_too(client, admin, session):
    demo = make_admin(is_demo=True)
    session.flush()
    client.sign_in(admin)
    client.post_form("/admin/people/demo/deactivate", page="/admin/people?state=demo")
    assert not demo.is_active
    assert client.get("/admin/people?state=demo").status_code == 200


def test_long_lists_have_pages(client, admin):
    for number in range(31):
        make_person(name=f"Orang {number:02}")
    client.sign_in(admin)
    assert "Orang 30" not in client.get("/admin/people").get_data(as_text=True)
    assert "Orang 30" in client.get("/admin/people?page=2").get_data(as_text=True)


def test_a_person_is_added_with_the_status_that_the_number_tells(client, admin):
    unit = make_unit()
    client.sign_in(admin)
    answer = client.post_form("/admin/people/new", **{**FORM, "unit_id": str(unit.id), "position": "Analis"})
    person = queries.person_named(NIP)
    assert answer.location == f"/admin/people/{person.id}"
    assert (person.name, person.status, person.rank, person.unit_id) == ("Contoh Nama", "pns", "III/b", unit.id)
    assert db.session.query(LedgerEntry).one().actor_id == admin.id


@pytest.mark.parametrize(
    "changes",
    [
        {"nip": "1986"},
        {"nip": ""},
        {"nip": "198613262015051001"},
        {"name": "  "},
        {"name": " \u200b\u2060"},
        {"name": "x" * 161},
        {"email": "bukan alamat"},
        {"rank": "V/z"},
        {"status": "raja"},
        {"unit_id": "99999"},
    ],
)
def test_a_bad_person_is_sent_back_with_what_was_typed(client, admin, changes):
    client.sign_in(admin)
    answer = client.post_form("/admin/people/new", **{**FORM, "position": "Penata Layanan", **changes})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "field__error" in page
    assert "Penata Layanan" in page
    assert db.session.query(Person).count() == 1


def test_a_number_or_address_of_another_is_refused_at_its_field(client, admin):
    make_person(nip=NIP, email="budi@contoh.go.id")
    client.sign_in(admin)
    taken = client.post_form("/admin/people/new", **FORM)
    assert taken.status_code == 422
    assert 'id="nip-error"' in taken.get_data(as_text=True)
    taken = client.post_form(
        "/admin/people/new", **{**FORM, "nip": PPPK_NUMBER, "rank": "", "email": "Budi@contoh.go.id"}
    )
    assert taken.status_code == 422
    assert 'id="email-error"' in taken.get_data(as_text=True)


def test_a_doubt_is_shown_first_and_saved_when_asked_again(client, admin):
    client.sign_in(admin)
    doubtful = {**FORM, "nip": PPPK_NUMBER, "status": "pns"}
    answer = client.post_form("/admin/people/new", **doubtful)
    assert answer.status_code == 422
    assert 'name="save_anyway"' in answer.get_data(as_text=True)
    assert queries.person_named(PPPK_NUMBER) is None
    assert client.post_form("/admin/people/new", save_anyway="1", **doubtful).status_code == 302
    assert queries.person_named(PPPK_NUMBER).status == "pns"


def test_who_may_be_registered_with_another_number_is_shown_first(client, admin):
    known = make_person(nip="198609262023211004", name="Contoh A. Nama", unit_id=make_unit().id)
    client.sign_in(admin)
    answer = client.post_form("/admin/people/new", **FORM)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert f'href="/admin/people/{known.id}"' in page
    assert 'name="save_anyway"' in page
    assert client.post_form("/admin/people/new", save_anyway="1", **FORM).status_code == 302
    assert queries.person_named(NIP).id != known.id


def test_an_agency_admin_is_not_told_of_people_of_other_agencies(client, session):
    city, district = make_unit("Kota Contoh", kind="instansi"), make_unit("Kabupaten Contoh", kind="instansi")
    make_person(nip="198609262023211004", name="Contoh Nama", unit_id=district.id)
    agency_admin = make_person()
    grant(agency_admin, "agency-admin", unit=city)
    client.sign_in(agency_admin)
    assert client.post_form("/admin/people/new", **{**FORM, "unit_id": str(city.id)}).status_code == 302


def test_a_person_is_changed(client, admin):
    person = make_person(nip=NIP, name="Nama Lama")
    client.sign_in(admin)
    path = f"/admin/people/{person.id}"
    assert client.post_form(path, **{**FORM, "status": "pns", "name": "Nama Baru"}).status_code == 302
    assert db.session.query(Person).filter_by(name="Nama Baru").one().nip == NIP
    assert client.post_form(path, **{**FORM, "status": "pns", "name": ""}).status_code == 422
    assert client.post_form(path, **{**FORM, "status": ""}).status_code == 422


def test_a_name_typed_on_another_device_is_the_same_name(client, admin):
    """A Mac sends letters and accents as two characters each."""
    client.sign_in(admin)
    client.post_form("/admin/people/new", **{**FORM, "name": "Jose\u0301 Andre\u0301"})
    person = db.session.query(Person).filter_by(nip=NIP).one()
    assert person.name == "José André"
    client.post_form(f"/admin/people/{person.id}", **{**FORM, "status": "pns", "name": "Jose\u0301 Andre\u0301"})
    changes = [entry.facts for entry in db.session.query(LedgerEntry).filter_by(verb="update person")]
    assert not any("name" in facts for facts in changes)


def test_a_code_is_shown_once_in_groups_with_words_to_say_it(client, admin):
    person = make_person()
    client.sign_in(admin)
    path = f"/admin/people/{person.id}"
    answer = client.post_form(f"{path}/code", page=path)
    page = answer.get_data(as_text=True)
    code = re.search(r'class="shout code">([A-Z0-9-]+)<', page)[1]
    assert len(code.replace("-", "")) == 10
    assert all(word in page for _sign, word in spelled(code))
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert db.session.query(ResetCode).one().created_by == admin.id
    assert code not in client.get(path).get_data(as_text=True)
    assert client.get(f"{path}/code").status_code == 405


def test_every_sign_of_a_code_has_its_own_word():
    words = [word for _sign, word in spelled(ALPHABET)]
    assert len(set(words)) == len(ALPHABET)
    assert all(word.startswith(sign) for sign, word in spelled(ALPHABET) if sign.isalpha())


def test_no_code_is_made_for_an_inactive_account(client, admin):
    person = make_person(is_active=False)
    client.sign_in(admin)
    answer = client.post_form(f"/admin/people/{person.id}/code", page=f"/admin/people/{person.id}")
    assert answer.status_code == codes.AccountInactive.status
    assert db.session.query(ResetCode).count() == 0


def test_an_account_is_switched_off_with_a_reason_and_on_again(client, admin):
    person = make_person()
    own = client.application.test_client().sign_in(person)
    client.sign_in(admin)
    path = f"/admin/people/{person.id}"
    assert client.post_form(f"{path}/state", page=path, do="deactivate", reason=" ").status_code == 422
    assert own.get("/account").status_code == 200
    assert client.post_form(f"{path}/state", page=path, do="deactivate", reason="Pensiun").status_code == 302
    assert own.get("/account").status_code == 302
    assert "Pensiun" in db.session.query(LedgerEntry).filter_by(verb="deactivate person").one().facts
    assert client.post_form(f"{path}/state", page=path, do="activate").status_code == 302
    assert queries.person(person.id).is_active


def test_roles_are_given_and_taken_back_on_the_page(client, admin):
    person, unit = make_person(), make_unit("Dinas Contoh")
    client.sign_in(admin)
    path = f"/admin/people/{person.id}"
    head = {"head-unit_id": str(unit.id)}
    assert client.post_form(f"{path}/roles/admin", page=path).status_code == 302
    assert client.post_form(f"{path}/roles/head", page=path, **head).status_code == 302
    page = client.get(path).get_data(as_text=True)
    assert "Dinas Contoh" in page
    assert "Admin Contoh" in page, "who gave the role"
    assert client.post_form(f"{path}/roles/admin", page=path, do="revoke").status_code == 302
    [headship] = queries.terms(person, "head", unit_id=unit.id)
    assert client.post_form(f"/admin/roles/{headship.id}", do="revoke").location == f"/admin/units/{unit.id}"
    db.session.expire_all()
    assert queries.person(person.id).grants == []
    assert client.post_form(f"{path}/roles/head", page=path, **{"head-unit_id": ""}).status_code == 422


def test_the_last_admin_keeps_the_role_and_the_account(client, admin):
    client.sign_in(admin)
    path = f"/admin/people/{admin.id}"
    assert client.post_form(f"{path}/roles/admin", page=path, do="revoke").status_code == 409
    assert client.post_form(f"{path}/state", page=path, do="deactivate", reason="Coba").status_code == 409
    assert client.get(path).status_code == 200


def test_an_admin_who_gives_up_the_role_is_led_to_the_first_page(client, admin):
    make_admin(created_at=NOON)
    client.sign_in(admin)
    path = f"/admin/people/{admin.id}"
    answer = client.post_form(f"{path}/roles/admin", page=path, do="revoke")
    assert answer.location == "/"
    assert client.get(path).status_code == 404


def test_a_page_that_was_open_for_a_day_takes_back_nothing_that_others_saved_meanwhile(client, admin):
    """What is left as it was shown stays as it is by now."""
    person_id, unit_id = make_person(name="Nama Lama", nip=NIP, position="Analis").id, make_unit("Dinas Baru").id
    path = f"/admin/people/{person_id}"
    client.sign_in(admin)
    page = client.text(path)
    [seen] = re.findall(r'name="seen"[^>]* value="([^"]+)"', page)
    opened = {"csrf_token": csrf_token(page), "seen": seen, "nip": NIP, "status": "pns", "rank": "", "unit_id": ""}
    person = db.session.get_one(Person, person_id)
    person.unit_id, person.position, person.phone = unit_id, "Analis Muda", "+6281234567890"
    db.session.commit()
    assert client.post(path, data=opened | {"position": "Analis", "name": "Nama Baru"}).status_code == 302
    db.session.expire_all()
    person = db.session.get_one(Person, person_id)
    assert (person.name, person.position) == ("Nama Baru", "Analis Muda")
    assert (person.unit_id, person.phone) == (unit_id, "+6281234567890")
    assert db.session.query(LedgerEntry).filter_by(verb="update person").one().facts.count("unit") == 0
