"""Reads about courses: the catalogue, a course by its slug, its contents and files."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import contains_eager

from lms.accounts.models import Person, RoleGrant
from lms.accounts.rights import Rights
from lms.core.db import db
from lms.courses.contents import Chapter, Contents, Entry
from lms.courses.models import Course, CourseFile, CourseRevision, Item, ItemRevision, Section

PER_PAGE = 20
"""Courses on one page of the catalogue: their covers and summaries fill one packet train."""


def course(slug: str) -> Course | None:
    return db.session.scalar(select(Course).where(Course.slug == slug))


_PUBLISHED = (
    select(Course, CourseRevision)
    .join(CourseRevision, (CourseRevision.course_id == Course.id) & CourseRevision.is_current)
    .where(Course.slug == bindparam("slug"))
)


def published(slug: str) -> tuple[Course, CourseRevision] | None:
    """A course everybody may know of, with its published revision."""
    row = db.session.execute(_PUBLISHED, {"slug": slug}).first()
    return (row[0], row[1]) if row else None


def catalogue(search: str = "", category: str = "") -> Select[CourseRevision]:
    """Published courses by title; each word of ``search`` must occur somewhere, in any order."""
    query = (
        select(CourseRevision)
        .join(CourseRevision.course)
        .options(contains_eager(CourseRevision.course))
        .where(CourseRevision.is_current)
        .order_by(CourseRevision.title, CourseRevision.id)
    )
    for word in search.casefold().split():
        query = query.where(CourseRevision.search_text.contains(word, autoescape=True))
    return query.where(CourseRevision.category == category) if category else query


def categories() -> Sequence[str]:
    """The categories of published courses, in their order."""
    return db.session.scalars(
        select(CourseRevision.category)
        .where(CourseRevision.is_current, CourseRevision.category.is_not(None))
        .distinct()
        .order_by(CourseRevision.category)
    ).all()  # type: ignore[return-value]


@lru_cache(maxsize=256)
def contents(revision_id: int) -> Contents:
    """The table of contents of a revision. Kept in memory: a revision never changes."""
    sections = db.session.scalars(
        select(Section).where(Section.revision_id == revision_id).order_by(Section.position)
    ).all()
    position_of = {section.id: section.position for section in sections}
    rows = db.session.execute(
        select(ItemRevision, Item.key)
        .join(Item, Item.id == ItemRevision.item_id)
        .where(ItemRevision.revision_id == revision_id)
        .order_by(ItemRevision.position)
    ).all()
    return Contents(
        revision_id=revision_id,
        chapters=tuple(Chapter(s.position, s.title, s.intro_html) for s in sections),
        entries=tuple(_entry(row, key, position_of[row.section_id]) for row, key in rows),
    )


def _entry(row: ItemRevision, key: str, section: int) -> Entry:
    return Entry(
        item_id=row.item_id,
        item_revision_id=row.id,
        key=key,
        position=row.position,
        section=section,
        slug=row.slug,
        type=row.type,
        title=row.title,
        jp=row.jp,
        minutes=row.minutes,
        is_required=row.is_required,
        counts=row.content.get("complete") != "none",
        weight=row.weight,
        after=tuple(row.after),
        opens=row.opens,
        closes=row.closes,
        due=row.content.get("due"),
    )


def media_file(sha256_start: str, name: str) -> CourseFile | None:
    """A picture or other medium of any revision, by the start of its hash and its file name."""
    files = db.session.scalars(
        select(CourseFile).where(
            CourseFile.sha256.startswith(sha256_start, autoescape=True), CourseFile.content_type.is_not(None)
        )
    )
    return next((file for file in files if file.path.rsplit("/", 1)[-1] == name), None)


def courses_taught_by(person: Rights) -> Select[Course]:
    """The courses of which ``person`` is an instructor, published or not."""
    return select(Course).where(Course.id.in_(person.taught_course_ids)).order_by(Course.slug)


def instructors_of(course_ids: list[int]) -> dict[int, list[Person]]:
    """Who teaches each of the courses, by name."""
    rows = db.session.execute(
        select(RoleGrant.course_id, Person)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(RoleGrant.role == "instructor", RoleGrant.course_id.in_(course_ids))
        .order_by(Person.name)
    )
    found: dict[int, list[Person]] = {course_id: [] for course_id in course_ids}
    for course_id, person in rows:
        assert course_id is not None  # a constraint: an instructor has a course
        found[course_id].append(person)
    return found


def latest_revision(course_id: int) -> CourseRevision | None:
    """The newest one, published or not."""
    return db.session.scalar(
        select(CourseRevision)
        .where(CourseRevision.course_id == course_id)
        .order_by(CourseRevision.number.desc())
        .limit(1)
    )
