"""The page before issuing: what will be printed and what is missing; what was looked at is what is issued."""

from __future__ import annotations

import pytest
from factories import NOON, complete, grant, make_admin, make_cohort, make_person, make_unit, mark
from issuing import issue_looked_at, looked_at
from query_counting import counted

from lms.core import settings as site_settings
from lms.core.db import db
from lms.people.models import Person, Unit
from lms.records import jobs, queries
from lms.records.models import Record, RecordBatch, RecordBatchEntry
from lms.records.services import batches, preview, readiness, settings, waiting

PATH = "/teach/courses/terbit/completions"
READY = f"{PATH}/ready"


@pytest.fixture
def office():
    return make_unit("Bidang Contoh", make_unit("Dinas Contoh", make_unit("Pemerintah Contoh", kind="instansi")))


@pytest.fixture
def full(course, office):
    """Somebody of whom nothing is missing."""
    person = make_person(
        name="Maria Contoh", title_after="S.Sos.", nip="199001012015031777", rank="III/b", unit_id=office.id
    )
    return complete(person, course, cohort=make_cohort(course, name="Angkatan Satu"))


@pytest.fixture
def poor(course):
    return complete(make_person(name="Beatriks Contoh", rank="", position=""), course)


def test_the_page_says_what_will_be_printed_and_issues_nothing(client, session, instructor, full):
    site_settings.change(settings.SHOW_QUALIFICATION, True, actor_id=None, now=NOON)
    page = client.sign_in(instructor).text(f"{READY}?enrolment={full.id}")
    for fact in (
        "Maria Contoh, S.Sos.",
        "•••••••• •••••• • 777",
        "Penata Muda Tingkat I, III/b",
        "Analis; Bidang Contoh, Dinas Contoh; Pemerintah Contoh",
        "Angkatan Satu, 4 JP",
        "85, Memuaskan",
        "800/1/BKPSDM/",
        "Penanda Tangan Contoh, S.Sos.",
        "Terbitkan 1 sertifikat",
        "Sesudah terbit tidak dapat diubah",
    ):
        assert fact in page, fact
    assert "199001012015031777" not in page
    assert session.query(Record).count() == 0


def test_it_names_what_is_missing_and_issues_all_the_same(client, session, instructor, full, poor):
    client.sign_in(instructor)
    page = client.text(f"{READY}?everyone=1")
    assert "Data 1 orang belum lengkap" in page
    assert "kurang: golongan, jabatan, unit" in page
    assert page.index("Beatriks") < page.index("Maria")  # first who lacks something
    issue_looked_at(client, PATH, everyone=1)
    assert [row.snapshot["name"] for row in session.query(Record).order_by(Record.id)] == [
        "Beatriks Contoh",
        "Maria Contoh, S.Sos.",
    ]


@pytest.mark.parametrize("chosen", ["everyone", "by name"])
def test_those_whose_data_are_complete_can_go_first(client, session, instructor, full, poor, chosen):
    client.sign_in(instructor)
    who = {"everyone": 1} if chosen == "everyone" else {"enrolment": [full.id, poor.id]}
    assert "Hanya 1 orang yang datanya lengkap" in client.get(READY, query_string=who).text
    issue_looked_at(client, PATH, complete=1, **who)
    assert [row.enrolment_id for row in session.query(Record)] == [full.id]


def test_an_admin_is_led_to_the_person_and_an_instructor_is_told_whom_to_ask(client, instructor, poor):
    admin, link = make_admin(name="Admin Situs"), f'href="/admin/people/{poor.person_id}"'
    address = f"{READY}?enrolment={poor.id}"
    page = client.sign_in(instructor).text(address)
    assert link not in page
    assert "Admin Situs" in page
    assert link in client.sign_in(admin).text(address)


def test_an_agency_admin_fills_in_for_the_own_people_only(client, session, course, instructor, office):
    own = complete(make_person(position="", unit_id=office.id), course)
    other = complete(make_person(position="", unit_id=make_unit().id), course)
    grant(instructor, "agency-admin", unit=session.get(Unit, office.parent.parent_id))
    page = client.sign_in(instructor).text(f"{READY}?everyone=1")
    assert f'href="/admin/people/{own.person_id}"' in page
    assert f'href="/admin/people/{other.person_id}"' not in page


def test_no_rank_is_missed_of_people_who_have_none(course):
    for values in (
        {"status": "non-asn", "rank": "", "nip": None, "email": "a@contoh.go.id"},
        {"status": "pppk", "rank": "IX"},
        {"status": "pppk", "rank": ""},
        {"position": ""},
        {"unit_id": make_unit().id},
    ):
        complete(make_person(**values), course)
    rows = queries.candidates(db.session.execute(waiting.to_look_at(None, course.id, not_of=0)).all())
    by_python = {one.person.id for one in rows if readiness.missing_data(one.person)}
    by_sql = {person.id for person in db.session.query(Person).filter(queries.lacks_data())}
    assert by_python == by_sql
    assert len(by_python) == 4
    [kind] = [one.person for one in rows if one.person.status == "non-asn"]
    assert [str(one) for one in readiness.missing_data(kind)] == ["unit kerja"]


def renamed(enrolment, course):
    db.session.get(Person, enrolment.person_id).name = "Nama Baru"


def promoted(enrolment, course):
    db.session.get(Person, enrolment.person_id).rank = "III/c"


def moved(enrolment, course):
    db.session.get(Person, enrolment.person_id).unit_id = make_unit("Dinas Lain").id


def office_renamed(enrolment, course):
    db.session.query(Unit).filter_by(name="Dinas Contoh").one().name = "Dinas Baru"


def marked_again(enrolment, course):
    mark(enrolment, course, 95)


def cohort_renamed(enrolment, course):
    enrolment.cohort.name = "Angkatan Dua"


def signed_by_another(enrolment, course):
    site_settings.change(settings.SIGNATORY_NAME, "Pejabat Baru", actor_id=None, now=NOON)


CHANGES = [renamed, promoted, moved, office_renamed, marked_again, cohort_renamed, signed_by_another]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("chosen", ["everyone", "by name"])
def test_what_has_changed_since_is_shown_and_not_issued(client, session, course, instructor, full, change, chosen):
    client.sign_in(instructor)
    who = {"everyone": 1} if chosen == "everyone" else {"enrolment": [full.id]}
    sent = looked_at(client, PATH, **who)
    change(full, course)
    session.commit()
    answer = client.post(PATH, data=sent)
    assert answer.location.startswith(READY)
    assert "data yang akan tercetak berubah sejak halaman itu Anda buka" in client.text(answer.location)
    assert session.query(Record).count() == session.query(RecordBatch).count() == 0
    assert issue_looked_at(client, PATH, **who).location == f"{PATH}/1"
    assert session.query(Record).count() == 1


def test_what_changes_while_a_batch_waits_is_not_issued(session, course, instructor, full, poor):
    ids = [full.id, poor.id]
    batch = batches.start_batch(course.id, ids, actor_id=instructor.id, newest=0, seen=preview.marks_of(ids), now=NOON)
    renamed(full, course)
    session.commit()
    jobs.issue_batch(batch.id)
    assert [row.enrolment_id for row in session.query(Record)] == [poor.id]
    entry = session.query(RecordBatchEntry).filter_by(enrolment_id=full.id).one()
    assert entry.refusal == "changed"
    assert "berubah sejak diperiksa" in batches.refusal_text(entry)


def test_a_page_of_before_leads_to_the_look(client, session, instructor, full):
    client.sign_in(instructor)
    answer = client.post_form(PATH, "/account", enrolment=[full.id])
    assert answer.location == f"{READY}?enrolment={full.id}"
    assert "berubah sejak" not in client.text(answer.location)
    assert session.query(Record).count() == 0


def test_pressing_twice_for_everybody_comes_to_the_same_batch(client, session, instructor, full, poor):
    client.sign_in(instructor)
    sent = looked_at(client, PATH, everyone=1)
    assert [client.post(PATH, data=sent).location for _ in range(2)] == [f"{PATH}/1"] * 2
    assert session.query(RecordBatch).count() == 1
    assert session.query(Record).count() == 2


def test_a_number_of_a_batch_that_none_can_have_starts_no_second_one(client, session, instructor, full, poor):
    client.sign_in(instructor)
    sent = looked_at(client, PATH, everyone=1) | {"newest": "9" * 5000}
    assert [client.post(PATH, data=sent).status_code for _ in range(2)] == [303, 303]
    assert session.query(RecordBatch).count() == 1


def test_without_a_signatory_there_is_no_button_and_nothing_is_issued(client, session, instructor, full):
    client.sign_in(instructor)
    sent = looked_at(client, PATH, enrolment=[full.id])
    site_settings.change(settings.SIGNATORY_NAME, "", actor_id=None, now=NOON)
    session.commit()
    page = client.text(client.post(PATH, data=sent).location)
    assert "belum ada nama penanda tangan" in page
    assert "Terbitkan 1 sertifikat" not in page
    assert session.query(RecordBatch).count() == 0


def test_the_page_asks_no_more_of_the_database_for_more_people(client, course, instructor, monkeypatch):
    from lms.records.views import instructor as pages

    monkeypatch.setattr(pages, "PER_PAGE", 2)
    client.sign_in(instructor)

    def statements() -> int:
        db.session.commit()
        with counted() as found:
            assert client.get(f"{READY}?everyone=1").status_code == 200
        return len(found)

    for _ in range(3):
        complete(course=course)
    client.get(f"{READY}?everyone=1")
    few = statements()
    for _ in range(12):
        complete(course=course)
    assert statements() == few
    page = client.text(f"{READY}?everyone=1")
    assert "Terbitkan 15 sertifikat" in page
    assert page.count("<tr>") == 3
    assert "page=2" in page


def test_the_governments_name_is_shown_and_printed(client, session, instructor, full):
    client.sign_in(instructor)
    sent = looked_at(client, PATH, enrolment=[full.id])
    site_settings.change(settings.GOVERNMENT, "Pemerintah Kota Contoh", actor_id=None, now=NOON)
    session.commit()
    page = client.text(client.post(PATH, data=sent).location)
    assert "berubah sejak halaman itu Anda buka" in page
    assert "Pemerintah Kota Contoh" in page
    issue_looked_at(client, PATH, enrolment=[full.id])
    record = session.query(Record).one()
    assert record.snapshot["government"] == "Pemerintah Kota Contoh"
    site_settings.change(settings.GOVERNMENT, "Pemerintah Lain", actor_id=None, now=NOON)
    assert record.snapshot["government"] == "Pemerintah Kota Contoh"


def test_for_others_the_page_does_not_exist(client, full):
    assert client.sign_in(make_person()).get(f"{READY}?everyone=1").status_code == 404
