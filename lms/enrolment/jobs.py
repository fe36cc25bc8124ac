"""Background jobs of cohorts, and of the texts to search by. Safe to run twice at the same time."""

from __future__ import annotations

from lms.core import clock
from lms.core.db import db, reading
from lms.core.search_text import renew_search_texts
from lms.courses.models import CourseRevision
from lms.courses.services.searched_texts import renew_searched_texts
from lms.enrolment import queries, services
from lms.enrolment.models import Cohort
from lms.people.models import Person, Unit

SEARCHED = (Person, Unit, Cohort, CourseRevision)


def admit_registered() -> int:
    """Admit people who were put on a list before they had an account; returns how many."""
    count = 0
    while some := services.admit_registered(now=clock.now()):
        db.session.commit()
        count += some
    return count


def renew_deadlines() -> None:
    """After a course was published: the deadlines of those who take it at their own pace, some at a time.

    A worker that is killed begins with the cohort anew.
    """
    with reading():
        found = queries.cohorts_to_renew()
        db.session.rollback()
    for cohort_id, revision_id in found:
        done: int | None = 0
        while done is not None:
            done = services.renew_deadlines(cohort_id, revision_id, after=done)
            db.session.commit()


def renew_searched() -> None:
    """Correct texts to search by that another release wrote: an earlier one or, during an update, the one that still
    runs. Rows that are right are only read."""
    for model in SEARCHED:
        done: int | None = 0
        while done is not None:
            done = renew_search_texts(model, after=done)
            db.session.commit()
    renew_searched_texts()
    db.session.commit()
