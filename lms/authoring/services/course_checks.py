"""Checking drafts that are too large for a request: a job renders their items, and the page then uses the cached
HTML."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Update, delete, or_, update

from lms.authoring import queries
from lms.authoring.models import CourseCheck
from lms.authoring.services import Source, source
from lms.authoring.services.checking import language_of
from lms.content.folder.cover import ParsedCourseFile, read_course_file
from lms.content.folder.ids import add_ids
from lms.content.folder.outline import COURSE_FILE, lay_out
from lms.content.folder.reading import read_course
from lms.content.markdown.links import Targets
from lms.content.markdown.problems import Findings, Problem
from lms.content.rendering.media import is_picture
from lms.core.db import db, insert_statement
from lms.core.separate_transaction import separate_transaction
from lms.courses import queries as courses
from lms.courses import services as importing
from lms.courses.import_problems import too_complex
from lms.courses.models import Course
from lms.courses.services import CourseHasProblems
from lms.courses.services.rendered_items import LARGE, cached_keys, item_keys, renderer
from lms.media import queries as pictures_of
from lms.media import services as pictures
from lms.media.services import MadePicture


class Overtaken(Exception):
    """The draft was edited, or another check was requested, while this one was running."""


@dataclass(frozen=True)
class CheckState:
    """Progress of the job with a draft, or why it has no result."""

    asked_at: datetime
    done: int = 0
    total: int = 0
    result: str | None = None
    unrendered: str | None = None


def state_of(course_id: int, draft: Source) -> CheckState | None:
    """The check of exactly this draft, or None if nobody requested it."""
    row = queries.course_check(course_id)
    if row is None or (row.draft_state, row.renderer) != (draft.state, renderer()):
        return None
    return CheckState(row.asked_at, row.done, row.total, row.result, row.unrendered)


def is_large(course_id: int, slug: str, draft: Source) -> bool:
    """True if too much of the draft is not cached for a request to render it."""
    slugs = {item.path: item.slug for item in lay_out(draft.files).items}
    sizes = _sizes(draft, slugs)
    known = pictures_of.pictures({one.sha256 for path, one in draft.files.items() if is_picture(path)})

    def has_many_bytes(hashes: Mapping[str, str]) -> bool:
        keys = item_keys(slug, language_of(_course_file(draft)), slugs, hashes, known)
        kept = cached_keys(list(keys.values()))
        return sum(size for path, size in sizes.items() if keys[path] not in kept) > LARGE

    if sum(sizes.values()) <= LARGE or not has_many_bytes(draft.hashes):
        return False
    if queries.course_check(course_id) is None:
        return True
    with_ids = add_ids(draft.texts)  # they take long to find, and what was checked is kept with them
    return has_many_bytes(draft.hashes | importing.folder_hashes(with_ids))


def is_to_wait_for(course_id: int, slug: str, draft: Source) -> bool:
    """True if the draft cannot be published yet: the job has to check it first, or has refused it."""
    known = state_of(course_id, draft)
    return known.result != "checked" if known else is_large(course_id, slug, draft)


def begin(course_id: int, draft: Source, *, now: datetime) -> CheckState:
    """Request a check of this draft, unless there is one already. It replaces a check of another draft of the course.

    For requests that only read; the caller wakes the job.
    """
    values: dict[str, Any] = {
        "draft_state": draft.state,
        "renderer": renderer(),
        "asked_at": now,
        "done": 0,
        "total": 0,
    }
    is_another = or_(CourseCheck.draft_state != draft.state, CourseCheck.renderer != renderer())
    fresh = {"ended_at": None, "result": None, "unrendered": None}
    with separate_transaction() as connection:
        connection.execute(
            update(CourseCheck).where(CourseCheck.course_id == course_id, is_another).values(values | fresh)
        )
        connection.execute(
            insert_statement(CourseCheck, ("course_id",), connection.dialect.name), {"course_id": course_id, **values}
        )
    return CheckState(now)


def ask_again(course_id: int, draft: Source, *, now: datetime) -> None:
    """Request the check again after it failed; otherwise do nothing."""
    failed = _of(course_id, draft.state).where(CourseCheck.result == "failed")
    db.session.execute(failed.values(asked_at=now, done=0, total=0, ended_at=None, result=None))


@dataclass(frozen=True)
class RequestedCheck:
    course_id: int
    slug: str
    draft: Source


@dataclass(frozen=True)
class DoneCheck:
    pictures: tuple[MadePicture, ...] = ()
    """The pictures that had no versions yet."""
    unrendered: str | None = None
    """The path of a file that cannot be rendered."""


def requested_check(course_id: int) -> RequestedCheck | None:
    """The check that was requested for a course, or None if the draft was edited since then."""
    row, draft = queries.course_check(course_id), source(course_id)
    if row is None or row.result or (row.draft_state, row.renderer) != (draft.state, renderer()):
        return None
    return RequestedCheck(course_id, db.session.get_one(Course, course_id).slug, draft)


def render(one: RequestedCheck) -> DoneCheck:
    """Render the items, the slow part, and cache them. Problems are not stored: the page reads the sources again.

    :raises Overtaken: see there.
    """

    def note(done: int, total: int) -> None:
        waiting = _of(one.course_id, one.draft.state).where(CourseCheck.result.is_(None))
        with separate_transaction() as connection:
            if connection.execute(waiting.values(done=done, total=total)).rowcount == 0:
                raise Overtaken

    note(0, sum(1 for _ in lay_out(one.draft.files).items))
    try:
        found = importing.check_import(one.slug, one.draft.data, pictures.pictures_made, progress=note)
    except CourseHasProblems as problems:
        return DoneCheck(unrendered=problems.unrendered)
    return DoneCheck(found.pictures.made)


def end(one: RequestedCheck, done: DoneCheck, *, now: datetime) -> None:
    pictures.add(done.pictures, now=now)
    result = "unrendered" if done.unrendered else "checked"
    _end(one.course_id, result, one.draft.state, unrendered=done.unrendered, now=now)


def fail(one: RequestedCheck, *, now: datetime) -> None:
    _end(one.course_id, "failed", one.draft.state, now=now)


def forget(course_id: int) -> None:
    """Delete the request of a course for a draft that has changed since."""
    is_another = or_(CourseCheck.draft_state != source(course_id).state, CourseCheck.renderer != renderer())
    db.session.execute(delete(CourseCheck).where(CourseCheck.course_id == course_id, is_another))


def problems_with_unrendered(slug: str, draft: Source, path: str) -> list[Problem]:
    """The problems of the sources, and one that says that this file cannot be rendered."""
    _course, problems = read_course(slug, draft.texts, known_courses=courses.prerequisites_of_courses())
    return [*problems, too_complex(path)]


def _end(course_id: int, result: str, state: str, *, unrendered: str | None = None, now: datetime) -> None:
    waiting = _of(course_id, state).where(CourseCheck.result.is_(None))
    db.session.execute(waiting.values(result=result, unrendered=unrendered, ended_at=now))


def _of(course_id: int, state: str) -> Update:
    wanted = CourseCheck.course_id == course_id, CourseCheck.draft_state == state
    return update(CourseCheck).where(*wanted).execution_options(synchronize_session=False)


def _course_file(draft: Source) -> ParsedCourseFile | None:
    file = draft.files.get(COURSE_FILE)
    return read_course_file(file.data, Targets(draft.files), Findings(COURSE_FILE)) if file else None


def _sizes(draft: Source, paths: Collection[str]) -> dict[str, int]:
    """The sizes of texts in bytes. Those of a revision are known from its rows, without reading the storage."""
    stored = queries.file_sizes({draft.files[path].sha256 for path in paths if draft.files[path].content is None})
    return {
        path: len(content)
        if (content := draft.files[path].content) is not None
        else stored.get(draft.files[path].sha256, 0)
        for path in paths
    }
