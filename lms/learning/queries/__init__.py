"""Reads of learners' progress."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Literal

from sqlalchemy import bindparam, func, select

from lms.content.course import CompletionRule
from lms.content.rendering.text_parts import TextParts, parts_of
from lms.content.when import When
from lms.core.db import db
from lms.core.direct_query import DirectQuery
from lms.courses import queries as courses
from lms.courses.contents import Contents, ItemSummary
from lms.courses.models import Course, CourseRevision
from lms.courses.queries import ItemVersion
from lms.enrolment.models import Cohort, Enrolment
from lms.enrolment.queries import window_of
from lms.enrolment.windows import Window, window_from
from lms.learning import states
from lms.learning.completion import CompletionRow, CourseOutcome, ItemProgress, evaluate, item_results
from lms.learning.models import Completion, Progress
from lms.learning.queries.revisions import own_revision_days
from lms.learning.reading_position import PositionInText, position_in_text
from lms.learning.states import ItemRow
from lms.learning.status import CourseDeadline, course_deadline


@dataclass(frozen=True)
class ItemLink:
    slug: str
    title: str


@dataclass(frozen=True)
class ItemContext:
    """One learner at one item: what the view of an item type is given. The learner is enrolled and the item open."""

    enrolment_id: int
    person_id: int
    course_id: int
    course_slug: str
    course_title: str
    item_revision: ItemVersion
    summary: ItemSummary
    state: str | None
    """``started``, ``waiting``, ``done``, ``failed``; None: not started."""
    window: Window
    total: int
    """Items of the course; ``item_revision.position`` counts from 1."""
    before: ItemLink | None
    next: ItemLink | None

    def moment(self, when: When | None, edge: Literal["opens", "closes"]) -> datetime | None:
        return self.window.moment(when, edge)

    @property
    def closes_at(self) -> datetime | None:
        return self.window.item_moment(self.summary.item_id, self.summary.closes, "closes")


@dataclass(frozen=True)
class ReadingProgress:
    """What a module's page needs of the learner's progress besides the state (``models.Progress``)."""

    done_at: datetime | None = None
    place: str | None = None
    place_at: datetime | None = None
    is_taken_back: bool = False


@dataclass(frozen=True)
class ItemAccess:
    """One learner and one item, without the item's content: enough to lock it, or to show a cached module."""

    enrolment_id: int
    person_id: int
    course_id: int
    course_slug: str
    course_title: str
    contents: Contents
    item: ItemSummary
    progress: Mapping[int, ItemProgress]
    """The progress of all items of the course that were started, by item id."""
    reading: ReadingProgress
    is_completed: bool
    """True if the course is completed."""
    window: Window
    now: datetime

    @cached_property
    def rows(self) -> list[ItemRow]:
        return states.item_rows(self.contents, self.progress, self.window, self.now)

    @property
    def row(self) -> ItemRow:
        return self.rows[self.item.position - 1]


@dataclass(frozen=True)
class CourseProgress:
    """One learner's progress in one course."""

    enrolment: Enrolment
    course: Course
    revision: CourseRevision
    contents: Contents
    item_progress: Mapping[int, ItemProgress]
    rows: list[ItemRow]
    outcome: CourseOutcome

    @cached_property
    def next_row(self) -> ItemRow | None:
        return states.next_row(self.rows, self.item_progress, self.revision.rule)

    @cached_property
    def next_position(self) -> PositionInText | None:
        """Where the learner stopped reading the item that comes next."""
        row = self.next_row
        own = self.item_progress.get(row.item.item_id) if row and row.state == "started" else None
        if row is None or own is None or own.place is None:
            return None
        return position_in_text(text_parts(self.contents, row.item), own.place, own.place_at)

    @property
    def eligible_rows(self) -> list[ItemRow]:
        """The items of which the course's rule wants ``outcome.needed`` done."""
        return [row for row in self.rows if states.is_asked_for(row, self.revision.rule)]

    @property
    def failed_for_good(self) -> list[ItemRow]:
        """The items that were failed without attempts left, if that makes the course impossible to complete."""
        if not self.outcome.is_failed:
            return []
        return [row for row in self.rows if row.item.counts and row.is_failed_for_good]

    @property
    def only_waits_for_grading(self) -> bool:
        """True if the learner has done what the course asks, and some of it is not graded yet."""
        eligible = [row.state for row in self.eligible_rows]
        submitted = eligible.count("done") + eligible.count("waiting")
        return "waiting" in eligible and submitted >= self.outcome.needed

    @property
    def due_on(self) -> date | None:
        return states.due_day(self.enrolment.due_on, self.eligible_rows)

    def end_reason(self, today: date) -> Literal["failed", "over"] | None:
        """Why the page does not suggest to continue a course that is not completed. None: it does.

        ``failed``: it cannot be completed any more. ``over``: the cohort has ended for this learner. A deadline alone
        ends nothing: late work counts wherever it is still accepted.
        """
        if self.outcome.is_failed:
            return "failed"
        is_past = self.enrolment.cohort.ends_on is not None and self.due_on is not None and self.due_on < today
        return "over" if is_past and not self.only_waits_for_grading else None

    def deadline(self, today: date, near_days: int) -> CourseDeadline | None:
        """The learner's own deadline, extensions included."""
        has_work_left = not (self.outcome.is_failed or self.only_waits_for_grading)
        return course_deadline(self.due_on, today, near_days, has_work_left=has_work_left)


_ITEM_PROGRESS = DirectQuery(
    select(
        Progress.enrolment_id,
        Progress.item_id,
        Progress.state,
        Progress.score,
        Progress.touched_at,
        Progress.is_final,
        Progress.place,
        Progress.place_at,
    ).where(Progress.enrolment_id.in_(bindparam("enrolment_ids", expanding=True)))
)


def item_progress(enrolment_ids: list[int]) -> dict[int, dict[int, ItemProgress]]:
    """The progress by item id, for each enrolment."""
    progress: dict[int, dict[int, ItemProgress]] = {enrolment_id: {} for enrolment_id in enrolment_ids}
    rows = _ITEM_PROGRESS.rows(enrolment_ids=enrolment_ids)
    for enrolment_id, item_id, state, score, touched_at, is_final, *place in rows:
        progress[enrolment_id][item_id] = _item_progress(state, score, touched_at, is_final, *place)
    return progress


_OWN_PROGRESS = DirectQuery(
    select(Progress.item_id, Progress.state, Progress.score, Progress.touched_at, Progress.is_final).where(
        Progress.enrolment_id == bindparam("enrolment_id")
    )
)


def progress_of(enrolment_id: int) -> dict[int, ItemProgress]:
    """The progress of one enrolment, by item id."""
    return {item_id: _item_progress(*values) for item_id, *values in _OWN_PROGRESS.rows(enrolment_id=enrolment_id)}


def _item_progress(
    state: str,
    score: Decimal | None,
    touched_at: datetime,
    is_final: bool,
    place: str | None = None,
    place_at: datetime | None = None,
) -> ItemProgress:
    return ItemProgress(state, score, touched_at, is_final and state in {"done", "failed"}, place, place_at)


def outcome_of(
    contents: Contents, rule: CompletionRule, progress: Mapping[int, ItemProgress], default_pass_mark: float
) -> CourseOutcome:
    """Apply a course's completion rule to the progress of one learner."""
    return evaluate(rule, item_results(contents, progress), default_pass_mark)


def course_progress(
    enrolment: Enrolment,
    course: Course,
    revision: CourseRevision,
    progress: Mapping[int, ItemProgress],
    *,
    zone: str,
    pass_mark: float,
    now: datetime,
) -> CourseProgress:
    contents = courses.contents(revision.id)
    window = window_of(enrolment, enrolment.cohort, zone)
    revision_days = own_revision_days(enrolment.id, contents, progress)
    return CourseProgress(
        enrolment=enrolment,
        course=course,
        revision=revision,
        contents=contents,
        item_progress=progress,
        rows=states.item_rows(contents, progress, window, now, revision_days),
        outcome=outcome_of(contents, revision.rule, progress, pass_mark),
    )


_ITEM_ACCESS = DirectQuery(
    select(
        Enrolment.id.label("enrolment_id"),
        Enrolment.enrolled_at,
        Enrolment.extended_until,
        Enrolment.item_dates,
        Cohort.item_dates.label("cohort_item_dates"),
        Cohort.starts_on,
        Cohort.ends_on,
        Enrolment.course_id,
        CourseRevision.id.label("revision_id"),
        CourseRevision.title.label("course_title"),
        Progress.item_id,
        Progress.state,
        Progress.score,
        Progress.touched_at,
        Progress.done_at,
        Progress.place,
        Progress.place_at,
        Progress.taken_back_at,
        Completion.id.label("completion_id"),
    )
    .join(Course, Course.id == Enrolment.course_id)
    .join(CourseRevision, (CourseRevision.course_id == Course.id) & CourseRevision.is_current)
    .join(Cohort, Cohort.id == Enrolment.cohort_id)
    .outerjoin(Progress, Progress.enrolment_id == Enrolment.id)
    .outerjoin(Completion, Completion.enrolment_id == Enrolment.id)
    .where(
        Course.slug == bindparam("course_slug"),
        Enrolment.person_id == bindparam("person_id"),
        Enrolment.withdrawn_at.is_(None),
    )
    .order_by(Enrolment.id.desc())
)


def item_access(person_id: int, course_slug: str, item_slug: str, *, zone: str, now: datetime) -> ItemAccess | None:
    """The learner's access to an item, by the newest enrolment; None if there is no such item or enrolment.

    One query for rows, not objects: the newest enrolment with the progress of all its items. The table of contents is
    cached.
    """
    rows = _ITEM_ACCESS.rows(course_slug=course_slug, person_id=person_id)
    items = courses.contents(rows[0].revision_id).items if rows else ()
    item = next((item for item in items if item.slug == item_slug), None)
    if item is None:
        return None
    newest = rows[0]
    own = {row.item_id: row for row in rows if row.enrolment_id == newest.enrolment_id and row.item_id is not None}
    progress = {key: ItemProgress(row.state, row.score, row.touched_at) for key, row in own.items()}
    here = own.get(item.item_id)
    dates = newest.starts_on, newest.ends_on, newest.extended_until
    return ItemAccess(
        enrolment_id=newest.enrolment_id,
        person_id=person_id,
        course_id=newest.course_id,
        course_slug=course_slug,
        course_title=newest.course_title,
        contents=courses.contents(newest.revision_id),
        item=item,
        progress=progress,
        reading=ReadingProgress(here.done_at, here.place, here.place_at, here.taken_back_at is not None)
        if here
        else ReadingProgress(),
        is_completed=newest.completion_id is not None,
        window=window_from(
            *dates,
            enrolled_at=newest.enrolled_at,
            zone=zone,
            of_cohort=newest.cohort_item_dates,
            of_person=newest.item_dates,
        ),
        now=now,
    )


def item_context(access: ItemAccess) -> ItemContext:
    """``access`` with the item's content and its neighbours."""
    links = [ItemLink(item.slug, item.title) for item in access.contents.items]
    position = access.item.position
    return ItemContext(
        enrolment_id=access.enrolment_id,
        person_id=access.person_id,
        course_id=access.course_id,
        course_slug=access.course_slug,
        course_title=access.course_title,
        item_revision=courses.item_version(access.item.item_revision_id),
        summary=access.item,
        state=access.row.state,
        window=access.window,
        total=len(links),
        before=links[position - 2] if position > 1 else None,
        next=links[position] if position < len(links) else None,
    )


def text_parts(contents: Contents, item: ItemSummary) -> TextParts:
    """The parts of a module's text, read once and kept with the contents: a revision never changes."""
    key = "parts", item.position
    if key not in contents.fragments:
        contents.fragments[key] = parts_of(courses.item_version(item.item_revision_id).body_html)
    found: TextParts = contents.fragments[key]
    return found


_PUBLISHED_REVISION = DirectQuery(
    select(CourseRevision.id)
    .join(Enrolment, Enrolment.course_id == CourseRevision.course_id)
    .where(Enrolment.id == bindparam("enrolment_id"), CourseRevision.is_current)
)


def published_revision_id(enrolment_id: int) -> int | None:
    """The published revision of the enrolment's course."""
    row = _PUBLISHED_REVISION.row(enrolment_id=enrolment_id)
    return row.id if row else None


_IS_COMPLETED = DirectQuery(select(Completion.id).where(Completion.enrolment_id == bindparam("enrolment_id")))


def is_completed(enrolment_id: int) -> bool:
    return _IS_COMPLETED.row(enrolment_id=enrolment_id) is not None


_COMPLETION = DirectQuery(
    select(*(getattr(Completion, name) for name in CompletionRow._fields)).where(
        Completion.enrolment_id == bindparam("enrolment_id")
    ),
    CompletionRow,
)


def completion_of(enrolment_id: int) -> CompletionRow | None:
    row: CompletionRow | None = _COMPLETION.row(enrolment_id=enrolment_id)
    return row


def began_at(enrolment_id: int) -> datetime | None:
    """When the learner began the first item."""
    return db.session.scalar(select(func.min(Progress.started_at)).where(Progress.enrolment_id == enrolment_id))


_COMPLETED = DirectQuery(
    select(Completion.enrolment_id).where(Completion.enrolment_id.in_(bindparam("enrolment_ids", expanding=True)))
)


def completed_among(enrolment_ids: list[int]) -> set[int]:
    """The enrolments of which the course is completed."""
    return {row.enrolment_id for row in _COMPLETED.rows(enrolment_ids=enrolment_ids)}
