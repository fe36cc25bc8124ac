"""What one person did in one course, as rows: modules read, attempts with their events, work, grades, completion.

Selecting questions, scoring and completion follow the site's own quiz. Only the times, and which answers are right,
are random.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from lms.content import stored
from lms.content.items.quiz import Quiz
from lms.content.questions.base import Question
from lms.courses.contents import Contents, ItemSummary
from lms.courses.models import CourseRevision
from lms.enrolment.models import Cohort
from lms.journal.events import GENESIS, SERVER, digest, write
from lms.journal.queries import milliseconds
from lms.learning.completion import CourseOutcome, ItemProgress
from lms.learning.queries import outcome_of
from lms.learning.states import course_state
from lms.quizzes import responses, scoring, selection
from lms.quizzes.responses import Response
from lms.synth.rows import Row, RowBuffer

WORK = "Contoh: satu langkah perbaikan yang dapat dimulai besok."


@dataclass(frozen=True)
class SynthCourse:
    """A published course with its cohorts; the cohort without dates comes first."""

    revision: CourseRevision
    cohorts: list[Cohort]
    contents: Contents
    quizzes: Mapping[int, Quiz]
    """By item id."""
    instructor_id: int
    pass_mark: float
    until: datetime
    """Nothing happens later."""


@dataclass
class EnrolmentHistory:
    """One enrolment's way through the course; ``now`` moves on with each step."""

    rows: RowBuffer
    rng: Random
    course: SynthCourse
    enrolment_id: int
    person_id: int
    now: datetime
    item_progress: dict[int, ItemProgress] = field(default_factory=dict)

    def tell(self, *, share: float, skill: float) -> bool:
        """Do the first ``share`` of the items, right with chance ``skill``. True if that completes the course."""
        items = self.course.contents.items
        for item in items[: round(share * len(items))]:
            if not self._later(hours=self.rng.uniform(1, 90)):
                break
            do = {"module": self._read, "quiz": self._take, "assignment": self._submit}[item.type]
            if not do(item, skill):
                break
        outcome = outcome_of(self.course.contents, self.course.revision.rule, self.item_progress, self.course.pass_mark)
        if self.item_progress:
            self._state(outcome)
        if outcome.is_complete:
            self._completed(outcome)
        return outcome.is_complete

    def _later(self, **step: float) -> bool:
        """Move on. False, and no step, if the history ends before."""
        later = self.now + timedelta(**step)
        if later >= self.course.until:
            return False
        self.now = later.replace(microsecond=0)
        return True

    def _read(self, item: ItemSummary, _skill: float) -> bool:
        self._progress(item, "done", None, self.now)
        return True

    def _take(self, item: ItemSummary, skill: float) -> bool:
        """Try until an attempt passes, none is left, or the learner gives up. The highest score counts."""
        quiz, started, scores = self.course.quizzes[item.item_id], self.now, list[Decimal]()
        mark = Decimal(str(quiz.pass_mark or self.course.pass_mark))
        while len(scores) < (quiz.attempts or 3) and max(scores, default=Decimal(0)) < mark:
            if scores and (self.rng.random() < 0.2 or not self._later(hours=self.rng.uniform(2, 40))):
                break
            scores.append(self._attempt(item, quiz, len(scores) + 1, skill, mark))
        is_passed = max(scores) >= mark
        is_final = len(scores) == quiz.attempts
        self._progress(item, "done" if is_passed else "failed", max(scores), started, is_final=is_final)
        return is_passed

    def _attempt(self, item: ItemSummary, quiz: Quiz, number: int, skill: float, mark: Decimal) -> Decimal:
        started = self.now
        selected = selection.select_questions(quiz, self.rng.getrandbits(32))
        given = {one["id"]: self._response(quiz.question(one["id"]), skill) for one in selected}
        result = scoring.score_attempt([quiz.question(one["id"]) for one in selected], given)
        self.now += timedelta(seconds=self.rng.randint(60, 1200))
        attempt_id = self.rows.add(
            "attempt",
            **self._of_item(item),
            person_id=self.person_id,
            number=number,
            deal=selected,
            started_at=started,
            deadline_at=None,
            submitted_at=self.now,
            submitted_by="learner",
            points=result.total,
            most_points=result.most,
            score=result.score,
            is_passed=result.score >= mark,
            reviewed_at=self.now,
        )
        self._answers(attempt_id, quiz, given, result.points)
        self._grade(item, f"attempt:{attempt_id}", result.score, None)
        return result.score

    def _response(self, question: Question, skill: float) -> Response:
        return Response(question.example(is_right=self.rng.random() < skill, rng=self.rng))

    def _answers(
        self, attempt_id: int, quiz: Quiz, given: Mapping[str, Response], points: Mapping[str, Decimal]
    ) -> None:
        """The attempt's chain of events, and the rows that follow from it."""
        subject, before = f"attempt:{attempt_id}", GENESIS
        for n, (question, response) in enumerate(given.items(), start=1):
            said = responses.to_json(response, quiz.question(question))
            event_id, before = self._event(subject, n, before, "answer", {"about": question, "response": said})
            self.rows.add(
                "answer",
                attempt_id=attempt_id,
                question=question,
                response=said,
                is_flagged=False,
                event_id=event_id,
                answered_at=self.now,
                points=points[question],
            )
        self._event(subject, len(given) + 1, before, "submit", {"by": "learner"})

    def _event(self, subject: str, n: int, before: str, kind: str, body: Row) -> tuple[int, str]:
        wall = milliseconds(self.now)
        data = write(device=SERVER, subject=subject, n=n, prev=before, wall=wall, kind=kind, body=body)
        event_id = self.rows.add(
            "event",
            person_id=self.person_id,
            device=SERVER,
            subject=subject,
            n=n,
            kind=kind,
            prev=before,
            hash=digest(data),
            bytes=data,
            arrived_at=self.now,
        )
        return event_id, digest(data)

    def _submit(self, item: ItemSummary, skill: float) -> bool:
        """Hand in work. Most of it was graded some days later; the rest still waits."""
        started, handed_in = self.now, self.now
        is_graded = self.rng.random() < 0.8 and self._later(hours=self.rng.uniform(10, 150))
        submission_id = self.rows.add(
            "submission",
            **self._of_item(item),
            person_id=self.person_id,
            number=1,
            text=WORK,
            text_html=f"<p>{WORK}</p>",
            link="",
            submitted_at=handed_in,
            late_days=0,
            is_graded=is_graded,
            is_superseded=False,
        )
        if not is_graded:
            self._progress(item, "waiting", None, started)
            return False
        score = Decimal(min(100, round(40 + 60 * self.rng.uniform(skill, 1))))
        by = self.course.instructor_id
        self.rows.add(
            "marking",
            submission_id=submission_id,
            number=1,
            levels={},
            score=score,
            final_score=score,
            feedback="",
            feedback_html="",
            reason="",
            graded_by=by,
            graded_at=self.now,
        )
        self._grade(item, f"submission:{submission_id}", score, by)
        self._progress(item, "done" if score >= 70 else "failed", score, started)
        return score >= 70

    def _of_item(self, item: ItemSummary) -> Row:
        return {
            "enrolment_id": self.enrolment_id,
            "item_id": item.item_id,
            "item_revision_id": item.item_revision_id,
        }

    def _progress(
        self, item: ItemSummary, state: str, score: Decimal | None, started: datetime, *, is_final: bool = False
    ) -> None:
        self.item_progress[item.item_id] = ItemProgress(state, score, self.now, is_final)
        self.rows.add(
            "progress",
            **self._of_item(item),
            state=state,
            score=score,
            started_at=started,
            touched_at=self.now,
            done_at=self.now if state == "done" else None,
            is_dead_end=is_final,
        )

    def _grade(self, item: ItemSummary, source: str, score: Decimal, by: int | None) -> None:
        self.rows.add(
            "grade",
            **self._of_item(item),
            source=source,
            number=1,
            score=score,
            graded_by=by,
            reason="",
            graded_at=self.now,
        )
        self.rows.note(self.now, by, "grade", source, enrolment=self.enrolment_id, score=score, reason="")

    def _state(self, outcome: CourseOutcome) -> None:
        progress = self.item_progress.values()
        self.rows.add_without_id(
            "enrolment_state",
            enrolment_id=self.enrolment_id,
            state=course_state(outcome, progress, is_completed=False),
            done=min(outcome.done, outcome.needed),
            needed=outcome.needed,
            total_done=outcome.total_done,
            total=outcome.total,
            touched_at=self.now,
        )

    def _completed(self, outcome: CourseOutcome) -> None:
        facts = {
            "done": outcome.done,
            "needed": outcome.needed,
            "pass_mark": None if outcome.pass_mark is None else str(outcome.pass_mark),
            "rule": stored.dump_rule(self.course.revision.rule),
        }
        self.rows.add(
            "completion",
            enrolment_id=self.enrolment_id,
            revision_id=self.course.revision.id,
            completed_at=self.now,
            score=outcome.score,
            facts=facts,
        )
        target = f"enrolment:{self.enrolment_id}"
        self.rows.note(self.now, None, "complete course", target, score=outcome.score, **facts)
