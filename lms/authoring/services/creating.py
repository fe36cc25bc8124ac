"""Courses that are written on the site: created with some files, and deleted while nobody has ever seen them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from lms.authoring import queries
from lms.authoring.front_matter import NotEditable, with_values
from lms.authoring.models import CourseCheck, CourseDraft, CourseRepository, QuestionOrigin, ScheduledPublication
from lms.authoring.services import (
    DraftChanged,
    Source,
    create_draft,
    delete_draft,
    lock,
    source,
    stored_file,
)
from lms.authoring.starters import CourseFacts, course_file
from lms.comments import services as comments
from lms.content.folder.outline import COURSE_FILE
from lms.content.markdown.names import is_name, slugify
from lms.core import ledger
from lms.core.db import db, insert_if_missing
from lms.core.errors import Refusal
from lms.core.i18n import lazy
from lms.courses import queries as courses
from lms.courses.models import Course
from lms.enrolment.models import Cohort
from lms.people.models import Person
from lms.people.services import roles

PAGES = frozenset({"import", "new"})
"""Names that no course can have: pages of the site have their addresses."""
MAX_GUESSES = 100
SENT_TWICE = timedelta(seconds=30)


class AddressTaken(Refusal):
    message = lazy("Another course has the address “%(slug)s”. Nothing was made; choose another one.")


class NoAddress(Refusal):
    message = lazy("“%(slug)s” cannot be an address: write lower-case letters, digits and hyphens.")
    status = 422


class CourseInUse(Refusal):
    message = lazy("This course has a revision or a cohort by now, so it is not deleted. Nothing was lost.")


def create_course(slug: str, files: Mapping[str, bytes], *, actor_id: int, now: datetime) -> Course:
    """Make a course that has a draft with these files and no revision yet, and let the author teach it.

    :raises AddressTaken: there is a course with this slug.
    :raises NoAddress: the slug has not the form of one.
    """
    if not is_name(slug):
        raise NoAddress(slug=slug)
    found = {path: stored_file(path, data) for path, data in files.items()}  # before the transaction that writes
    if slug in PAGES:
        raise AddressTaken(slug=slug)
    course_id = insert_if_missing(Course, ("slug",), slug=slug, created_at=now)
    if course_id is None:
        raise AddressTaken(slug=slug)
    create_draft(course_id, Source(None, False, found), actor_id, now)
    ledger.record(actor_id, "begin course", f"course:{course_id}", now=now, slug=slug)
    author = db.session.get_one(Person, actor_id)
    roles.grant_role(author, "instructor", course_id=course_id, actor_id=actor_id, now=now)
    return db.session.get_one(Course, course_id)


def create_course_once(slug: str, title: str, files: Mapping[str, bytes], *, actor_id: int, now: datetime) -> Course:
    """As ``create_course``, for a form that may be sent twice: the second time returns the course of the first."""
    made = db.session.scalars(
        select(Course)
        .join(CourseDraft, CourseDraft.course_id == Course.id)
        .where(CourseDraft.created_by == actor_id, CourseDraft.revision_id.is_(None))
        .where(CourseDraft.created_at > now - SENT_TWICE, Course.slug.startswith(_name_of(title), autoescape=True))
        .order_by(Course.id.desc())
    ).all()
    same = re.compile(rf"{_name_of(title)}(-\d+)?")
    found = next((one for one in made if same.fullmatch(one.slug)), None)
    return found or create_course(slug, files, actor_id=actor_id, now=now)


def copied_files(files: Mapping[str, bytes], facts: CourseFacts) -> dict[str, bytes]:
    """The files of a course with another title and facts. Ids stay the same, since each course has its own progress."""
    values = {"title": facts.title, "summary": facts.summary}
    more = {"category": facts.category, "competency": facts.competency}
    try:
        cover = with_values(files[COURSE_FILE], values | {key: value for key, value in more.items() if value})
    except (KeyError, NotEditable):
        cover = course_file(facts)
    return {**files, COURSE_FILE: cover}


def free_slug(title: str) -> str:
    """A slug for the title that no course has now. Another course may take it before it is used."""
    name = _name_of(title)
    taken = set(db.session.scalars(select(Course.slug).where(Course.slug.startswith(name, autoescape=True))))
    numbered = (f"{name}-{number}" for number in range(2, MAX_GUESSES))
    return next((one for one in (name, *numbered) if one not in taken | PAGES), name)


def _name_of(title: str) -> str:
    return slugify(title, 60) or "kursus"


def delete_course(course_id: int, state: str, *, actor_id: int, now: datetime) -> None:
    """Delete a course that has never had a revision, with its draft and the rights to teach it.

    :raises DraftChanged: the draft is another one than what was shown. It is kept.
    :raises CourseInUse: it has a revision, or somebody has made a cohort for it. It is kept.
    """
    lock(course_id)
    draft = queries.draft(course_id)
    if draft is None or source(course_id).state != state:
        raise DraftChanged
    cohort = db.session.scalar(select(Cohort.id).where(Cohort.course_id == course_id).limit(1))
    if courses.latest_revision(course_id) or cohort:
        raise CourseInUse
    course = db.session.get_one(Course, course_id)
    for person in courses.instructors_of([course_id])[course_id]:
        roles.revoke_role(person, "instructor", course_id=course_id, actor_id=actor_id, now=now)
    delete_draft(draft)
    for model in (ScheduledPublication, CourseCheck, QuestionOrigin, CourseRepository):
        db.session.execute(delete(model).where(model.course_id == course_id))
    comments.offer_in_all_courses(course_id)
    copies = update(QuestionOrigin).where(QuestionOrigin.from_course_id == course_id)
    db.session.execute(copies.values(from_course_id=None))
    ledger.record(actor_id, "delete course", f"course:{course_id}", now=now, slug=course.slug)
    db.session.delete(course)
    db.session.flush()
