"""What can be read of a draft, as the table of contents that learners would see."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import replace

from lms.content.course import CourseContent
from lms.content.folder.folder import Folder
from lms.content.items.base import Item
from lms.courses.contents import Contents, ItemSummary, SectionHeading


def readable_course(slug: str, folder: Folder, readable: Collection[str]) -> CourseContent:
    """The course without the items that have faults. ``readable`` are paths."""
    items = {one.path: one.item for one in folder.item_files if one.path in readable}
    sections = (
        replace(section, items=tuple(found for item in one.items if (found := items.get(item.path))))
        for section, one in zip(folder.sections, folder.outline.sections, strict=True)
    )
    values = folder.course_file.values if folder.course_file else {}
    return CourseContent(slug=slug, sections=tuple(sections), **values)


def contents_of(course: CourseContent) -> Contents:
    """The contents of a draft. Ids name no rows, and minutes are 0, since they depend on the rendered texts."""
    items: list[ItemSummary] = []
    headings: list[SectionHeading] = []
    for number, section in enumerate(course.sections, start=1):
        headings.append(SectionHeading(number, section.title, section.intro.html or "" if section.intro else ""))
        items += [_summary(item, len(items) + at, number, course) for at, item in enumerate(section.items, start=1)]
    return Contents(revision_id=0, rule=course.rule, sections=tuple(headings), items=tuple(items))


def _summary(item: Item, position: int, section: int, course: CourseContent) -> ItemSummary:
    keys = course.keys
    return ItemSummary(
        item_id=position,
        item_revision_id=0,
        key=item.key,
        position=position,
        section=section,
        slug=item.slug,
        type=item.type,
        title=item.title,
        jp=item.jp,
        minutes=0,
        practice_minutes=0,
        is_required=item.is_required,
        is_graded=item.is_graded,
        completes_by=item.completes_by,
        counts=item.completes_by != "none",
        weight=item.weight,
        time_limit=item.time_limit,
        attempts=item.attempts,
        pass_mark=item.pass_mark,
        after=tuple(keys[name] for name in item.after if name in keys),
        opens=item.opens,
        closes=item.closes,
        ends=item.due or item.closes,
        is_extra=item.is_extra,
        score_group=item.score_group,
        purpose=item.purpose,
        earned_jp=item.jp if course.certificate else 0,
    )


def with_links_to(html: str, slug: str, address: Callable[[str], str]) -> str:
    """Rendered texts whose links to other items of the course lead to ``address`` of their slugs."""
    link = re.compile(rf'href="/courses/{re.escape(slug)}/([a-z0-9-]+)(#[^"]*)?"')
    return link.sub(lambda found: f'href="{address(found[1])}{found[2] or ""}"', html)
