"""The page of a gradebook: who sees it, what it says, where it leads; reminders; and a spreadsheet out and back."""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest
from assignment_factories import fixed, make_assignment_world, make_submission
from factories import NOON, make_enrolment, make_person
from openpyxl import load_workbook
from sqlalchemy import event, func, select

from lms.assignments.models import Marking
from lms.assignments.services import grading
from lms.core import clock
from lms.core.db import db
from lms.learning.models import Grade
from lms.notices.models import Notice

REASON = "Dinilai di kertas"


@pytest.fixture
def world(session, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)
    return make_assignment_world(late={"until": None, "penalty": 10.0}, due=fixed("2026-11-22 12:00"))


@pytest.fixture
def teacher(client, world):
    client.sign_in(world.instructor)
    return client


@pytest.fixture
def path(world) -> str:
    return f"/teach/courses/{world.course.slug}/gradebook"


def mark(submission, score, grader, reason=""):
    points = Decimal(score) * 8 / 100
    decision = grading.GradeDecision(points=points, reason=reason)
    seen = len(submission.markings)
    return grading.grade_submission(submission, decision, grader_id=grader.id, seen=seen, now=NOON)


def book_of(client, path, **query):
    """The workbook that the page offers."""
    answer = client.get(f"{path}.xlsx", query_string=query)
    assert answer.status_code == 200
    return load_workbook(io.BytesIO(answer.data))


def column(sheet, heading) -> int:
    return next(cell.column for row in sheet.iter_rows() for cell in row if cell.value == heading)


def row_of(sheet, name) -> int:
    return next(cell.row for row in sheet.iter_rows() for cell in row if cell.value == name)


def change(book, name, value, heading="Rencana loket"):
    sheet = book.worksheets[0]
    sheet.cell(row_of(sheet, name), column(sheet, heading)).value = value


def bring(client, path, book):
    out = io.BytesIO()
    book.save(out)
    return client.post_form(f"{path}/import", file=(io.BytesIO(out.getvalue()), "nilai.xlsx"))


def ticks(page: str) -> list[str]:
    from html5lib import parse

    boxes = parse(page, namespaceHTMLElements=False).iter("input")
    return [box.get("value") for box in boxes if box.get("name") == "mark" and box.get("checked") is not None]


def test_the_page_says_what_waits_and_what_is_missing(teacher, world, path):
    make_submission(world, now=NOON - timedelta(days=2))
    make_enrolment(make_person(name="Yang Kosong"), world.course)
    page = teacher.text(path)
    assert "2 peserta" in page
    assert "1 tugas menunggu penilaian" in page
    assert "1 belum dikumpulkan" in page
    assert "⚠" in page
    assert f'href="/teach/grading?course={world.course.slug}"' in page


def test_each_name_and_cell_leads_to_the_person(teacher, world, path):
    address = f"/teach/courses/{world.course.slug}/people/{world.context.enrolment_id}"
    page = teacher.text(path)
    assert f'href="{address}"' in page
    item = world.context.item_revision.item_id
    assert f'href="{address}#item-{item}"' in page
    assert f'id="item-{item}"' in teacher.text(address)


def test_marks_are_sorted_filtered_and_found(teacher, world, path):
    ani, budi = (make_person(name=name) for name in ("Ani Contoh", "Budi Contoh"))
    for person, score in ((ani, 60), (budi, 90)):
        context = make_item_context_of(world, person)
        mark(make_submission(world, context=context, now=NOON - timedelta(days=3)), score, world.instructor)
    assert order_of(teacher.text(f"{path}?sort=-score"), "Budi Contoh", "Ani Contoh")
    assert order_of(teacher.text(f"{path}?sort=score"), "Ani Contoh", "Budi Contoh")
    assert order_of(teacher.text(f"{path}?sort=-{world.context.item_revision.item_id}"), "Budi Contoh", "Ani Contoh")
    below = teacher.text(f"{path}?show=below")
    assert "Ani Contoh" in below
    assert "Budi Contoh" not in below
    found = teacher.text(f"{path}?q=budi")
    assert "Budi Contoh" in found
    assert "Ani Contoh" not in found
    assert "Tidak ada yang ditemukan" in teacher.text(f"{path}?q=siapapun")


def make_item_context_of(world, person):
    from factories import make_item_context

    return make_item_context(make_enrolment(person, world.course), world.context.item_revision)


def order_of(page: str, *names: str) -> bool:
    places = [page.index(f">{name}</a>") for name in names]
    return places == sorted(places)


@pytest.mark.parametrize(
    "query", ["sort=x", "sort=-99999999999", "sort=77", "show=x", "cohort=x", "page=99", "q=%00%27"]
)
def test_an_address_that_says_nothing_shows_the_book(teacher, path, query):
    assert teacher.get(f"{path}?{query}").status_code == 200


def test_only_who_teaches_the_course_sees_it(client, world, path):
    client.sign_in(world.learner)
    assert client.get(path).status_code == 404
    assert client.get(f"{path}.xlsx").status_code == 404
    client.sign_in(make_assignment_world().instructor)
    for address in (path, f"{path}.xlsx", f"{path}/import"):
        assert client.get(address).status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_people(teacher, world, path):
    few = queries_of(teacher, path)
    for number in range(40):
        make_enrolment(make_person(name=f"Orang {number}"), world.course)
    assert queries_of(teacher, path) == few <= 14


def queries_of(client, path) -> int:
    statements = []

    def count(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    client.get(path)
    event.listen(db.engine, "before_cursor_execute", count)
    try:
        client.get(path)
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    return len(statements)


def test_who_may_need_help_is_named_with_the_reason(teacher, world, path):
    world.enrolment.due_on = NOON.date() + timedelta(days=2)
    db.session.commit()
    page = teacher.text(path)
    help_ = page[page.index('id="help"') :]
    assert world.learner.full_name in help_
    assert "tenggat 25 November 2026" in help_
    assert f'href="/admin/cohorts/{world.enrolment.cohort_id}/people/{world.enrolment.id}"' in help_


def test_the_ticked_people_are_reminded_once_a_day(teacher, world, path):
    other = make_enrolment(make_person(), make_assignment_world().course)
    ids = [str(world.enrolment.id), str(other.id), "x", ""]
    for _click in range(2):
        assert teacher.post_form(f"{path}/remind", page=f"{path}/import", one=ids).status_code == 303
    told = db.session.scalars(select(Notice.person_id).where(Notice.kind == "reminder")).all()
    assert told == [world.learner.id], "nobody of another course, and once"


def marks_in(book) -> dict[str, object]:
    sheet = book.worksheets[0]
    at = column(sheet, "Rencana loket")
    top = next(cell.row for row in sheet.iter_rows() for cell in row if cell.value == "Rencana loket")
    return {sheet.cell(row, 2).value: sheet.cell(row, at).value for row in range(top + 1, sheet.max_row + 1)}


@pytest.mark.parametrize("seed", range(3))
def test_the_marks_go_out_and_come_back_equal(teacher, world, path, seed):
    """Late, unmarked and in parts of a point: a file that nobody changed changes nothing, and what was
    entered stands in the next file."""
    rng = Random(seed)
    contexts = [world.context, *(world.another_learner() for _ in range(5))]
    works = [make_submission(world, context=one, now=NOON - timedelta(days=rng.choice((0, 3)))) for one in contexts]
    for work in works[:-1]:
        mark(work, rng.choice((0, 33, Decimal("66.67"), Decimal("12.5"), 100)), world.instructor)
    db.session.commit()
    before = book_of(teacher, path)
    in_file = [Decimal(str(one)) for one in marks_in(before).values() if one is not None]
    assert sorted(in_file) == sorted(newest(work).score for work in works[:-1])
    page = bring(teacher, path, before)
    assert page.status_code == 200
    assert ticks(page.get_data(as_text=True)) == []
    wanted = {name: rng.randrange(0, 10_001) / 100 for name in marks_in(before)}
    for name, value in wanted.items():
        change(before, name, value)
    page = bring(teacher, path, before).get_data(as_text=True)
    teacher.post_form(f"{path}/marks", page=f"{path}/import", mark=ticks(page), reason=REASON)
    after = book_of(teacher, path)
    assert marks_in(after) == wanted
    assert ticks(bring(teacher, path, after).get_data(as_text=True)) == []


def test_a_changed_mark_comes_back_with_its_reason(teacher, world, path):
    submission = make_submission(world, now=NOON - timedelta(days=3))
    mark(submission, 50, world.instructor)
    book = book_of(teacher, path)
    assert book.worksheets[1].sheet_state == "hidden"
    change(book, world.learner.full_name, 87.5)
    page = bring(teacher, path, book).get_data(as_text=True)
    assert "1 nilai akan berubah" in page
    assert newest(submission).score == Decimal(50), "nothing has changed yet"
    answer = teacher.post_form(f"{path}/marks", page=f"{path}/import", mark=ticks(page), reason=REASON)
    assert answer.status_code == 303
    assert (newest(submission).score, newest(submission).reason) == (Decimal("87.50"), REASON)
    assert "1 nilai disimpan" in teacher.text(path)
    grades = db.session.scalars(select(Grade.score).order_by(Grade.number)).all()
    assert grades == [Decimal(50), Decimal("87.50")], "the first mark stays in the ledger of marks"


def test_sent_twice_a_mark_is_taken_once(teacher, world, path):
    submission = make_submission(world, now=NOON - timedelta(days=3))
    book = book_of(teacher, path)
    change(book, world.learner.full_name, 70)
    chosen = ticks(bring(teacher, path, book).get_data(as_text=True))
    for _click in range(2):
        teacher.post_form(f"{path}/marks", page=f"{path}/import", mark=chosen, reason=REASON)
    assert db.session.scalar(select(func.count()).select_from(Marking)) == 1
    assert newest(submission).score == Decimal(70)


def test_late_work_keeps_its_penalty(teacher, world, path):
    submission = make_submission(world, now=NOON)
    book = book_of(teacher, path)
    change(book, world.learner.full_name, 80)
    chosen = ticks(bring(teacher, path, book).get_data(as_text=True))
    teacher.post_form(f"{path}/marks", page=f"{path}/import", mark=chosen, reason=REASON)
    assert submission.late_days == 1
    assert (newest(submission).score, newest(submission).final_score) == (Decimal(80), Decimal(72))


def test_what_lateness_costs_is_not_decided_in_a_spreadsheet(client, session, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)
    world = make_assignment_world(due=fixed("2026-11-22 12:00"), late_policy="decide", rubric=[])
    client.sign_in(world.instructor)
    path = f"/teach/courses/{world.course.slug}/gradebook"
    submission = make_submission(world, now=NOON)
    book = book_of(client, path)
    change(book, world.learner.full_name, 80)
    chosen = ticks(bring(client, path, book).get_data(as_text=True))
    client.post_form(f"{path}/marks", page=f"{path}/import", mark=chosen, reason=REASON)
    assert "penilai memutuskan pengurangan nilainya" in client.text(path)
    assert not db.session.scalar(select(func.count()).select_from(Marking))
    decision = grading.GradeDecision(points=Decimal(50), late_deduction=Decimal(10), late_reason="Sakit")
    grading.grade_submission(submission, decision, grader_id=world.instructor.id, seen=0, now=NOON)
    book = book_of(client, path)
    change(book, world.learner.full_name, 80)
    chosen = ticks(bring(client, path, book).get_data(as_text=True))
    client.post_form(f"{path}/marks", page=f"{path}/import", mark=chosen, reason=REASON)
    assert (newest(submission).final_score, newest(submission).late_reason) == (Decimal(72), "Sakit")


def test_a_mark_that_was_changed_meanwhile_is_shown_and_not_ticked(teacher, world, path):
    submission = make_submission(world, now=NOON - timedelta(days=3))
    book = book_of(teacher, path)
    mark(submission, 90, world.instructor)
    change(book, world.learner.full_name, 60)
    page = bring(teacher, path, book).get_data(as_text=True)
    assert "1 nilai akan berubah" in page
    assert ticks(page) == []


def test_a_mark_given_between_look_and_tick_is_not_overwritten(teacher, world, path):
    submission = make_submission(world, now=NOON - timedelta(days=3))
    book = book_of(teacher, path)
    change(book, world.learner.full_name, 60)
    chosen = ticks(bring(teacher, path, book).get_data(as_text=True))
    mark(submission, 90, world.instructor)
    teacher.post_form(f"{path}/marks", page=f"{path}/import", mark=chosen, reason=REASON)
    assert newest(submission).score == Decimal(90)
    assert "Tidak ada yang ditimpa" in teacher.text(path)


def test_the_reason_is_needed_and_what_was_ticked_stays(teacher, world, path):
    submission = make_submission(world, now=NOON - timedelta(days=3))
    answer = teacher.post_form(f"{path}/marks", page=f"{path}/import", mark=[f"{submission.id}.0=60.00"], reason=" ")
    assert answer.status_code == 422
    assert f'value="{submission.id}.0=60.00"' in answer.get_data(as_text=True)
    assert not submission.markings


@pytest.mark.parametrize(
    "value", ["", "x", "1", "1.0=", "1.0=101", "1.0=-1", "a.0=5", "1.b=5", "9999999999.0=5", "1.0=NaN"]
)
def test_a_tick_that_no_page_wrote_marks_nothing(teacher, world, path, value):
    make_submission(world)
    answer = teacher.post_form(f"{path}/marks", page=f"{path}/import", mark=[value], reason=REASON)
    assert answer.status_code == 303
    assert db.session.scalar(select(func.count()).select_from(Marking)) == 0


def test_work_of_another_course_and_own_work_are_not_marked(teacher, world, path):
    foreign = make_submission(make_assignment_world())
    own = make_submission(world, context=make_item_context_of(world, world.instructor))
    ticked = [f"{foreign.id}.0=60", f"{own.id}.0=60"]
    teacher.post_form(f"{path}/marks", page=f"{path}/import", mark=ticked, reason=REASON)
    assert db.session.scalar(select(func.count()).select_from(Marking)) == 0


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"PK\x03\x04 broken", b"Kode;Nama\n1;Ani\n"])
def test_a_file_that_is_no_gradebook_is_refused_in_words(teacher, path, data):
    answer = teacher.post_form(f"{path}/import", file=(io.BytesIO(data), "nilai.xlsx"))
    assert answer.status_code == 422
    assert "Tidak ada yang diubah" in answer.get_data(as_text=True)


def test_the_marks_of_another_course_are_refused(teacher, world, path, client):
    other = make_assignment_world()
    make_submission(other)
    client.sign_in(other.instructor)
    book = book_of(client, f"/teach/courses/{other.course.slug}/gradebook")
    client.sign_in(world.instructor)
    answer = bring(client, path, book)
    assert answer.status_code == 422
    assert "kursus lain" in answer.get_data(as_text=True)


def newest(submission) -> Marking:
    found = select(Marking).where(Marking.submission_id == submission.id).order_by(Marking.number.desc())
    return db.session.scalars(found.limit(1)).one()
