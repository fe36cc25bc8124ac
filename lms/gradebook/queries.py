"""Reads of a gradebook: a fixed number of queries, whatever the number of people."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    ScalarSelect,
    Select,
    and_,
    cast,
    exists,
    false,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import aliased

from lms.assignments.models import AnonymousNumber, Marking, Submission
from lms.assignments.queries import anonymity
from lms.assignments.queries.revisions import returned_work
from lms.core.db import db
from lms.core.i18n import to_site_time
from lms.courses import queries as courses
from lms.courses.contents import ItemSummary
from lms.courses.models import CourseItem
from lms.enrolment.models import Cohort, Enrolment
from lms.enrolment.windows import Window, window_from
from lms.gradebook.book import (
    NO_CELL,
    Book,
    BookPerson,
    BookRow,
    CellProgress,
    HeldMark,
    MarkCell,
    reached,
    reasons_to_help,
)
from lms.gradebook.sheet import Key, WorkState
from lms.learning.completion import dropped_so_far, evaluate, item_results
from lms.learning.models import Completion, EnrolmentState, Progress
from lms.people import queries as persons
from lms.people.models import Person, Unit
from lms.people.names import full_name
from lms.quizzes.models import AnswerMark, Attempt
from lms.quizzes.queries import essays


class GradebookQuery(NamedTuple):
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


class HeldWork(NamedTuple):
    """Somebody's work with a mark that is not told yet."""

    enrolment_id: int
    item_id: int
    id: int
    kind: Literal["submission", "attempt"]


class HelpLimits(NamedTuple):
    """The site's settings for ``book.reasons_to_help``."""

    near_days: int
    idle_days: int


def book(
    query: GradebookQuery, revision_id: int, *, pass_mark: float, limits: HelpLimits, zone: str, now: datetime
) -> Book:
    contents = courses.contents(revision_id)
    graded = [item for item in contents.items if item.is_graded]
    progress = _progress(query)
    failed = _failed_attempts(query)
    work = _work(query)
    today = to_site_time(now).date()
    rows = []
    for participant, window in _participants(query, zone):
        own = progress.get(participant.enrolment_id, {})
        cells = {item.item_id: _cell(participant, item, own, work, window, now) for item in graded}
        results = item_results(contents, own)
        outcome = evaluate(contents.rule, results, pass_mark)
        dropped = {contents.items[at].item_id for at in dropped_so_far(contents.rule, results)}
        last = to_site_time(participant.touched_at).date() if participant.touched_at else None
        needs = reasons_to_help(
            participant,
            [number for key, number in failed.get(participant.enrolment_id, ()) if cells.get(key, NO_CELL).is_failed],
            today=today,
            last_day=last,
            **limits._asdict(),
        )
        rows.append(BookRow(participant, cells, outcome, needs, frozenset(dropped)))
    counted = [item for item in contents.items if item.counts]
    return Book(graded, rows, reached(counted, list(progress.values())))


class _Work(NamedTuple):
    """Where the newest paper came late, with what its grader decided that this costs; marks that their participants are
    not told yet, of the newest work that has one: papers, and attempts with essays whose marks are all given; where the
    newest paper is graded without names; and the last day of what was returned and not handed in again."""

    late: Mapping[Key, Decimal | None]
    held: Mapping[Key, HeldMark]
    hidden: Collection[Key]
    revised: Mapping[Key, date]


def _work(query: GradebookQuery) -> _Work:
    rows = db.session.execute(union_all(_papers(query), _attempts_held(query), _hidden(query), _returned(query))).all()
    late, hidden = dict[Key, Decimal | None](), set[Key]()
    for row in rows:
        if row.is_late:
            late[row.enrolment_id, row.item_id] = row.deduction
        if row.hidden_revision is not None and anonymity.is_anonymous(row.hidden_revision):
            hidden.add((row.enrolment_id, row.item_id))
    held = sorted((row for row in rows if row.is_held), key=lambda row: (row.number, row.marking))
    return _Work(
        late,
        {(row.enrolment_id, row.item_id): HeldMark(row.score, row.has_newer) for row in held},
        hidden,
        {(row.enrolment_id, row.item_id): row.revised_until for row in rows if row.revised_until},
    )


def hidden_keys(query: GradebookQuery) -> Collection[Key]:
    """Where the newest paper is graded without names, and its mark is not told yet."""
    return anonymity.hidden_numbers(_numbers(query)).keys()


def _numbers(query: GradebookQuery) -> ColumnElement[bool]:
    items = select(CourseItem.id).where(CourseItem.course_id == query.course_id)
    of_participants = exists().where(Enrolment.id == AnonymousNumber.enrolment_id, *query.where)
    return AnonymousNumber.item_id.in_(items) & of_participants


def _cell(
    participant: BookPerson,
    item: ItemSummary,
    own: Mapping[int, CellProgress],
    work: _Work,
    window: Window,
    now: datetime,
) -> MarkCell:
    progress = own.get(item.item_id)
    key = participant.enrolment_id, item.item_id
    is_missing = False
    if item.ends is not None and (progress is None or progress.state == "started"):
        ends_at = window.revision_end(window.end_moment(item.item_id, item.ends, item.closes), work.revised.get(key))
        is_missing = ends_at is not None and ends_at < now
    held = work.held.get(key)
    if key in work.hidden:
        return MarkCell(progress, False, is_missing, replace(held, score=None) if held else None, is_anonymous=True)
    return MarkCell(progress, key in work.late, is_missing, held, late_deduction=work.late.get(key))


def _participants(query: GradebookQuery, zone: str) -> list[tuple[BookPerson, Window]]:
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
        .where(*query.where)
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


def _progress(query: GradebookQuery) -> dict[int, dict[int, CellProgress]]:
    columns = Progress.state, Progress.score, Progress.is_final
    found: dict[int, dict[int, CellProgress]] = {}
    rows = select(Progress.enrolment_id, Progress.item_id, *columns)
    rows = rows.join(Enrolment, Enrolment.id == Progress.enrolment_id).where(*query.where)
    # tens of thousands: the session would go through them twice
    for enrolment_id, item_id, state, score, is_final in db.session.connection().execute(rows).all():
        found.setdefault(enrolment_id, {})[item_id] = CellProgress(state, score, is_final)
    return found


def _papers(query: GradebookQuery) -> Select[*tuple[Any, ...]]:
    newer = aliased(Submission)
    is_newer = and_(
        newer.enrolment_id == Submission.enrolment_id,
        newer.item_id == Submission.item_id,
        newer.number > Submission.number,
    )
    is_late = and_(Submission.late_days > 0, ~exists().where(is_newer))
    return (
        select(
            Submission.enrolment_id,
            Submission.item_id,
            Submission.number,
            is_late.label("is_late"),
            func.coalesce(Marking.is_held, false()).label("is_held"),
            Marking.number.label("marking"),
            Marking.final_score.label("score"),
            exists().where(is_newer, ~newer.is_graded, ~newer.is_superseded).label("has_newer"),
            _newest_deduction().label("deduction"),
            cast(null(), Integer).label("hidden_revision"),
            cast(null(), Date).label("revised_until"),
        )
        .join(Enrolment, Enrolment.id == Submission.enrolment_id)
        .outerjoin(Marking, and_(Marking.submission_id == Submission.id, Marking.is_held))
        .where(*query.where, or_(is_late, Marking.is_held))
    )


def _newest_deduction() -> ScalarSelect[Decimal | None]:
    newest = select(Marking.late_deduction).where(Marking.submission_id == Submission.id)
    return newest.order_by(Marking.number.desc()).limit(1).correlate(Submission).scalar_subquery()


def _attempts_held(query: GradebookQuery) -> Select[*tuple[Any, ...]]:
    """Attempts whose marks are held, with the columns of ``_papers``."""
    attempt = aliased(Attempt)
    with_held = select(AnswerMark.attempt_id).where(AnswerMark.is_held)
    another = Attempt.enrolment_id == attempt.enrolment_id, Attempt.item_id == attempt.item_id
    return (
        select(
            attempt.enrolment_id,
            attempt.item_id,
            attempt.number,
            false(),
            true(),
            literal(0),
            null(),
            exists().where(*another, *essays.NEEDS_MARK),
            null(),
            null(),
            null(),
        )
        .join(Enrolment, Enrolment.id == attempt.enrolment_id)
        .where(*query.where, attempt.id.in_(select(Attempt.id).where(Attempt.id.in_(with_held), *essays.IS_READY)))
    )


def _hidden(query: GradebookQuery) -> Select[*tuple[Any, ...]]:
    """Papers that may be graded without names, with the columns of ``_papers``."""
    hidden = anonymity.untold(_numbers(query)).subquery()
    nothing = null(), false(), false(), null(), null(), false(), null()
    return select(hidden.c.enrolment_id, hidden.c.item_id, *nothing, hidden.c.item_revision_id, null())


def _returned(query: GradebookQuery) -> Select[*tuple[Any, ...]]:
    """Papers to be revised, with the columns of ``_papers``."""
    is_participant = exists().where(Enrolment.id == Submission.enrolment_id, *query.where)
    work = returned_work(is_participant).subquery()
    nothing = null(), false(), false(), null(), null(), false(), null(), null()
    return select(work.c.enrolment_id, work.c.item_id, *nothing, work.c.until)


def held_works(query: GradebookQuery, item_id: int | None = None) -> list[HeldWork]:
    """Submissions and attempts with marks that are not told yet, of one item or of all, those of a person together."""
    has_held = Submission.markings.any(Marking.is_held)
    papers = _of(query, Submission, Submission.id, where=[has_held, *_at(Submission, item_id)])
    attempts = _of(query, Attempt, Attempt.id, where=[*essays.IS_READY, *_at(Attempt, item_id)])
    found = [HeldWork(enrolment_id, item, id, "submission") for enrolment_id, item, id in papers]
    found += [HeldWork(enrolment_id, item, id, "attempt") for enrolment_id, item, id in attempts]
    return sorted(found)


def _at(model: Any, item_id: int | None) -> list[ColumnElement[bool]]:
    return [] if item_id is None else [model.item_id == item_id]


def _failed_attempts(query: GradebookQuery) -> dict[int, list[tuple[int, int]]]:
    """The items of each enrolment with failed attempts, and how many there are."""
    where = [Attempt.is_passed.is_(False), ~Attempt.is_practice]
    rows = db.session.execute(
        select(Attempt.enrolment_id, Attempt.item_id, func.count())
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(*query.where, *where)
        .group_by(Attempt.enrolment_id, Attempt.item_id)
    )
    found: dict[int, list[tuple[int, int]]] = {}
    for enrolment_id, item_id, number in rows:
        found.setdefault(enrolment_id, []).append((item_id, number))
    return found


def _of(query: GradebookQuery, model: Any, *columns: Any, where: Sequence[ColumnElement[bool]] = ()) -> Any:
    """Rows of a table that has an enrolment and an item, beginning with these."""
    return db.session.execute(
        select(model.enrolment_id, model.item_id, *columns)
        .join(Enrolment, Enrolment.id == model.enrolment_id)
        .where(*query.where, *where)
    )


def newest_work(query: GradebookQuery) -> dict[Key, WorkState]:
    """The newest submission to each assignment, with its newest marking."""
    rows = db.session.execute(
        select(Submission.enrolment_id, Submission.item_id, Submission.id, Marking.number, Marking.score)
        .join(Enrolment, Enrolment.id == Submission.enrolment_id)
        .outerjoin(Marking, Marking.submission_id == Submission.id)
        .where(*query.where)
        .order_by(Submission.number, Marking.number)
    )
    return {
        (enrolment_id, item_id): WorkState(submission_id, number or 0, score)
        for enrolment_id, item_id, submission_id, number, score in rows
    }


def oldest_waiting(query: GradebookQuery) -> datetime | None:
    """Since when the oldest work waits for its mark, essays of quizzes included."""
    waits = [Submission.is_graded.is_(False), Submission.is_superseded.is_(False)]
    found = select(func.min(Submission.submitted_at)).join(Enrolment, Enrolment.id == Submission.enrolment_id)
    in_quizzes = select(func.min(Attempt.submitted_at)).join(Enrolment, Enrolment.id == Attempt.enrolment_id)
    moments = db.session.execute(
        select(
            found.where(*query.where, *waits).scalar_subquery(),
            in_quizzes.where(*query.where, *essays.NEEDS_MARK).scalar_subquery(),
        )
    ).one()
    return min((one for one in moments if one), default=None)


def enrolments_among(query: GradebookQuery, ids: Collection[int]) -> list[int]:
    """Return the ids that are enrolments of the gradebook."""
    return list(db.session.scalars(select(Enrolment.id).where(*query.where, Enrolment.id.in_(ids))))
