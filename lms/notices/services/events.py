"""Finds what to notify people of in the rows of the packages below. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from lms.assignments.queries.revisions import revision_days_in
from lms.core.i18n import to_site_time, zone
from lms.courses import queries as courses
from lms.courses.contents import ItemSummary
from lms.enrolment.windows import Window, window_from
from lms.notices import deadlines, notifications, queries
from lms.notices.deadlines import DeadlineDay
from lms.notices.notifications import EnrolledCourse, JpOfYear, MarkChange, Notification, ObjectionAnswer
from lms.notices.queries import applications, objections, quizzes
from lms.notices.services import announcing, changes
from lms.records.services import jp
from lms.records.services import settings as record_settings


def new_events(since: datetime, *, now: datetime) -> list[Notification]:
    """What happened since then: enrolments, marks given by people, quizzes marked again, work returned for revision,
    certificates issued and revoked, factors removed, other limits at quizzes, requests for attempts and their answers,
    objections and their answers, applications refused, drafts published or not published as scheduled, groups and
    deadlines changed, announcements."""
    today = to_site_time(now).date()
    joined = [
        notifications.enrolled(EnrolledCourse(*who), starts_on if starts_on and starts_on > today else None, due_on)
        for *who, starts_on, due_on in queries.new_enrolments(since)
    ]
    marked = _graded(since) + _regraded(since)
    returned = [notifications.returned(EnrolledCourse(*row[:4]), *row[4:]) for row in queries.new_returns(since)]
    issued = _certificates(since)
    revoked = [
        notifications.revoked(person_id, record_id, snapshot["course"], number, reason)
        for person_id, record_id, snapshot, number, reason in queries.newly_revoked(since)
    ]
    removed = [notifications.second_factor_removed(*row) for row in queries.removed_second_factors(since)]
    others = _quiz_attempts(since) + _objections(since) + _publications(since) + changes.changed(since)
    others += announcing.announced(since) + _refused_applications(since)
    return joined + marked + returned + issued + revoked + removed + others


def _graded(since: datetime) -> list[Notification]:
    """One for all marks of a person in a course that were told at the same moment; of each work the newest."""
    by_moment: dict[tuple[int, datetime], dict[str, Any]] = {}
    for row in queries.new_marks(since):
        by_moment.setdefault((row[1], row[9]), {})[row[6]] = row
    found = {key: list(works.values()) for key, works in by_moment.items()}
    return [
        notifications.graded(EnrolledCourse(*rows[0][:4]), *rows[0][4:9])
        if len(rows) == 1
        else notifications.graded_together(EnrolledCourse(*rows[0][:4]), [row[5] for row in rows], at)
        for (_enrolment_id, at), rows in found.items()
    ]


def _objections(since: datetime) -> list[Notification]:
    raised = [
        notifications.objection_raised(*about, name="" if is_anonymous else person.full_name, question=question)
        for *about, question, is_anonymous, person in objections.new_objections(since)
    ]
    answered = [
        notifications.objection_answered(EnrolledCourse(*row[:4]), *row[4:7], answer=ObjectionAnswer(*row[7:]))
        for row in objections.newly_answered_objections(since)
    ]
    return raised + answered


def _quiz_attempts(since: datetime) -> list[Notification]:
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


def _refused_applications(since: datetime) -> list[Notification]:
    return [notifications.application_refused(*row) for row in applications.newly_refused_applications(since)]


def _regraded(since: datetime) -> list[Notification]:
    """One for each person and regrade, however many attempts it changed; one for each answer marked."""
    found: dict[tuple[int, int], list[Any]] = {}
    for row in quizzes.regraded(since):
        found.setdefault((row[5], row[1]), []).append(row)
    by_key = [(f"{regrade_id}:{enrolment_id}", rows) for (regrade_id, enrolment_id), rows in found.items()]
    by_key += [(f"answer:{row[5]}", [row]) for row in quizzes.answers_marked(since)]
    return [
        notifications.regraded(
            EnrolledCourse(*rows[-1][:4]),
            key,
            rows[-1][4],
            rows[-1][6],
            MarkChange(rows[0][7], rows[-1][8], rows[-1][9]),
        )
        for key, rows in by_key
    ]


def _publications(since: datetime) -> list[Notification]:
    return [
        notifications.published_as_scheduled(person_id, row.id, slug, row.title, number)
        if number is not None
        else notifications.not_published(person_id, row.id, slug, row.title, row.publish_at, row.refusal or "failed")
        for person_id, row, slug, number in queries.ended_publications(since)
    ]


def _certificates(since: datetime) -> list[Notification]:
    new = queries.new_records(since)
    jp_now = jp.jp_up_to([one.id for one in new])
    found = []
    for one in new:
        year = one.completed_on.year
        target = record_settings.jp_target(one.status, year)
        in_year = JpOfYear(year, jp_now[one.id], target.jp if target.meaning == "floor" else 0)
        course = one.snapshot["course"]
        found.append(notifications.certificate(one.person_id, one.id, one.slug, course, one.number, one.jp, in_year))
    return found


def near_deadlines(*, now: datetime) -> list[Notification]:
    """Deadlines of unfinished courses and their items that are near or have just passed."""
    today = to_site_time(now).date()
    found = _course_deadlines(now, today)
    for course_id, revision_id, rule in queries.published_revisions():
        entries = courses.contents(revision_id).items
        timed = deadlines.timed(entries, only_required=rule.items == "required")
        if timed:
            found += _item_deadlines(course_id, timed, now, today)
    return list({one.key: one for one in found}.values())


def _course_deadlines(now: datetime, today: date) -> list[Notification]:
    rows = queries.running(*deadlines.days_around(today))
    return [
        notification
        for row in rows
        if not deadlines.has_just_enrolled(row.enrolled_at, now)
        for notification in _notifications(
            EnrolledCourse(*row[:4]), deadlines.due_days({}, (), (), row.due_on, today), today
        )
    ]


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
