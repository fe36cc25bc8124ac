"""Who waits for a certificate, and what would be printed on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVarTuple

from sqlalchemy import Select, case, func, select

from lms.core.db import db, in_batches
from lms.courses.models import CourseRevision
from lms.enrolment.models import Cohort, Enrolment
from lms.learning.models import Completion, Progress
from lms.people.models import Person
from lms.records.models import Record
from lms.records.queries import BY_NAME, completed, lacks_data

Columns = TypeVarTuple("Columns")


def to_look_at(
    enrolment_ids: Sequence[int] | None, course_id: int, *, not_of: int
) -> Select[Enrolment, Person, Completion, CourseRevision, Record]:
    """The enrolments (or all) that wait for a certificate, as rows for ``queries.candidates``; people who lack data
    come first."""
    waiting = completed(course_id).where(Record.id.is_(None), CourseRevision.has_certificate, Person.id != not_of)
    if enrolment_ids is not None:
        waiting = waiting.where(Enrolment.id.in_(enrolment_ids))
    return waiting.order_by(None).order_by(~lacks_data(), *BY_NAME)


def counts(found: Select[*Columns]) -> tuple[int, int]:
    """How many ``to_look_at`` has, and how many of them lack data."""
    ones = found.with_only_columns(Enrolment.id, lacks_data().label("lacks")).order_by(None).subquery()
    row = db.session.execute(select(func.count(), func.sum(case((ones.c.lacks, 1), else_=0))).select_from(ones)).one()
    return row[0], row[1] or 0


def printed_of(enrolment_ids: Sequence[int]) -> list[Any]:
    """What each certificate depends on besides the site's settings and the names of units, by enrolment."""
    marks = select(func.sum(Progress.score)).where(Progress.enrolment_id == Enrolment.id).scalar_subquery()
    facts = (
        select(
            Enrolment.id,
            Person.unit_id,
            Person.title_before,
            Person.name,
            Person.title_after,
            Person.nip,
            Person.rank,
            Person.position,
            Cohort.name.label("cohort"),
            Cohort.starts_on,
            Cohort.ends_on,
            Enrolment.enrolled_at,
            Completion.revision_id,
            Completion.completed_at,
            marks.label("marks"),
        )
        .select_from(Enrolment)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Completion, Completion.enrolment_id == Enrolment.id)
    )
    batches = in_batches(enrolment_ids)
    return [row for some in batches for row in db.session.execute(facts.where(Enrolment.id.in_(some)))]
