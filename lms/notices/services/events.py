"""Finds what to notify people of in the rows of the packages below. Reads only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from itertools import chain
from operator import itemgetter
from typing import Any

from lms.assignments.queries.revisions import revision_days_in
from lms.content.course import CompletionRule
from lms.core.i18n import to_site_time, zone
from lms.core.small_transactions import UNDIVIDED, Parts
from lms.courses import queries as courses
from lms.courses.contents import ItemSummary
from lms.enrolment.windows import Window, window_from
from lms.notices import answer_notifications as answers
from lms.notices import deadlines, notifications, queries
from lms.notices.deadlines import DeadlineDay
from lms.notices.notifications import EnrolledCourse, JpOfYear, MarkChange, Notification
from lms.notices.queries import accounts, applications, inquiries, objections, quizzes
from lms.notices.services import announcing, changes, meetings
from lms.records.services import jp
from lms.records.services import settings as record_settings


def new_events(since: datetime, *, now: datetime, parts: Parts = UNDIVIDED) -> list[Notification]:
    """What happened since then: enrolments, marks given by people, quizzes marked again, work returned for revision,
    certificates issued and revoked, factors removed, numbers changed, other limits at quizzes, requests for attempts
    and their answers, objections and questions with their answers, applications refused, drafts published or not
    published as scheduled, groups and deadlines changed, meetings moved, announcements."""
    found: list[Notification] = []
    for kind, tell in _KINDS.items():
        found += parts.read(partial(tell, since, now, parts), [], "finding whom to tell of %s", kind)
    return found


def _joined(since: datetime, now: datetime, parts: Parts) -> list[Notification]:
    today = to_site_time(now).date()

    def told(row: Any) -> Notification:
        *who, starts_on, due_on = row
        return notifications.enrolled(
            EnrolledCourse(*who), starts_on if starts_on and starts_on > today else None, due_on
        )

    return parts.each(queries.new_enrolments(since), told, "telling of enrolment %s", itemgetter(1))


def _graded(since: datetime, _now: datetime, parts: Parts) -> list[Notification]:
    """One for all marks of a person in a course that were told at the same moment; of each work the newest."""
    by_moment: dict[tuple[int, datetime], dict[str, Any]] = {}
    for row in queries.new_marks(since):
        by_moment.setdefault((row[1], row[9]), {})[row[6]] = row
    found = [(at, list(works.values())) for (_enrolment_id, at), works in by_moment.items()]

    def told(moment: tuple[datetime, list[Any]]) -> Notification:
        at, rows = moment
        course = EnrolledCourse(*rows[0][:4])
        if len(rows) == 1:
            return notifications.graded(course, *rows[0][4:9])
        return notifications.graded_together(course, [row[5] for row in rows], at)

    return parts.each(found, told, "telling of the marks of enrolment %s", lambda moment: moment[1][0][1])


def _returned(since: datetime, _now: datetime, parts: Parts) -> list[Notification]:
    def told(row: Any) -> Notification:
        return notifications.returned(EnrolledCourse(*row[:4]), *row[4:])

    return parts.each(queries.new_returns(since), told, "telling of returned work of enrolment %s", itemgetter(1))


def _revoked(since: datetime, _now: datetime, parts: Parts) -> list[Notification]:
    def told(row: Any) -> Notification:
        person_id, record_id, snapshot, number, reason = row
        return notifications.revoked(person_id, record_id, snapshot["course"], number, reason)

    return parts.each(queries.newly_revoked(since), told, "telling of revoked record %s", itemgetter(1))


def _removed_factors(since: datetime, _now: datetime, _parts: Parts) -> list[Notification]:
    return [notifications.second_factor_removed(*row) for row in accounts.removed_second_factors(since)]


def _changed_numbers(since: datetime, _now: datetime, _parts: Parts) -> list[Notification]:
    return [notifications.number_changed(*row) for row in accounts.changed_numbers(since)]


def _objections(since: datetime, _now: datetime, _parts: Parts) -> list[Notification]:
    raised = [
        answers.objection_raised(*about, name="" if is_anonymous else person.full_name, question=question)
        for *about, question, is_anonymous, person in objections.new_objections(since)
    ]
    answered = [
        answers.objection_answered(EnrolledCourse(*row[:4]), *row[4:7], answer=answers.ObjectionAnswer(*row[7:]))
        for row in objections.newly_answered_objections(since)
    ]
    return raised + answered


def _inquiries(since: datetime, _now: datetime, _parts: Parts) -> list[Notification]:
    asked = [answers.inquiry_asked(*about, name=person.full_name) for *about, person in inquiries.new_inquiries(since)]
    answered = [
        answers.inquiry_answered(EnrolledCourse(*row[:4]), *row[4:])
        for row in inquiries.newly_answered_inquiries(since)
    ]
    return asked + answered


def _quiz_attempts(since: datetime, _now: datetime, _parts: Parts) -> list[Notification]:
    limits = [
        notifications.quiz_limits(EnrolledCourse(*row[:4]), row[4] or "", row[5] or "", *row[6:])
        for row in quizzes.new_quiz_limits(since)
    ]
    asked = [
        notifications.attempt_asked(*about, name=person.full_name)
        for *about, person in quizzes.new_attempt_requests(since)
    ]
    refused = [
        notifications.attempt_refused(EnrolledCourse(*row[:4]), *row[4:])
        for row in quizzes.newly_refused_requests(since)
    ]
    return limits + asked + refused


def _refused_applications(since: datetime, _now: datetime, _parts: Parts) -> list[Notification]:
    return [notifications.application_refused(*row) for row in applications.newly_refused_applications(since)]


def _regraded(since: datetime, _now: datetime, parts: Parts) -> list[Notification]:
    """One for each person and regrade, however many attempts it changed; one for each answer marked."""
    found: dict[tuple[int, int], list[Any]] = {}
    for row in quizzes.regraded(since):
        found.setdefault((row[5], row[1]), []).append(row)
    by_key = [(f"{regrade_id}:{enrolment_id}", rows) for (regrade_id, enrolment_id), rows in found.items()]
    by_key += [(f"answer:{row[5]}", [row]) for row in quizzes.answers_marked(since)]

    def told(marked: tuple[str, list[Any]]) -> Notification:
        key, rows = marked
        first, last = rows[0], rows[-1]
        course, change = EnrolledCourse(*last[:4]), MarkChange(first[7], last[8], last[9])
        return notifications.regraded(course, key, last[4], last[6], change)

    return parts.each(by_key, told, "telling of the other mark %s", itemgetter(0))


def _publications(since: datetime, _now: datetime, _parts: Parts) -> list[Notification]:
    return [
        notifications.published_as_scheduled(person_id, row.id, slug, row.title, number)
        if number is not None
        else notifications.not_published(person_id, row.id, slug, row.title, row.publish_at, row.refusal or "failed")
        for person_id, row, slug, number in queries.ended_publications(since)
    ]


def _certificates(since: datetime, _now: datetime, parts: Parts) -> list[Notification]:
    new = queries.new_records(since)
    ids = [one.id for one in new]
    jp_now, repeated = jp.jp_up_to(ids), jp.repeated_among(ids)

    def told(one: Any) -> Notification:
        year = one.completed_on.year
        target = record_settings.jp_target(one.status, year)
        in_year = JpOfYear(year, jp_now[one.id], target.jp if target.meaning == "floor" else 0)
        course = one.snapshot["course"]
        got = None if one.id in repeated else one.jp
        return notifications.certificate(one.person_id, one.id, one.slug, course, one.number, got, in_year)

    return parts.each(new, told, "telling of record %s", itemgetter(1))


_KINDS: Mapping[str, Callable[[datetime, datetime, Parts], list[Notification]]] = {
    "enrolments": _joined,
    "marks": _graded,
    "other marks": _regraded,
    "returned work": _returned,
    "certificates": _certificates,
    "revoked certificates": _revoked,
    "removed factors": _removed_factors,
    "changed numbers": _changed_numbers,
    "limits at quizzes": _quiz_attempts,
    "objections": _objections,
    "questions to instructors": _inquiries,
    "refused applications": _refused_applications,
    "publications": _publications,
    "moved meetings": meetings.moved,
    "changes": lambda since, _now, parts: changes.changed(since, parts),
    "announcements": lambda since, _now, parts: announcing.announced(since, parts),
}


def near_deadlines(*, now: datetime, parts: Parts = UNDIVIDED) -> list[Notification]:
    """Deadlines of unfinished courses and their items that are near or have just passed."""
    today = to_site_time(now).date()
    found: list[Notification] = []
    found += parts.read(partial(_course_deadlines, now, today, parts), [], "finding deadlines of courses")
    for course_id, revision_id, rule in queries.published_revisions():
        find = partial(_deadlines_in, course_id, revision_id, rule, now, today)
        found += parts.read(find, [], "finding deadlines in course %s", course_id)
    return list({one.key: one for one in found}.values())


def _course_deadlines(now: datetime, today: date, parts: Parts) -> list[Notification]:
    def told(row: Any) -> list[Notification]:
        if deadlines.has_just_enrolled(row.enrolled_at, now):
            return []
        days = deadlines.due_days({}, (), (), row.due_on, today)
        return _notifications(EnrolledCourse(*row[:4]), days, today)

    rows = queries.running(*deadlines.days_around(today))
    return list(chain.from_iterable(parts.each(rows, told, "finding the deadline of enrolment %s", itemgetter(1))))


def _deadlines_in(
    course_id: int, revision_id: int, rule: CompletionRule, now: datetime, today: date
) -> list[Notification]:
    timed = deadlines.timed(courses.contents(revision_id).items, only_required=rule.items == "required")
    return _item_deadlines(course_id, timed, now, today) if timed else []


def _item_deadlines(course_id: int, timed: list[ItemSummary], now: datetime, today: date) -> list[Notification]:
    """The days are computed once per window, which most people of a course share."""
    days_of: dict[Window, dict[int, date]] = {}
    revised: dict[int, dict[int, date]] = {}
    for (enrolment_id, item_id), day in revision_days_in(course_id).items():
        revised.setdefault(enrolment_id, {})[item_id] = day
    near = []
    for row in queries.running_in(course_id):
        window = _window(row)
        if window not in days_of:
            days_of[window] = deadlines.item_days(timed, window)
        days = days_of[window]
        if row.id in revised:
            days = deadlines.with_revisions(days, revised[row.id])
        is_near = any(deadlines.is_near(day, today) for day in days.values())
        if is_near and not deadlines.has_just_enrolled(row.enrolled_at, now):
            near.append((row, days))
    over = queries.items_over([row.id for row, _days in near])
    found = []
    for row, days in near:
        own = revised.get(row.id, {})
        due = deadlines.due_days(days, timed, over.get(row.id, ()), row.due_on, today, own)
        found += _notifications(EnrolledCourse(*row[:4]), due, today)
    return found


def _window(row: Any) -> Window:
    """The same as ``lms.enrolment.queries.window_of``, from the columns alone."""
    return window_from(
        row.starts_on,
        row.ends_on,
        row.extended_until,
        enrolled_at=row.enrolled_at,
        zone=zone(),
        of_cohort=row.cohort_item_dates,
        of_person=row.item_dates,
    )


def _notifications(course: EnrolledCourse, days: Sequence[DeadlineDay], today: date) -> list[Notification]:
    found = []
    for due in days:
        left = (due.day - today).days
        if left < 0:
            found.append(notifications.overdue(course, due.day, due.items))
        else:
            found.append(notifications.due(course, due.day, due.items, left))
    return found
