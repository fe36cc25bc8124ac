"""Reads of courses: the catalogue, a course by its slug, its contents and files."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import contains_eager

from lms.content import stored
from lms.content.items.base import Item
from lms.core.db import cached_by_id, db
from lms.courses.contents import Contents, ItemSummary, SectionHeading
from lms.courses.models import Course, CourseFile, CourseItem, CourseRevision, ItemRevision, RevisionSection
from lms.people.models import Person, RoleGrant
from lms.people.rights import Rights

PER_PAGE = 20
"""Courses on one page of the catalogue. With covers and summaries they fit the first packets of a connection."""


def course(slug: str) -> Course | None:
    return db.session.scalar(select(Course).where(Course.slug == slug))


_PUBLISHED = (
    select(Course, CourseRevision)
    .join(CourseRevision, (CourseRevision.course_id == Course.id) & CourseRevision.is_current)
    .where(Course.slug == bindparam("slug"))
)


def published(slug: str) -> tuple[Course, CourseRevision] | None:
    """A published course with its revision."""
    row = db.session.execute(_PUBLISHED, {"slug": slug}).first()
    return (row[0], row[1]) if row else None


def catalogue(search: str = "", category: str = "") -> Select[CourseRevision]:
    """Published courses by title. Every word of ``search`` must occur, in any order."""
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
    """The categories of published courses, sorted."""
    return db.session.scalars(
        select(CourseRevision.category)
        .where(CourseRevision.is_current, CourseRevision.category.is_not(None))
        .distinct()
        .order_by(CourseRevision.category)
    ).all()  # type: ignore[return-value]


@cached_by_id(maxsize=256)
def contents(revision_id: int) -> Contents:
    sections = db.session.scalars(
        select(RevisionSection).where(RevisionSection.revision_id == revision_id).order_by(RevisionSection.position)
    ).all()
    position_of = {section.id: section.position for section in sections}
    rows = db.session.execute(
        select(ItemRevision, CourseItem.key)
        .join(CourseItem, CourseItem.id == ItemRevision.item_id)
        .where(ItemRevision.revision_id == revision_id)
        .order_by(ItemRevision.position)
    ).all()
    return Contents(
        revision_id=revision_id,
        sections=tuple(SectionHeading(s.position, s.title, s.intro_html) for s in sections),
        items=tuple(_summary(row, key, position_of[row.section_id]) for row, key in rows),
    )


def _summary(row: ItemRevision, key: str, section: int) -> ItemSummary:
    item = _loaded(row)
    return ItemSummary(
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
        is_graded=item.is_graded,
        completes_by=item.completes_by,
        counts=item.completes_by != "none",
        weight=row.weight,
        after=tuple(row.after),
        opens=item.opens,
        closes=item.closes,
        ends=item.due or item.closes,
    )


@cached_by_id(maxsize=256)
def item_content(item_revision_id: int) -> Item:
    """The content of an item, without the HTML in ``ItemRevision.body_html``."""
    return _loaded(db.session.get_one(ItemRevision, item_revision_id))


def _loaded(row: ItemRevision) -> Item:
    return stored.load(
        row.type,
        row.content,
        slug=row.slug,
        title=row.title,
        jp=row.jp,
        is_required=row.is_required,
        after=tuple(row.after),
        opens=stored.load_when(row.opens),
        closes=stored.load_when(row.closes),
        weight=row.weight,
    )


def media_file(sha256_start: str, name: str) -> CourseFile | None:
    """A media file of any revision, by the start of its hash and its file name."""
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
    """The instructors of each course, sorted by name."""
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
    """The newest revision, published or not."""
    return db.session.scalar(
        select(CourseRevision)
        .where(CourseRevision.course_id == course_id)
        .order_by(CourseRevision.number.desc())
        .limit(1)
    )


def prerequisites(course_id: int) -> list[str]:
    """The slugs of the courses that the published revision asks for."""
    found = db.session.scalar(
        select(CourseRevision.prerequisites).where(CourseRevision.course_id == course_id, CourseRevision.is_current)
    )
    return list(found or ())


def titles(slugs: Collection[str]) -> dict[str, str]:
    """The titles of those of the courses that are published."""
    rows = db.session.execute(
        select(Course.slug, CourseRevision.title)
        .join(CourseRevision, (CourseRevision.course_id == Course.id) & CourseRevision.is_current)
        .where(Course.slug.in_(slugs))
    )
    return dict(rows.all())


def prerequisites_of_courses() -> dict[str, list[str]]:
    """For each course that was imported, the slugs of the courses that its newest revision asks for."""
    newest = select(func.max(CourseRevision.id)).group_by(CourseRevision.course_id)
    rows = db.session.execute(
        select(Course.slug, CourseRevision.prerequisites)
        .join(CourseRevision, CourseRevision.course_id == Course.id)
        .where(CourseRevision.id.in_(newest))
    )
    return {slug: list(wanted) for slug, wanted in rows}
