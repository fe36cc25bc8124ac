"""An instructor issues certificates to a whole course, with and without scripts, while the worker runs."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from shots import Shots
from sqlalchemy import create_engine, insert, select, text

from lms.core import clock
from lms.core.db import psycopg_url
from lms.courses.models import CourseRevision
from lms.demo.cast import INSTRUCTOR
from lms.enrolment.models import Cohort, Enrolment
from lms.learning.models import Completion, Progress
from lms.people.models import Person

pytestmark = [pytest.mark.browser, pytest.mark.once]

COURSE = "pelayanan-publik"
PEOPLE = 130


def finish(server, first: int) -> None:
    """``PEOPLE`` more people have completed the course; every tenth no longer has the score for it."""
    now = clock.now()
    engine = create_engine(psycopg_url(server.database_url))
    with engine.begin() as connection:
        revision_id, course_id, rule = connection.execute(
            select(CourseRevision.id, CourseRevision.course_id, CourseRevision.completion)
            .where(CourseRevision.is_current, CourseRevision.title.icontains("pelayanan"))
            .order_by(CourseRevision.id)
            .limit(1)
        ).one()
        items = connection.execute(
            text("SELECT item_id, id, type FROM item_revision WHERE revision_id = :id"), {"id": revision_id}
        ).all()
        cohort_id = connection.scalars(
            insert(Cohort).returning(Cohort.id),
            [{"course_id": course_id, "name": f"Angkatan uji {first}", "is_open": False, "created_at": now,
              "starts_on": now.date(), "ends_on": now.date()}],
        ).one()  # fmt: skip
        for number in range(first, first + PEOPLE):
            person_id = connection.scalars(
                insert(Person).returning(Person.id),
                [{"email": f"uji{number}@contoh.go.id", "name": f"Peserta Uji {number}", "status": "non-asn",
                  "rank": "", "position": "", "created_at": now, "is_active": True, "must_change_password": False}],
            ).one()  # fmt: skip
            enrolment_id = connection.scalars(
                insert(Enrolment).returning(Enrolment.id),
                [{"cohort_id": cohort_id, "course_id": course_id, "person_id": person_id, "enrolled_at": now}],
            ).one()
            score = 20 if number % 10 == 0 else 85
            shared = {"enrolment_id": enrolment_id, "state": "done", "started_at": now, "touched_at": now}
            connection.execute(
                insert(Progress),
                [
                    {"item_id": item_id, "item_revision_id": row_id, "done_at": now, **shared,
                     "score": None if kind == "module" else score}
                    for item_id, row_id, kind in items
                ],
            )  # fmt: skip
            facts = {"done": len(items), "needed": len(items), "pass_mark": "70", "rule": rule}
            connection.execute(
                insert(Completion),
                [{"enrolment_id": enrolment_id, "revision_id": revision_id, "completed_at": now, "facts": facts}],
            )
    engine.dispose()


def issue_to_everybody(page: Page, shots: Shots) -> None:
    page.goto(f"/teach/courses/{COURSE}/completions")
    page.click("summary:has-text('Semua sekaligus')")
    shots(page, "completions")
    page.click("button[name=everyone]")
    expect(page.locator("h2").first).to_contain_text("Sebelum menerbitkan")
    shots(page, "look")
    page.click("main form[method=post] button")
    expect(page.locator("h2").first).to_contain_text("Penerbitan")
    shots(page, "started")
    expect(page.locator(".note--done")).to_be_visible(timeout=90_000)
    shots(page, "finished")


@pytest.mark.parametrize(("scripts", "width", "first"), [(True, 1280, 1000), (False, 360, 2000)])
def test_everybody_gets_a_certificate_and_the_refused_are_named(open_page, server, scripts, width, first):
    finish(server, first)
    page = open_page(INSTRUCTOR, scripts=scripts, width=width)
    issue_to_everybody(page, Shots(f"issuing-{width}"))
    tiles = [int(tile.inner_text()) for tile in page.locator(".tile b").all()]
    assert tiles[0] >= PEOPLE - PEOPLE // 10
    assert tiles[1] == 0
    assert tiles[2] >= PEOPLE // 10
    first_rows = page.locator("tbody tr").all()[: PEOPLE // 10]
    assert all("padahal syaratnya" in row.inner_text() for row in first_rows)
    address = page.url
    page.goto(f"/teach/courses/{COURSE}/completions")
    page.click("summary:has-text('Penerbitan terakhir')")
    page.locator("details[open] li a").first.click()
    page.wait_for_url(address)
    given = server.ask("SELECT number FROM record")
    assert len(given) == len(set(given))
