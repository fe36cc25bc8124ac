"""Reads about where people stand in courses."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Literal

from sqlalchemy import bindparam, select

from lms.content.course import CompletionRule
from lms.content.when import When
from lms.core.db import db
from lms.core.direct_query import DirectQuery
from lms.courses import queries as courses
from lms.courses.contents import Contents, ItemSummary
from lms.courses.models import Course, CourseRevision, ItemRevision
from lms.enrolment.models import Cohort, Enrolment
from lms.enrolment.queries import window_of
from lms.enrolment.windows import Window, window_from
from lms.learning import states
from lms.learning.completion import Outcome, Standing, evaluate
from lms.learning.endings import LastDay, last_day
from lms.learning.models import Completion, EnrolmentState, Progress
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
    summary: ItemSummary
    state: str | None
    """``started``, ``waiting``, ``done``, ``failed``; None: not started."""
    window: Window
    total: int
    """Items of the course; ``item.position`` counts from 1."""
    before: Step | None
    next: Step | None
    steps: tuple[Step, ...] = ()
    """All items of the course in their order, this one among them."""

    def moment(self, when: When | None, edge: Literal["opens", "closes"]) -> datetime | None:
        return self.window.moment(when, edge)

    @property
    def closes_at(self) -> datetime | None:
        return self.window.moment(self.summary.closes, "closes")


@dataclass(frozen=True)
class Spot:
    """Where one person stands at one item, told without the item itself: enough to show a module that is kept."""

    enrolment_id: int
    person_id: int
    course_id: int
    course_slug: str
    course_title: str
    contents: Contents
    entry: ItemSummary
    marks: Mapping[int, Mark]
    window: Window
    now: datetime

    @cached_property
    def rows(self) -> list[Row]:
        return states.rows(self.contents, self.marks, self.window, self.now)

    @property
    def here(self) -> Row:
        return self.rows[self.entry.position - 1]


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

    @property
    def wanted(self) -> list[Row]:
        """The items among which the course's rule asks for ``outcome.needed``."""
        asks_required = self.revision.rule.items == "required"
        return [row for row in self.rows if row.entry.counts and (row.entry.is_required or not asks_required)]

    @property
    def dead_ends(self) -> list[Row]:
        """What was failed for good, where the course cannot be completed any more; else none."""
        return [row for row in self.rows if row.entry.counts and row.is_dead_end] if self.outcome.is_lost else []

    @property
    def is_handed_in(self) -> bool:
        """The person has done what the course asks; some of it lies with a grader."""
        states_of_wanted = [row.state for row in self.wanted]
        given = states_of_wanted.count("done") + states_of_wanted.count("waiting")
        return "waiting" in states_of_wanted and given >= self.outcome.needed

    def halt(self, today: date) -> Literal["failed", "over"] | None:
        """Why whoever has not completed the course is not told to go on: it cannot be completed any more, or the run
        is over for this person. A last day alone halts nobody: what comes later counts where it is still taken."""
        if self.outcome.is_lost:
            return "failed"
        due_on = self.enrolment.due_on
        is_past = self.enrolment.cohort.ends_on is not None and due_on is not None and due_on < today
        return "over" if is_past and not self.is_handed_in else None

    def last_day(self, today: date, near_days: int) -> LastDay | None:
        """The person's own, with an extension in it. It warns while there is something to do."""
        is_pressing = not (self.outcome.is_lost or self.is_handed_in)
        return last_day(self.enrolment.due_on, today, near_days, is_pressing=is_pressing)


_MARKS = select(
    Progress.enrolment_id,
    Progress.item_id,
    Progress.state,
    Progress.score,
    Progress.touched_at,
    Progress.is_final,
).where(Progress.enrolment_id.in_(bindparam("enrolment_ids", expanding=True)))


def marks_of(enrolment_ids: list[int]) -> dict[int, dict[int, Mark]]:
    """Per enrolment, the marks by item."""
    marks: dict[int, dict[int, Mark]] = {enrolment_id: {} for enrolment_id in enrolment_ids}
    rows = db.session.execute(_MARKS, {"enrolment_ids": enrolment_ids})
    for enrolment_id, item_id, state, score, touched_at, is_final in rows:
        marks[enrolment_id][item_id] = Mark(state, score, touched_at, is_final and state in {"done", "failed"})
    return marks


def outcome_of(
    contents: Contents, rule: CompletionRule, marks: Mapping[int, Mark], default_pass_mark: float
) -> Outcome:
    """How far somebody with these marks is by the course's rule."""
    standings = []
    for entry in contents.items:
        mark = marks.get(entry.item_id)
        standings.append(
            Standing(
                is_required=entry.is_required,
                counts=entry.counts,
                is_graded=entry.is_graded,
                is_done=mark is not None and mark.state == "done",
                weight=entry.weight,
                score=mark.score if mark else None,
                is_final=mark is not None and mark.is_final,
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
        outcome=outcome_of(contents, revision.rule, marks, pass_mark),
    )


_SPOT = DirectQuery(
    select(
        Enrolment.id.label("enrolment_id"),
        Enrolment.enrolled_at,
        Enrolment.extended_until,
        Cohort.starts_on,
        Cohort.ends_on,
        Enrolment.course_id,
        CourseRevision.id.label("revision_id"),
        CourseRevision.title.label("course_title"),
        Progress.item_id,
        Progress.state,
        Progress.score,
        Progress.touched_at,
    )
    .join(Course, Course.id == Enrolment.course_id)
    .join(CourseRevision, (CourseRevision.course_id == Course.id) & CourseRevision.is_current)
    .join(Cohort, Cohort.id == Enrolment.cohort_id)
    .outerjoin(Progress, Progress.enrolment_id == Enrolment.id)
    .where(
        Course.slug == bindparam("course_slug"),
        Enrolment.person_id == bindparam("person_id"),
        Enrolment.withdrawn_at.is_(None),
    )
    .order_by(Enrolment.id.desc())
)


def spot(person_id: int, course_slug: str, item_slug: str, *, zone: str, now: datetime) -> Spot | None:
    """Where the person stands at an item; None where there is no such item or enrolment.

    One query, of rows instead of objects: the newest enrolment with all its marks. What
    all see alike comes from the contents kept in memory.
    """
    rows = _SPOT.rows(course_slug=course_slug, person_id=person_id)
    entries = courses.contents(rows[0].revision_id).items if rows else ()
    entry = next((entry for entry in entries if entry.slug == item_slug), None)
    if entry is None:
        return None
    newest = rows[0]
    marks = {
        row.item_id: Mark(row.state, row.score, row.touched_at)
        for row in rows
        if row.enrolment_id == newest.enrolment_id and row.item_id is not None
    }
    dates = newest.starts_on, newest.ends_on, newest.extended_until
    return Spot(
        enrolment_id=newest.enrolment_id,
        person_id=person_id,
        course_id=newest.course_id,
        course_slug=course_slug,
        course_title=newest.course_title,
        contents=courses.contents(newest.revision_id),
        entry=entry,
        marks=marks,
        window=window_from(*dates, enrolled_at=newest.enrolled_at, zone=zone),
        now=now,
    )


def item(entry: ItemSummary) -> ItemRevision:
    """The item itself, with its text and content."""
    return db.session.get_one(ItemRevision, entry.item_revision_id)


def place_at(spot: Spot) -> Place:
    """The place of an activity's view: the spot with its item and the neighbours."""
    here = item(spot.entry)
    steps = tuple(Step(row.entry.slug, row.entry.title, row.is_done, row.lock is not None) for row in spot.rows)
    return Place(
        enrolment_id=spot.enrolment_id,
        person_id=spot.person_id,
        course_id=spot.course_id,
        course_slug=spot.course_slug,
        course_title=spot.course_title,
        item=here,
        summary=spot.entry,
        state=spot.here.state,
        window=spot.window,
        total=len(steps),
        before=steps[here.position - 2] if here.position > 1 else None,
        next=steps[here.position] if here.position < len(steps) else None,
        steps=steps,
    )


def place(
    person_id: int, course_slug: str, item_slug: str, *, zone: str, now: datetime
) -> tuple[Place, states.Lock | None] | None:
    """The person's place at an item and what locks it; None where there is no such item or enrolment."""
    found = spot(person_id, course_slug, item_slug, zone=zone, now=now)
    return (place_at(found), found.here.lock) if found else None


def states_of(enrolment_ids: list[int]) -> dict[int, str]:
    """Where each stands in the course (``lms.learning.course_states``); who has begun nothing is not there."""
    found = select(EnrolmentState.enrolment_id, EnrolmentState.state)
    return dict(db.session.execute(found.where(EnrolmentState.enrolment_id.in_(enrolment_ids))).all())


def completed_courses(person_ids: Collection[int], slugs: Collection[str]) -> set[tuple[int, str]]:
    """Pairs of a person and the slug of a course that the person has completed, in whichever cohort."""
    rows = db.session.execute(
        select(Enrolment.person_id, Course.slug)
        .join(Completion, Completion.enrolment_id == Enrolment.id)
        .join(Course, Course.id == Enrolment.course_id)
        .where(Enrolment.person_id.in_(person_ids), Course.slug.in_(slugs))
        .distinct()
    )
    return {(person_id, slug) for person_id, slug in rows}


def completion_of(enrolment_id: int) -> Completion | None:
    return completions([enrolment_id]).get(enrolment_id)


_COMPLETIONS = select(Completion).where(Completion.enrolment_id.in_(bindparam("enrolment_ids", expanding=True)))


def completions(enrolment_ids: list[int]) -> dict[int, Completion]:
    """Completions by enrolment."""
    found = db.session.scalars(_COMPLETIONS, {"enrolment_ids": enrolment_ids})
    return {completion.enrolment_id: completion for completion in found}
