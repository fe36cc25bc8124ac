"""What a person already has in a course, in words, and the refusal to let them start over unasked."""

from __future__ import annotations

from datetime import datetime

from lms.core.errors import Refusal
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy, say_date, to_site_time
from lms.enrolment import queries
from lms.enrolment.models import Cohort
from lms.enrolment.queries import CourseHistory, HistoryKind
from lms.people.models import Person


class WouldStartOver(Refusal):
    message = lazy(
        "%(name)s %(history)s, and would start over in this cohort. Nothing was changed. If that is wanted, tick "
        "“Start over”."
    )


def history_of(person: Person, cohort: Cohort, now: datetime) -> CourseHistory | None:
    """What the person has in the course in other cohorts."""
    return queries.histories([person.id], cohort, now).get(person.id)


def history_text(history: CourseHistory) -> str:
    """Such as "takes this course in Angkatan I: 3 of 11 items done"."""
    where, result = history.cohort_name or _("the cohort without dates"), history.result
    if history.kind is HistoryKind.COMPLETED and result is not None and result.completed_at is not None:
        day = say_date(to_site_time(result.completed_at).date())
        return str(_("completed this course on %(day)s in %(cohort)s", day=day, cohort=where))
    done, total = (result.done, result.total) if result else (0, 0)
    if history.kind is HistoryKind.RUNNING:
        if not done:
            return str(_("takes this course in %(cohort)s, nothing done yet", cohort=where))
        return str(
            _("takes this course in %(cohort)s, %(done)s of %(total)s done", cohort=where, done=done, total=total)
        )
    if not done:
        return str(_("was in %(cohort)s before", cohort=where))
    return str(_("was in %(cohort)s before, %(done)s of %(total)s done", cohort=where, done=done, total=total))
