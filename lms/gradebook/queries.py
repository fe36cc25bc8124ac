"""Reads of a gradebook: a fixed number of queries, whatever the number of people."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import aliased

from lms.assignments.models import AnonymousNumber, Marking, Submission
from lms.assignments.queries import anonymity
from lms.core.db import db
from lms.core.i18n import to_site_time
from lms.courses import queries as courses
from lms.courses.contents import ItemSummary
from lms.courses.models import CourseItem
from lms.enrolment.models import Cohort, Enrolment
from lms.enrolment.windows import Window, window_from
from lms.gradebook.book import Book, BookPerson, BookRow, HeldMark, MarkCell, Standing, reached, reasons_to_help
from lms.gradebook.sheet import Key, Known
from lms.learning.completion import dropped_so_far, evaluate, item_results
from lms.learning.models import Completion, EnrolmentState, Progress
from lms.people import queries as persons
from lms.people.models import Person, Unit
from lms.people.names import full_name
from lms.quizzes.models import Attempt
from lms.quizzes.queries import essays


class Asked(NamedTuple):
    """Whose marks: of a course, of one of its cohorts, of the people that the words find."""

    course_id: int
    cohort_id: int | None = None
    words: str = ""

    @property
    def where(self) -> list[ColumnElement[bool]]:
        found = [Enrolment.course_id == self.course_id, Enrolment.withdrawn_at.is_(None)]
        if self.cohort_id is not None:
            found.append(Enrolment.cohort_id == self.cohort_id)
        if self.words:
            found.append(Enrolment.person_id.in_(persons.ids_found(self.words, by_parts_of_numbers=False)))
        return found


class HelpLimits(NamedTuple):
    """From the settings, see ``book.reasons_to_help``."""

    near_days: int
    idle_days: int


def book(asked: Asked, revision_id: int, *, pass_mark: float, limits: HelpLimits, zone: str, now: datetime) -> Book:
    contents = courses.contents(revision_id)
    graded = [item for item in contents.items if item.is_graded]
    progress = _progress(asked)
    failed = _failed_attempts(asked)
    work = _Work(_late_work(asked), _held(asked), hidden_keys(asked))
    rows = []
    for participant, window in _participants(asked, zone):
        own = progress.get(participant.enrolment_id, {})
        cells = {item.item_id: _cell(participant, item, own, work, window, now) for item in graded}
        results = item_results(contents, own)
        outcome = evaluate(contents.rule, results, pass_mark)
        dropped = {contents.items[at].item_id for at in dropped_so_far(contents.rule, results)}
        last = to_site_time(participant.touched_at).date() if participant.touched_at else None
        needs = reasons_to_help(
            participant,
            [failed.get((participant.enrolment_id, key), 0) for key, cell in cells.items() if cell.is_failed],
            today=to_site_time(now).date(),
            last_day=last,
            **limits._asdict(),
        )
        rows.append(BookRow(participant, cells, outcome, needs, frozenset(dropped)))
    counted = [item for item in contents.items if item.counts]
    return Book(graded, rows, reached(counted, list(progress.values())))


class _Work(NamedTuple):
    """Papers: those that came late, with what a grader decided that this costs, those with marks that are held, and
    those graded without names."""

    late: Mapping[Key, Decimal | None]
    held: Mapping[Key, HeldMark]
    hidden: Collection[Key]


def hidden_keys(asked: Asked) -> Collection[Key]:
    """Where the newest paper is graded without names, and its mark is not told yet."""
    one = AnonymousNumber
    items = select(CourseItem.id).where(CourseItem.course_id == asked.course_id)
    is_asked = exists().where(Enrolment.id == one.enrolment_id, *asked.where)
    return anonymity.hidden_numbers(one.item_id.in_(items) & is_asked).keys()


def _cell(
    participant: BookPerson,
    item: ItemSummary,
    own: Mapping[int, Standing],
    work: _Work,
    window: Window,
    now: datetime,
) -> MarkCell:
    progress = own.get(item.item_id)
    is_missing = False
    if item.ends is not None and (progress is None or progress.state == "started"):
        ends_at = window.end_moment(item.item_id, item.ends, item.closes)
        is_missing = ends_at is not None and ends_at < now
    key = participant.enrolment_id, item.item_id
    held = work.held.get(key)
    if key in work.hidden:
        return MarkCell(progress, False, is_missing, replace(held, score=None) if held else None, is_anonymous=True)
    return MarkCell(progress, key in work.late, is_missing, held, late_deduction=work.late.get(key))


def _participants(asked: Asked, zone: str) -> list[tuple[BookPerson, Window]]:
    rows = db.session.execute(
        select(
            Enrolment.id,
            Enrolment.cohort_id,
            Person.title_before,
            Person.name,
            Person.title_after,
            Unit.name,
            Enrolment.due_on,
            EnrolmentState.touched_at,
            Completion.id,
            Cohort.starts_on,
            Cohort.ends_on,
            Enrolment.extended_until,
            Enrolment.enrolled_at,
            Cohort.item_dates,
            Enrolment.item_dates,
        )
        .join(Person, Person.id == Enrolment.person_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .outerjoin(Unit, Unit.id == Person.unit_id)
        .outerjoin(EnrolmentState, EnrolmentState.enrolment_id == Enrolment.id)
        .outerjoin(Completion, Completion.enrolment_id == Enrolment.id)
        .where(*asked.where)
    )
    found = []
    for key, cohort_id, before, name, after, unit, due_on, touched_at, completion_id, *dates in rows:
        starts_on, ends_on, extended_until, enrolled_at, of_cohort, of_person = dates
        person = BookPerson(
            key, cohort_id, full_name(before, name, after), name, unit, due_on, touched_at, completion_id is not None
        )
        window = window_from(
            starts_on,
            ends_on,
            extended_until,
            enrolled_at=enrolled_at,
            zone=zone,
            of_cohort=of_cohort,
            of_person=of_person,
        )
        found.append((person, window))
    return found


def _progress(asked: Asked) -> dict[int, dict[int, Standing]]:
    columns = Progress.state, Progress.score, Progress.is_final
    found: dict[int, dict[int, Standing]] = {}
    rows = db.session.execute(
        select(Progress.enrolment_id, Progress.item_id, *columns)
        .join(Enrolment, Enrolment.id == Progress.enrolment_id)
        .where(*asked.where)
    )
    for enrolment_id, item_id, state, score, is_final in rows:
        found.setdefault(enrolment_id, {})[item_id] = Standing(state, score, is_final)
    return found


def _late_work(asked: Asked) -> dict[Key, Decimal | None]:
    """Where the newest submission came late, with what its grader decided that this costs."""
    newer = aliased(Submission)
    is_newest = ~(
        select(newer.id)
        .where(
            newer.enrolment_id == Submission.enrolment_id,
            newer.item_id == Submission.item_id,
            newer.number > Submission.number,
        )
        .exists()
    )
    rows = db.session.execute(
        select(Submission.enrolment_id, Submission.item_id, Marking.late_deduction)
        .join(Enrolment, Enrolment.id == Submission.enrolment_id)
        .outerjoin(Marking, Marking.submission_id == Submission.id)
        .where(*asked.where, Submission.late_days > 0, is_newest)
        .order_by(Marking.number)
    )
    return {(enrolment_id, item_id): deduction for enrolment_id, item_id, deduction in rows}


def _held(asked: Asked) -> dict[Key, HeldMark]:
    """Marks that their participants are not told yet, of the newest submission that has one."""
    newer = aliased(Submission)
    has_newer = exists().where(
        newer.enrolment_id == Submission.enrolment_id,
        newer.item_id == Submission.item_id,
        newer.number > Submission.number,
        ~newer.is_graded,
        ~newer.is_superseded,
    )
    rows = db.session.execute(
        select(Submission.enrolment_id, Submission.item_id, Marking.final_score, has_newer)
        .join(Enrolment, Enrolment.id == Submission.enrolment_id)
        .join(Marking, Marking.submission_id == Submission.id)
        .where(*asked.where, Marking.is_held)
        .order_by(Submission.number, Marking.number)
    )
    return {(key, item_id): HeldMark(score, has_newer) for key, item_id, score, has_newer in rows}


def held_submissions(asked: Asked, item_id: int) -> list[int]:
    """The submissions to an assignment with a mark that is not told yet."""
    rows = select(Submission.id).join(Enrolment, Enrolment.id == Submission.enrolment_id)
    has_held = Submission.markings.any(Marking.is_held)
    found = rows.where(*asked.where, Submission.item_id == item_id, has_held).order_by(Submission.id)
    return list(db.session.scalars(found))


def _failed_attempts(asked: Asked) -> dict[Key, int]:
    where = [Attempt.is_passed.is_(False), ~Attempt.is_practice]
    rows = db.session.execute(
        select(Attempt.enrolment_id, Attempt.item_id, func.count())
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(*asked.where, *where)
        .group_by(Attempt.enrolment_id, Attempt.item_id)
    )
    return {(enrolment_id, item_id): number for enrolment_id, item_id, number in rows}


def newest_work(asked: Asked) -> dict[Key, Known]:
    """The newest submission to each assignment, with its newest marking."""
    rows = db.session.execute(
        select(Submission.enrolment_id, Submission.item_id, Submission.id, Marking.number, Marking.score)
        .join(Enrolment, Enrolment.id == Submission.enrolment_id)
        .outerjoin(Marking, Marking.submission_id == Submission.id)
        .where(*asked.where)
        .order_by(Submission.number, Marking.number)
    )
    return {
        (enrolment_id, item_id): Known(submission_id, number or 0, score)
        for enrolment_id, item_id, submission_id, number, score in rows
    }


def oldest_waiting(asked: Asked) -> datetime | None:
    """Since when the oldest work waits for its mark, essays of quizzes included."""
    waits = [Submission.is_graded.is_(False), Submission.is_superseded.is_(False)]
    found = select(func.min(Submission.submitted_at)).join(Enrolment, Enrolment.id == Submission.enrolment_id)
    in_quizzes = select(func.min(Attempt.submitted_at)).join(Enrolment, Enrolment.id == Attempt.enrolment_id)
    moments = (
        db.session.scalar(found.where(*asked.where, *waits)),
        db.session.scalar(in_quizzes.where(*asked.where, *essays.WAITS)),
    )
    return min((one for one in moments if one), default=None)


def enrolments_among(asked: Asked, ids: Collection[int]) -> list[int]:
    """Those of the ids that are enrolments of the gradebook."""
    return list(db.session.scalars(select(Enrolment.id).where(*asked.where, Enrolment.id.in_(ids))))
