"""What issued records would say by the rules and dates of today. Records themselves never change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from lms.core.db import db
from lms.core.i18n import lazy, say_date
from lms.courses.models import CourseRevision
from lms.enrolment.models import Cohort
from lms.learning import queries as learning
from lms.learning import services as learning_services
from lms.learning.completion import CourseOutcome, ItemProgress
from lms.learning.queries.enrolments import outcomes_in_force
from lms.quizzes.regrading import IssuedRecord
from lms.records import qualification, queries, services
from lms.records.models import Record
from lms.records.queries import Candidate
from lms.records.services.settings import certificate_settings


def differences(
    candidates: Sequence[Candidate],
    published: CourseRevision,
    progress: Mapping[int, Mapping[int, ItemProgress]] | None = None,
) -> dict[int, list[str]]:
    """Say what would be different in the valid records of people in a course, by enrolment.

    ``progress`` by enrolment and item stands for what is stored.
    """
    issued = [one for one in candidates if one.state == "issued"]
    if not issued:
        return {}
    ids, pass_mark = [one.enrolment.id for one in issued], learning_services.pass_mark()
    outcomes = outcomes_in_force(ids, published, pass_mark, progress)
    bands = qualification.read(certificate_settings().qualifications)
    return {
        one.enrolment.id: [
            *_rules(outcomes[one.enrolment.id], one.outcome),
            *_printed(one, published, qualification.word_for(outcomes[one.enrolment.id].score, bands)),
        ]
        for one in issued
    }


def _rules(in_force: CourseOutcome, of_that_day: CourseOutcome) -> list[str]:
    """``of_that_day`` applies the rules of the completion to the present marks: a mark may have been corrected."""
    outcome = in_force if not in_force.is_complete else of_that_day
    return [] if outcome.is_complete else [services.what_lacks(outcome)]


def _printed(one: Candidate, published: CourseRevision, word: str) -> list[str]:
    assert one.record is not None
    record: Record = one.record
    printed, cohort, found = record.snapshot, one.enrolment.cohort, []
    if printed["qualification"] and printed["qualification"] != word:
        found.append(str(lazy("%(word)s instead of %(printed)s", word=word, printed=printed["qualification"])))
    if record.jp != published.jp:
        found.append(str(lazy("%(jp)s JP instead of %(printed)s", jp=published.jp, printed=record.jp)))
    if cohort.starts_on and cohort.ends_on and _dates(cohort) != (printed["begins_on"], printed["ends_on"]):
        dates = {"begins_on": say_date(cohort.starts_on), "ends_on": say_date(cohort.ends_on)}
        found.append(str(lazy("the cohort is from %(begins_on)s to %(ends_on)s", **dates)))
    return found


def _dates(cohort: Cohort) -> tuple[str, str]:
    assert cohort.starts_on and cohort.ends_on
    return cohort.starts_on.isoformat(), cohort.ends_on.isoformat()


def after_marks(
    published: CourseRevision, item_id: int, marks: Mapping[int, tuple[Decimal, bool]]
) -> dict[int, IssuedRecord]:
    """The valid records of people in a course, by enrolment, with what would be different in them if their scores in
    an item were these, passed or not. Enrolments that are not in ``marks`` are left out.
    """
    issued = queries.completed(published.course_id).where(Record.id.is_not(None), Record.revoked_at.is_(None))
    rows = [row for row in db.session.execute(issued) if row[0].id in marks]
    progress = learning.item_progress([row[0].id for row in rows])
    for enrolment_id, own in progress.items():
        score, is_passed = marks[enrolment_id]
        if item_id in own:
            own[item_id] = own[item_id]._replace(score=score, state="done" if is_passed else "failed")
    candidates = queries.candidates(rows, progress)
    found = differences(candidates, published, progress)
    return {
        one.enrolment.id: IssuedRecord(one.record.id, one.record.number, found.get(one.enrolment.id, []))
        for one in candidates
        if one.record is not None
    }
