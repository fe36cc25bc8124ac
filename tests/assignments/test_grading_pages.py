from __future__ import annotations

import re
from datetime import timedelta

import pytest
from factories import NOON, grant, make_person
from papers import make_scene, make_submission

from lms.assignments.models import Marking
from lms.assignments.services.marking import Judgement, mark
from lms.learning.models import Progress

BEST = {"level_0": "0", "level_1": "0", "seen": "0"}


def paper_path(submission) -> str:
    return f"/teach/grading/{submission.id}"


def test_the_queue_lists_what_waits_in_my_courses(client):
    scene, foreign = make_scene(), make_scene()
    make_submission(scene)
    make_submission(foreign)
    html = client.sign_in(scene.teacher).get("/teach/grading").get_data(as_text=True)
    assert scene.learner.name in html
    assert foreign.learner.name not in html
    assert re.search(r'aria-current="page">[^<]*\b1</a>', html)


def test_an_empty_queue_is_kind(client):
    scene = make_scene()
    html = client.sign_in(scene.teacher).get("/teach/grading").get_data(as_text=True)
    assert 'class="empty"' in html


@pytest.mark.parametrize("filters", ["?course=tidak-ada", "?item=99999", "?course=&item=", "?item=x", "?show=graded"])
def test_any_filter_gives_a_page(client, filters):
    scene = make_scene()
    make_submission(scene)
    assert client.sign_in(scene.teacher).get("/teach/grading" + filters).status_code == 200


def test_filters_narrow_the_queue(client):
    scene = make_scene()
    item_id = make_submission(scene).item_id
    client.sign_in(scene.teacher)
    here = f"/teach/grading?course={scene.course.slug}&item={item_id}"
    assert scene.learner.name in client.get(here).get_data(as_text=True)
    assert scene.learner.name not in client.get(f"/teach/grading?item={item_id + 1}").get_data(as_text=True)


def test_what_is_graded_can_be_found_again(client):
    scene = make_scene(rubric=[])
    paper = make_submission(scene)
    mark(paper, Judgement(points=80), grader_id=scene.teacher.id, seen=0, now=NOON)
    html = client.sign_in(scene.teacher).get("/teach/grading?show=graded").get_data(as_text=True)
    assert scene.learner.name in html


def test_the_queue_is_for_instructors_only(client):
    scene = make_scene()
    path = paper_path(make_submission(scene))
    assert client.get("/teach/grading").status_code == 302
    client.sign_in(scene.learner)
    assert client.get("/teach/grading").status_code == 404
    assert client.get(path).status_code == 404
    assert client.post(path).status_code in {400, 404}


def test_a_paper_of_another_course_does_not_exist(client):
    scene, foreign = make_scene(), make_scene()
    path = paper_path(make_submission(foreign))
    assert client.sign_in(scene.teacher).get(path).status_code == 404
    assert client.sign_in(scene.teacher).get("/teach/grading/4711").status_code == 404


def test_nobody_grades_their_own_work(client):
    from factories import grant

    scene = make_scene()
    path = paper_path(make_submission(scene))
    grant(scene.learner, "instructor", course=scene.course)
    assert client.sign_in(scene.learner).get(path).status_code == 403


def test_the_desk_shows_work_task_and_criteria(client):
    scene = make_scene()
    path = paper_path(make_submission(scene, "Antrean <dua> jam"))
    html = client.sign_in(scene.teacher).get(path).get_data(as_text=True)
    assert "Antrean &lt;dua&gt; jam" in html
    assert "Langkah perbaikan" in html
    assert "Data lengkap" in html


def test_save_and_next_opens_the_next_paper_within_the_filter(client, session):
    scene = make_scene()
    first = make_submission(scene)
    second = make_submission(scene, place=scene.another_learner(), now=NOON + timedelta(hours=1))
    client.sign_in(scene.teacher)
    filters = f"?course={scene.course.slug}"
    response = client.post_form(paper_path(first) + filters, then="next", feedback="Baik.", **BEST)
    assert response.status_code == 303
    assert response.location == paper_path(second) + filters
    assert session.query(Marking).one().feedback == "Baik."
    assert session.query(Progress).filter_by(enrolment_id=scene.enrolment.id).one().state == "done"


def test_the_desk_says_how_many_wait(client):
    """With this one, and within the filter."""
    scene, other = make_scene(), make_scene()
    first = make_submission(scene)
    make_submission(scene, place=scene.another_learner())
    grant(scene.teacher, "instructor", course=other.course)
    make_submission(other)
    client.sign_in(scene.teacher)
    assert "Menunggu: 3" in client.get(paper_path(first)).get_data(as_text=True)
    assert "Menunggu: 2" in client.get(f"{paper_path(first)}?course={scene.course.slug}").get_data(as_text=True)


def test_after_the_last_paper_comes_the_queue(client):
    scene = make_scene()
    path = paper_path(make_submission(scene))
    response = client.sign_in(scene.teacher).post_form(path, then="next", **BEST)
    assert response.location == "/teach/grading"


def test_save_alone_stays_and_shows_the_mark(client):
    scene = make_scene()
    path = paper_path(make_submission(scene))
    response = client.sign_in(scene.teacher).post_form(path, **BEST)
    assert response.location == path
    assert "Pengajar Satu" in client.get(path).get_data(as_text=True)


def test_a_forgotten_criterion_is_sent_back_with_the_feedback(client, session):
    scene = make_scene()
    path = paper_path(make_submission(scene))
    response = client.sign_in(scene.teacher).post_form(path, level_0="0", seen="0", feedback="Panjang lebar")
    assert response.status_code == 422
    assert "Panjang lebar" in response.get_data(as_text=True)
    assert session.query(Marking).count() == 0


@pytest.mark.parametrize("level", ["9", "-1", "x"])
def test_a_level_that_does_not_exist_is_sent_back(client, level):
    scene = make_scene()
    path = paper_path(make_submission(scene))
    response = client.sign_in(scene.teacher).post_form(path, level_0=level, level_1="0", seen="0")
    assert response.status_code == 422


@pytest.mark.parametrize(("points", "status"), [("85,5", 303), ("0", 303), ("101", 422), ("banyak", 422), ("", 422)])
def test_points_without_a_rubric(client, points, status):
    scene = make_scene(rubric=[])
    path = paper_path(make_submission(scene))
    assert client.sign_in(scene.teacher).post_form(path, points=points, seen="0").status_code == status


def test_the_second_grader_is_told_and_keeps_what_was_written(client, session):
    scene = make_scene()
    colleague = make_person()
    from factories import grant

    grant(colleague, "instructor", course=scene.course)
    paper = make_submission(scene)
    path = paper_path(paper)
    mark(paper, Judgement(picked={0: 1, 1: 1}), grader_id=scene.teacher.id, seen=0, now=NOON)
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
    scene = make_scene()
    paper = make_submission(scene)
    mark(paper, Judgement(picked={0: 1, 1: 1}), grader_id=scene.teacher.id, seen=0, now=NOON)
    response = client.sign_in(scene.teacher).post_form(paper_path(paper), **(BEST | {"seen": "1"}))
    assert response.status_code == 422
    assert 'id="reason-error"' in response.get_data(as_text=True)
    assert session.query(Marking).count() == 1


def test_the_desk_of_a_replaced_paper_leads_to_the_newer_one(client):
    scene = make_scene()
    first = make_submission(scene, "Satu")
    second = make_submission(scene, "Dua")
    html = client.sign_in(scene.teacher).get(paper_path(first)).get_data(as_text=True)
    assert paper_path(second) in html
