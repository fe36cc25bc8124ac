"""What a page of an office costs for each person more, counted in steps of SQLite's virtual machine: no clock.

A page that is paged may count its rows by an index, which takes a handful of steps for each, but not read, join or sort
them. Summaries look at everybody; what that may cost is written beside them. PostgreSQL plans by the size of tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from typing import Any

import pytest
from factories import grant, make_admin, make_course, make_enrolment, make_person, make_record, make_unit
from query_counting import counted
from sqlalchemy import event, insert, select, text

from lms.core import clock
from lms.core.db import Base, db
from lms.core.i18n import to_site_time
from lms.core.ledger import LedgerEntry
from lms.counts.services import count_all
from lms.courses.models import CourseRevision
from lms.enrolment.models import Enrolment
from lms.learning.models import Completion, EnrolmentState
from lms.people.models import Person, RoleGrant
from lms.records.models import Record

FEW, MANY = 300, 3_000
AT_ONCE = 10
"""Steps per count."""

LISTS = {
    "/admin": 12,
    "/admin/audit": 8,
    "/admin/audit?kind=person": 24,
    "/admin/audit?page=5": 8,
    "/admin/certificates": 1,
    "/admin/certificates?page=5": 1,
    "/admin/cohorts": 4,
    "/admin/courses": 12,
    "/admin/people": 18,
    "/admin/people?page=5": 18,
    "/admin/people?q=Nama": 20,
    "/admin/people?q=Nmaa": 66,
    "/admin/people?state=all": 10,
    "/admin/units": 11,
}
SUMMARIES = {
    "/admin/board": 26,
    "/admin/board?state=not-enrolled": 160,
    "/admin/board?state=overdue": 170,
    "/admin/board/people": 120,
    "/admin/reports": 80,
}
TEACHING = {
    "/teach": 30,
    "/teach/courses/banyak": 30,
    "/teach/courses/banyak/completions": 85,
    "/teach/courses/banyak/gradebook": 75,  # its means and its filters are about everybody in the course
    "/teach/grading": 1,
}
MOST = LISTS | SUMMARIES | TEACHING
"""Steps for each person more, who has an enrolment, a completion, a certificate and three entries in the ledger."""


class Office:
    """People who have all completed the same course, with a certificate each."""

    def __init__(self) -> None:
        self.units = [make_unit(f"Dinas {number}").id for number in range(5)]
        enrolment = make_enrolment(make_person(), make_course("banyak"))
        self.cohort_id, self.course_id = enrolment.cohort_id, enrolment.course_id
        self.revision_id = db.session.scalar(select(CourseRevision.id).where(CourseRevision.is_current))
        grant(make_person(), "instructor", course=enrolment.cohort.course)
        self.snapshot = make_record().snapshot
        self.ids = iter(range(1_000, 1_000_000))
        db.session.commit()

    def grow(self, people: int) -> None:
        rows: dict[type[Base], list[dict[str, Any]]] = {}
        for row_id in islice(self.ids, people):
            for model, values in self._person(row_id, clock.now()).items():
                rows.setdefault(model, []).append(values)
        for model, values in rows.items():
            db.session.execute(insert(model), values)
        count_all()  # as the job does
        db.session.commit()

    def _person(self, row_id: int, now: datetime) -> dict[type[Base], dict[str, Any]]:
        mine, key = {"enrolment_id": row_id}, {"id": row_id}
        name, nip = f"Nama {row_id * 7919 % 10_000}", f"{row_id:018}"
        course = {"course_id": self.course_id, "person_id": row_id}
        jp, issued = {"jp": 4, "completed_on": to_site_time(now).date()}, {"issued_at": now, "snapshot": self.snapshot}
        return {
            Person: key
            | {"name": name, "nip": nip, "status": "pns", "unit_id": self.units[row_id % 5], "created_at": now},
            Enrolment: key | course | {"cohort_id": self.cohort_id, "enrolled_at": now},
            EnrolmentState: mine | {"state": "finished", "done": 2, "needed": 2, "touched_at": now},
            Completion: key
            | mine
            | {"revision_id": self.revision_id, "completed_at": now, "facts": {"pass_mark": "70"}},
            Record: key | mine | course | jp | issued | {"code": f"KODE{row_id}", "number": f"800/{row_id}"},
            LedgerEntry: key | {"at": now, "verb": "create person", "target": f"person:{row_id}", "facts": "{}"},
        }


@pytest.fixture
def office(session) -> Office:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("the steps are those of SQLite")
    return Office()


@contextmanager
def steps_counted() -> Iterator[list[int]]:
    """The steps of connections that are opened inside the block."""
    found = [0]

    def count() -> None:
        found[0] += AT_ONCE

    def watch(connection: Any, *_rest: object) -> None:
        connection.set_progress_handler(count, AT_ONCE)

    event.listen(db.engine, "checkout", watch)
    try:
        yield found
    finally:
        event.remove(db.engine, "checkout", watch)
        db.session.remove()
        db.engine.dispose()  # connections that are still watched


def steps_of(client: Any, path: str) -> int:
    assert client.get(path).status_code == 200  # what is kept in memory is kept
    with steps_counted() as steps:
        client.get(path)
    return steps[0]


def test_a_page_costs_what_it_shows_and_not_the_people(app, office):
    admin, teacher = (app.test_client().sign_in(person) for person in (make_admin(), teacher_of(office)))
    office.grow(FEW)
    before = {path: steps_of(teacher if path in TEACHING else admin, path) for path in MOST}
    office.grow(MANY - FEW)
    after = {path: steps_of(teacher if path in TEACHING else admin, path) for path in MOST}
    each = {path: round((after[path] - before[path]) / (MANY - FEW), 1) for path in MOST}
    assert {path: steps for path, steps in each.items() if steps > MOST[path]} == {}, each


def teacher_of(office: Office) -> Person:
    return db.session.scalars(select(Person).join(RoleGrant).where(RoleGrant.course_id == office.course_id)).one()


LARGE = (
    *("person", "enrolment", "enrolment_state", "completion", "record", "ledger_entry"),
    *("counted_enrolment", "counted_hours", "counted_record", "person_change"),
)


@pytest.mark.parametrize("path", [path for path in LISTS if "q=" not in path])
def test_a_list_reads_no_large_table_from_end_to_end(app, office, path):
    """An index may be read: in the order of the page, or to count; the table in its own order up to the page's end."""
    office.grow(FEW)
    client = app.test_client().sign_in(make_admin())
    client.get(path)
    db.session.commit()
    with counted() as statements:
        client.get(path)
    assert [one for one in statements if reads_all(one)] == []


def test_the_report_goes_through_no_index_that_sends_it_to_each_row(app, office):
    """A whole index that lacks a column costs one look into the table for each of its rows."""
    office.grow(FEW)
    client = app.test_client().sign_in(make_admin())
    client.get("/admin/reports")
    db.session.commit()
    with counted() as statements:
        client.get("/admin/reports")
    found = [(line, one) for one in statements for line in plan_of(one) if line.startswith(FAR)]
    assert found == []


FAR = tuple(f"SCAN {table} USING INDEX" for table in LARGE)


def reads_all(statement: str) -> bool:
    plan = plan_of(statement)
    is_cut = " LIMIT " in statement and not any(line.startswith("USE TEMP B-TREE") for line in plan)
    return not is_cut and not {f"SCAN {table}" for table in LARGE}.isdisjoint(plan)


def plan_of(statement: str) -> list[str]:
    return [row.detail for row in db.session.execute(text(f"EXPLAIN QUERY PLAN {plain(statement)}"))]


def plain(statement: str) -> str:
    """``text`` takes a colon for a parameter."""
    return statement.replace(":", "\\:")
