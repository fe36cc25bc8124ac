from __future__ import annotations

import re
from datetime import timedelta

import pytest
from assignment_factories import make_assignment_world, make_submission
from factories import NOON, grant, make_person

from lms.assignments.models import Marking
from lms.assignments.services.grading import GradeDecision, grade_submission
from lms.learning.models import Progress

BEST = {"level_0": "0", "level_1": "0", "seen": "0"}


def submission_path(submission) -> str:
    return f"/teach/grading/{submission.id}"


def test_the_queue_lists_what_waits_in_my_courses(client):
    world, foreign = make_assignment_world(), make_assignment_world()
    make_submission(world)
    make_submission(foreign)
    html = client.sign_in(world.instructor).get("/teach/grading").get_data(as_text=True)
    assert world.learner.name in html
    assert foreign.learner.name not in html
    assert re.search(r'aria-current="page">[^<]*\b1</a>', html)


def test_an_empty_queue_is_kind(client):
    world = make_assignment_world()
    html = client.sign_in(world.instructor).get("/teach/grading").get_data(as_text=True)
    assert 'class="empty"' in html


@pytest.mark.parametrize("filters", ["?course=tidak-ada", "?item=99999", "?course=&item=", "?item=x", "?show=graded"])
def test_any_filter_gives_a_page(client, filters):
    world = make_assignment_world()
    make_submission(world)
    assert client.sign_in(world.instructor).get("/teach/grading" + filters).status_code == 200


def test_filters_narrow_the_queue(client):
    world = make_assignment_world()
    item_id = make_submission(world).item_id
    client.sign_in(world.instructor)
    here = f"/teach/grading?course={world.course.slug}&item={item_id}"
    assert world.learner.name in client.get(here).get_data(as_text=True)
    assert world.learner.name not in client.get(f"/teach/grading?item={item_id + 1}").get_data(as_text=True)


def test_what_is_graded_can_be_found_again(client):
    world = make_assignment_world(rubric=[])
    submission = make_submission(world)
    grade_submission(submission, GradeDecision(points=80), grader_id=world.instructor.id, seen=0, now=NOON)
    html = client.sign_in(world.instructor).get("/teach/grading?show=graded").get_data(as_text=True)
    assert world.learner.name in html


def test_the_queue_is_for_instructors_only(client):
    world = make_assignment_world()
    path = submission_path(make_submission(world))
    assert client.get("/teach/grading").status_code == 302
    client.sign_in(world.learner)
    assert client.get("/teach/grading").status_code == 404
    assert client.get(path).status_code == 404
    assert client.post_form(path, "/account").status_code == 404


def test_a_submission_of_another_course_does_not_exist(client):
    world, foreign = make_assignment_world(), make_assignment_world()
    path = submission_path(make_submission(foreign))
    assert client.sign_in(world.instructor).get(path).status_code == 404
    assert client.sign_in(world.instructor).get("/teach/grading/4711").status_code == 404


def test_nobody_grades_their_own_work(client):
    from factories import grant

    world = make_assignment_world()
    path = submission_path(make_submission(world))
    grant(world.learner, "instructor", course=world.course)
    assert client.sign_in(world.learner).get(path).status_code == 403


def test_the_desk_shows_work_task_and_criteria(client):
    world = make_assignment_world()
    path = submission_path(make_submission(world, "Antrean <dua> jam"))
    html = client.sign_in(world.instructor).get(path).get_data(as_text=True)
    assert "Antrean &lt;dua&gt; jam" in html
    assert "Langkah perbaikan" in html
    assert "Data lengkap" in html


def test_save_and_next_opens_the_next_submission_within_the_filter(client, session):
    world = make_assignment_world()
    first = make_submission(world)
    second = make_submission(world, context=world.another_learner(), now=NOON + timedelta(hours=1))
    client.sign_in(world.instructor)
    filters = f"?course={world.course.slug}"
    response = client.post_form(submission_path(first) + filters, then="next", feedback="Baik.", **BEST)
    assert response.status_code == 303
    assert response.location == submission_path(second) + filters
    assert session.query(Marking).one().feedback == "Baik."
    assert session.query(Progress).filter_by(enrolment_id=world.enrolment.id).one().state == "done"


def test_the_desk_says_how_many_wait(client):
    """With this one, and within the filter."""
    world, other = make_assignment_world(), make_assignment_world()
    first = make_submission(world)
    make_submission(world, context=world.another_learner())
    grant(world.instructor, "instructor", course=other.course)
    make_submission(other)
    client.sign_in(world.instructor)
    assert "Menunggu: 3" in client.get(submission_path(first)).get_data(as_text=True)
    assert "Menunggu: 2" in client.get(f"{submission_path(first)}?course={world.course.slug}").get_data(as_text=True)


def test_after_the_last_submission_comes_the_queue(client):
    world = make_assignment_world()
    path = submission_path(make_submission(world))
    response = client.sign_in(world.instructor).post_form(path, then="next", **BEST)
    assert response.location == "/teach/grading"


def test_save_alone_stays_and_shows_the_mark(client):
    world = make_assignment_world()
    path = submission_path(make_submission(world))
    response = client.sign_in(world.instructor).post_form(path, **BEST)
    assert response.location == path
    assert "Pengajar Satu" in client.get(path).get_data(as_text=True)


def test_a_forgotten_criterion_is_sent_back_with_the_feedback(client, session):
    world = make_assignment_world()
    path = submission_path(make_submission(world))
    response = client.sign_in(world.instructor).post_form(path, level_0="0", seen="0", feedback="Panjang lebar")
    assert response.status_code == 422
    assert "Panjang lebar" in response.get_data(as_text=True)
    assert session.query(Marking).count() == 0


@pytest.mark.parametrize("level", ["9", "-1", "x"])
def test_a_level_that_does_not_exist_is_sent_back(client, level):
    world = make_assignment_world()
    path = submission_path(make_submission(world))
    response = client.sign_in(world.instructor).post_form(path, level_0=level, level_1="0", seen="0")
    assert response.status_code == 422


@pytest.mark.parametrize(("points", "status"), [("85,5", 303), ("0", 303), ("101", 422), ("banyak", 422), ("", 422)])
def test_points_without_a_rubric(client, points, status):
    world = make_assignment_world(rubric=[])
    path = submission_path(make_submission(world))
    assert client.sign_in(world.instructor).post_form(path, points=points, seen="0").status_code == status


def test_the_second_grader_is_told_and_keeps_what_was_written(client, session):
    world = make_assignment_world()
    colleague = make_person()
    from factories import grant

    grant(colleague, "instructor", course=world.course)
    submission = make_submission(world)
    path = submission_path(submission)
    grade_submission(submission, GradeDecision(picked={0: 1, 1: 1}), grader_id=world.instructor.id, seen=0, now=NOON)
    client.sign_in(colleague)
    told = client.post_form(path, feedback="Pendapat kedua", **BEST)
    html = told.get_data(as_text=True)
    assert told.status_code == 422
    assert "Pengajar Satu" in html
    assert "Pendapat kedua" in html
    assert 'name="reason"' in html
    assert 'name="seen" value="1"' in html
    assert session.query(Marking).count() == 1
    values = BEST | {"seen": "1", "reason": "Dibahas bersama"}
    assert client.post_form(path, feedback="Pendapat kedua", **values).status_code == 303
    assert session.query(Marking).count() == 2


def test_a_correction_without_reason_is_sent_back(client, session):
    world = make_assignment_world()
    submission = make_submission(world)
    grade_submission(submission, GradeDecision(picked={0: 1, 1: 1}), grader_id=world.instructor.id, seen=0, now=NOON)
    response = client.sign_in(world.instructor).post_form(submission_path(submission), **(BEST | {"seen": "1"}))
    assert response.status_code == 422
    assert 'id="reason-error"' in response.get_data(as_text=True)
    assert session.query(Marking).count() == 1


def test_the_page_of_a_replaced_submission_leads_to_the_newer_one(client):
    world = make_assignment_world()
    first = make_submission(world, "Satu")
    second = make_submission(world, "Dua")
    html = client.sign_in(world.instructor).get(submission_path(first)).get_data(as_text=True)
    assert submission_path(second) in html
