"""The model answer of an assignment: no part of the task, and read only after one's own work."""

from __future__ import annotations

from datetime import timedelta

import pytest
from assignment_factories import fixed, make_assignment_world, make_submission
from course_sample import assignment, read, with_item
from factories import NOON

from lms.assignments.models import Marking, Submission
from lms.assignments.policy import may_read_model_answer
from lms.assignments.services.grading import GradeDecision, grade_submission
from lms.assignments.services.returning import return_submission
from lms.content.items.assignment import Assignment
from lms.content.rendering.course import render_course

SECRET = "Antrean dipangkas dengan nomor daring."
LINK = "/model-answer"


def make(**values):
    return make_assignment_world(rubric=[], pass_mark=60.0, model_answer=f"<p>{SECRET}</p>", **values)


def give(submission, world, points, *, hours=1, seen=0, reason=""):
    grade_submission(
        submission,
        GradeDecision(points=points, reason=reason),
        grader_id=world.instructor.id,
        seen=seen,
        now=NOON + timedelta(hours=hours),
    )


def is_open(client, world) -> bool:
    """Whether the learner is shown the way to the model answer and gets it; both or none."""
    client.sign_in(world.learner)
    shows_link = LINK in client.text(world.path)
    answer = client.get(world.path + LINK)
    assert SECRET not in client.text(world.path)
    assert (answer.status_code, SECRET in answer.text) == ((200, True) if shows_link else (302, False))
    return shows_link


@pytest.mark.parametrize(
    ("is_passed", "may_submit", "may_read"),
    [(True, True, True), (True, False, True), (False, False, True), (False, True, False)],
)
def test_it_can_be_read_once_a_mark_was_told_and_the_learner_has_passed_or_cannot_submit(
    is_passed, may_submit, may_read
):
    graded, waiting = Submission(markings=[Marking()]), Submission(markings=[])
    assert not may_read_model_answer(None, is_passed=is_passed, may_submit=may_submit)
    assert not may_read_model_answer(waiting, is_passed=is_passed, may_submit=may_submit)
    assert may_read_model_answer(graded, is_passed=is_passed, may_submit=may_submit) == may_read


def test_it_is_read_once_the_work_was_graded_and_passed(client):
    world = make()
    assert not is_open(client, world)
    submission = make_submission(world)
    assert not is_open(client, world)
    give(submission, world, 80)
    assert is_open(client, world)


def test_a_corrected_mark_below_the_pass_mark_closes_it_again(client):
    world = make()
    submission = make_submission(world)
    give(submission, world, 80)
    assert is_open(client, world)
    give(submission, world, 40, hours=2, seen=1, reason="Salah baca")
    assert not is_open(client, world)


def test_who_failed_reads_it_when_no_attempt_is_left(client):
    world = make(attempts=2)
    give(make_submission(world), world, 40)
    assert not is_open(client, world)
    give(make_submission(world, "Kedua", now=NOON + timedelta(hours=2)), world, 40, hours=3)
    assert is_open(client, world)


def test_who_failed_reads_it_when_nothing_is_accepted_any_more(client, time):
    world = make(due=fixed("2026-12-05T09:00:00"))
    give(make_submission(world), world, 40)
    time.now = NOON
    assert not is_open(client, world)
    time.passes(days=365)
    assert is_open(client, world)


def test_work_that_waits_or_was_returned_does_not_open_it(client):
    world = make(attempts=1)
    first = make_submission(world)
    tomorrow = (NOON + timedelta(days=1)).date()
    return_submission(first, "Perjelas.", tomorrow, actor_id=world.instructor.id, today=NOON.date(), now=NOON)
    assert not is_open(client, world)
    make_submission(world, "Diperbaiki", now=NOON + timedelta(hours=1))
    assert not is_open(client, world)


def test_without_one_there_is_no_page(client):
    world = make_assignment_world(rubric=[], pass_mark=60.0)
    give(make_submission(world), world, 80)
    client.sign_in(world.learner)
    assert LINK not in client.text(world.path)
    assert client.get(world.path + LINK).status_code == 404


def test_other_items_have_none(client):
    world = make()
    assert client.sign_in(world.learner).get(f"/courses/{world.course.slug}/sesudah{LINK}").status_code == 404


def test_the_instructor_has_it_beside_the_work_and_in_the_preview(client):
    world = make()
    submission = make_submission(world)
    client.sign_in(world.instructor)
    assert f"</summary><p>{SECRET}" in client.text(f"/teach/grading/{submission.id}")
    preview = f"/teach/courses/{world.course.slug}/contents/tugas"
    assert SECRET in client.text(preview)
    printed = f"/teach/courses/{world.course.slug}/print"
    assert SECRET not in client.text(printed)
    assert SECRET in client.text(printed + "?keys=1")
    assert SECRET not in client.text(f"/teach/courses/{world.course.slug}/preview/tugas")


def test_the_instructor_is_told_of_work_handed_in_after_it_could_be_read(client):
    world = make()
    first = make_submission(world)
    give(first, world, 80)
    again = make_submission(world, "Lagi", now=NOON + timedelta(hours=2))
    client.sign_in(world.instructor)
    heads = [client.text(f"/teach/grading/{one.id}").partition('class="grade"')[0] for one in (first, again)]
    assert ["contoh jawaban" in head for head in heads] == [False, True]


def read_task(body: str) -> Assignment:
    course, problems = read(with_item(assignment(body)))
    assert course, problems
    found = render_course(course, {}).items[0]
    assert isinstance(found, Assignment)
    return found


BODY = """Buat rencana[^1] di [unit][kerja].

## Rubrik

| Kriteria | Baik (2) |
| --- | --- |
| Masalah | Jelas |

## Contoh Jawaban

### Masalah

- Antrean[^2]

| Langkah | Kapan |
| --- | --- |
| Nomor daring | Senin |

> Kutipan

[^1]: Satu halaman.
[^2]: Dua jam.

[kerja]: https://example.org/
"""


def test_everything_below_its_heading_is_the_model_answer_and_nothing_of_it_is_in_the_task():
    found = read_task(BODY)
    assert [one.title for one in found.rubric] == ["Masalah"]
    assert "Satu halaman" in found.body_html
    assert "https://example.org/" in found.body_html
    for word in ("Antrean", "Nomor daring", "Kutipan", "Dua jam", "Contoh"):
        assert word not in found.body_html
    html = found.model_answer.html or ""
    assert (
        html.index("<h3") < html.index("Antrean") < html.index("<table") < html.index("Kutipan") < html.index("Dua jam")
    )
    assert "Rubrik" not in html


def test_its_ids_are_not_those_of_the_task():
    found = read_task("### Masalah\n\nTulis.\n\n## Contoh jawaban\n\n### Masalah\n\nAntrean.\n")
    assert 'id="masalah"' in found.body_html
    assert 'id="contoh-masalah"' in (found.model_answer.html or "")


def test_without_the_heading_there_is_none():
    found = read_task("Buat rencana.\n\n## Catatan\n\nContoh jawaban ada nanti.\n")
    assert not found.model_answer
    assert "Contoh jawaban ada nanti" in found.body_html


def test_its_page_is_weighed_like_the_task():
    found = read_task("Tulis.\n\n## Contoh jawaban\n\nAntrean.\n")
    assert found.pages_html == (found.body_html, found.model_answer.html)
