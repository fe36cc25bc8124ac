"""How to reach the JP target of a year: what is recorded, what is under way, and open courses for the rest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from lms.core import settings
from lms.core.i18n import language_code, to_site_time
from lms.courses.models import CourseRevision
from lms.enrolment import queries as enrolments
from lms.enrolment.queries import OpenCourse
from lms.enrolment.suggestions import path_to
from lms.learning import services as learning
from lms.learning.models import Completion
from lms.learning.queries.enrolments import completed_courses, running_courses
from lms.people.account import Account
from lms.records import queries
from lms.records.repeats import Counted
from lms.records.services.settings import jp_target, jp_targets, target_settings
from lms.records.years import YearProgress

ANYBODY = 0
"""The id of nobody: all that is open is open to them."""


@dataclass(frozen=True)
class YearPath:
    """``courses`` bring what is missing beside the courses that are being taken, or as much of it as is open."""

    own_year: YearProgress
    courses: list[OpenCourse]

    @property
    def left(self) -> int:
        return max(0, self.own_year.missing - self.own_year.learning)


def path_of(person: Account, *, zone: str, now: datetime) -> YearPath:
    today = to_site_time(now).date()
    set_here = settings.values((*target_settings(person.status), learning.PASS_MARK), today.year)
    counted = queries.counted_courses(person.id, today.year)
    target = jp_targets(set_here, [person.status])[person.status]
    jp = queries.jp_in_year(person.id, today.year, counted.rule)
    waiting = jp_waiting(today.year, queries.waiting_of(person.id), counted)
    path = YearPath(YearProgress(today.year, jp, target, waiting=waiting), [])
    if not path.left:
        return path
    pass_mark = float(set_here[learning.PASS_MARK.name])
    running = running_courses(person.id, zone=zone, pass_mark=pass_mark, now=now, today=today)
    taken = [(one.revision.course_id, one.revision.earned_jp) for one in running]
    path = replace(path, own_year=replace(path.own_year, learning=sum(counted.jp_of(taken))))
    if not path.left:
        return path
    offers, completed = offers_to(person.id, now)
    return replace(path, courses=path_to(offers, completed, path.left, language=language_code()))


def path_of_anybody(now: datetime) -> YearPath:
    """What a PNS without any JP could take, to be shown to visitors."""
    year = to_site_time(now).year
    path = YearPath(YearProgress(year, 0, jp_target("pns", year)), [])
    if not path.left:
        return path
    return replace(path, courses=path_to(*offers_to(ANYBODY, now), path.left, language=language_code()))


def offers_to(person_id: int, now: datetime) -> tuple[list[OpenCourse], set[str]]:
    """The courses that a person could join, and which of those that they ask for the person has completed."""
    offers = enrolments.open_courses(person_id, to_site_time(now).date())
    wanted = {slug for one in offers for slug in one.revision.prerequisites}
    return offers, {slug for _person, slug in completed_courses([person_id], wanted)} if wanted else set()


Waiting = Iterable[tuple[Completion, CourseRevision, Any]]
"""Completions without a certificate."""


def jp_waiting(year: int, waiting: Waiting, counted: Counted) -> int:
    """The JP of ``waiting`` that will count for ``year``."""
    return sum(_jp_by_enrolment(year, waiting, counted).values())


def repeating(year: int, waiting: Waiting, counted: Counted) -> set[int]:
    """The enrolments of ``waiting`` whose JP will not count, because their course counts for ``year`` already."""
    return {enrolment_id for enrolment_id, jp in _jp_by_enrolment(year, waiting, counted).items() if not jp}


def _jp_by_enrolment(year: int, waiting: Waiting, counted: Counted) -> dict[int, int]:
    of_year = [row for row in waiting if to_site_time(row[0].completed_at).year == year]
    jp = counted.jp_of((revision.course_id, revision.jp) for _completion, revision, _course in of_year)
    return {row[0].enrolment_id: one for row, one in zip(of_year, jp, strict=True)}
