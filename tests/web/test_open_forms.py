"""Two offices have the same form open: the second is told what the first saved, loses nothing, and can save again."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta

import pytest
from factories import NOON, grant, make_admin, make_cohort, make_person, make_unit

from lms.core import settings
from lms.core.db import db
from lms.core.i18n import today
from lms.core.settings import Setting
from lms.enrolment.models import Cohort
from lms.people.models import Person, RoleGrant, Unit
from lms.records.services.settings import PLACE

TOLD = "Orang lain menyimpan formulir ini selagi terbuka di layar Anda."
NIP = "198609262015052001"


def opened(client, path: str) -> str:
    """What the page shows, as a hidden mark."""
    return re.findall(r'name="seen"[^>]* value="([^"]+)"', client.get(path).text)[0]


def value_of(page: str, name: str) -> str:
    return html.unescape(re.search(rf'<input[^>]* name="{name}"[^>]* value="([^"]*)"', page)[1])


@pytest.fixture
def cohort(client, session) -> Cohort:
    client.sign_in(make_admin())
    return make_cohort(name="Angkatan I", quota=20, starts_on=today(), ends_on=today() + timedelta(days=30))


def sent(cohort: Cohort, **changes) -> dict[str, str]:
    fields = {name: str(getattr(cohort, name)) for name in ("name", "starts_on", "ends_on", "quota")}
    return fields | {"way": "list", "enrols_until": ""} | changes


def test_the_settings_of_a_cohort_are_not_undone_by_a_page_that_was_open(client, cohort):
    path = f"/admin/cohorts/{cohort.id}/settings"
    mine = sent(cohort, name="Angkatan Satu", quota="25") | {"seen": opened(client, path)}
    cohort.quota, cohort.ends_on = 40, date(2027, 3, 5)
    db.session.commit()
    answer = client.post_form(path, **mine)
    assert answer.status_code == 422
    assert TOLD in answer.text
    assert "Hari terakhir: 5 Maret 2027" in answer.text
    assert "40" in answer.text
    assert (db.session.get(Cohort, cohort.id).quota, db.session.get(Cohort, cohort.id).name) == (40, "Angkatan I")
    shown = {name: value_of(answer.text, name) for name in ("name", "starts_on", "ends_on", "quota", "seen")}
    assert (shown["name"], shown["quota"], shown["ends_on"]) == ("Angkatan Satu", "25", "2027-03-05")
    assert client.post_form(path, **(mine | shown)).status_code == 302
    found = db.session.get(Cohort, cohort.id, populate_existing=True)
    assert (found.name, found.quota, found.ends_on) == ("Angkatan Satu", 25, date(2027, 3, 5))


def test_who_enters_what_another_has_saved_is_told_nothing(client, cohort):
    path = f"/admin/cohorts/{cohort.id}/settings"
    mine = sent(cohort, quota="25") | {"seen": opened(client, path)}
    cohort.quota = 25
    db.session.commit()
    assert client.post_form(path, **mine).status_code == 302


def test_so_are_name_and_kind_of_a_unit(client, session):
    client.sign_in(make_admin())
    unit = make_unit("Dinas Lama", make_unit("Kota", kind="instansi"), kind="opd")
    path = f"/admin/units/{unit.id}"
    seen = opened(client, path)
    unit.name = "Dinas Orang Lain"
    db.session.commit()
    answer = client.post_form(path, name="Dinas Saya", kind="opd", seen=seen)
    assert answer.status_code == 422
    assert TOLD in answer.text
    assert "Dinas Orang Lain" in answer.text
    assert value_of(answer.text, "name") == "Dinas Saya"
    again = value_of(answer.text, "seen")
    assert client.post_form(path, name="Dinas Saya", kind="opd", seen=again).status_code == 302
    assert db.session.get(Unit, unit.id, populate_existing=True).name == "Dinas Saya"


def test_so_is_the_term_of_a_role(client, session):
    client.sign_in(make_admin())
    grant(head := make_person(), "head", unit=make_unit())
    term = db.session.query(RoleGrant).filter_by(person_id=head.id).one()
    path = f"/admin/roles/{term.id}"
    seen = opened(client, path)
    term.ends_on = date(2030, 5, 5)
    db.session.commit()
    mine = {"starts_on": "", "ends_on": "2029-01-01"}
    answer = client.post_form(path, **mine, seen=seen)
    assert answer.status_code == 422
    assert "5 Mei 2030" in answer.text
    assert client.post_form(path, **mine, seen=value_of(answer.text, "seen")).status_code == 302
    assert db.session.get(RoleGrant, term.id, populate_existing=True).ends_on == date(2029, 1, 1)


def test_so_is_a_detail_of_a_person_that_both_have_changed(client, session):
    client.sign_in(make_admin())
    person = make_person(name="Nama Lama", nip=NIP, position="Analis", rank="")
    path = f"/admin/people/{person.id}"
    mine = {"name": "Nama Lama", "nip": NIP, "status": "pns", "rank": "", "unit_id": "", "position": "Analis Madya"}
    seen = opened(client, path)
    person.position = "Analis Muda"
    db.session.commit()
    answer = client.post_form(path, **mine, seen=seen)
    assert answer.status_code == 422
    assert "Analis Muda" in answer.text
    assert value_of(answer.text, "position") == "Analis Madya"
    assert client.post_form(path, **mine, seen=value_of(answer.text, "seen")).status_code == 302
    assert db.session.get(Person, person.id, populate_existing=True).position == "Analis Madya"


def test_so_is_a_setting_of_the_site(client, session, monkeypatch):
    monkeypatch.setattr(settings, "registered", dict[str, Setting]({PLACE.name: PLACE}))
    client.sign_in(make_admin())
    settings.change(PLACE, "Aimas", actor_id=None, now=NOON)
    mine = {f"rule_{PLACE.name}": "Waisai", f"shown_{PLACE.name}": "Sorong"}
    answer = client.post_form("/admin/settings", **mine)
    assert answer.status_code == 422
    assert TOLD in answer.text
    assert settings.value(PLACE) == "Aimas"
    assert value_of(answer.text, f"rule_{PLACE.name}") == "Waisai"
    again = {f"shown_{PLACE.name}": value_of(answer.text, f"shown_{PLACE.name}")}
    assert client.post_form("/admin/settings", **(mine | again)).status_code == 302
    assert settings.value(PLACE) == "Waisai"
