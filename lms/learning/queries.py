"""Reads about where people stand in courses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from lms.core.db import db
from lms.core.i18n import local
from lms.courses import queries as courses
from lms.courses.contents import Contents
from lms.courses.models import Course, CourseRevision, ItemRevision
from lms.enrolment.models import Cohort, Enrolment
from lms.enrolment.windows import Window
from lms.learning import states
from lms.learning.completion import Outcome, Standing, evaluate
from lms.learning.models import Completion, Progress
from lms.learning.states import Mark, Row


@dataclass(frozen=True)
class Step:
    """An item of the course as another's page names it: enough for a link."""

    slug: str
    title: str
    is_done: bool = False
    is_locked: bool = False


@dataclass(frozen=True)
class Place:
    """Where one person stands at one item; what an activity's view is given.

    It exists only for who is enrolled, and only while the item is not locked.
    """

    enrolment_id: int
    person_id: int
    course_id: int
    course_slug: str
    course_title: str
    item: ItemRevision
    state: str | None
    """``started``, ``waiting``, ``done``, ``failed``; None: not started."""
    window: Window
    total: int
    """Items of the course; ``item.position`` counts from 1."""
    before: Step | None
    next: Step | None
    steps: tuple[Step, ...] = ()
    """All items of the course in their order, this one among them."""

    def moment(self, when: Mapping[str, Any] | None, edge: Literal["opens", "closes"]) -> datetime | None:
        return self.window.moment(when, edge)

    @property
    def closes_at(self) -> datetime | None:
        return self.window.moment(self.item.closes, "closes")


@dataclass(frozen=True)
class Journey:
    """One person's way through one course."""

    enrolment: Enrolment
    course: Course
    revision: CourseRevision
    contents: Contents
    marks: Mapping[int, Mark]
    rows: list[Row]
    outcome: Outcome

    @property
    def next_row(self) -> Row | None:
        return states.next_row(self.rows, self.marks)


def window_of(enrolment: Enrolment, cohort: Cohort, zone: str) -> Window:
    """The days that the course's relative dates count from: the cohort's, else from enrolment."""
    if cohort.starts_on is not None:
        return Window(cohort.starts_on, cohort.ends_on, zone, is_scheduled=True)
    return Window(local(enrolment.enrolled_at).date(), cohort.ends_on, zone)


def marks_of(enrolment_ids: list[int]) -> dict[int, dict[int, Mark]]:
    """Per enrolment, the marks by item."""
    marks: dict[int, dict[int, Mark]] = {enrolment_id: {} for enrolment_id in enrolment_ids}
    rows = db.session.execute(
        select(Progress.enrolment_id, Progress.item_id, Progress.state, Progress.score, Progress.touched_at).where(
            Progress.enrolment_id.in_(enrolment_ids)
        )
    )
    for enrolment_id, item_id, state, score, touched_at in rows:
        marks[enrolment_id][item_id] = Mark(state, score, touched_at)
    return marks


def outcome_of(
    contents: Contents, rule: Mapping[str, Any], marks: Mapping[int, Mark], default_pass_mark: float
) -> Outcome:
    """How far somebody with these marks is by the course's rule."""
    standings = []
    for entry in contents.entries:
        mark = marks.get(entry.item_id)
        standings.append(
            Standing(
                is_required=entry.is_required,
                counts=entry.counts,
                is_graded=entry.is_graded,
                is_done=mark is not None and mark.state == "done",
                weight=entry.weight,
                score=mark.score if mark else None,
            )
        )
    return evaluate(rule, standings, default_pass_mark)


def journey(
    enrolment: Enrolment,
    course: Course,
    revision: CourseRevision,
    marks: Mapping[int, Mark],
    *,
    zone: str,
    pass_mark: float,
    now: datetime,
) -> Journey:
    contents = courses.contents(revision.id)
    window = window_of(enrolment, enrolment.cohort, zone)
    return Journey(
        enrolment=enrolment,
        course=course,
        revision=revision,
        contents=contents,
        marks=marks,
        rows=states.rows(contents, marks, window, now),
        outcome=outcome_of(contents, revision.completion, marks, pass_mark),
    )


def place(
    person_id: int, course_slug: str, item_slug: str, *, zone: str, now: datetime
) -> tuple[Place, states.Lock | None] | None:
    """The person's place at an item and what locks it; None where there is no such item or enrolment.

    Two queries: one joins course, enrolment and item, one reads the person's marks.
    """
    row = db.session.execute(
        select(Enrolment, Course, CourseRevision.title, ItemRevision)
        .join(Course, Course.id == Enrolment.course_id)
        .join(CourseRevision, (CourseRevision.course_id == Course.id) & CourseRevision.is_current)
        .join(ItemRevision, ItemRevision.revision_id == CourseRevision.id)
        .join(Enrolment.cohort)
        .options(contains_eager(Enrolment.cohort))
        .where(
            Course.slug == course_slug,
            ItemRevision.slug == item_slug,
            Enrolment.person_id == person_id,
            Enrolment.withdrawn_at.is_(None),
        )
        .order_by(Enrolment.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    enrolment, course, title, item = row
    contents = courses.contents(item.revision_id)
    marks = marks_of([enrolment.id])[enrolment.id]
    window = window_of(enrolment, enrolment.cohort, zone)
    rows = states.rows(contents, marks, window, now)
    steps = tuple(Step(row.entry.slug, row.entry.title, row.is_done, row.lock is not None) for row in rows)
    here = rows[item.position - 1]
    found = Place(
        enrolment_id=enrolment.id,
        person_id=person_id,
        course_id=course.id,
        course_slug=course.slug,
        course_title=title,
        item=item,
        state=here.state,
        window=window,
        total=len(steps),
        before=steps[item.position - 2] if item.position > 1 else None,
        next=steps[item.position] if item.position < len(steps) else None,
        steps=steps,
    )
    return found, here.lock


def completion_of(enrolment_id: int) -> Completion | None:
    return db.session.scalar(select(Completion).where(Completion.enrolment_id == enrolment_id))


def completions(enrolment_ids: list[int]) -> dict[int, Completion]:
    """Completions by enrolment."""
    found = db.session.scalars(select(Completion).where(Completion.enrolment_id.in_(enrolment_ids)))
    return {completion.enrolment_id: completion for completion in found}
