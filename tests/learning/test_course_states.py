"""Where a person stands in a whole course."""

from __future__ import annotations

from dataclasses import replace

import pytest
from factories import NOON, item_of, make_course, make_enrolment, record_result

from lms.learning import services
from lms.learning.completion import CourseOutcome, ItemProgress
from lms.learning.models import EnrolmentState
from lms.learning.states import course_state

OPEN = CourseOutcome(done=1, needed=2, total_done=0, total=2, score=None, score_so_far=None, pass_mark=None)
FAILED = replace(OPEN, is_failed=True)
DONE = CourseOutcome(done=2, needed=2, total_done=0, total=2, score=None, score_so_far=None, pass_mark=None)


@pytest.mark.parametrize(
    ("outcome", "states", "is_completed", "wanted"),
    [
        (OPEN, ["started"], False, "in-progress"),
        (OPEN, ["done", "waiting"], False, "waiting"),
        (OPEN, ["failed"], False, "in-progress"),
        (FAILED, ["failed"], False, "failed"),
        (FAILED, ["failed", "waiting"], False, "waiting"),
        (DONE, ["done", "done"], False, "finished"),
        (FAILED, ["failed"], True, "finished"),
    ],
)
def test_the_state_follows_from_the_marks(outcome, states, is_completed, wanted):
    progress = [ItemProgress(state, None, NOON) for state in states]
    assert course_state(outcome, progress, is_completed=is_completed) == wanted


def test_each_step_renews_the_state_and_nothing_is_kept_before_the_first(session):
    course = make_course(items=({"slug": "a"}, {"slug": "b", "type": "quiz", "content": {}}))
    enrolment = make_enrolment(course=course)
    assert session.get(EnrolmentState, enrolment.id) is None
    services.record_read(enrolment.id, item_of(course, "a"), now=NOON)
    assert _state(session, enrolment) == ("in-progress", 1, 2)
    quiz = item_of(course, "b")
    _result(enrolment, quiz, 40, is_last_attempt=False)
    assert _state(session, enrolment)[0] == "in-progress"
    _result(enrolment, quiz, 50, is_last_attempt=True)
    assert _state(session, enrolment)[0] == "failed"
    _result(enrolment, quiz, 90, is_last_attempt=True)
    assert _state(session, enrolment) == ("finished", 2, 2)


def test_an_optional_item_failed_for_good_fails_nobody(session):
    items = ({"slug": "a"}, {"slug": "b", "type": "quiz", "content": {}, "is_required": False})
    course = make_course(items=items, completion={"items": "required", "score": 10})
    enrolment = make_enrolment(course=course)
    _result(enrolment, item_of(course, "b"), 10, is_last_attempt=True)
    assert _state(session, enrolment)[0] == "in-progress"


def test_who_can_no_longer_reach_the_pass_mark_of_the_course_has_failed_it(session):
    items = tuple({"slug": slug, "type": "quiz", "content": {}, "is_required": False} for slug in "abc")
    course = make_course(items=items, completion={"items": "required", "score": 80})
    enrolment = make_enrolment(course=course)
    _result(enrolment, item_of(course, "a"), 40, is_last_attempt=True)
    assert _state(session, enrolment)[0] == "in-progress", "(40 + 100 + 100) / 3 = 80"
    _result(enrolment, item_of(course, "b"), 60, is_last_attempt=False)
    assert _state(session, enrolment)[0] == "in-progress", "another try may be better"
    _result(enrolment, item_of(course, "b"), 60, is_last_attempt=True)
    assert _state(session, enrolment)[0] == "failed"


def test_where_a_share_of_the_items_is_enough_one_that_failed_for_good_fails_nobody(session):
    items = tuple({"slug": slug, "type": "quiz", "content": {}} for slug in "abc")
    course = make_course(items=items, completion={"items": 60, "score": None})
    enrolment = make_enrolment(course=course)
    _result(enrolment, item_of(course, "a"), 10, is_last_attempt=True)
    assert _state(session, enrolment)[0] == "in-progress", "two of three are enough"
    _result(enrolment, item_of(course, "b"), 10, is_last_attempt=True)
    assert _state(session, enrolment)[0] == "failed"


def _result(enrolment, item, score, *, is_last_attempt):
    record_result(enrolment, item, score, is_passed=score >= 70, is_final=is_last_attempt)


def _state(session, enrolment):
    session.expire_all()
    row = session.get(EnrolmentState, enrolment.id)
    return row.state, row.done, row.needed
