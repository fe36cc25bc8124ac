"""Import and publish courses. A revision is imported as a whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from lms.content import stored
from lms.content.checks.whole import check_course
from lms.content.course import CourseContent
from lms.content.folder.ids import add_ids
from lms.content.folder.reading import read_course
from lms.content.hours import check_hours
from lms.content.markdown.problems import Problem, say
from lms.content.rendering import markdown_html
from lms.content.rendering.course import slugs_of
from lms.content.rendering.markdown_html import TextTooComplex
from lms.content.rendering.media import PictureVersions
from lms.core import isolated, ledger, settings, storage
from lms.core.db import db, insert_if_missing
from lms.core.errors import Refusal
from lms.core.hooks import Hook
from lms.core.i18n import lazy, lazy_ngettext
from lms.core.row_cache import begin_transaction_cache
from lms.core.settings import whole_number
from lms.core.storage import StoredFile
from lms.courses import queries
from lms.courses.contents import searched_text
from lms.courses.import_problems import path_of, picture_problems, too_complex
from lms.courses.media_files import media_of, pictures_among
from lms.courses.models import Course, CourseRevision
from lms.courses.services.rendered_items import Progress, item_keys, no_progress, rendered_course
from lms.courses.services.revision_rows import add_files, add_items, facts, says_the_same
from lms.courses.weight import heavy_pages
from lms.media import services as media
from lms.media.services import MadePicture, PicturesOfFiles

FOLDER = "courses"
RENDERING_SECONDS = 120

JP_MINUTES = whole_number(
    "jp_minutes",
    45,
    (1, 240),
    group=lazy("Lesson hours (JP)"),
    label=lazy("Minutes of one JP"),
    hint=lazy("Pages explain JP with it. Courses are checked against it, and assignments without minutes take it."),
)

course_published: Hook[[int, datetime], None] = Hook("course_published")
"""Called with a course's id when another revision became the one that learners see."""

KnownCourses = Mapping[str, Collection[str]]


class CourseHasProblems(Refusal):
    """Nothing was imported. ``problems`` has every error and warning with its position."""

    message = lazy_ngettext(
        "The course cannot be imported yet: %(count)s fault.",
        "The course cannot be imported yet: %(count)s faults.",
        "count",
    )

    def __init__(self, problems: list[Problem], *, unrendered: str | None = None) -> None:
        """
        :param unrendered: the file that could not be rendered, and is one of the problems.
        """
        super().__init__(count=sum(not problem.is_warning for problem in problems))
        self.problems = problems
        self.unrendered = unrendered


class ImportedMeanwhile(Refusal):
    message = lazy("Somebody else has just imported this course. Nothing was imported; please import it again.")


@dataclass(frozen=True)
class ImportResult:
    """``with_ids`` are the files that got missing ids; nothing else in them was changed."""

    revision: CourseRevision
    is_new: bool
    with_ids: tuple[str, ...]
    warnings: tuple[Problem, ...]


@dataclass(frozen=True)
class CheckResult:
    """A rendered course without errors."""

    course: CourseContent
    warnings: tuple[Problem, ...]


def check(
    slug: str,
    files: Mapping[str, bytes],
    *,
    jp_minutes: int,
    known_courses: KnownCourses | None = None,
    pictures: Mapping[str, PictureVersions] | None = None,
    progress: Progress = no_progress,
) -> CheckResult:
    """Read and render a course folder, without changing anything.

    :param jp_minutes: how long one JP is.
    :param known_courses: the courses that prerequisites can name, with their own.
    :param pictures: the versions of pictures by the hash of their file.
    :param progress: told how many items are rendered.
    :raises CourseHasProblems: with all errors and warnings.
    """
    course, problems = read_course(slug, files, known_courses=known_courses)
    return _checked(course, problems, files, jp_minutes, pictures or {}, progress=progress)


def _checked(
    course: CourseContent | None,
    problems: list[Problem],
    files: Mapping[str, bytes],
    jp_minutes: int,
    pictures: Mapping[str, PictureVersions],
    *,
    keeps: bool = False,
    progress: Progress,
) -> CheckResult:
    """``keeps``: rendered items are kept in the database, and those that are there are not rendered."""
    if course is None:
        raise CourseHasProblems(problems)
    slugs, hashes = slugs_of(course), folder_hashes(files)
    keys = item_keys(course.slug, course.language, slugs, hashes, pictures) if keeps else {}
    try:
        media = media_of(files, pictures)
        rendered = rendered_course(course, media, seconds=RENDERING_SECONDS, keys=keys, progress=progress)
    except (TextTooComplex, isolated.TookTooLong, isolated.BrokeDown) as error:
        path = path_of(error)
        raise CourseHasProblems([*problems, too_complex(path)], unrendered=path) from error
    found = [*problems, *heavy_pages(rendered), *check_hours(rendered, files, jp_minutes)]
    found += check_course(rendered, files)
    return CheckResult(rendered, tuple(sorted(found, key=lambda p: (p.path, p.line))))


@dataclass(frozen=True)
class PreparedImport:
    """A folder without errors, rendered, with its files stored. Nothing of it is in the database yet."""

    slug: str
    course: CourseContent
    digest: str
    files: Mapping[str, StoredFile]
    """By path."""
    with_ids: tuple[str, ...]
    warnings: tuple[Problem, ...]
    jp_minutes: int
    compared_with: int | None
    """The id of the course's latest revision at that time."""
    is_unchanged: bool
    """That revision says the same."""
    pictures: tuple[MadePicture, ...] = ()
    """Those that had no versions yet."""


def import_course(slug: str, files: Mapping[str, bytes], *, actor_id: int | None, now: datetime) -> ImportResult:
    """Make a revision of a folder, in one transaction. See ``prepare_import`` and ``add_revision``.

    :raises CourseHasProblems: nothing was imported.
    """
    return add_revision(prepare_import(slug, files), actor_id=actor_id, now=now)


@dataclass(frozen=True)
class CheckedImport:
    """A folder without errors, as it would be imported: ``files`` have the ids that were missing."""

    checked: CheckResult
    files: Mapping[str, bytes]
    with_ids: Mapping[str, bytes]
    digest: str
    problems: tuple[Problem, ...]
    """Those found in the sources, before they were rendered."""
    jp_minutes: int
    pictures: PicturesOfFiles


def check_import(
    slug: str,
    files: Mapping[str, bytes],
    pictures_of: Callable[[Mapping[str, bytes]], PicturesOfFiles] = media.known_pictures,
    *,
    progress: Progress = no_progress,
) -> CheckedImport:
    """``pictures_of`` is asked once the sources are free of errors.

    :param progress: told how many items are rendered.
    :raises CourseHasProblems: with all errors and warnings.
    """
    known, jp_minutes = queries.prerequisites_of_courses(), settings.value(JP_MINUTES)
    there = queries.course(slug)
    used = queries.types_by_key(there.id) if there else {}
    found, problems = read_course(slug, files, known_courses=known)
    with_ids = add_ids(files, used) if found else {}
    files = {**files, **with_ids}
    pictures = pictures_of(pictures_among(files) if found else {})
    course, read = read_course(slug, files, known_courses=known) if with_ids else (found, problems)
    if course and (changed := _with_another_type(course, used)):
        raise CourseHasProblems([*read, *changed])
    checked = _checked(course, read, files, jp_minutes, pictures.versions, keeps=True, progress=progress)
    return CheckedImport(checked, files, with_ids, _folder_digest(files), tuple(problems), jp_minutes, pictures)


def _with_another_type(course: CourseContent, used: Mapping[str, str]) -> list[Problem]:
    """Progress, answers and marks belong to an item's id: what was read would pass as a quiz that was done."""
    return [
        Problem(
            item.path,
            1,
            1,
            say("an item of another type has had the id “%(id)s”; what people did there belongs to it", id=item.key),
            say("give this one another id"),
        )
        for item in course.items
        if used.get(item.key, item.type) != item.type
    ]


def prepare_import(slug: str, files: Mapping[str, bytes], *, progress: Progress = no_progress) -> PreparedImport:
    """Read, render and store a course folder: all that is slow. Changes no rows, so that others can write meanwhile.

    Files that are stored already are not stored again. If the import ends here, the new files stay without use; the
    next import of the same folder finds them.

    :raises CourseHasProblems: nothing was stored.
    """
    done = check_import(slug, files, media.pictures_made, progress=progress)
    course = queries.course(slug)
    latest = queries.latest_revision(course.id) if course else None
    is_unchanged = latest is not None and _is_unchanged(latest, done.digest, done.checked.course, done.jp_minutes)
    return PreparedImport(
        slug=slug,
        course=done.checked.course,
        digest=done.digest,
        files={} if is_unchanged else {path: store_file(data) for path, data in sorted(done.files.items())},
        with_ids=tuple(done.with_ids),
        warnings=(
            *(done.problems if is_unchanged else done.checked.warnings),
            *picture_problems(done.pictures.refused),
        ),
        jp_minutes=done.jp_minutes,
        compared_with=latest.id if latest else None,
        is_unchanged=is_unchanged,
        pictures=done.pictures.made,
    )


def add_revision(prepared: PreparedImport, *, actor_id: int | None, now: datetime) -> ImportResult:
    """Make a revision of what was prepared. If it would say the same as the latest one, that one is returned.

    The same files can say more to a newer release, so what would be stored decides and not the files alone.

    :raises ImportedMeanwhile: another import has just added a revision.
    """
    course = _locked_course(prepared.slug, now)
    latest = queries.latest_revision(course.id)
    if (latest.id if latest else None) != prepared.compared_with:
        raise ImportedMeanwhile
    if latest is not None and prepared.is_unchanged:
        return ImportResult(latest, False, prepared.with_ids, prepared.warnings)
    revision = _new_revision(course, latest, prepared, actor_id, now)
    media.add(prepared.pictures, now=now)
    add_files(revision, prepared.files)
    add_items(course, revision, prepared.course, prepared.jp_minutes)
    said = {"revision": revision.number, "digest": prepared.digest}
    ledger.record(actor_id, "import course", f"course:{course.id}", now=now, **said)
    return ImportResult(revision, True, prepared.with_ids, prepared.warnings)


def _is_unchanged(latest: CourseRevision, digest: str, content: CourseContent, jp_minutes: int) -> bool:
    return latest.digest == digest and says_the_same(latest, content, jp_minutes)


def store_file(data: bytes) -> StoredFile:
    file = storage.stored_file_for(data, FOLDER)
    return file if storage.has(file.key) else storage.save(data, FOLDER)


def publish(revision: CourseRevision, *, actor_id: int | None, now: datetime) -> None:
    """Make ``revision`` the one that learners see. Attempts and grades keep their own."""
    if revision.is_current:
        return
    db.session.query(CourseRevision).filter_by(course_id=revision.course_id, is_current=True).update(
        {"is_current": False}
    )
    revision.is_current, revision.published_at = True, now
    ledger.record(actor_id, "publish course", f"course:{revision.course_id}", now=now, revision=revision.number)
    db.session.flush()
    course_published(revision.course_id, now)


def source_files(revision: CourseRevision) -> dict[str, bytes]:
    """The imported folder, byte for byte."""
    return {file.path: storage.read(file.key) for file in revision.files}


def _folder_digest(files: Mapping[str, bytes]) -> str:
    """A hash over all paths and contents, independent of their order."""
    lines = (f"{sha256} {path}\n" for path, sha256 in sorted(folder_hashes(files).items()))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def folder_hashes(files: Mapping[str, bytes]) -> dict[str, str]:
    return {path: hashlib.sha256(data).hexdigest() for path, data in files.items()}


def _locked_course(slug: str, now: datetime) -> Course:
    """The course, created if it is missing. Its row is locked, so that two imports do not get the same number."""
    insert_if_missing(Course, ("slug",), slug=slug, created_at=now)
    return db.session.scalars(select(Course).where(Course.slug == slug).with_for_update(key_share=True)).one()


def _new_revision(
    course: Course, latest: CourseRevision | None, prepared: PreparedImport, actor_id: int | None, now: datetime
) -> CourseRevision:
    content = prepared.course
    begin_transaction_cache()
    revision = CourseRevision(
        course_id=course.id,
        number=latest.number + 1 if latest else 1,
        is_current=False,
        created_at=now,
        created_by=actor_id,
        digest=prepared.digest,
        renderer=markdown_html.VERSION,
        completion=stored.dump_rule(content.rule),
        search_text=searched_text(content),
        **facts(content, prepared.jp_minutes),
    )
    db.session.add(revision)
    db.session.flush()
    return revision
