"""Background jobs of cohorts, and of the texts to search by. Safe to run twice at the same time."""

from __future__ import annotations

import logging
from functools import partial
from typing import Any

from lms.core import clock
from lms.core.db import db, reading
from lms.core.i18n import to_site_time
from lms.core.search_text import renew_search_texts
from lms.core.small_transactions import Parts
from lms.courses.models import CourseRevision
from lms.courses.services import searched_texts
from lms.enrolment import queries, services
from lms.enrolment.models import Cohort
from lms.enrolment.services import moving_up, places
from lms.people.models import Person, Unit

log = logging.getLogger(__name__)

SEARCHED = (Person, Unit, Cohort, CourseRevision)


def admit_registered() -> int:
    """Admit people who were put on a list before they had an account; returns how many."""
    with reading():
        found = queries.newly_registered_ids()
        db.session.rollback()
    parts, count = Parts(log), 0
    for ids in found.values():
        count += parts.commit_batches(ids, _admit, "admitting who made application %s", key=int)
    parts.end()
    return count


def _admit(application_ids: list[int]) -> int:
    return services.admit_registered(application_ids, now=clock.now())


def fill_places() -> int:
    """Give free places to who waits and could not have them when they became free: their account was not active, or a
    prerequisite not completed. Returns how many moved up."""
    now, parts, count = clock.now(), Parts(log), 0
    with reading():
        found = queries.cohorts_to_fill(to_site_time(now).date())
        db.session.rollback()
    for cohort_id in found:
        with reading():
            is_needed = parts.read(partial(_waits_to_move_up, cohort_id), False, "looking at cohort %s", cohort_id)
            db.session.rollback()
        if is_needed:
            count += parts.commit(partial(_move_up, cohort_id), 0, "filling the places of cohort %s", cohort_id)
    parts.end()
    return count


def _waits_to_move_up(cohort_id: int) -> bool:
    """Without a lock, since those who are passed by wait for long."""
    return bool(moving_up.next_in_line(db.session.get_one(Cohort, cohort_id), clock.now()).ready)


def _move_up(cohort_id: int) -> int:
    return moving_up.move_up(places.lock_cohort(cohort_id), now=clock.now())


def renew_deadlines() -> None:
    """After a course was published: the deadlines of those who take it at their own pace, some at a time.

    A worker that is killed begins with the cohort anew.
    """
    with reading():
        found = queries.cohorts_to_renew()
        db.session.rollback()
    parts = Parts(log)
    for cohort_id, revision_id in found:
        renew = partial(_renew_cohort, cohort_id, revision_id)
        parts.read(renew, None, "renewing the deadlines of cohort %s", cohort_id)
    parts.end()


def _renew_cohort(cohort_id: int, revision_id: int) -> None:
    done: int | None = 0
    while done is not None:
        done = services.renew_deadlines(cohort_id, revision_id, after=done)
        db.session.commit()


def renew_searched() -> None:
    """Correct texts to search by that another release wrote: an earlier one or, during an update, the one that still
    runs. Rows that are right are only read."""
    parts = Parts(log)
    for model in SEARCHED:
        parts.read(partial(_renew_all, model), None, "renewing the search texts of %s", model.__name__)
    for revision_id in searched_texts.wanting():
        work = partial(searched_texts.renew_searched_text, revision_id)
        parts.commit(work, None, "renewing the search text of revision %s", revision_id)
    parts.end()


def _renew_all(model: type[Any]) -> None:
    done: int | None = 0
    while done is not None:
        done = renew_search_texts(model, after=done)
        db.session.commit()
