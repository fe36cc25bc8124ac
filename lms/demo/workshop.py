"""A workshop in which groups hand in together: one group has its mark, one waits for it, one has not begun.

They meet twice. Of the first meeting all are marked but one, who came late with the code; the second is today.

The courses of ``content/`` can be taken alone and at any time, which an assignment of groups does not allow. So the
workshop is a course of its own, for those on the list of its cohort.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from lms.assignments.services import forming
from lms.attendance.services.marking import NewAttendance, SessionMeeting, mark_attendance
from lms.content.items.live_session import LiveSession
from lms.core.i18n import to_site_time
from lms.courses import queries as courses
from lms.courses.models import Course
from lms.demo import cast
from lms.demo.learning import DemoLearner
from lms.demo.publishing import publish_folder
from lms.enrolment import queries, services
from lms.enrolment.cohort_dates import cohort_name
from lms.enrolment.models import Cohort
from lms.enrolment.settings import CohortSettings
from lms.people.models import Person
from lms.people.services import roles

FOLDER = Path(__file__).parent / "lokakarya-loket"


def show_workshop(now: datetime) -> None:
    """The cohort began two weeks ago; its list has nine people."""
    begins = now - timedelta(days=14)
    course, instructor = publish_folder(FOLDER, begins - timedelta(days=10)), cast.person(cast.INSTRUCTOR)
    roles.grant_role(instructor, "instructor", course_id=course.id, actor_id=None, now=begins - timedelta(days=10))
    cohort = _cohort(course, begins, begins - timedelta(days=9))
    graded, waiting = ([cast.learner(number) for number in numbers] for numbers in ((7, 9, 11), (15, 16, 18)))
    not_begun = [cast.person(nip) for nip in (cast.MIDWIFE, cast.NURSE, cast.CLERK)]
    everybody = [*graded, *waiting, *not_begun]
    services.enrol_people(everybody, cohort, actor_id=cast.person(cast.ADMIN).id, now=begins - timedelta(days=8))
    for number, members in enumerate((graded, waiting, not_begun), 1):
        _form(cohort, f"Kelompok {number}", members, begins + timedelta(hours=1))
    for person in (*graded, *waiting):
        DemoLearner(person, course, begins + timedelta(days=2)).read()
    DemoLearner(graded[0], course, begins + timedelta(days=6)).submit(with_file=True).get_graded(level=0)
    DemoLearner(waiting[1], course, now - timedelta(days=2)).submit()
    _meet(course, everybody, begins + timedelta(days=1, hours=2))


def _meet(course: Course, people: Sequence[Person], now: datetime) -> None:
    """The first meeting. The last two were not there, the one before them sent the code when it was over."""
    published = courses.published(course.slug)
    assert published is not None
    item = next(one for one in courses.contents(published[1].id).items if one.type == LiveSession.type)
    session = courses.item_content(item.item_revision_id)
    assert isinstance(session, LiveSession)
    at = SessionMeeting(item, session, 1)
    found = [queries.enrolment_of(person.id, course.id) for person in people]
    *present, late, excused, absent = [one.id for one in found if one]
    marks = [NewAttendance(one, "present", 0) for one in present]
    marks += [NewAttendance(excused, "excused", 0), NewAttendance(absent, "absent", 0)]
    mark_attendance(at, marks, actor_id=cast.person(cast.INSTRUCTOR).id, now=now)
    mark_attendance(at, [NewAttendance(late, "claimed", 0)], actor_id=None, now=now + timedelta(hours=3))


def _cohort(course: Course, begins: datetime, now: datetime) -> Cohort:
    starts_on = to_site_time(begins).date()
    number = max(queries.numbers_used(course.id, starts_on.year), default=0) + 1
    name, ends_on = cohort_name(number, starts_on.year), starts_on + timedelta(days=28)
    settings = CohortSettings(name, starts_on, ends_on, "list")
    return services.create_cohort(course, settings, actor_id=cast.person(cast.ADMIN).id, now=now)


def _form(cohort: Cohort, name: str, members: Sequence[Person], now: datetime) -> None:
    instructor_id = cast.person(cast.INSTRUCTOR).id
    found = [queries.enrolment_of(person.id, cohort.course_id) for person in members]
    group = forming.form_group(cohort, name, actor_id=instructor_id, now=now)
    forming.move_people(cohort, [one.id for one in found if one], group, actor_id=instructor_id, now=now)
