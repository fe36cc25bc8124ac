"""Scoring attempts again, with a database."""

from __future__ import annotations

from decimal import Decimal

import pytest
from factories import NOON, make_person
from regrade_world import corrected, make_regrade_world
from sqlalchemy import select

from lms.core.db import db
from lms.journal import queries as journal
from lms.learning.models import Completion, Grade, Progress
from lms.quizzes import queries, services
from lms.quizzes.models import Answer, AnswerMark, Attempt, QuestionVoid, Regrade, RegradeLine
from lms.quizzes.queries import regrades
from lms.quizzes.responses import Response
from lms.quizzes.services import marking, regrading
from lms.quizzes.services.regrading import Voiding

D = Decimal


def scores(*attempts: Attempt) -> list[Decimal | None]:
    return [one.score for one in attempts]


def grades(attempt: Attempt) -> list[Grade]:
    own = select(Grade).where(Grade.source == f"attempt:{attempt.id}").order_by(Grade.number)
    return list(db.session.scalars(own))


def test_a_corrected_key_changes_points_score_and_pass(session):
    world = make_regrade_world(pass_mark=60)
    wrong, right = world.attempt({"asas": "b", "skm": "satu"}), world.attempt({"asas": "a", "skm": "satu"})
    assert scores(wrong, right) == [D("33.33"), D("66.67")]
    world.publish(corrected(asas="b"), pass_mark=60)
    found = world.dry_run()
    assert [(one.old, one.new, one.was_passed, one.is_passed) for one in found.people] == [
        (D("66.67"), D("33.33"), True, False),
        (D("33.33"), D("66.67"), False, True),
    ]
    assert (found.attempts, found.up, found.down, found.passing, found.failing) == (2, 1, 1, 1, 1)
    assert scores(wrong, right) == [D("33.33"), D("66.67")], "a dry run changes nothing"
    world.regrade("all")
    assert scores(wrong, right) == [D("66.67"), D("33.33")]
    assert [wrong.is_passed, right.is_passed] == [True, False]
    assert queries.answers(wrong.id)["asas"].points == 1


def test_only_improvements_leave_the_others_as_they_were_with_a_note(session):
    world = make_regrade_world()
    wrong, right = world.attempt({"asas": "b"}), world.attempt({"asas": "a"})
    world.publish(corrected(asas="b"))
    made = world.regrade("improved")
    assert scores(wrong, right) == [D("33.33"), D("33.33")]
    assert len(grades(right)) == 1
    assert regrades.line_counts(made.id) == {"changed": 1, "kept": 1}
    assert right.basis is None


def test_only_those_who_were_chosen(session):
    world = make_regrade_world()
    first, second = world.attempt({"asas": "b"}), world.attempt({"asas": "b"})
    world.publish(corrected(asas="b"))
    world.regrade("chosen", chosen=[second.enrolment_id])
    assert scores(first, second) == [D(0), D("33.33")]
    with pytest.raises(regrading.NobodyChosen):
        world.start("chosen", chosen=[])


def test_a_mark_is_added_with_who_and_why(session):
    world, teacher = make_regrade_world(), make_person(name="Pengajar")
    attempt = world.attempt({"asas": "b"})
    world.publish(corrected(asas="b"))
    made = world.regrade(actor=teacher, reason="Kunci soal 1 keliru.")
    first, second = grades(attempt)
    assert (first.score, first.graded_by, first.reason) == (0, None, "")
    assert (second.score, second.graded_by, second.reason) == (D("33.33"), teacher.id, "Kunci soal 1 keliru.")
    line = db.session.scalars(select(RegradeLine)).one()
    assert (line.regrade_id, line.grade_number, line.old_effective, line.new_effective) == (made.id, 2, 0, D("33.33"))
    progress = db.session.scalars(select(Progress)).one()
    assert progress.score == D("33.33")


def test_the_learner_did_nothing(session):
    world = make_regrade_world()
    attempt = world.attempt({"asas": "b"})
    before = db.session.scalars(select(Progress)).one().touched_at
    world.publish(corrected(asas="b"))
    made = world.start()
    later = NOON.replace(hour=9)
    regrading.regrade_next(made.id, now=later)
    assert attempt.score == D("33.33")
    assert db.session.scalars(select(Progress)).one().touched_at == before


def test_a_regrade_with_the_same_key_finds_nothing(session):
    world = make_regrade_world()
    attempt = world.attempt({"asas": "b", "skm": "satu"})
    world.publish(corrected())
    assert world.dry_run().people == ()
    with pytest.raises(regrading.NothingChanges):
        world.start()
    assert len(grades(attempt)) == 1


def test_twice_the_same_click_is_one_regrade(session):
    world, teacher = make_regrade_world(), make_person()
    attempt = world.attempt({"asas": "b"})
    world.publish(corrected(asas="b"))
    seen = world.item_revision_id, 0
    first = world.regrade(actor=teacher, seen=seen)
    assert world.regrade(actor=teacher, seen=seen) is first
    assert len(grades(attempt)) == 2
    assert len(db.session.scalars(select(Regrade)).all()) == 1


def test_another_persons_regrade_meanwhile_refuses(session):
    world = make_regrade_world()
    world.attempt({"asas": "b"})
    world.publish(corrected(asas="b"))
    seen = world.item_revision_id, 0
    world.start(seen=seen)
    with pytest.raises(regrading.ChangedMeanwhile):
        world.start(seen=seen)


def test_a_publication_meanwhile_refuses(session):
    world = make_regrade_world()
    world.attempt({"asas": "b"})
    world.publish(corrected(asas="b"))
    seen = world.item_revision_id, 0
    world.publish(corrected(asas="c"))
    with pytest.raises(regrading.ChangedMeanwhile):
        world.start(seen=seen)


def test_a_question_that_is_gone_is_marked_as_before(session):
    world = make_regrade_world()
    attempt = world.attempt({"asas": "a", "prinsip": "b"})
    world.publish(corrected(prinsip="b")[1:])
    assert world.dry_run().gone == {"asas"}
    world.regrade()
    assert attempt.score == D("66.67")


def test_a_void_question_gives_full_marks_or_is_left_out_and_can_be_withdrawn(session):
    world = make_regrade_world()
    attempt = world.attempt({"asas": "b", "skm": "satu"})
    assert world.dry_run(Voiding("asas", "full")).people[0].new == D("66.67")
    world.regrade(voiding=Voiding("asas", "full"))
    assert attempt.score == D("66.67")
    world.regrade(voiding=Voiding("asas", "left-out"))
    assert (attempt.points, attempt.most_points, attempt.score) == (1, 2, 50)
    world.regrade(voiding=Voiding("asas", "counts"))
    assert (attempt.most_points, attempt.score) == (3, D("33.33"))
    rules = [one.rule for one in db.session.scalars(select(QuestionVoid).order_by(QuestionVoid.number))]
    assert rules == ["full", "left-out", "counts"], "nothing is edited"


def test_an_attempt_that_is_handed_in_later_meets_the_void_question(session):
    world = make_regrade_world()
    world.attempt({"asas": "b"})
    world.regrade(voiding=Voiding("asas", "full"))
    assert world.attempt({"skm": "satu"}).score == D("66.67"), "also where it was not answered"


def test_a_void_question_is_not_among_those_that_were_not_drawn(session):
    world = make_regrade_world(draw={"": 2})
    attempt = world.attempt({})
    undrawn = ({"asas", "prinsip", "skm"} - {one["id"] for one in attempt.selection}).pop()
    assert world.dry_run(Voiding(undrawn, "full")).people == ()


def test_an_instructors_mark_counts_and_is_kept_by_a_regrade(session):
    world, teacher = make_regrade_world(), make_person()
    attempt = world.attempt({"asas": "b", "skm": "kira kira satuan"})
    question = services.quiz_of(attempt).question("skm")
    made = marking.mark_answer(attempt, question, D("0.50"), "Ejaan.", seen=0, actor_id=teacher.id, now=NOON)
    assert (attempt.points, attempt.score) == (D("0.50"), D("16.67"))
    assert (made.grade_number, made.old_effective, made.new_effective) == (2, 0, D("16.67"))
    world.publish(corrected(asas="b"))
    world.regrade()
    assert attempt.points == D("1.50")
    [row] = [
        one
        for one in queries.attempt_state(queries.attempt_row(attempt.id, attempt.person_id)).questions
        if one.is_marked_by_hand
    ]
    assert row.asked.id == "skm"
    marking.mark_answer(attempt, question, None, "Keliru.", seen=1, actor_id=teacher.id, now=NOON)
    assert attempt.points == 1
    assert len(grades(attempt)) == 4


def test_an_instructors_mark_is_given_once(session):
    world, teacher = make_regrade_world(), make_person()
    attempt = world.attempt({"skm": "satuan"})
    question = services.quiz_of(attempt).question("skm")

    def mark(points="1.00", seen=0, by=teacher):
        return marking.mark_answer(attempt, question, D(points), "Benar.", seen=seen, actor_id=by.id, now=NOON)

    first = mark()
    assert mark() is first
    with pytest.raises(marking.MarkedMeanwhile):
        mark(by=make_person())
    with pytest.raises(marking.TooManyPoints):
        mark("1.01", seen=1)
    assert len(grades(attempt)) == 2
    other = services.quiz_of(attempt).question("asas")
    with pytest.raises(marking.NotAnswered):
        marking.mark_answer(attempt, other, D(1), "x", seen=0, actor_id=teacher.id, now=NOON)


def test_the_points_of_the_journal_count_not_those_of_the_rows(session):
    world = make_regrade_world()
    attempt = world.attempt({"asas": "b"})
    world.publish(corrected(asas="b"))
    row = db.session.scalars(select(Answer)).one()
    row.response = {"picked": ["a"]}
    db.session.flush()
    world.regrade()
    assert attempt.score == D("33.33")
    assert journal.entries(f"attempt:{attempt.id}")


def test_an_error_leaves_out_one_attempt_only(session, monkeypatch):
    world = make_regrade_world()
    first, second = world.attempt({"asas": "b"}), world.attempt({"asas": "b"})
    world.publish(corrected(asas="b"))
    made = world.start()
    regrading.fail_next(made.id, now=NOON)
    while regrading.regrade_next(made.id, now=NOON):
        pass
    assert scores(first, second) == [0, D("33.33")]
    assert regrades.line_counts(made.id) == {"failed": 1, "changed": 1}


def test_who_has_left_is_not_marked_again(session):
    world = make_regrade_world()
    enrolment = world.enrolment()
    world.attempt({"asas": "b"}, enrolment)
    enrolment.withdrawn_at = NOON
    db.session.flush()
    world.publish(corrected(asas="b"))
    assert world.dry_run().attempts == 0


def test_numbers_are_decimals_to_the_cent(session):
    world = make_regrade_world()
    attempt = world.attempt({"asas": "b", "skm": "satu"})
    world.publish(corrected(asas="b"))
    world.regrade()
    db.session.expire_all()
    line = db.session.scalars(select(RegradeLine)).one()
    for value in (attempt.score, attempt.points, line.old_score, line.new_score, line.new_effective):
        assert isinstance(value, Decimal)
        assert value == value.quantize(D("0.01"))
    assert not db.session.scalars(select(AnswerMark)).all()


def test_only_handed_in_attempts_are_marked_again(session):
    world = make_regrade_world()
    running = services.start_attempt(world.context(world.enrolment()), seed=1, now=NOON)
    services.save_answer(running, services.quiz_of(running).question("asas"), Response(frozenset("b")), now=NOON)
    world.publish(corrected(asas="b"))
    assert world.dry_run().attempts == 0


def test_a_corrected_mark_counts_in_a_completed_course_too(session):
    world = make_regrade_world(pass_mark=30)
    attempt = world.attempt({"asas": "a"})
    assert db.session.scalars(select(Completion)).one().enrolment_id == attempt.enrolment_id
    world.publish(corrected(asas="b"), pass_mark=30)
    world.regrade("all")
    progress = db.session.scalars(select(Progress)).one()
    assert (progress.score, progress.state) == (0, "failed")
    assert db.session.scalars(select(Completion)).one(), "a completion that was recorded stays"
