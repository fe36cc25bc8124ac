"""A course (draft or revision) as one of its participants would find it. Reads only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from lms.authoring.draft_contents import contents_of, readable_course
from lms.authoring.services import Source
from lms.authoring.services.checking import (
    PREVIEW_SECONDS,
    CheckedDraft,
    NoPreview,
    check_draft,
    language_of,
    media_base,
    media_named_in,
    preview,
)
from lms.content.course import CourseContent
from lms.content.folder.outline import COURSE_FILE, INDEX_FILE
from lms.content.items.base import Item
from lms.content.rendering.course import render_frame
from lms.content.rendering.markdown_html import TextTooComplex
from lms.core import isolated
from lms.courses import queries as courses
from lms.courses.contents import Contents, ItemSummary
from lms.courses.models import CourseRevision
from lms.enrolment.models import Cohort
from lms.enrolment.windows import Window, window_from


@dataclass(frozen=True)
class PreviewedCourse:
    """``draft`` and ``checked`` are None for a revision."""

    title: str
    summary: str
    description_html: str
    jp: int
    contents: Contents
    draft: Source | None = None
    checked: CheckedDraft | None = None

    @property
    def left_out(self) -> list[str]:
        """Paths of items that cannot be shown before their faults are fixed."""
        if self.checked is None:
            return []
        return [one.path for one in self.checked.folder.item_files if one.path not in self.checked.readable]

    def item(self, slug: str) -> ItemSummary | None:
        return next((one for one in self.contents.items if one.slug == slug), None)


def of_revision(revision: CourseRevision) -> PreviewedCourse:
    return PreviewedCourse(
        revision.title, revision.summary, revision.description_html, revision.jp, courses.contents(revision.id)
    )


def of_draft(slug: str, draft: Source) -> PreviewedCourse:
    """The draft as far as it can be read, with its description and the texts above its sections rendered.

    :raises NoPreview: they take too long.
    """
    checked = check_draft(slug, draft.texts)
    course = _with_introductions(slug, draft, readable_course(slug, checked.folder, checked.readable), checked)
    return PreviewedCourse(
        course.title, course.summary, course.description.html or "", course.jp, contents_of(course), draft, checked
    )


def content_of(course: PreviewedCourse, slug: str, item: ItemSummary) -> tuple[Item, str]:
    """The item with rendered texts, and its own text as HTML.

    :raises NoPreview: of a draft, it takes too long to render.
    """
    if course.draft is None or course.checked is None:
        version = courses.item_version(item.item_revision_id)
        return courses.item_content(version.id), version.body_html
    path = next(one.path for one in course.checked.folder.outline.items if one.slug == item.slug)
    found = preview(slug, course.draft, course.checked, path)
    assert found is not None  # only readable items are in the contents
    return found, found.body_html


def window_of_cohort(cohort: Cohort | None, *, at: datetime, now: datetime, zone: str) -> Window:
    """The dates of somebody in this cohort. Without dates, it is somebody who enrolled today, or on an earlier day if
    ``at`` is before."""
    dates = (cohort.starts_on, cohort.ends_on) if cohort else (None, None)
    return window_from(*dates, None, enrolled_at=min(at, now), zone=zone)


def _with_introductions(slug: str, draft: Source, course: CourseContent, checked: CheckedDraft) -> CourseContent:
    paths = [path for path in draft.files if path == COURSE_FILE or path.endswith(f"/{INDEX_FILE}")]
    media = {key: one for path in paths for key, one in media_named_in(draft, path, media_base(slug)).items()}
    course = replace(course, language=language_of(checked.folder.course_file))
    try:
        return isolated.run(render_frame, course, media, seconds=PREVIEW_SECONDS)
    except (TextTooComplex, isolated.TookTooLong, isolated.BrokeDown) as error:
        raise NoPreview from error
