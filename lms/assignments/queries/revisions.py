"""Until when work that was returned is revised."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, Select, bindparam, select

from lms.assignments.models import Submission, SubmissionReturn
from lms.core.db import db
from lms.core.direct_query import DirectQuery
from lms.core.numbered_rows import is_newest
from lms.enrolment.models import Enrolment

RevisionDays = dict[tuple[int, int], date]
"""The last day by enrolment and item, of work that was returned and not handed in again."""


def returned_work(which: ColumnElement[bool]) -> Select[int, int, date]:
    """Enrolment, item and last day. ``which`` is a condition on ``Submission``."""
    rows = select(Submission.enrolment_id, Submission.item_id, SubmissionReturn.until)
    rows = rows.join(SubmissionReturn, SubmissionReturn.submission_id == Submission.id)
    return rows.where(which, is_newest(Submission, "enrolment_id", "item_id"))


_OF_ENROLMENTS = DirectQuery(returned_work(Submission.enrolment_id.in_(bindparam("enrolment_ids", expanding=True))))


def revision_days(enrolment_ids: Collection[int]) -> RevisionDays:
    rows = _OF_ENROLMENTS.rows(enrolment_ids=list(enrolment_ids))
    return {(enrolment_id, item_id): until for enrolment_id, item_id, until in rows}


def revision_days_in(course_id: int) -> RevisionDays:
    of_course = select(Enrolment.id).where(Enrolment.course_id == course_id, Enrolment.withdrawn_at.is_(None))
    rows = db.session.execute(returned_work(Submission.enrolment_id.in_(of_course)))
    return {(enrolment_id, item_id): until for enrolment_id, item_id, until in rows}
