"""Issuing: once per enrolment, numbered without gaps, with the facts of that day."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from factories import (
    NOON,
    complete,
    item_of,
    make_admin,
    make_course,
    make_enrolment,
    make_graded_course,
    make_person,
    make_record,
    make_unit,
    mark,
)
from query_counting import counted

from lms.core import settings as site_settings
from lms.core.db import db
from lms.core.ledger import LedgerEntry
from lms.enrolment.models import Cohort, Enrolment
from lms.learning import services as learning
from lms.records import queries, services, snapshot
from lms.records.certificate import Signatory, Subject, render_pdf
from lms.records.models import NumberSequence, Record
from lms.records.services import settings
from lms.records.years import JpTarget

NEW_YEAR = datetime(2026, 12, 31, 15, 0, tzinfo=UTC)
"""00.00 WIT on 1 January 2027."""

OWN_RULES = [one for one in site_settings.registered.values() if one.group in (settings.CERTIFICATES, settings.HOURS)]


def issue(enrolment, actor_id=None, now=NOON):
    return services.issue_record(enrolment, actor_id=actor_id, now=now)


def test_a_record_is_numbered_coded_and_frozen(session):
    kota = make_unit("Pemerintah Kota Contoh", kind="instansi")
    dinas = make_unit("Dinas Contoh", kota)
    bidang = make_unit("Bidang Contoh", dinas, kind="bidang")
    person = make_person(name="Maria Contoh", title_after="S.Sos.", rank="III/b", unit_id=bidang.id)
    record = issue(complete(person, make_graded_course(title="Pelatihan Contoh")))
    facts = snapshot.from_json(record.snapshot)
    assert record.number == facts.number == "800/1/BKPSDM/XI/2026"
    assert len(record.code) == 20
    assert facts.verify_url == f"http://localhost/verify/{record.code}"
    assert (record.jp, record.completed_on) == (4, date(2026, 11, 23))
    assert (facts.name, facts.nip) == ("Maria Contoh, S.Sos.", person.nip)
    assert (facts.rank, facts.grade) == ("Penata Muda Tingkat I", "III/b")
    assert (facts.unit, facts.agency) == ("Bidang Contoh, Dinas Contoh", "Pemerintah Kota Contoh")
    assert (facts.course, facts.hours, facts.statement) == ("Pelatihan Contoh", 4, "TELAH MENGIKUTI")
    assert facts.curriculum == (Subject("Modul satu", 3), Subject("Kuis akhir", 1))
    assert facts.signatory == Signatory(name="Penanda Tangan Contoh, S.Sos.")
    assert facts.qualification == ""
    assert render_pdf(facts).startswith(b"%PDF")


def test_what_changes_later_does_not_change_a_record(session):
    person = make_person(name="Nama Lama")
    record = make_record(person)
    before = json.dumps(record.snapshot)
    person.name, person.rank = "Nama Baru", "IV/a"
    site_settings.change(settings.TITLE, "PIAGAM", actor_id=None, now=NOON)
    session.flush()
    assert json.dumps(queries.record_of(record.enrolment_id).snapshot) == before


def test_issuing_is_written_to_the_ledger_without_a_nip(session):
    actor = make_person()
    enrolment = complete()
    record = issue(enrolment, actor.id)
    entry = session.query(LedgerEntry).filter_by(target=f"record:{record.id}").one()
    assert (entry.verb, entry.actor_id) == ("issue record", actor.id)
    facts = json.loads(entry.facts)
    assert facts["number"] == record.number
    assert facts["sha256"] == snapshot.digest(record.snapshot)
    assert record.snapshot["nip"] not in entry.facts


def test_issuing_reads_all_settings_with_one_query(session):
    enrolment = complete(make_person(), make_graded_course())
    session.commit()
    with counted() as statements:
        issue(enrolment)
        session.commit()
    assert len([statement for statement in statements if "rule_value" in statement]) == 1


def test_issuing_twice_gives_the_first_record(session):
    enrolment = complete()
    first = issue(enrolment)
    assert issue(enrolment, make_admin().id, NOON + timedelta(days=1)).id == first.id
    assert session.query(Record).count() == 1
    assert session.get(NumberSequence, 2026).last == 1


def test_numbers_run_through_the_year_and_begin_again_in_the_next(session):
    course = make_graded_course()
    numbers = [issue(complete(course=course), now=now).number for now in (NOON, NOON, NEW_YEAR - timedelta(seconds=1))]
    assert numbers == ["800/1/BKPSDM/XI/2026", "800/2/BKPSDM/XI/2026", "800/3/BKPSDM/XII/2026"]
    assert issue(complete(course=course), now=NEW_YEAR).number == "800/1/BKPSDM/I/2027"


def test_a_transaction_that_fails_leaves_no_gap(session):
    one, two = complete(), complete()
    session.commit()
    issue(one)
    session.rollback()
    assert issue(session.get(Enrolment, two.id)).number == "800/1/BKPSDM/XI/2026"


def test_a_refusal_takes_no_number(session):
    course = make_graded_course()
    lacking, fine = complete(course=course), complete(course=course)
    mark(lacking, course, 40)
    with pytest.raises(services.NoLongerComplete):
        issue(lacking)
    assert issue(fine).number == "800/1/BKPSDM/XI/2026"


def test_a_pattern_changed_within_the_year_never_makes_an_old_number_again(session):
    site_settings.change(settings.NUMBER_PATTERN, "A1{urut}/{tahun}", actor_id=None, now=NOON)
    numbers = {make_record().number for _ in range(2)}
    session.get(NumberSequence, 2026).last = 10
    site_settings.change(settings.NUMBER_PATTERN, "A{urut}/{tahun}", actor_id=None, now=NOON)
    numbers |= {make_record().number for _ in range(2)}
    assert numbers == {"A11/2026", "A12/2026", "A13/2026", "A14/2026"}


def test_a_corrected_mark_keeps_the_record_from_being_issued(session):
    course = make_graded_course()
    enrolment = complete(course=course)
    mark(enrolment, course, 60)
    with pytest.raises(services.NoLongerComplete) as caught:
        issue(enrolment)
    assert "60" in caught.value.text
    assert "70" in caught.value.text


def test_a_pass_mark_raised_later_takes_nothing_away(session):
    course = make_graded_course(completion={"items": "all", "score": None, "attendance": None})
    enrolment = complete(course=course, score=75)
    site_settings.change(learning.PASS_MARK, 90.0, actor_id=None, now=NOON)
    assert issue(enrolment).jp == 4


def test_who_has_not_completed_the_course_gets_nothing(session):
    with pytest.raises(services.NotCompleted):
        issue(make_enrolment())


def test_who_has_left_the_course_gets_nothing(session):
    enrolment = complete()
    enrolment.withdrawn_at = NOON
    session.flush()
    with pytest.raises(services.HasLeft):
        issue(enrolment)


def test_a_course_without_a_certificate_gives_none(session):
    with pytest.raises(services.NoCertificate):
        issue(complete(course=make_graded_course(has_certificate=False)))


def test_nobody_issues_to_themselves_not_even_an_admin(session):
    person = make_admin()
    enrolment = complete(person)
    with pytest.raises(services.OwnRecord):
        issue(enrolment, person.id)
    assert issue(enrolment, make_admin().id).person_id == person.id


def test_a_sign_that_cannot_be_printed_is_said_before_anything_is_issued(session):
    with pytest.raises(services.CannotBePrinted):
        issue(complete(make_person(name="Maria 😀")))
    assert session.query(Record).count() == 0
    assert issue(complete()).number == "800/1/BKPSDM/XI/2026"


def test_an_unusual_sign_that_the_font_has_is_no_obstacle(session):
    assert issue(complete(make_person(name="Μαρία Contoh"))).snapshot["name"] == "Μαρία Contoh"


def test_a_cohort_gives_its_name_and_dates(session):
    course = make_graded_course()
    cohort = Cohort(
        course_id=course.id,
        name="Angkatan I Tahun 2026",
        starts_on=date(2026, 11, 2),
        ends_on=date(2026, 11, 27),
        is_open=False,
        created_at=NOON,
    )
    session.add(cohort)
    session.flush()
    facts = issue(complete(course=course, cohort=cohort)).snapshot
    assert facts["cohort"] == "Angkatan I Tahun 2026"
    assert (facts["begins_on"], facts["ends_on"]) == ("2026-11-02", "2026-11-27")


def test_an_open_course_runs_from_enrolment_to_completion(session):
    facts = issue(complete(enrolled_at=NOON - timedelta(days=12))).snapshot
    assert (facts["begins_on"], facts["ends_on"], facts["cohort"]) == ("2026-11-11", "2026-11-23", "")


def test_the_day_of_completion_is_the_sites_own_day(session):
    record = make_record(now=NEW_YEAR)
    assert record.completed_on == date(2027, 1, 1)


def test_items_that_do_not_add_up_to_the_courses_hours_are_listed_without(session):
    facts = issue(complete(course=make_graded_course(jp=10))).snapshot
    assert facts["hours"] == 10
    assert [subject["hours"] for subject in facts["curriculum"]] == [0, 0]


def test_a_pppk_has_a_grade_without_pangkat(session):
    person = make_person(nip="199305202023211005", status="pppk", rank="IX")
    facts = issue(complete(person)).snapshot
    assert (facts["rank"], facts["grade"]) == ("", "IX")


def test_the_rules_decide_statement_qualification_and_signatory(session):
    for rule, value in [
        (settings.GRADED_STATEMENT, "LULUS"),
        (settings.SHOW_QUALIFICATION, 1),
        (settings.ORGANISER, "Bidang Contoh"),
        (settings.SIGNATORY_NAME, "Contoh Kepala"),
        (settings.SIGNATORY_NIP, "19710105 199503 1 003"),
    ]:
        site_settings.change(rule, value, actor_id=None, now=NOON)
    facts = issue(complete(score=85)).snapshot
    assert (facts["statement"], facts["qualification"]) == ("LULUS", "Memuaskan")
    assert facts["organiser"] == "Bidang Contoh"
    assert facts["signatory"]["nip"] == "197101051995031003"


def test_training_without_marks_was_attended_and_has_no_qualification(session):
    site_settings.change(settings.GRADED_STATEMENT, "LULUS", actor_id=None, now=NOON)
    site_settings.change(settings.SHOW_QUALIFICATION, 1, actor_id=None, now=NOON)
    course = make_course(items=({"slug": "modul-satu", "jp": 4},))
    enrolment = make_enrolment(course=course)
    learning.record_read(enrolment.id, item_of(course, "modul-satu"), now=NOON)
    facts = issue(enrolment).snapshot
    assert (facts["statement"], facts["qualification"]) == ("TELAH MENGIKUTI", "")


def test_many_are_issued_at_once_and_each_is_reported(session):
    course = make_graded_course()
    actor = make_person()
    fine = [complete(course=course) for _ in range(3)]
    lacking, own = complete(course=course), complete(actor, course)
    mark(lacking, course, 10)
    results = services.issue_records([fine[0], lacking, fine[1], own, fine[2]], actor_id=actor.id, now=NOON)
    assert [one.record.number.split("/")[1] if one.record else None for one in results] == ["1", None, "2", None, "3"]
    assert isinstance(results[1].refusal, services.NoLongerComplete)
    assert isinstance(results[3].refusal, services.OwnRecord)


def test_at_the_same_moment_no_number_is_given_twice_and_nobody_gets_two(app, session):
    course = make_graded_course()
    ids = [complete(course=course).id for _ in range(4)]
    session.commit()
    together = Barrier(4)

    def press(order: list[int]) -> list[str]:
        """An instructor who issues to all of them, in an order of her own."""
        with app.app_context():
            together.wait()
            enrolments = [db.session.get(Enrolment, one) for one in order]
            db.session.rollback()
            results = services.issue_records(enrolments, actor_id=None, now=NOON)
            numbers = [one.record.number for one in sorted(results, key=lambda one: one.enrolment.id)]
            db.session.commit()
            return numbers

    with ThreadPoolExecutor(4) as pool:
        seen = list(pool.map(press, [ids, ids[::-1], ids[2:] + ids[:2], ids[1:] + ids[:1]]))
    session.expire_all()
    records = session.query(Record).order_by(Record.enrolment_id).all()
    assert seen == [[record.number for record in records]] * 4
    assert sorted(record.number.split("/")[1] for record in records) == ["1", "2", "3", "4"]
    assert session.get(NumberSequence, 2026).last == 4


def test_revoking_keeps_the_record_with_who_when_and_why(session):
    record, admin = make_record(), make_admin()
    services.revoke_record(record, "Salah orang", actor_id=admin.id, now=NOON)
    assert (record.revoked_at, record.revoked_by, record.revoke_reason) == (NOON, admin.id, "Salah orang")
    assert session.query(LedgerEntry).filter_by(verb="revoke record", target=f"record:{record.id}").count() == 1


def test_a_second_revocation_is_refused_and_the_first_reason_stands(session):
    record, admin = make_record(), make_admin()
    services.revoke_record(record, "Alasan pertama", actor_id=admin.id, now=NOON)
    with pytest.raises(services.AlreadyRevoked):
        services.revoke_record(record, "Alasan kedua", actor_id=admin.id, now=NOON)
    assert record.revoke_reason == "Alasan pertama"


def test_a_revoked_record_is_never_issued_again(session):
    record = make_record()
    services.revoke_record(record, "Salah", actor_id=make_admin().id, now=NOON)
    again = issue(session.get(Enrolment, record.enrolment_id))
    assert (again.id, again.revoked_at) == (record.id, NOON)


def test_jp_count_in_the_year_of_completion_and_not_when_revoked(session):
    person, other = make_person(), make_person()
    make_record(person)
    make_record(person, now=NEW_YEAR)
    revoked = make_record(person)
    services.revoke_record(revoked, "Salah", actor_id=make_admin().id, now=NOON)
    assert (queries.jp_in_year(person.id, 2026), queries.jp_in_year(person.id, 2027)) == (4, 4)
    assert queries.jp_of_people([person.id, other.id], 2026) == {person.id: 4}
    assert queries.jp_in_year(other.id, 2026) == 0
    assert [one.person_id for one in queries.records_of(person.id)] == [person.id] * 3


def test_waiting_are_completions_without_a_record(session):
    course, other = make_graded_course(), make_graded_course()
    enrolment = complete(course=course)
    complete(course=course)
    left = complete(course=course)
    left.withdrawn_at = NOON
    complete(course=other)
    complete(course=make_graded_course(has_certificate=False))
    session.flush()
    assert sum(queries.ready_counts([course.id]).values()) == 2
    issue(enrolment)
    assert sum(queries.ready_counts([course.id]).values()) == 1
    assert sum(queries.ready_counts([course.id, other.id]).values()) == 2
    assert sum(queries.ready_counts([]).values()) == 0


@pytest.mark.parametrize(
    ("status", "target"),
    [
        ("pns", (20, "floor")),
        ("cpns", (20, "floor")),
        ("pppk", (24, "ceiling")),
        ("pppk-paruh-waktu", (24, "ceiling")),
        ("non-asn", (0, "floor")),
    ],
)
def test_each_status_has_its_target(session, status, target):
    assert settings.jp_target(status, 2026) == JpTarget(*target)


def test_an_admin_changes_target_and_meaning(session):
    jp, meaning = settings.TARGETS["pppk"]
    site_settings.change(jp, 20, actor_id=None, now=NOON, year=2026)
    site_settings.change(meaning, "minimal", actor_id=None, now=NOON, year=2026)
    assert settings.jp_target("pppk", 2025) == JpTarget(24, "ceiling")
    assert settings.jp_target("pppk", 2026) == JpTarget(20, "floor")


@pytest.mark.parametrize(
    ("rule", "wrong"),
    [
        (settings.NUMBER_PATTERN, "{urut}/BKPSDM"),
        (settings.NUMBER_PATTERN, "{kode_kursus}/{kode_kursus}/{kode_kursus}/{urut}/{tahun}"),
        (settings.KODE, ""),
        (settings.TITLE, " " * 61),
        (settings.ISSUER, "Dua\nbaris"),
        (settings.SIGNATORY_NIP, "1971"),
        (settings.QUALIFICATIONS, "Memuaskan 80"),
        (settings.TARGETS["pns"][0], -1),
        (settings.TARGETS["pns"][1], "kira-kira"),
    ],
)
def test_a_wrong_value_for_a_rule_gets_a_complaint(session, rule, wrong):
    assert rule.check(wrong)


@pytest.mark.parametrize("rule", OWN_RULES, ids=lambda rule: rule.name)
def test_every_default_is_a_value_that_passes_its_own_check(session, rule):
    assert rule.check(rule.default) is None
