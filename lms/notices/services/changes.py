"""Finds whom to notify of changed groups and deadlines: once for several changes, with the present values.

Reads only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache, partial
from typing import Any, NamedTuple

from lms.assignments import queries as assignments
from lms.assignments.lateness import Deadline, deadline_in, latest
from lms.assignments.models import DeadlineOverride
from lms.assignments.queries import groups
from lms.content.items.assignment import Assignment
from lms.core.i18n import zone
from lms.core.small_transactions import UNDIVIDED, Parts
from lms.courses import queries as courses
from lms.courses.contents import ItemSummary
from lms.enrolment import queries as enrolments
from lms.enrolment.models import Cohort, Enrolment
from lms.enrolment.windows import DateOverride
from lms.notices import notifications, queries
from lms.notices.changes import HistoryStep, in_one
from lms.notices.notifications import EnrolledCourse, Notification
from lms.notices.queries import changes

Histories = Mapping[int, Sequence[HistoryStep]]
"""By enrolment."""


def changed(since: datetime, parts: Parts = UNDIVIDED) -> list[Notification]:
    """Papers that somebody else handed in for one's group, moves into groups and out of them, other deadlines."""
    kinds: Mapping[str, Callable[[], list[Notification]]] = {
        "papers of groups": partial(_handed_in, since),
        "groups": partial(_groups, since),
        "extensions": partial(_extensions, since),
        "dates of cohorts": partial(_cohort_dates, since, parts),
        "dates of assignments": partial(_assignments, since, parts),
    }
    found: list[Notification] = []
    for kind, tell in kinds.items():
        found += parts.read(tell, [], "finding whom to tell of %s", kind)
    return found


def _handed_in(since: datetime) -> list[Notification]:
    return [
        notifications.handed_in(EnrolledCourse(*row[:4]), *row[4:8], name=row[8].full_name)
        for row in changes.submitted_for_groups(since)
    ]


def _told(
    histories: Histories,
    rows: Mapping[int, Any],
    notification: Callable[[EnrolledCourse, HistoryStep], Notification],
) -> list[Notification]:
    """Notifications of what is new, for the enrolments in ``rows``."""
    keys = (one.key for history in histories.values() for one in history)
    told = {key for _person_id, key in queries.already_sent(keys)}
    news = {enrolment_id: in_one(history, told) for enrolment_id, history in histories.items()}
    return [
        notification(EnrolledCourse(*rows[enrolment_id][:4]), change)
        for enrolment_id, change in news.items()
        if change is not None and enrolment_id in rows
    ]


def _groups(since: datetime) -> list[Notification]:
    histories = {
        enrolment_id: [
            HistoryStep(notifications.group_key(enrolment_id, one.id), one.facts["before"], one.facts["group"])
            for one in steps
        ]
        for enrolment_id, steps in changes.ledger_steps("move to group", since).items()
    }
    return _told(histories, changes.in_course(histories), notifications.group_changed)


def _extensions(since: datetime) -> list[Notification]:
    histories = {}
    for enrolment_id, given in changes.extended(since).items():
        days = [None, *(one.until for one in given)]
        keys = [notifications.deadline_key(enrolment_id, f"extension:{one.id}") for one in given]
        steps = [HistoryStep(*step) for step in zip(keys, days[:-1], days[1:], strict=True)]
        histories[enrolment_id] = _recent(steps, [one.given_at for one in given], since)
    rows = changes.unfinished(histories)
    return _told(
        histories,
        rows,
        lambda course, change: notifications.course_deadline(course, change.key, rows[course.enrolment_id][4]),
    )


def _recent(steps: Sequence[HistoryStep], moments: Sequence[datetime], since: datetime) -> list[HistoryStep]:
    """Older steps are known, whether anybody was told of them or not."""
    return [one for one, at in zip(steps, moments, strict=True) if at > since - changes.LOOK_BACK]


class DaysOfCohort(NamedTuple):
    starts_on: date | None
    ends_on: date | None

    def of(self, enrolment: Enrolment) -> DaysOfCohort:
        """The days for somebody who may have an extension."""
        days = [day for day in (self.ends_on, enrolment.extended_until) if day]
        return DaysOfCohort(self.starts_on, max(days) if self.ends_on else None)


def _cohort_dates(since: datetime, parts: Parts) -> list[Notification]:
    found: list[Notification] = []
    for cohort_id, steps in changes.ledger_steps("change cohort", since).items():
        find = partial(_dates_of_cohort, cohort_id, steps)
        found += parts.read(find, [], "finding whom to tell of the dates of cohort %s", cohort_id)
    return found


def _dates_of_cohort(cohort_id: int, steps: Sequence[Any]) -> list[Notification]:
    dated = [one for one in steps if {"starts_on", "ends_on"} & set(one.facts["changed"])]
    cohort = enrolments.cohort(cohort_id)
    if cohort is None or not dated:
        return []
    dates = _dates_by_step(cohort, [one.facts["changed"] for one in dated])
    people = [one for one in changes.people_of(cohort_id) if one.enrolled_at < dated[-1].at]
    histories = {
        one.id: [
            HistoryStep(notifications.deadline_key(one.id, f"cohort:{step.id}"), before.of(one), after.of(one))
            for step, before, after in zip(dated, dates[:-1], dates[1:], strict=True)
        ]
        for one in people
    }
    return _told(histories, changes.unfinished(histories), _of_cohort)


def _of_cohort(course: EnrolledCourse, change: HistoryStep) -> Notification:
    starts_on = change.after.starts_on if change.before.starts_on != change.after.starts_on else None
    is_other_end = change.before.ends_on != change.after.ends_on
    return notifications.course_deadline(
        course, change.key, change.after.ends_on, starts_on=starts_on, is_other_end=is_other_end
    )


def _dates_by_step(cohort: Cohort, changed: Sequence[Mapping[str, Any]]) -> list[DaysOfCohort]:
    """The dates before the first step and after each one, computed backwards from the present ones."""
    dates = [DaysOfCohort(cohort.starts_on, cohort.ends_on)]
    for one in reversed(changed):
        before = {
            name: date.fromisoformat(one[name]["before"]) if one[name]["before"] else None
            for name in ("starts_on", "ends_on")
            if name in one
        }
        dates.append(dates[-1]._replace(**before))
    return dates[::-1]


class ItemMoments(NamedTuple):
    """The moments of an assignment, for one person."""

    opens_at: datetime | None
    due_at: datetime | None
    last_at: datetime | None


def _assignments(since: datetime, parts: Parts) -> list[Notification]:
    found: list[Notification] = []
    for (cohort_id, item_id), rows in changes.overridden_deadlines(since).items():
        find = partial(_dates_of_assignment, cohort_id, item_id, rows, since)
        found += parts.read(find, [], "finding whom to tell of item %s in cohort %s", item_id, cohort_id)
    return found


def _dates_of_assignment(
    cohort_id: int, item_id: int, rows: Sequence[DeadlineOverride], since: datetime
) -> list[Notification]:
    cohort = enrolments.cohort(cohort_id)
    item = _published(cohort, item_id) if cohort else None
    if cohort is None or item is None:
        return []
    people = [one for one in changes.people_of(cohort_id) if one.enrolled_at < rows[-1].given_at]
    over = queries.items_over([one.id for one in people])
    histories = {}
    by_step = [_moments(cohort, people, item, row) for row in (None, *rows)]
    for one in people:
        if item_id in over.get(one.id, ()):
            continue
        steps = [
            HistoryStep(notifications.deadline_key(one.id, f"override:{row.id}"), before[one.id], after[one.id])
            for row, before, after in zip(rows, by_step[:-1], by_step[1:], strict=True)
        ]
        histories[one.id] = _recent(steps, [row.given_at for row in rows], since)
    return _told(histories, changes.unfinished(histories), _of_item(item))


def _of_item(item: ItemSummary) -> Callable[[EnrolledCourse, HistoryStep], Notification]:
    def notification(course: EnrolledCourse, change: HistoryStep) -> Notification:
        before, after = change.before, change.after
        what = next(name for name in ("due_at", "last_at", "opens_at") if getattr(before, name) != getattr(after, name))
        moments = getattr(before, what), getattr(after, what)
        return notifications.item_deadline(course, change.key, item.slug, item.title, what=what, moments=moments)

    return notification


def _published(cohort: Cohort, item_id: int) -> ItemSummary | None:
    revision_id = enrolments.published_revision_id(cohort.course_id)
    item = courses.contents(revision_id).item(item_id) if revision_id else None
    return item if item and item.type == Assignment.type else None


def _moments(
    cohort: Cohort, people: Sequence[Enrolment], item: ItemSummary, row: DeadlineOverride | None
) -> dict[int, ItemMoments]:
    """The moments by enrolment if only this override applied; None: those of the course. A group has its latest."""
    assignment = assignments.assignment_of(item.item_revision_id)
    given = (DateOverride(item.item_id, row.opens_at, row.closes_at, row.due_at),) if row else ()
    windows = {one.id: replace(enrolments.window_of(one, cohort, zone()), of_cohort=given) for one in people}
    deadline = cache(lambda window: deadline_in(window, item.item_id, assignment, item.closes))
    due = {enrolment_id: deadline(window) for enrolment_id, window in windows.items()}
    if assignment.group:
        due = _of_groups(due)
    return {
        enrolment_id: ItemMoments(
            window.item_moment(item.item_id, item.opens, "opens") or window.opens_at,
            due[enrolment_id].due,
            due[enrolment_id].last,
        )
        for enrolment_id, window in windows.items()
    }


def _of_groups(due: Mapping[int, Deadline]) -> dict[int, Deadline]:
    group_of = {one: member.group_id for one, member in groups.memberships(due).items()}
    members: dict[int, list[Deadline]] = {}
    for enrolment_id, group_id in group_of.items():
        members.setdefault(group_id, []).append(due[enrolment_id])
    shared = {group_id: latest(theirs) for group_id, theirs in members.items()}
    return {one: shared[group_of[one]] if one in group_of else own for one, own in due.items()}
