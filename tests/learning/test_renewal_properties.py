"""Rules change at random while people work: what is stored is what a computation from scratch says.

The computation here shares nothing with the one of the site but the completion rule (``completion.evaluate``).
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest
from assignment_factories import content as assignment_content
from assignment_factories import make_submission
from factories import (
    NOON,
    item_of,
    make_cohort,
    make_course,
    make_enrolment,
    make_item_context,
    make_person,
    make_revision,
    publish,
)
from quiz_factories import content as quiz_content
from sqlalchemy import func, select

from lms.assignments import queries as assignments
from lms.assignments.lateness import Deadline
from lms.assignments.services.grading import GradeDecision, grade_submission
from lms.content import stored
from lms.core import settings
from lms.core.db import db
from lms.core.errors import Refusal
from lms.courses.queries import contents, item_content
from lms.enrolment import services as enrolment_services
from lms.enrolment.settings import CohortSettings, way_of
from lms.learning import jobs, services
from lms.learning.completion import ItemResult, evaluate
from lms.learning.models import Completion, EnrolmentState, Progress
from lms.learning.queries.enrolments import enrolment_rules
from lms.learning.services import renewal
from lms.people.models import Person
from lms.quizzes import queries as quiz_queries
from lms.quizzes import services as quizzes
from lms.quizzes.responses import Response

SLUGS = ("modul", "bacaan", "kuis", "tugas")
RIGHT = {"asas": Response(frozenset("a")), "prinsip": Response(frozenset("ab")), "skm": Response("satu")}
DUE = {"base": "end", "moment": None, "days": 0, "at": None}
ZONE = "Asia/Jayapura"
STEPS = 40


class Course:
    """People who work in a course of two modules, a quiz and an assignment, and whoever changes its rules."""

    def __init__(self, seed: int) -> None:
        self.random, self.now = Random(seed), NOON
        self.course = make_course(items=self.items(SLUGS), completion=self.rule())
        today = NOON.date()
        self.cohort = make_cohort(self.course, starts_on=today - timedelta(days=9), ends_on=today)
        self.people = [
            make_enrolment(make_person(), self.course, cohort=self.cohort, due_on=self.cohort.ends_on) for _ in range(3)
        ]
        self.grader_id = make_person().id

    def items(self, slugs):
        def pick(*choices):
            return self.random.choice(choices)

        quiz = quiz_content(
            pass_mark=pick(None, 30.0, 100.0), attempts=pick(None, 1, 3), grade=pick("highest", "average", "last")
        )
        late = {"until": None, "penalty": 10.0}
        task = assignment_content(rubric=[], due=DUE, late=late, pass_mark=pick(None, 50.0), attempts=pick(None, 2))
        kinds = {"kuis": {"type": "quiz", "content": quiz}, "tugas": {"type": "assignment", "content": task}}
        kinds["kuis"]["closes"] = pick(None, DUE, DUE)
        shared = ({"slug": slug, "is_required": pick(True, False), "weight": pick(1, 3)} for slug in slugs)
        return tuple(one | kinds.get(one["slug"], {}) for one in shared)

    def rule(self):
        return {
            "items": self.random.choice(["all", "required", 50, 25]),
            "score": self.random.choice([None, 10, 40, 90]),
        }

    def step(self) -> str:
        self.now += timedelta(hours=self.random.randint(1, 9))
        work = [self.read, self.take_quiz, self.hand_in, self.grade]
        rules = [self.publish, self.set_mark, self.extend, self.move_dates, self.leave_or_return]
        deed = self.random.choice([*work, *work, *rules])
        deed()
        db.session.flush()
        return deed.__name__

    def work(self):
        enrolment = self.random.choice([one for one in self.people if one.withdrawn_at is None])
        rules = enrolment_rules([enrolment.id], ZONE)[enrolment.id]
        return enrolment, rules, {item.slug: item for item in rules.contents.items}

    def context(self, slug: str):
        enrolment, rules, items = self.work()
        if slug not in items:
            return None
        return make_item_context(enrolment, item_of(self.course, slug), window=rules.window)

    def read(self) -> None:
        enrolment, _rules, items = self.work()
        slug = self.random.choice(["modul", "bacaan"])
        if slug in items:
            services.record_read(enrolment.id, item_of(self.course, slug), now=self.now)

    def take_quiz(self) -> None:
        context = self.context("kuis")
        if context is None:
            return
        try:
            attempt = quizzes.start_attempt(context, seed=1, now=self.now)
        except Refusal:
            return
        for name, response in RIGHT.items():
            if self.random.random() < 0.8:
                question = quizzes.quiz_of(attempt).question(name)
                quizzes.save_answer(attempt, question, response, now=self.now)
        if self.random.random() < 0.8:
            quizzes.submit_attempt(attempt, now=self.now)

    def hand_in(self) -> None:
        context = self.context("tugas")
        if context is None:
            return
        with suppress(Refusal):
            make_submission(None, f"Teks {self.random.random()}", context=context, now=self.now)

    def grade(self) -> None:
        enrolment, _rules, items = self.work()
        if "tugas" not in items:
            return
        found = assignments.submissions(enrolment.id, items["tugas"].item_id)
        if found:
            one = self.random.choice(found[:2])
            decision = GradeDecision(points=Decimal(self.random.randint(40, 100)), reason="Alasan")
            seen = len(one.markings)
            grade_submission(one, decision, grader_id=self.grader_id, seen=seen, now=self.now)

    def publish(self) -> None:
        slugs = [slug for slug in SLUGS if self.random.random() < 0.8] or ["modul"]
        publish(make_revision(self.course, self.items(slugs), completion=self.rule()), now=self.now)

    def set_mark(self) -> None:
        settings.change(services.PASS_MARK, float(self.random.choice([30, 60, 70])), actor_id=None, now=self.now)

    def extend(self) -> None:
        until = self.now.date() + timedelta(days=self.random.randint(1, 9))
        one = self.random.choice(self.people)
        enrolment_services.extend([one], until, "Sakit", actor_id=None, now=self.now)

    def move_dates(self) -> None:
        run = self.cohort
        ends_on = self.now.date() + timedelta(days=self.random.randint(-3, 9))
        way = way_of(run.is_open, run.needs_approval)
        new = CohortSettings(run.name, run.starts_on, max(ends_on, run.starts_on), way)
        enrolment_services.change_cohort(run, new, actor_id=None, now=self.now)

    def leave_or_return(self) -> None:
        """One person may be gone: the others work on."""
        one = self.people[-1]
        if one.withdrawn_at is None:
            enrolment_services.withdraw(one, actor_id=None, now=self.now)
        else:
            with suppress(Refusal):
                person = db.session.get_one(Person, one.person_id)
                enrolment_services.places.enrol(person, self.cohort, actor_id=None, now=self.now)


def item_from_scratch(row: Progress, item, is_completed: bool) -> tuple[bool, Decimal | None, bool]:
    """Done, score and whether it is final, from attempts or markings and the published item alone."""
    content = item_content(item.item_revision_id)
    if item.type == "module":
        return row.state == "done", None, False
    mark = Decimal(str(content.pass_mark if content.pass_mark is not None else settings.value(services.PASS_MARK)))
    if item.type == "quiz":
        scores = quiz_queries.scores(row.enrolment_id, item.item_id)
        by = {"highest": max, "last": lambda all_: all_[-1], "average": lambda all_: sum(all_) / len(all_)}
        score = by[content.grade](scores).quantize(Decimal("0.01"), "ROUND_HALF_UP") if scores else None
        used = len(scores)
    else:
        graded = [one for one in assignments.submissions(row.enrolment_id, item.item_id) if one.markings]
        score = graded[0].markings[-1].final_score if graded else None
        if graded:
            left = Decimal(100 - 10 * min(10, graded[0].late_days)) / 100
            assert score == (graded[0].markings[-1].score * left).quantize(Decimal("0.01"), "ROUND_HALF_UP")
        used = graded[0].number if graded else 0
    is_done = score is not None and score >= mark
    if is_completed and score is not None:  # a rule only makes it better
        score = max(score, row.score)
    return (
        is_done or (is_completed and row.state == "done"),
        score,
        content.attempts is not None and used >= content.attempts,
    )


def check(course: Course) -> None:
    db.session.expire_all()
    revision = course.course.revision
    found = contents(revision.id)
    for enrolment in course.people:
        row = db.session.get(EnrolmentState, enrolment.id)
        if row is None or enrolment.withdrawn_at is not None:
            continue
        completion = db.session.query(Completion).filter_by(enrolment_id=enrolment.id).one_or_none()
        progress = {one.item_id: one for one in db.session.query(Progress).filter_by(enrolment_id=enrolment.id)}
        results, states = [], set()
        for item in found.items:
            own = progress.get(item.item_id)
            done, score, final = item_from_scratch(own, item, completion is not None) if own else (False, None, False)
            if own:
                states.add(own.state)
                assert (own.state == "done", own.score, own.is_final) == (done, score, final), (item.slug, own.state)
            final = final and own.state in {"done", "failed"}
            results.append(ItemResult(item.is_required, item.counts, item.is_graded, done, item.weight, score, final))
        outcome = evaluate(stored.load_rule(revision.completion), results, float(settings.value(services.PASS_MARK)))
        assert completion is not None or not outcome.is_complete
        wanted = "failed" if outcome.is_failed else "in-progress"
        wanted = "waiting" if "waiting" in states else wanted
        wanted = "finished" if completion else wanted
        assert (row.state, row.done, row.needed) == (wanted, min(outcome.done, outcome.needed), outcome.needed)
        check_dates(enrolment, found)


def check_dates(enrolment, found) -> None:
    """No running attempt ends before its quiz closes, and no paper is later than the due moment says."""
    window = enrolment_rules([enrolment.id], ZONE)[enrolment.id].window
    for item in found.items:
        closes = window.moment(item.closes, "closes")
        if item.type == "quiz":
            running = [one for one in quiz_queries.attempts_of(enrolment.id, item.item_id) if not one.submitted_at]
            assert all(one.deadline_at is None or (closes and one.deadline_at >= closes) for one in running)
        if item.type == "assignment":
            due = Deadline(window.moment(item_content(item.item_revision_id).due, "closes"), None)
            papers = assignments.submissions(enrolment.id, item.item_id)
            assert all(one.late_days <= due.days_late(one.submitted_at) for one in papers)


@pytest.mark.parametrize("seed", range(12))
def test_what_is_stored_is_what_a_computation_from_scratch_says(session, seed):
    course = Course(seed)
    for _ in range(STEPS):
        before = done_in_completed_courses()
        deed = course.step()
        check(course)
        if deed in {"publish", "set_mark", "extend", "move_dates", "leave_or_return"}:
            after = done_in_completed_courses()
            assert [key for key, score in before.items() if after.get(key, -1) < score] == [], deed


def done_in_completed_courses() -> dict[int, Decimal]:
    """What no rule takes back, with its score."""
    done = select(Progress.id, func.coalesce(Progress.score, 0)).join(
        Completion, Completion.enrolment_id == Progress.enrolment_id
    )
    return dict(db.session.execute(done.where(Progress.state == "done")).all())


@pytest.mark.parametrize("seed", range(100, 104))
def test_the_job_comes_to_the_same(session, monkeypatch, seed):
    monkeypatch.setattr(renewal, "AT_ONCE", 2)
    course = Course(seed)
    for _ in range(STEPS):
        course.step()
        session.commit()
        jobs.renew_results()
        check(course)
