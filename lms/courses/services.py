"""Import and publish courses. A revision is imported as a whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from lms.content import stored
from lms.content.course import CourseContent
from lms.content.folder.ids import add_ids
from lms.content.folder.reading import read_course
from lms.content.items.base import Item
from lms.content.markdown.problems import Problem, say
from lms.content.rendering import markdown_html
from lms.content.rendering.course import render_course
from lms.content.rendering.markdown_html import TextTooComplex
from lms.content.rendering.media import Medium, content_type, medium
from lms.core import isolated, ledger, storage
from lms.core.db import bypass_caches, db
from lms.core.errors import Refusal
from lms.core.hooks import Hook
from lms.core.i18n import lazy_ngettext
from lms.courses import queries
from lms.courses.models import Course, CourseFile, CourseItem, CourseRevision, ItemRevision, RevisionSection
from lms.courses.weight import TEXT_BUDGET, packed_size

RENDERING_SECONDS = 120

course_published: Hook[[int], None] = Hook("course_published")
"""Called with a course's id when another revision became the one that learners see."""

KnownCourses = Mapping[str, Collection[str]]


class CourseHasProblems(Refusal):
    """Nothing was imported. ``problems`` has every error and warning with its position."""

    message = lazy_ngettext(
        "The course cannot be imported yet: %(count)s fault.",
        "The course cannot be imported yet: %(count)s faults.",
        "count",
    )

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(count=sum(not problem.is_warning for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Imported:
    """``with_ids`` are the files that got missing ids; nothing else in them was changed."""

    revision: CourseRevision
    is_new: bool
    with_ids: tuple[str, ...]
    warnings: tuple[Problem, ...]


@dataclass(frozen=True)
class Checked:
    """A rendered course without errors."""

    course: CourseContent
    warnings: tuple[Problem, ...]


def check(slug: str, files: Mapping[str, bytes], *, known_courses: KnownCourses | None = None) -> Checked:
    """Read and render a course folder, without changing anything.

    :param known_courses: the courses that prerequisites can name, with their own.
    :raises CourseHasProblems: with all errors and warnings.
    """
    course, problems = read_course(slug, files, known_courses=known_courses)
    if course is None:
        raise CourseHasProblems(problems)
    try:
        rendered = isolated.run(render_course, course, _media(files), seconds=RENDERING_SECONDS)
    except (TextTooComplex, isolated.TookTooLong, isolated.BrokeDown) as error:
        raise CourseHasProblems([*problems, _too_complex(error)]) from error
    heavy = _heavy_pages(rendered)
    return Checked(rendered, tuple(sorted([*problems, *heavy], key=lambda p: (p.path, p.line))))


def import_course(slug: str, files: Mapping[str, bytes], *, actor_id: int | None, now: datetime) -> Imported:
    """Make a revision of a folder. The same folder again returns the existing revision.

    :raises CourseHasProblems: nothing was imported.
    """
    known_courses = queries.prerequisites_of_courses()
    found, problems = read_course(slug, files, known_courses=known_courses)
    with_ids = add_ids(files) if found else {}
    files = {**files, **with_ids}
    digest = folder_digest(files)
    course = queries.course(slug)
    latest = queries.latest_revision(course.id) if course else None
    if latest is not None and (latest.digest, latest.renderer) == (digest, markdown_html.VERSION):
        return Imported(latest, False, tuple(with_ids), tuple(problems))
    checked = check(slug, files, known_courses=known_courses)
    course = course or _new_course(slug, now)
    revision = _new_revision(course, checked, digest, actor_id, now)
    _add_files(revision, files)
    _add_items(course, revision, checked.course)
    ledger.record(actor_id, "import course", f"course:{course.id}", now=now, revision=revision.number, digest=digest)
    return Imported(revision, True, tuple(with_ids), checked.warnings)


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
    course_published(revision.course_id)


def source_files(revision: CourseRevision) -> dict[str, bytes]:
    """The imported folder, byte for byte."""
    return {file.path: storage.read(file.key) for file in revision.files}


def folder_digest(files: Mapping[str, bytes]) -> str:
    """A hash over all paths and contents, independent of their order."""
    lines = (f"{hashlib.sha256(data).hexdigest()} {path}\n" for path, data in sorted(files.items()))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def disappearing_items(revision: CourseRevision) -> list[str]:
    """Titles of published items that ``revision`` no longer has."""
    found = queries.published(revision.course.slug)
    if found is None:
        return []
    left = {item.key for item in queries.contents(revision.id).items}
    return [item.title for item in queries.contents(found[1].id).items if item.key not in left]


def _media(files: Mapping[str, bytes]) -> dict[str, Medium]:
    return {
        path: medium(path, data, hashlib.sha256(data).hexdigest())
        for path, data in files.items()
        if content_type(path) is not None
    }


def _heavy_pages(course: CourseContent) -> list[Problem]:
    """A warning for each item whose text exceeds the size budget of a page."""
    sizes = ((item, packed_size(item.body_html)) for item in course.items)
    return [
        Problem(
            item.path,
            1,
            1,
            say("The page would take %(size)s bytes on the wire; the budget is %(most)s", size=size, most=TEXT_BUDGET),
            say("split the module in two"),
            is_warning=True,
        )
        for item, size in sizes
        if size > TEXT_BUDGET
    ]


def _too_complex(error: Exception) -> Problem:
    path = str(error).split(":")[0] if isinstance(error, TextTooComplex) else "course.md"
    return Problem(
        path,
        1,
        1,
        say("The Markdown is nested too deeply or takes too long to render"),
        say("simplify lists, quotes and brackets"),
    )


def _new_course(slug: str, now: datetime) -> Course:
    course = Course(slug=slug, created_at=now)
    db.session.add(course)
    db.session.flush()
    return course


def _new_revision(course: Course, checked: Checked, digest: str, actor_id: int | None, now: datetime) -> CourseRevision:
    content = checked.course
    bypass_caches()
    latest = queries.latest_revision(course.id)
    revision = CourseRevision(
        course_id=course.id,
        number=latest.number + 1 if latest else 1,
        is_current=False,
        created_at=now,
        created_by=actor_id,
        digest=digest,
        renderer=markdown_html.VERSION,
        title=content.title,
        summary=content.summary,
        code=content.code,
        category=content.category,
        competency=content.competency,
        language=content.language,
        jp=content.jp,
        minutes=sum(_minutes(item) for item in content.items),
        item_count=len(content.items),
        description_html=content.description.html or "",
        prerequisites=list(content.prerequisites),
        completion=stored.dump_rule(content.completion),
        has_certificate=content.certificate,
        search_text=_search_text(content),
    )
    db.session.add(revision)
    db.session.flush()
    return revision


def _search_text(course: CourseContent) -> str:
    texts = [course.title, course.summary, course.code or "", course.category or "", course.competency or ""]
    texts += [section.title for section in course.sections]
    texts += [item.title for item in course.items]
    return " ".join(texts).replace("-", " ").casefold()


def _add_files(revision: CourseRevision, files: Mapping[str, bytes]) -> None:
    for path, data in sorted(files.items()):
        file = storage.save(data, "courses")
        db.session.add(
            CourseFile(
                revision_id=revision.id,
                path=path,
                key=file.key,
                sha256=file.sha256,
                size=file.size,
                content_type=content_type(path),
            )
        )


def _add_items(course: Course, revision: CourseRevision, content: CourseContent) -> None:
    known = {item.key: item for item in db.session.query(CourseItem).filter_by(course_id=course.id)}
    position = 0
    for number, part in enumerate(content.sections, start=1):
        intro_html = part.intro.html or "" if part.intro else ""
        section = RevisionSection(revision_id=revision.id, position=number, title=part.title, intro_html=intro_html)
        db.session.add(section)
        for item in part.items:
            position += 1
            if item.key not in known:
                known[item.key] = CourseItem(course_id=course.id, key=item.key)
                db.session.add(known[item.key])
            db.session.flush()
            row = _item_row(item, content.keys)
            row.item_id, row.revision_id, row.section_id = known[item.key].id, revision.id, section.id
            row.position = position
            db.session.add(row)
    db.session.flush()


def _item_row(item: Item, keys: Mapping[str, str]) -> ItemRevision:
    return ItemRevision(
        slug=item.slug,
        type=item.type,
        title=item.title,
        jp=item.jp,
        minutes=_minutes(item),
        is_required=item.is_required,
        weight=item.weight,
        after=[keys[name] for name in item.after],
        opens=stored.dump_when(item.opens),
        closes=stored.dump_when(item.closes),
        body_html=item.body_html,
        content=stored.dump(item),
    )


def _minutes(item: Item) -> int:
    return max(1, round(item.minutes))
