"""Reads of courses: the catalogue, a course by its slug, its contents and files."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import Select, bindparam, case, func, select
from sqlalchemy.orm import contains_eager

from lms.content import stored
from lms.content.items.base import Item
from lms.core.db import db
from lms.core.direct_query import DirectQuery
from lms.core.row_cache import cached_by_id
from lms.courses.contents import Contents, ItemSummary, SectionHeading
from lms.courses.models import Course, CourseItem, CourseRevision, ItemRevision, RevisionSection
from lms.lib.folding import neighbours, search_words, searchable
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


_CERTIFICATE_JP = DirectQuery(
    select(CourseRevision.jp)
    .join(Course, Course.id == CourseRevision.course_id)
    .where(Course.slug == bindparam("slug"), CourseRevision.is_current, CourseRevision.has_certificate)
)


def certificate_jp(slug: str) -> int:
    """The JP on the certificate of a published course; 0 without a certificate."""
    row = _CERTIFICATE_JP.row(slug=slug)
    return row.jp if row else 0


OFFERED = Course.archived_at.is_(None)
"""Condition on a published course: it stands in the catalogue and takes new people."""


def is_archived(course_id: int) -> bool:
    return db.session.scalar(select(Course.id).where(Course.id == course_id, ~OFFERED)) is not None


def catalogue(search: str = "", category: str = "") -> Select[CourseRevision]:
    """Published courses by title, without archived ones. Every word of ``search`` must occur, in any order; those with
    more of them in the title come first."""
    query = (
        select(CourseRevision)
        .join(CourseRevision.course)
        .options(contains_eager(CourseRevision.course))
        .where(CourseRevision.is_current, OFFERED)
    )
    words = search_words(search)
    for word in words:
        query = query.where(CourseRevision.search_text.contains(word, autoescape=True))
    in_title = [case((func.lower(CourseRevision.title).contains(word, autoescape=True), 1), else_=0) for word in words]
    if in_title:
        query = query.order_by(sum(in_title[1:], in_title[0]).desc())
    query = query.order_by(CourseRevision.title, CourseRevision.id)
    return query.where(CourseRevision.category == category) if category else query


def words_meant(search: str) -> str:
    """The search with words of the catalogue's courses instead of slips; empty if there are none."""
    texts = db.session.scalars(
        select(CourseRevision.search_text).join(CourseRevision.course).where(CourseRevision.is_current, OFFERED)
    )
    return " ".join(neighbours(search_words(search), " ".join(texts).split()) or ())


def names_to_search() -> dict[int, str]:
    """The title and slug of each course by its id, ``searchable``; without a title if it is not published."""
    named = select(Course.id, Course.slug, CourseRevision.title).outerjoin(
        CourseRevision, (CourseRevision.course_id == Course.id) & CourseRevision.is_current
    )
    return {key: searchable([title or "", slug]) for key, slug, title in db.session.execute(named)}


def categories() -> Sequence[str]:
    """The categories of the catalogue's courses, sorted."""
    return db.session.scalars(
        select(CourseRevision.category)
        .join(CourseRevision.course)
        .where(CourseRevision.is_current, OFFERED, CourseRevision.category.is_not(None))
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
    revision = db.session.get_one(CourseRevision, revision_id)
    return Contents(
        revision_id=revision_id,
        rule=revision.rule,
        sections=tuple(SectionHeading(s.position, s.title, s.intro_html) for s in sections),
        items=tuple(
            _summary(row, key, position_of[row.section_id], gives_jp=revision.has_certificate) for row, key in rows
        ),
    )


def _summary(row: ItemRevision, key: str, section: int, *, gives_jp: bool) -> ItemSummary:
    item = loaded(row)
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
        practice_minutes=item.practice_minutes,
        is_required=row.is_required,
        is_graded=item.is_graded,
        completes_by=item.completes_by,
        counts=item.completes_by != "none",
        weight=row.weight,
        time_limit=item.time_limit,
        attempts=item.attempts,
        pass_mark=item.pass_mark,
        after=tuple(row.after),
        opens=item.opens,
        closes=item.closes,
        ends=item.due or item.closes,
        is_extra=item.is_extra,
        score_group=item.score_group,
        purpose=item.purpose,
        earned_jp=row.jp if gives_jp else 0,
    )


@cached_by_id(maxsize=256)
def item_content(item_revision_id: int) -> Item:
    """The content of an item, without the HTML in ``ItemRevision.body_html``."""
    return loaded(db.session.get_one(ItemRevision, item_revision_id))


class ItemVersion(NamedTuple):
    """A row of ``ItemRevision`` without its content."""

    id: int
    item_id: int
    revision_id: int
    position: int
    slug: str
    title: str
    jp: int
    minutes: int
    body_html: str


_ITEM_VERSION = DirectQuery(
    select(*(getattr(ItemRevision, name) for name in ItemVersion._fields)).where(
        ItemRevision.id == bindparam("item_revision_id")
    )
)


def item_version(item_revision_id: int) -> ItemVersion:
    row = _ITEM_VERSION.row(item_revision_id=item_revision_id)
    assert row is not None
    return ItemVersion(*row)


def item_revisions(revision_id: int) -> Sequence[ItemRevision]:
    """The items of a revision, in order."""
    wanted = select(ItemRevision).where(ItemRevision.revision_id == revision_id).order_by(ItemRevision.position)
    return db.session.scalars(wanted).all()


def loaded(row: ItemRevision) -> Item:
    """The content of an item, without the HTML in ``ItemRevision.body_html``."""
    return stored.load(
        row.type,
        row.content,
        row.body_html,
        slug=row.slug,
        title=row.title,
        jp=row.jp,
        is_required=row.is_required,
        after=tuple(row.after),
        opens=stored.load_when(row.opens),
        closes=stored.load_when(row.closes),
        weight=row.weight,
    )


def courses_taught_by(person: Rights) -> Select[Course]:
    """The courses of which ``person`` is an instructor, in the order of ``all_courses``."""
    return all_courses().where(Course.id.in_(person.taught_course_ids))


def all_courses() -> Select[Course]:
    """Published courses by title; then the others, whose titles are in their drafts."""
    return (
        select(Course)
        .outerjoin(CourseRevision, (CourseRevision.course_id == Course.id) & CourseRevision.is_current)
        .options(contains_eager(Course.revision))
        .order_by(CourseRevision.title.is_(None), func.lower(CourseRevision.title), Course.slug)
    )


class PublishedItem(NamedTuple):
    """An item of a published course."""

    course_id: int
    course_slug: str
    course_title: str
    item: ItemSummary


def published_items(course_ids: Collection[int], type_: str) -> list[PublishedItem]:
    """The items of one type in the published revisions of these courses."""
    rows = (
        select(Course.id, Course.slug, CourseRevision.title, CourseRevision.id, ItemRevision.item_id)
        .join(CourseRevision, (CourseRevision.course_id == Course.id) & CourseRevision.is_current)
        .join(ItemRevision, ItemRevision.revision_id == CourseRevision.id)
        .where(Course.id.in_(course_ids), ItemRevision.type == type_)
        .order_by(Course.id, ItemRevision.position)
    )
    found = db.session.execute(rows) if course_ids else ()
    return [
        PublishedItem(course_id, slug, title, item)
        for course_id, slug, title, revision_id, item_id in found
        if (item := contents(revision_id).item(item_id)) is not None
    ]


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
    """The slugs of the courses that the newest revision of each imported course asks for."""
    newest = select(func.max(CourseRevision.id)).group_by(CourseRevision.course_id)
    rows = db.session.execute(
        select(Course.slug, CourseRevision.prerequisites)
        .join(CourseRevision, CourseRevision.course_id == Course.id)
        .where(CourseRevision.id.in_(newest))
    )
    return {slug: list(wanted) for slug, wanted in rows}


def types_by_key(course_id: int) -> dict[str, str]:
    """The keys of all items that a course has or had, each with its type in the newest revision that has it."""
    rows = db.session.execute(
        select(CourseItem.key, ItemRevision.type)
        .join(ItemRevision, ItemRevision.item_id == CourseItem.id)
        .where(CourseItem.course_id == course_id)
        .group_by(CourseItem.key, ItemRevision.type)
        .order_by(func.max(ItemRevision.id))
    )
    return dict(rows.all())


_PUBLISHED_ITEM = DirectQuery(
    select(ItemRevision.id)
    .join(CourseRevision, (CourseRevision.id == ItemRevision.revision_id) & CourseRevision.is_current)
    .where(ItemRevision.item_id == bindparam("item_id"))
)


def published_item_id(item_id: int) -> int | None:
    """The item's revision in the published course; None if the course no longer has it."""
    row = _PUBLISHED_ITEM.row(item_id=item_id)
    return row.id if row else None


def disappearing_items(revision: CourseRevision) -> list[str]:
    """Titles of published items that ``revision`` no longer has."""
    found = published(revision.course.slug)
    if found is None:
        return []
    left = {item.key for item in contents(revision.id).items}
    return [item.title for item in contents(found[1].id).items if item.key not in left]
