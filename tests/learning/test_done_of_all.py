"""Progress is told the same everywhere: done of all items that count (docs/decisions/0017)."""

from __future__ import annotations

import csv
import io
import re

import pytest
from factories import (
    NOON,
    grant,
    item_of,
    make_admin,
    make_cohort,
    make_course,
    make_enrolment,
    make_person,
    make_revision,
    make_unit,
    publish,
)

from lms.core import clock
from lms.enrolment import services as enrolment
from lms.enrolment.services.histories import history_of, history_text
from lms.learning import services
from lms.learning.models import EnrolmentState
from lms.learning.queries import enrolments
from lms.learning.services import renewal

ITEMS = (
    {"slug": "kata-pengantar", "content": {"complete": "none"}},
    {"slug": "satu"},
    {"slug": "dua"},
    {"slug": "tiga"},
    {"slug": "empat", "is_required": False},
    {"slug": "lima", "is_required": False},
)
"""Five of them count, three are required."""


def make_world(items, read=("satu", "empat")):
    course = make_course("kecil", ITEMS, title="Kursus kecil", completion={"items": items, "score": None})
    learner = make_person(name="Rahma", unit_id=make_unit("Dinas Contoh").id)
    taken = make_enrolment(learner, course)
    for slug in read:
        services.record_read(taken.id, item_of(course, slug), now=clock.now())
    return course, learner, taken


def shown(page: str) -> set[str]:
    return set(re.findall(r"(\d+ dari \d+) materi selesai", page))


@pytest.mark.parametrize("items", ["all", "required", 60])
def test_all_pages_say_the_same_of_the_same_learner(client, session, items):
    course, learner, taken = make_world(items)
    client.sign_in(learner)
    pages = {path: client.text(path) for path in ("/", "/courses/kecil", "/courses/kecil/dua")}
    assert {path: shown(page) for path, page in pages.items()} == {path: {"2 dari 5"} for path in pages}
    for page in pages.values():
        assert set(re.findall(r'<progress class="bar" value="(\d+)" max="(\d+)"', page)) <= {("2", "5"), ("0", "20")}
    client.sign_in(grant(make_person(), "instructor", course=course).person)
    assert shown(client.text(f"/teach/courses/kecil/people/{taken.id}")) == {"2 dari 5"}
    assert ">2/5<" in client.text("/teach/courses/kecil")
    client.sign_in(make_admin())
    assert ">2/5<" in client.text("/admin/board")
    rows = list(
        csv.DictReader(io.StringIO(client.get("/admin/board/export.csv").data.decode("utf-8-sig")), delimiter=";")
    )
    wanted = {"all": "3", "required": "2", 60: "1"}[items]
    assert [(row["Selesai"], row["Dari semua materi"], row["Masih perlu"]) for row in rows] == [("2", "5", wanted)]
    with client.application.test_request_context():
        assert "2 dari 5 selesai" in history_text(history_of(learner, make_cohort(course), clock.now()))


@pytest.mark.parametrize(
    ("items", "read", "beside"),
    [
        ("all", ("satu",), None),
        ("required", ("satu", "empat"), "masih perlu 2 lagi"),
        (60, ("satu", "empat"), "masih perlu 1 lagi"),
        ("required", ("satu", "dua", "tiga"), "yang diperlukan sudah selesai"),
        (60, ("satu", "dua", "empat", "lima"), "yang diperlukan sudah selesai"),
        (60, ("satu", "dua", "tiga", "empat", "lima"), None),
    ],
)
def test_beside_it_stands_what_is_still_needed_where_that_is_not_all(client, session, items, read, beside):
    _course, learner, _taken = make_world(items, read)
    page = client.sign_in(learner).text("/courses/kecil")
    found = re.search(r"materi selesai</p>|materi selesai · ([^<·]*)</p>", page)
    assert found
    assert found[1] == beside


def test_the_position_of_an_item_is_no_bar(client, session):
    _course, learner, _taken = make_world("all")
    page = client.sign_in(learner).text("/courses/kecil/dua")
    assert "materi ke-3 dari 6" in page
    assert "<progress" not in page[: page.index('class="fold outline"')]


def test_a_revision_without_an_item_renews_what_the_board_counts(session):
    course, _learner, taken = make_world("required")
    publish(make_revision(course, ITEMS[:4], completion={"items": "required", "score": None}))
    while renewal.renew_marked(now=NOON):
        pass
    row = session.get(EnrolmentState, taken.id, populate_existing=True)
    assert (row.done, row.needed, row.total_done, row.total) == (1, 3, 1, 3)


def test_a_result_of_before_the_columns_shows_what_its_rule_needs(client, session):
    _course, _learner, taken = make_world("required")
    row = session.get(EnrolmentState, taken.id)
    row.total_done = row.total = None
    session.commit()
    assert (result := enrolments.course_results([taken.id])[taken.id])
    assert (result.done, result.total) == (1, 3)
    assert ">1/3<" in client.sign_in(make_admin()).text("/admin/board")


def test_one_who_left_is_counted_the_same(client, session):
    _course, _learner, taken = make_world(60)
    enrolment.withdraw(taken, actor_id=taken.person_id, now=clock.now())
    session.commit()
    assert ">2/5<" in client.sign_in(make_admin()).text("/admin/board?state=withdrawn")
