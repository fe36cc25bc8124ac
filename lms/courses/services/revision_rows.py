"""The rows of a revision: what the content of a course becomes, and whether a revision has the same already."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert

from lms.content import stored
from lms.content.course import CourseContent
from lms.content.items.base import Item
from lms.content.rendering.media import content_type
from lms.core.db import db
from lms.core.storage import StoredFile
from lms.courses import queries
from lms.courses.models import Course, CourseFile, CourseItem, CourseRevision, ItemRevision, RevisionSection
from lms.lib.folding import compose_text


def facts(content: CourseContent, jp_minutes: int) -> dict[str, Any]:
    """The columns of a revision that say what the course is."""
    return {
        "title": compose_text(content.title),
        "summary": compose_text(content.summary),
        "code": content.code,
        "category": content.category,
        "competency": content.competency,
        "language": content.language,
        "jp": content.jp,
        "minutes": sum(_minutes(item, jp_minutes) for item in content.items),
        "item_count": len(content.items),
        "description_html": content.description.html or "",
        "prerequisites": list(content.prerequisites),
        "has_certificate": content.certificate,
    }


def says_the_same(revision: CourseRevision, content: CourseContent, jp_minutes: int) -> bool:
    """Whether an import would store what the revision has, down to the rendered texts."""
    if any(getattr(revision, name) != value for name, value in facts(content, jp_minutes).items()):
        return False
    if stored.load_rule(revision.completion) != content.rule:
        return False
    new = [
        (
            item.key,
            part.title,
            part.intro.html or "" if part.intro else "",
            _values(_item_row(item, content.keys, jp_minutes)),
        )
        for part in content.sections
        for item in part.items
    ]
    old = [
        (row.item.key, row.section.title, row.section.intro_html, _values(row))
        for row in queries.item_revisions(revision.id)
    ]
    return new == old


def _values(row: ItemRevision) -> tuple[Any, ...]:
    """An item as it is read from its row, so that rows of older releases compare with new ones."""
    row.content = json.loads(json.dumps(row.content)) if row.id is None else row.content
    return queries.loaded(row), row.minutes, row.body_html


def add_files(revision: CourseRevision, files: Mapping[str, StoredFile]) -> None:
    rows = [
        {
            "revision_id": revision.id,
            "path": path,
            "key": file.key,
            "sha256": file.sha256,
            "size": file.size,
            "content_type": content_type(path),
        }
        for path, file in files.items()
    ]
    db.session.execute(insert(CourseFile), rows)


def add_items(course: Course, revision: CourseRevision, content: CourseContent, jp_minutes: int) -> None:
    known = {item.key: item for item in db.session.query(CourseItem).filter_by(course_id=course.id)}
    new = [CourseItem(course_id=course.id, key=item.key) for item in content.items if item.key not in known]
    known |= {item.key: item for item in new}
    sections = [
        RevisionSection(
            revision_id=revision.id,
            position=number,
            title=part.title,
            intro_html=part.intro.html or "" if part.intro else "",
        )
        for number, part in enumerate(content.sections, start=1)
    ]
    db.session.add_all([*new, *sections])
    db.session.flush()
    entries = [(section, item) for section, part in zip(sections, content.sections, strict=True) for item in part.items]
    for position, (section, item) in enumerate(entries, start=1):
        row = _item_row(item, content.keys, jp_minutes)
        row.item_id, row.revision_id, row.section_id = known[item.key].id, revision.id, section.id
        row.position = position
        db.session.add(row)
    db.session.flush()


def _item_row(item: Item, keys: Mapping[str, str], jp_minutes: int) -> ItemRevision:
    return ItemRevision(
        slug=item.slug,
        type=item.type,
        title=item.title,
        jp=item.jp,
        minutes=_minutes(item, jp_minutes),
        is_required=item.is_required,
        weight=item.weight,
        after=[keys[name] for name in item.after],
        opens=stored.dump_when(item.opens),
        closes=stored.dump_when(item.closes),
        body_html=item.body_html,
        content=stored.dump(item),
    )


def _minutes(item: Item, jp_minutes: int) -> int:
    return max(1, round(item.total_minutes(jp_minutes)))
