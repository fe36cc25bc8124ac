"""Dropped scores and extra credit: results follow the published rule, and pages say what was left out and added."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from factories import (
    NOON,
    grant,
    item_of,
    make_course,
    make_enrolment,
    make_person,
    make_revision,
    name_signatory,
    publish,
    record_result,
)
from quiz_factories import content as quiz_content

from lms.core.db import db
from lms.courses.models import Course
from lms.enrolment.models import Enrolment
from lms.learning import queries
from lms.learning.models import EnrolmentState
from lms.people.models import Person
from lms.records import services as records

D = Decimal
SLUGS = ("satu", "dua", "tiga")
ALL_COUNT, ONE_IS_DROPPED = (
    {"items": "all", "score": 70.0},
    {"items": "all", "score": 70.0, "drop_lowest": {"": 1}},
)


def quizzes(**values) -> tuple[dict[str, object], ...]:
    """``values`` by slug are those of the item's content."""
    own = {"version": 1}
    return tuple(
        {"slug": one, "type": "quiz", "title": f"Kuis {one}", "content": quiz_content() | own | values.get(one, {})}
        for one in SLUGS
    )


def take(course: Course, *scores: int) -> Enrolment:
    enrolment = make_enrolment(make_person(), course)
    for slug, score in zip(SLUGS, scores, strict=False):
        record_result(enrolment, item_of(course, slug), score, source=f"attempt:{enrolment.id}{slug}")
    return enrolment


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("<main")[2]).split())


def completed_with(enrolment: Enrolment) -> Decimal | None:
    db.session.expire_all()
    found = queries.completion_of(enrolment.id)
    return found.score if found else None


def test_who_passes_without_the_lowest_score_completes_when_the_rule_is_published(session):
    course = make_course(items=quizzes(), completion=ALL_COUNT)
    enrolment = take(course, 30, 90, 75)
    assert completed_with(enrolment) is None  # 65
    publish(make_revision(course, quizzes(), completion=ONE_IS_DROPPED))
    assert completed_with(enrolment) == D("82.50")
    assert session.get(EnrolmentState, enrolment.id).state == "finished"


def test_extra_credit_completes_too(session):
    course = make_course(items=quizzes(), completion=ALL_COUNT)
    enrolment = take(course, 60, 60, 40)
    assert completed_with(enrolment) is None  # 53.33
    publish(make_revision(course, quizzes(tiga={"is_extra": True}), completion=ALL_COUNT))
    assert completed_with(enrolment) == D("80.00")  # 60 + 40 / 2


def test_a_completion_and_its_record_keep_what_they_say(session):
    name_signatory()
    course = make_course(items=quizzes(), completion=ONE_IS_DROPPED)
    enrolment = take(course, 30, 90, 75)
    record = records.issue_record(enrolment, actor_id=None, now=NOON)
    before, code = dict(record.snapshot), record.code
    publish(make_revision(course, quizzes(), completion=ALL_COUNT))
    assert completed_with(enrolment) == D("82.50")
    session.refresh(record)
    assert (dict(record.snapshot), record.code) == (before, code)


@pytest.fixture
def course(session) -> Course:
    return make_course(items=quizzes(tiga={"is_extra": True}), completion=ONE_IS_DROPPED)


def test_the_learner_reads_what_was_dropped_and_what_extra_credit_added(client, course):
    enrolment = take(course, 50, 90, 10)
    page = words(client.sign_in(db.session.get_one(Person, enrolment.person_id)).text(f"/marks/{course.slug}"))
    assert "Nilai akhir tidak menghitung 1 nilai yang paling sedikit membantu" in page
    assert "Nilai tambahan menambah 5" in page
    assert "Jumlah: 95 sementara, 95 pada nilai akhir" in page
    assert page.count("tidak dihitung dalam nilai akhir") == 1


def test_the_gradebook_marks_what_was_left_out_and_which_item_is_extra_credit(client, course):
    take(course, 50, 90, 10)
    teacher = make_person()
    grant(teacher, "instructor", course=course)
    page = words(client.sign_in(teacher).text(f"/teach/courses/{course.slug}/gradebook"))
    assert "50 tidak dihitung" in page
    assert page.count("tidak dihitung") == 2  # the cell and what it means
    assert "nilai tambahan" in page
    assert "95" in page


def test_nothing_is_said_where_all_scores_count(client, session):
    course = make_course(items=quizzes(), completion=ALL_COUNT)
    enrolment = take(course, 50, 90, 10)
    page = words(client.sign_in(db.session.get_one(Person, enrolment.person_id)).text(f"/marks/{course.slug}"))
    assert "dihitung" not in page.replace("menghitung", "")
    assert "tambahan" not in page
