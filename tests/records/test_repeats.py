"""A course completed again: every place counts its JP by the rule of the year, as a loop over all records does."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from factories import (
    complete,
    make_admin,
    make_cohort,
    make_enrolment,
    make_graded_course,
    make_person,
    make_record,
    make_unit,
)
from sqlalchemy import delete, select

from lms.core import clock, settings
from lms.core.db import db
from lms.core.settings import YearlyValue
from lms.counts import queries as counts
from lms.counts import services as counting
from lms.courses.models import Course
from lms.notices.services import events
from lms.people.models import Person
from lms.people.scopes import EVERYBODY, Scope
from lms.people.unit_tree import UnitTree
from lms.records import queries, services, statement
from lms.records.models import Record
from lms.records.queries import repeats
from lms.records.queries.repeats import JP_OF_REPEATS
from lms.records.services import jp
from lms.records.services.path import path_of
from lms.records.years import by_year
from lms.reports.filters import BoardFilters, BoardQuery
from lms.reports.queries import hours, years

ZONE = "Asia/Jayapura"
YEARS = (2024, 2025, 2026)
NOW = datetime(2026, 11, 29, 3, tzinfo=UTC)
LATER = NOW + timedelta(days=800)


def rule(value: str, year: int) -> None:
    settings.change(JP_OF_REPEATS, value, actor_id=None, now=NOW, year=year)


class Training:
    """People who complete courses again and again, and offices that revoke, replace and decide otherwise."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.admin = make_admin()
        self.units = [make_unit(), make_unit()]
        self.people = [make_person(unit_id=self.chance.choice(self.units).id) for _ in range(4)]
        courses = [make_graded_course(f"kursus-{number}", jp=2 + number) for number in range(3)]
        self.cohorts = [make_cohort(course) for course in courses for _ in range(5)]

    def completes(self) -> None:
        person, cohort = self.chance.choice(self.people), self.chance.choice(self.cohorts)
        if not db.session.query(Record).filter_by(person_id=person.id, course_id=cohort.course_id).count() < 5:
            return
        day = datetime(self.chance.choice(YEARS), self.chance.randint(1, 12), self.chance.randint(1, 3), 3, tzinfo=UTC)
        cycle = db.session.query(Record).count() + 1
        enrolment = complete(person, cohort.course, cohort=cohort, cycle=cycle, now=day)
        services.issue_record(enrolment, actor_id=None, now=NOW)

    def is_revoked(self) -> None:
        valid = db.session.scalars(select(Record).where(Record.revoked_at.is_(None)).order_by(Record.id)).all()
        if valid:
            services.revoke_record(self.chance.choice(valid), "Keliru", actor_id=self.admin.id, now=NOW)

    def is_replaced(self) -> None:
        replaced = select(Record.replaces_id).where(Record.replaces_id.is_not(None))
        without = select(Record).where(Record.revoked_at.is_not(None), Record.id.not_in(replaced)).order_by(Record.id)
        if found := db.session.scalars(without).all():
            services.replace_record(self.chance.choice(found), actor_id=self.admin.id, now=NOW)

    def is_ruled(self) -> None:
        rule(self.chance.choice(["each", "yearly", "once"]), self.chance.choice(YEARS))

    def a_rule_is_taken_back(self) -> None:
        db.session.execute(delete(YearlyValue).where(YearlyValue.year == self.chance.choice(YEARS)))
        db.session.expire_all()

    def some_are_counted(self) -> None:
        counting.count_changes()

    ACTS = (
        *(completes, completes, completes, completes, is_revoked, is_replaced, is_ruled, is_ruled),
        *(a_rule_is_taken_back, some_are_counted, some_are_counted),
    )


def rule_of(year: int) -> str:
    rows = [row for row in db.session.scalars(select(YearlyValue)) if row.year <= year]
    return max(rows, key=lambda row: row.year).value if rows else "each"


def counting_records() -> list[Record]:
    """The plain loop: each valid record is held against every other."""
    valid = [one for one in db.session.scalars(select(Record)) if one.revoked_at is None]
    found = []
    for one in valid:
        earlier = [
            other
            for other in valid
            if (other.person_id, other.course_id) == (one.person_id, one.course_id)
            and (other.completed_on, other.enrolment_id) < (one.completed_on, one.enrolment_id)
        ]
        said = rule_of(one.completed_on.year)
        if said == "yearly":
            earlier = [other for other in earlier if other.completed_on.year == one.completed_on.year]
        if said == "each" or not earlier:
            found.append(one)
    return found


@pytest.mark.parametrize("seed", range(6))
def test_every_place_counts_what_a_loop_over_all_records_says(session, monkeypatch, seed):
    monkeypatch.setattr(counting, "AT_ONCE", 2)  # so that some are counted and others are not
    training, repeated = Training(seed), 0
    for number in range(70):
        training.chance.choice(Training.ACTS)(training)
        session.flush()
        if number % 5 == 4:
            session.expire_all()
            holds(training)
            repeated += len(db.session.query(Record).filter_by(revoked_at=None).all()) - len(counting_records())
    counting.count_all()
    assert counts.wrong_counts() == []
    holds(training)
    assert repeated > 5


def holds(training: Training) -> None:
    counted = counting_records()
    for year in YEARS:
        of_year = [one for one in counted if one.completed_on.year == year]
        expected = Counter()
        for one in of_year:
            expected[one.person_id] += one.jp
        assert queries.jp_of_people([one.id for one in training.people], year) == expected
        assert {row[0]: row[1] for row in db.session.execute(queries.jp_by_person(year))} == expected
        people = db.session.scalars(select(Person)).all()
        by_jp = Counter((one.unit_id, one.status, expected[one.id]) for one in people)
        assert merged(hours.of_year(year, [])) == by_jp
        assert merged(hours.of_year(year, [Person.unit_id.in_([one.id for one in training.units])])) == Counter(
            (one.unit_id, one.status, expected[one.id]) for one in people if one.unit_id
        )
        for is_over in (False, True):
            found = years.hours_of_year(year, EVERYBODY, ZONE, is_over=is_over)
            assert sum(one.jp * one.people for one in found) == sum(expected.values())
            each = {one.person_id: one.jp for one in years.people_of_year(year, EVERYBODY, ZONE, is_over=is_over)}
            assert {key: value for key, value in each.items() if value} == expected
            quarters = years.jp_by_quarter(year, EVERYBODY, is_over=is_over)
            assert sum(sum(one.jp) * one.people for one in quarters) == sum(expected.values())
            for scope in (EVERYBODY, Scope(frozenset(one.id for one in training.units))):
                kinds = years.jp_by_kind(year, scope, ZONE, is_over=is_over)
                valid = db.session.query(Record).filter(*queries.valid_in(year)).count()
                assert sum(one.jp for one in kinds) == sum(expected.values())
                assert sum(one.certificates for one in kinds) == valid
        for person in training.people:
            own(person, year, expected[person.id])
    board = BoardQuery(BoardFilters(), EVERYBODY, UnitTree(()), NOW.date(), 7, ZONE, {})
    this = Counter()
    for one in counted:
        this[one.person_id] += one.jp * (one.completed_on.year == NOW.year)
    everybody = db.session.scalars(select(Person)).all()
    assert merged(hours.of_board(board).rows) == Counter((one.unit_id, one.status, this[one.id]) for one in everybody)


def own(person: Person, year: int, expected: int) -> None:
    """What the person reads, what a check of the printed list says, and what the last notice said."""
    listed = {one.year: one.jp for one in by_year(jp.trainings_of(person.id, repeats.rules()), year)}
    assert listed[year] == expected
    records = queries.records_at(person.id, LATER)
    assert statement.by_year(records, LATER, repeats.rules()).get(year, (0, []))[0] == expected
    of_year = [one.id for one in records if one.completed_on.year == year]
    if of_year:
        assert jp.jp_up_to(of_year)[max(of_year)] == expected
    assert sum(one.jp for one in jp._credits(person.id, year)) == expected


def merged(rows) -> Counter:
    found = Counter()
    for one in rows:
        found[one.unit_id, one.status, one.jp] += one.number
    return found


@pytest.fixture
def twice(session, monkeypatch):
    """Somebody who completed a course of 4 JP in March, and again in June, both with a certificate."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    person, course = make_person(), make_graded_course("ulang", title="Kursus Ulang")
    for month in (3, 6):
        cohort = make_cohort(course)
        make_record(person, course, cohort=cohort, now=datetime(2026, month, 9, 3, tzinfo=UTC))
    return person


def test_unless_the_agency_decides_each_certificate_counts(client, twice):
    assert queries.jp_in_year(twice.id, 2026) == 8
    page = client.sign_in(twice).get("/records").text
    assert "Diulang" not in page
    assert "8 JP" in page


@pytest.mark.parametrize("said", ["yearly", "once"])
def test_the_list_says_why_a_repeated_course_does_not_count(client, twice, said):
    rule(said, 2026)
    page = client.sign_in(twice).get("/records").text
    assert page.count("Diulang; JP sudah dihitung pada 9 Maret 2026") == 1
    assert '<span class="figure">4 JP</span>' in page
    finish = client.get("/courses/ulang/finish").text
    assert '<span class="figure">4 JP</span>' in finish
    assert '<span class="figure">4 JP</span>' in client.get("/").text


def test_a_rule_leaves_the_years_before_it(twice):
    rule("once", 2027)
    assert queries.jp_in_year(twice.id, 2026) == 8


def test_once_counts_the_first_of_all_years_and_yearly_the_first_of_each(session):
    person, course = make_person(), make_graded_course()
    for year in (2025, 2026):
        make_record(person, course, cohort=make_cohort(course), now=datetime(year, 6, 9, 3, tzinfo=UTC))
    rule("yearly", 2025)
    assert [queries.jp_in_year(person.id, year) for year in (2025, 2026)] == [4, 4]
    rule("once", 2026)
    assert [queries.jp_in_year(person.id, year) for year in (2025, 2026)] == [4, 0]


def test_after_a_revocation_the_other_one_counts(session, twice):
    rule("once", 2026)
    first = session.query(Record).order_by(Record.id).first()
    services.revoke_record(first, "Keliru", actor_id=make_admin().id, now=NOW)
    assert queries.jp_in_year(twice.id, 2026) == 4
    services.replace_record(first, actor_id=make_admin().id, now=NOW)
    assert jp.counted_before(twice.id).keys() == {session.query(Record).order_by(Record.id)[1].enrolment_id}


def test_what_waits_or_is_learned_again_promises_no_jp(client, session, twice):
    course = session.query(Course).one()
    complete(twice, course, cohort=make_cohort(course), now=NOW)
    make_enrolment(twice, course, cohort=make_cohort(course, starts_on=NOW.date()))
    assert coming(twice) == (4, 4)
    client.sign_in(twice)
    assert "4 JP menunggu sertifikat" in client.get("/records").text
    assert "4 JP menunggu sertifikat" in client.get("/").text
    rule("once", 2026)
    assert coming(twice) == (0, 0)
    page = client.get("/records").text
    assert "JP-nya tidak dihitung lagi" in page
    assert "4 JP menunggu sertifikat" not in page
    assert "4 JP menunggu sertifikat" not in client.get("/").text


def coming(person: Person) -> tuple[int, int]:
    own_year = path_of(person, zone=ZONE, now=NOW).own_year
    return own_year.waiting, own_year.learning


def test_the_notice_of_a_repeated_course_says_that_its_jp_do_not_count(twice):
    rule("once", 2026)
    found = [
        one for one in events._certificates(NOW - timedelta(days=400), NOW, events.Parts()) if one.person_id == twice.id
    ]
    assert [one.facts["jp"] for one in sorted(found, key=lambda one: one.key)] == [4, None]
    assert all(one.facts["total"] == 4 for one in found)


def test_a_printed_list_that_an_older_rule_counted_is_explained(client, session, twice):
    printed = statement.Statement(twice.id, NOW - timedelta(days=3)).code(client.application.secret_key)
    assert "aturan" not in client.get(f"/verify/{printed}").text
    rule("once", 2026)
    page = client.get(f"/verify/{printed}").text
    assert "Diulang; JP sudah dihitung pada 9 Maret 2026" in page
    assert "Aturan untuk kursus yang diselesaikan lagi diubah pada" in page
