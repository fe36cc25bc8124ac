"""People and progress for trying out, all marked as examples; harmless to make again.

The first time a whole history is told along with them, from March of last year to today. A site that has the
people already keeps its own: there only a new version of a course comes in.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import exists, select

from lms import demo_cast, demo_notices, demo_office, demo_progress
from lms.accounts import queries as accounts
from lms.accounts.models import Person
from lms.accounts.services import roles
from lms.core import clock
from lms.core.db import db
from lms.core.i18n import gettext as _
from lms.courses import services as courses
from lms.courses.cli import read_source
from lms.courses.models import Course
from lms.demo_cast import ADMIN, HEAD, INSTRUCTOR, LEARNERS, PASSWORD, PPPK, TOP, UNITS, Cast
from lms.demo_cohorts import Runs
from lms.enrolment import queries as enrolments
from lms.enrolment import services as enrolment

__all__ = ["ADMIN", "HEAD", "INSTRUCTOR", "LEARNERS", "PASSWORD", "PPPK", "create", "is_present"]

CONTENT = Path(__file__).resolve().parents[1] / "content"
STORY = "pelayanan-publik"
"""The course that the history is about."""


def is_present() -> bool:
    """Whether an active demo account exists."""
    return bool(db.session.scalar(select(exists().where(Person.is_demo, Person.is_active))))


def create(*, zone: str) -> list[str]:
    """Make what is missing; gives the lines to print: who may sign in, and how. ``zone`` is the site's."""
    now = clock.now()
    is_first = accounts.person_named(ADMIN) is None
    began = _last_year(3, zone, now) if is_first else now
    cast = demo_cast.gather(began)
    roles.grant_role(cast.admin, "admin", actor_id=None, now=began)
    roles.grant_role(cast.head, "head", unit_id=cast.offices[0].id, actor_id=None, now=began)
    for folder in sorted(path for path in CONTENT.iterdir() if (path / "course.md").is_file()):
        course = _course(folder, began)
        roles.grant_role(cast.instructor, "instructor", course_id=course.id, actor_id=None, now=began)
        if is_first and course.slug == STORY:
            _tell_history(cast, course, zone, began, now)
    db.session.commit()
    return _lines()


def _tell_history(cast: Cast, course: Course, zone: str, began: datetime, now: datetime) -> None:
    """In the order in which it happened, as far as numbers of certificates follow one another."""
    office = demo_office.tell(cast, began=began, now=now)
    runs = Runs(cast, office, course, zone, now)
    runs.tell_those_that_are_over(_last_year(9, zone, now))
    demo_progress.tell(cast, course, zone=zone, now=now)
    runs.tell_those_that_are_not()
    demo_notices.tell(cast, course, now=now)


def _last_year(month: int, zone: str, now: datetime) -> datetime:
    """A morning, the first of a month."""
    here = now.astimezone(ZoneInfo(zone))
    return here.replace(year=here.year - 1, month=month, day=1, hour=8, minute=0, second=0, microsecond=0)


def _course(folder: Path, now: datetime) -> Course:
    slug, files = read_source(folder)
    revision = courses.import_course(slug, files, actor_id=None, now=now).revision
    courses.publish(revision, actor_id=None, now=now)
    enrolment.set_open(revision.course, True, actor_id=None, now=now)
    return revision.course


def _lines() -> list[str]:
    """A line for each account or group of them; those of the history only where it was told."""
    return [
        f"{ADMIN}  " + _("admin"),
        f"{INSTRUCTOR}  " + _("instructor of all courses"),
        f"{HEAD}  " + _("head of %(unit)s", unit=UNITS[0]),
        f"{LEARNERS[0]} … {LEARNERS[-1][-2:]}  " + _("learners"),
        f"{PPPK}  " + _("a learner with PPPK status"),
        *_helpers(),
        _("Password of all: %(password)s", password=PASSWORD),
    ]


def _helpers() -> Iterator[str]:
    if accounts.person_named(demo_office.DEPUTY):
        yield f"{demo_office.DEPUTY}  " + _("Stands in for the head of %(place)s (Plt. or Plh.)", place=UNITS[0])
    if accounts.person_named(demo_office.AGENCY_ADMIN):
        yield f"{demo_office.AGENCY_ADMIN}  " + _("Admin of %(place)s", place=TOP)
    committee = accounts.person_named(demo_office.COMMITTEE)
    runs = [enrolments.cohort(one) for one in sorted(committee.committee_cohort_ids)] if committee else []
    for cohort in filter(None, runs):
        yield f"{demo_office.COMMITTEE}  " + _("Committee of %(place)s", place=cohort.name)
