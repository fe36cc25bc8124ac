"""A certificate with a mistake is revoked, and another is issued in its place: once, by an admin, seen by all."""

from __future__ import annotations

import pytest
from concurrency import run_concurrently
from factories import NOON, make_admin, make_person, make_record
from issuing import hidden_in
from sqlalchemy.exc import IntegrityError

from lms.core.db import db
from lms.core.ledger import LedgerEntry
from lms.courses.models import Course
from lms.people.models import Person
from lms.records import queries, services
from lms.records.models import Record
from lms.records.queries import repeats
from lms.records.services import jp


def make_revoked(person=None) -> Record:
    record = make_record(person)
    services.revoke_record(record, "Nama keliru", actor_id=make_admin().id, now=NOON)
    return record


def replace(record, actor_id=None):
    return services.replace_record(record, actor_id=actor_id or make_admin().id, now=NOON)


def test_the_new_one_says_what_is_known_now_and_the_old_one_stays_revoked(session):
    person = make_person(name="Nama Keliru")
    old = make_revoked(person)
    person.name = "Nama Benar"
    new = replace(old)
    assert (new.snapshot["name"], old.snapshot["name"]) == ("Nama Benar", "Nama Keliru")
    assert (new.enrolment_id, new.replaces_id, new.jp) == (old.enrolment_id, old.id, old.jp)
    assert new.completed_on == old.completed_on
    assert new.number != old.number
    assert new.code != old.code
    assert old.revoked_at == NOON
    assert queries.record_of(old.enrolment_id) is new
    assert queries.jp_in_year(person.id, 2026) == new.jp
    assert [one.is_revoked for one in jp.trainings_of(person.id, repeats.rules())].count(False) == 1
    entry = session.query(LedgerEntry).filter_by(verb="issue record", target=f"record:{new.id}").one()
    assert f'"replaces": "{old.number}"' in entry.facts


def test_pressing_twice_makes_one(session):
    old = make_revoked()
    assert replace(old).id == replace(old).id


def test_two_admins_at_once_make_one(app, session):
    old_id, admins = make_revoked().id, [make_admin().id, make_admin().id]
    session.commit()

    def press(admin_id):
        def deed():
            services.replace_record(db.session.get(Record, old_id), actor_id=admin_id, now=NOON)

        return deed

    run_concurrently(app, press(admins[0]), press(admins[1]))
    assert session.query(Record).filter_by(replaces_id=old_id).count() == 1


def test_the_database_knows_one_first_record_and_one_replacement(session):
    old = make_revoked()
    values = {"person_id": old.person_id, "course_id": old.course_id, "jp": 1, "completed_on": old.completed_on}
    values |= {"snapshot": {}, "issued_at": NOON, "enrolment_id": old.enrolment_id}
    for number, replaces_id in enumerate((None, replace(old).replaces_id)):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.add(Record(code=f"c{number}", number=f"n{number}", replaces_id=replaces_id, **values))
            session.flush()


def test_what_holds_is_not_replaced(session):
    record = make_record()
    with pytest.raises(services.StillValid):
        replace(record)


def test_nobody_replaces_their_own(session):
    admin = make_admin()
    old = make_revoked(admin)
    with pytest.raises(services.OwnRecord):
        replace(old, admin.id)


def test_the_replacement_can_be_revoked_and_replaced_too(session):
    old = make_revoked()
    second = replace(old)
    services.revoke_record(second, "Masih keliru", actor_id=make_admin().id, now=NOON)
    third = replace(second)
    assert queries.record_of(old.enrolment_id) is third
    assert replace(old) is second, "the first was replaced already"


def test_an_admin_finds_the_way_from_the_list_to_the_new_certificate(client, session):
    admin = make_admin()
    client.sign_in(admin)
    old = make_revoked(make_person(name="Maria Contoh"))
    session.commit()
    path = f"/admin/certificates/{old.id}"
    assert f'href="{path}/revoke"' in client.get("/admin/certificates").text
    assert f'href="{path}/replace"' in client.get(f"{path}/revoke").text
    assert "Maria Contoh" in client.get(f"{path}/replace").text
    pressed = hidden_in(client.text(f"{path}/replace"))
    old_name, person = "Maria Contoh", session.get(Person, old.person_id)
    person.name = "Nama Lain"
    session.commit()
    answer = client.post(f"{path}/replace", data=pressed)
    assert answer.status_code == 409
    assert "berubah sejak halaman itu Anda buka" in answer.text
    assert session.query(Record).filter_by(replaces_id=old.id).count() == 0
    person.name = old_name
    session.commit()
    answer = client.post(f"{path}/replace", data=pressed)
    new = session.query(Record).filter_by(replaces_id=old.id).one()
    assert new.number in client.get(answer.location).text
    assert new.number in client.get(f"{path}/revoke").text
    assert client.get(f"{path}/replace").location == f"{path}/revoke", "there is one already"


def test_what_holds_has_no_such_page(client, session):
    client.sign_in(make_admin())
    record = make_record()
    session.commit()
    path = f"/admin/certificates/{record.id}"
    assert client.get(f"{path}/replace").location == f"{path}/revoke"
    assert client.post_form(f"{path}/replace", page=f"{path}/revoke").status_code == 409
    assert client.get("/admin/certificates/99999/replace").status_code == 404


def test_whoever_checks_the_old_one_reads_the_new_number(client, session):
    old = make_revoked()
    assert client.get(f"/verify/{old.code}.json").json["replaced_by"] is None
    new = replace(old)
    session.commit()
    page = client.get(f"/verify/{old.code}").text
    assert new.number in page
    assert new.code not in page, "the code is its owner's to give"
    told = client.get(f"/verify/{old.code}.json").json
    assert (told["status"], told["replaced_by"]) == ("revoked", new.number)
    assert client.get(f"/verify/{new.code}.json").json["status"] == "valid"


def test_the_instructors_list_shows_the_newest_once(client, session):
    old = make_revoked()
    new = replace(old)
    session.commit()
    client.sign_in(make_admin())
    page = client.get(f"/teach/courses/{session.get(Course, old.course_id).slug}/completions").text
    assert new.number in page
    assert old.number not in page
