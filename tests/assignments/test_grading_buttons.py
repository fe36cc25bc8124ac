"""The buttons of the grading page that give no mark: comments, one level for all criteria. All that was typed stays."""

from __future__ import annotations

import re

import pytest
from assignment_factories import RUBRIC, make_assignment_world, make_submission
from essay_world import make_essay_world
from factories import NOON, make_person

from lms.assignments.models import Marking
from lms.comments.models import SavedComment
from lms.comments.services import keep_comment
from lms.core.db import db
from lms.people.models import Person
from lms.quizzes.models import AnswerMark

EVEN = [RUBRIC[1] | {"title": title} for title in ("Masalah", "Langkah")]


@pytest.fixture(params=["paper", "essay"])
def desk(request, client, session):
    """The address of a page that grades, its course, grader and learner."""
    if request.param == "paper":
        world = make_assignment_world(rubric=EVEN)
        path = f"/teach/grading/{make_submission(world).id}"
        course, grader, learner = world.course, world.instructor, world.learner
    else:
        quiz = make_essay_world()
        attempt = quiz.attempt()
        path = f"/teach/grading/essays/{attempt.id}/2"
        course, grader, learner = quiz.course, quiz.teacher, db.session.get_one(Person, attempt.person_id)
    learner.name = "DR. CONTOH NAMA, M.SI"
    session.commit()
    client.sign_in(grader)

    def press(do, **values):
        return client.post_form(path, do=do, **({"level_0": "1", "seen": "0", "feedback": "Baik."} | values))

    press.course, press.grader, press.path, press.client = course, grader, path, client
    return press


def feedback_of(page) -> str:
    return re.search(r'<textarea[^>]* id="feedback"[^>]*>\s*([^<]*)</textarea>', page.get_data(as_text=True))[1]


def picked(page) -> list[str]:
    return re.findall(r'id="(level_\d-\d)"[^>]* checked', page.get_data(as_text=True))


def kept():
    return db.session.query(SavedComment).all()


@pytest.fixture(autouse=True)
def no_mark_is_given(session):
    yield
    session.rollback()
    assert db.session.query(Marking).count() + db.session.query(AnswerMark).count() == 0


def test_a_comment_is_put_in_with_the_name_of_the_learner(desk):
    one = keep_comment("{nama}, gali lagi.", None, person_id=desk.grader.id, now=NOON)
    db.session.commit()
    assert "Contoh Nama, gali lagi." in desk.client.text(desk.path)
    page = desk(f"put-{one.id}")
    assert page.status_code == 200
    assert feedback_of(page) == "Baik. Contoh Nama, gali lagi."
    assert picked(page) == ["level_0-1"]
    assert feedback_of(desk(f"put-{one.id}", feedback="")) == "Contoh Nama, gali lagi."
    assert feedback_of(desk(f"put-{one.id}", feedback="Satu\n")) == "Satu\nContoh Nama, gali lagi."


@pytest.mark.parametrize("which", ["foreign", "gone", "no number"])
def test_a_comment_that_is_not_there_is_told_and_nothing_is_lost(desk, which):
    foreign = keep_comment("Rahasia", None, person_id=make_person().id, now=NOON)
    db.session.commit()
    page = desk({"foreign": f"put-{foreign.id}", "gone": "put-4711", "no number": "put-x"}[which])
    assert page.status_code == 422
    assert (feedback_of(page), picked(page)) == ("Baik.", ["level_0-1"])
    assert "Rahasia" not in page.get_data(as_text=True)


def test_a_feedback_that_grows_too_long_is_told(desk):
    one = keep_comment("Gali lagi.", None, person_id=desk.grader.id, now=NOON)
    db.session.commit()
    page = desk(f"put-{one.id}", feedback="x" * 3_999)
    assert page.status_code == 422
    assert feedback_of(page).endswith("Gali lagi.")


@pytest.mark.parametrize("scope", [0, 1])
def test_the_feedback_is_kept_without_the_name(desk, scope):
    for _twice in range(2):
        page = desk(f"keep-{scope}", feedback="Contoh Nama, gali lagi.")
        assert (page.status_code, feedback_of(page)) == (200, "Contoh Nama, gali lagi.")
    (row,) = kept()
    assert (row.text, row.course_id) == ("{nama}, gali lagi.", desk.course.id if scope else None)


@pytest.mark.parametrize("feedback", ["", "x" * 501])
def test_what_cannot_be_kept_is_told_and_stays(desk, feedback):
    page = desk("keep-0", feedback=feedback)
    assert (page.status_code, feedback_of(page), kept()) == (422, feedback, [])
    assert 'id="feedback-error"' in page.get_data(as_text=True)


def test_all_criteria_at_one_level(desk):
    page = desk("all-0")
    assert page.status_code == 200
    assert picked(page) == ["level_0-0", "level_1-0"]
    assert feedback_of(page) == "Baik."


@pytest.mark.parametrize("do", ["all-2", "all-x", "all", "nonsense", "put", "remove"])
def test_a_button_that_is_not_there_changes_nothing(desk, do):
    page = desk(do)
    assert (feedback_of(page), picked(page)) == ("Baik.", ["level_0-1"])


@pytest.mark.parametrize(
    ("rubric", "offered"),
    [
        (EVEN, ["Sangat baik", "Cukup"]),
        (
            [EVEN[0], RUBRIC[1] | {"levels": [{**one, "title": f"{one['title']}!"} for one in EVEN[0]["levels"]]}],
            ["1", "2"],
        ),
        (RUBRIC, []),  # three levels and two
        (EVEN[:1], []),
        ([], []),
    ],
)
def test_one_level_for_all_is_offered_where_all_have_as_many(client, rubric, offered):
    world = make_assignment_world(rubric=rubric)
    html = client.sign_in(world.instructor).text(f"/teach/grading/{make_submission(world).id}")
    assert re.findall(r'value="all-\d"[^>]*>([^<]*)<', html) == offered
