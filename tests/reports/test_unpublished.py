"""Courses that were never published, in rows of many courses: they are called by the title of their draft."""

from __future__ import annotations

import io

from authoring_factories import FILES
from factories import NOON, make_admin, make_cohort, make_course, make_enrolment, make_person
from openpyxl import load_workbook

from lms.authoring.services.creating import create_course
from lms.enrolment.models import Cohort


def test_the_board_and_its_files_call_a_course_by_its_title_before_it_is_published(session, client):
    admin = make_admin()
    course = create_course("k-07", FILES, actor_id=admin.id, now=NOON)
    bare = make_course("tanpa-naskah", title="Sudah terbit")
    for one in (course, bare):
        cohort: Cohort = make_cohort(one)
        make_enrolment(make_person(), one, cohort=cohort)
    session.commit()
    client.sign_in(admin)
    page = client.text("/admin/board?state=not-started")
    assert "<td>Kursus kecil" in page
    assert "<td>Sudah terbit" in page
    assert "k-07" not in page.partition("<table")[2]
    book = load_workbook(io.BytesIO(client.get("/admin/board/export.xlsx?state=not-started").data))
    said = {str(cell.value) for row in book.active for cell in row}
    assert {"Kursus kecil", "Sudah terbit"} <= said
