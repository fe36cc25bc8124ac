"""A cohort with an assignment that groups hand in, and people in groups."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Any

from assignment_factories import AssignmentWorld, content
from factories import NOON, make_enrolment, make_item_context, make_person

from lms.assignments.models import Submission, WorkGroup
from lms.assignments.services import forming
from lms.assignments.services.drafts import DraftContent
from lms.assignments.services.grading import GradeDecision, grade_submission
from lms.assignments.services.submitting import submit_assignment
from lms.core.db import db
from lms.core.i18n import zone
from lms.enrolment import queries as enrolments
from lms.enrolment.models import Enrolment
from lms.learning.queries import ItemContext


class GroupWorld(AssignmentWorld):
    """``ani``, ``budi`` and ``citra`` are the group ``Kelompok 1``; ``dodi`` is in none."""

    @cached_property
    def ani(self) -> Enrolment:
        return self._enrolled("Ani")

    @cached_property
    def budi(self) -> Enrolment:
        return self._enrolled("Budi")

    @cached_property
    def citra(self) -> Enrolment:
        return self._enrolled("Citra")

    @cached_property
    def dodi(self) -> Enrolment:
        return self._enrolled("Dodi")

    @cached_property
    def group(self) -> WorkGroup:
        return self.form("Kelompok 1", self.ani, self.budi, self.citra)

    def _enrolled(self, name: str) -> Enrolment:
        return make_enrolment(make_person(name=name), self.course)

    def form(self, name: str, *members: Enrolment) -> WorkGroup:
        cohort = members[0].cohort
        group = forming.form_group(cohort, name, actor_id=None, now=NOON)
        self.move(group, *members)
        return group

    def move(self, group: WorkGroup | None, *members: Enrolment) -> int:
        ids = [one.id for one in members]
        return forming.move_people(members[0].cohort, ids, group, actor_id=self.instructor.id, now=NOON)

    def context_of(self, enrolment: Enrolment) -> ItemContext:
        """With the dates that the person has."""
        window = enrolments.window_of(enrolment, enrolment.cohort, zone())
        return make_item_context(enrolment, self.context.item_revision, window=window)

    def hand_in(
        self,
        enrolment: Enrolment,
        text: str = "Antrean dua jam.",
        *,
        number: int = 1,
        now: datetime = NOON,
        **work: Any,
    ) -> Submission:
        content = DraftContent(text, **work)
        return submit_assignment(self.context_of(enrolment), content, number=number, now=now)

    def submission(self, enrolment: Enrolment, number: int = 1) -> Submission:
        found = db.session.query(Submission).filter_by(enrolment_id=enrolment.id, number=number)
        return found.populate_existing().one()

    def grade(self, submission: Submission, points: int, *, now: datetime = NOON, reason: str = "", **how: Any) -> None:
        seen = how.pop("seen", len(submission.markings))
        decision = GradeDecision(points=points, feedback="Baik.", reason=reason)
        grade_submission(submission, decision, grader_id=self.instructor.id, seen=seen, now=now, **how)
        db.session.expire_all()


def make_group_world(**values: Any) -> GroupWorld:
    """``values`` change the assignment's content, which has no rubric."""
    world = GroupWorld(content(**({"group": True, "rubric": []} | values)))
    assert world.context and world.instructor and world.group and world.dodi
    return world
