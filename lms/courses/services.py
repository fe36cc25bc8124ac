"""Importing and publishing courses. A revision is whole or does not exist."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from lms.content.markdown import model
from lms.content.markdown.ids import add_ids
from lms.content.markdown.problems import Problem, say
from lms.content.markdown.reading import read_course
from lms.core import hooks, isolated, ledger, storage
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import lazy
from lms.courses import queries
from lms.courses.compiling import MEDIA_TYPES, CompiledCourse, CompiledItem, Medium, compile_course, medium
from lms.courses.models import Course, CourseFile, CourseRevision, Item, ItemRevision, Section
from lms.courses.weight import TEXT_BUDGET, packed_size
from lms.lib import prose
from lms.lib.prose import ProseTooComplex

RENDERING_SECONDS = 120


class CourseHasProblems(Refusal):
    """Nothing was imported; ``problems`` names every fault and warning with its place."""

    message = lazy("The course cannot be imported yet: %(count)s faults.")

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(count=sum(not problem.is_warning for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Imported:
    """What an import did. ``with_ids`` names the files that got ids they lacked: the only bytes added."""

    revision: CourseRevision
    is_new: bool
    with_ids: tuple[str, ...]
    warnings: tuple[Problem, ...]


@dataclass(frozen=True)
class Checked:
    """A course that can be imported, rendered."""

    course: model.Course
    compiled: CompiledCourse
    warnings: tuple[Problem, ...]


def check(slug: str, files: Mapping[str, bytes]) -> Checked:
    """Read and render a course folder; changes nothing.

    :raises CourseHasProblems: with all faults together.
    """
    course, problems = read_course(slug, files)
    if course is None:
        raise CourseHasProblems(problems)
    try:
        compiled = isolated.run(compile_course, course, _media(files), seconds=RENDERING_SECONDS)
    except (ProseTooComplex, isolated.TookTooLong, isolated.BrokeDown) as error:
        raise CourseHasProblems([*problems, _too_complex(error)]) from error
    weights = _weights(course, compiled)
    return Checked(course, compiled, tuple(sorted([*problems, *weights], key=lambda p: (p.path, p.line))))


def import_course(slug: str, files: Mapping[str, bytes], *, actor_id: int | None, now: datetime) -> Imported:
    """Make a revision of a folder. The very same folder again gives the revision there is.

    :raises CourseHasProblems: nothing was imported.
    """
    found, problems = read_course(slug, files)
    with_ids = add_ids(files) if found else {}
    files = {**files, **with_ids}
    digest = folder_digest(files)
    course = queries.course(slug)
    latest = queries.latest_revision(course.id) if course else None
    if latest is not None and (latest.digest, latest.renderer) == (digest, prose.VERSION):
        return Imported(latest, False, tuple(with_ids), tuple(problems))
    checked = check(slug, files)
    course = course or _new_course(slug, now)
    revision = _new_revision(course, checked, digest, actor_id, now)
    _keep_files(revision, files)
    _keep_items(course, revision, checked.compiled)
    ledger.record(actor_id, "import course", f"course:{course.id}", now=now, revision=revision.number, digest=digest)
    return Imported(revision, True, tuple(with_ids), checked.warnings)


def publish(revision: CourseRevision, *, actor_id: int | None, now: datetime) -> None:
    """Make ``revision`` the one that learners see; attempts and marks keep pointing at theirs."""
    if revision.is_current:
        return
    db.session.query(CourseRevision).filter_by(course_id=revision.course_id, is_current=True).update(
        {"is_current": False}
    )
    revision.is_current, revision.published_at = True, now
    ledger.record(actor_id, "publish course", f"course:{revision.course_id}", now=now, revision=revision.number)
    db.session.flush()
    hooks.call_hook("lms.published", revision.course_id)


def source_files(revision: CourseRevision) -> dict[str, bytes]:
    """The folder as it came in, byte for byte."""
    return {file.path: storage.read(file.key) for file in revision.files}


def folder_digest(files: Mapping[str, bytes]) -> str:
    """One hash over all paths and contents, whatever their order."""
    lines = (f"{hashlib.sha256(data).hexdigest()} {path}\n" for path, data in sorted(files.items()))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def disappearing_items(revision: CourseRevision) -> list[str]:
    """Titles of items that learners see now and that ``revision`` no longer has."""
    found = queries.published(revision.course.slug)
    if found is None:
        return []
    kept = {entry.key for entry in queries.contents(revision.id).entries}
    return [entry.title for entry in queries.contents(found[1].id).entries if entry.key not in kept]


def _media(files: Mapping[str, bytes]) -> dict[str, Medium]:
    return {
        path: medium(path, data, hashlib.sha256(data).hexdigest())
        for path, data in files.items()
        if _content_type(path) is not None
    }


def _content_type(path: str) -> str | None:
    return MEDIA_TYPES.get(path.rsplit(".", 1)[-1].lower())


def _weights(course: model.Course, compiled: CompiledCourse) -> list[Problem]:
    """A warning for each module whose text alone breaks the page's budget."""
    path_of = {item.slug: item.path for item in course.items}
    heavy = [(item, packed_size(item.body_html)) for item in compiled.items if item.type == "module"]
    return [
        Problem(
            path_of[item.slug],
            1,
            1,
            say("The page would take %(size)s bytes on the line; %(most)s are the budget", size=size, most=TEXT_BUDGET),
            say("split the module in two"),
            is_warning=True,
        )
        for item, size in heavy
        if size > TEXT_BUDGET
    ]


def _too_complex(error: Exception) -> Problem:
    path = str(error).split(":")[0] if isinstance(error, ProseTooComplex) else "course.md"
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
    source, compiled = checked.course, checked.compiled
    latest = queries.latest_revision(course.id)
    revision = CourseRevision(
        course_id=course.id,
        number=latest.number + 1 if latest else 1,
        is_current=False,
        created_at=now,
        created_by=actor_id,
        digest=digest,
        renderer=compiled.renderer,
        title=source.title,
        summary=source.summary,
        code=source.code,
        category=source.category,
        competency=source.competency,
        language=source.language,
        jp=source.jp,
        minutes=sum(item.minutes for item in compiled.items),
        item_count=len(compiled.items),
        description_html=compiled.description_html,
        prerequisites=list(source.prerequisites),
        completion={
            "items": source.completion.items,
            "score": source.completion.score,
            "attendance": source.completion.attendance,
        },
        has_certificate=source.certificate,
        search_text=_search_text(source),
    )
    db.session.add(revision)
    db.session.flush()
    return revision


def _search_text(course: model.Course) -> str:
    texts = [course.title, course.summary, course.code or "", course.category or "", course.competency or ""]
    texts += [section.title for section in course.sections]
    texts += [item.title for item in course.items]
    return " ".join(texts).replace("-", " ").casefold()


def _keep_files(revision: CourseRevision, files: Mapping[str, bytes]) -> None:
    for path, data in sorted(files.items()):
        kept = storage.save(data, "courses")
        db.session.add(
            CourseFile(
                revision_id=revision.id,
                path=path,
                key=kept.key,
                sha256=kept.sha256,
                size=kept.size,
                content_type=_content_type(path),
            )
        )


def _keep_items(course: Course, revision: CourseRevision, compiled: CompiledCourse) -> None:
    known = {item.key: item for item in db.session.query(Item).filter_by(course_id=course.id)}
    position = 0
    for number, part in enumerate(compiled.sections, start=1):
        section = Section(revision_id=revision.id, position=number, title=part.title, intro_html=part.intro_html)
        db.session.add(section)
        for one in part.items:
            position += 1
            if one.key not in known:
                known[one.key] = Item(course_id=course.id, key=one.key)
                db.session.add(known[one.key])
            db.session.flush()
            db.session.add(_item_row(one, known[one.key].id, revision.id, section.id, position))
    db.session.flush()


def _item_row(one: CompiledItem, item_id: int, revision_id: int, section_id: int, position: int) -> ItemRevision:
    return ItemRevision(
        item_id=item_id,
        revision_id=revision_id,
        section_id=section_id,
        position=position,
        slug=one.slug,
        type=one.type,
        title=one.title,
        jp=one.jp,
        minutes=one.minutes,
        is_required=one.is_required,
        weight=one.weight,
        after=list(one.after),
        opens=one.opens,
        closes=one.closes,
        body_html=one.body_html,
        content=one.content,
    )
