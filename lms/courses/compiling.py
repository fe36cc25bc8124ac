"""A checked course folder turned into what a revision stores: safe HTML, and JSON for activities.

Runs once, when a revision is made; pages serve the result as it is.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from io import BytesIO
from typing import Any

import imagesize

from lms.content.markdown.model import Assignment, Course, Module, Question, Quiz, Section, Text, When
from lms.courses.checks import check_html
from lms.lib import prose
from lms.lib.prose import Target

MINUTES_PER_QUESTION = 1.5
MINUTES_PER_ASSIGNMENT = 45
WORDS_PER_MINUTE = 200
MEDIA_TYPES = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "pdf": "application/pdf",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}

Resolve = Callable[[str], Target | None]


@dataclass(frozen=True)
class Medium:
    """A file that pages may show: its hash (hex) and, for pictures, its size in CSS pixels."""

    path: str
    sha256: str
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True)
class CompiledItem:
    """One row of ``item_revision``."""

    key: str
    slug: str
    type: str
    title: str
    jp: int
    minutes: int
    is_required: bool
    weight: float | None
    after: tuple[str, ...]
    opens: dict[str, Any] | None
    closes: dict[str, Any] | None
    body_html: str
    content: dict[str, Any]


@dataclass(frozen=True)
class CompiledSection:
    title: str
    intro_html: str
    items: tuple[CompiledItem, ...]


@dataclass(frozen=True)
class CompiledCourse:
    """Everything of a revision that comes from Markdown. ``renderer`` is the version that made it."""

    description_html: str
    sections: tuple[CompiledSection, ...]
    renderer: int

    @property
    def items(self) -> tuple[CompiledItem, ...]:
        return tuple(item for section in self.sections for item in section.items)


def medium(path: str, data: bytes, sha256: str) -> Medium:
    """What is known of a media file; a picture of unknown size has none."""
    try:
        width, height = imagesize.get(BytesIO(data))
    except (ValueError, OSError):
        width = height = -1
    if width <= 0 or height <= 0:
        return Medium(path, sha256)
    return Medium(path, sha256, round(width), round(height))


def media_url(medium: Medium) -> str:
    """The address changes with the content, so browsers may keep it for ever."""
    return f"/media/{medium.sha256[:20]}/{posixpath.basename(medium.path)}"


def compile_course(course: Course, media: Mapping[str, Medium]) -> CompiledCourse:
    """Render all of a course.

    :raises lms.lib.prose.ProseTooComplex: a text is nested beyond reason; ``args[0]`` begins with its path.
    """
    slugs = {item.path: item.slug for item in course.items}
    keys = {item.slug: item.key for item in course.items} | {item.key: item.key for item in course.items}

    def resolver(path: str) -> Resolve:
        return lambda link: _target(course.slug, path, link, slugs, media)

    def section(one: Section) -> CompiledSection:
        intro = prose.render(one.intro.source, resolve=resolver(_folder_file(one))).html if one.intro else ""
        items = tuple(_item(item, resolver(item.path), keys, course.language) for item in one.items)
        return CompiledSection(one.title, intro, items)

    return CompiledCourse(
        description_html=prose.render(course.description.source, resolve=resolver("course.md")).html,
        sections=tuple(section(one) for one in course.sections if one.items),
        renderer=prose.VERSION,
    )


def _folder_file(section: Section) -> str:
    folder = posixpath.dirname(section.items[0].path) if section.items else ""
    return posixpath.join(folder, "index.md")


def _target(
    course_slug: str, path: str, link: str, slugs: Mapping[str, str], media: Mapping[str, Medium]
) -> Target | None:
    """Where a relative link in the file ``path`` leads on the site; None: nowhere."""
    name, _, anchor = link.partition("#")
    full = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
    if full in slugs:
        return Target(f"/courses/{course_slug}/{slugs[full]}" + (f"#{anchor}" if anchor else ""))
    if full in media:
        found = media[full]
        return Target(media_url(found), found.width, found.height)
    return None


def _item(item: Module | Quiz | Assignment, resolve: Resolve, keys: Mapping[str, str], language: str) -> CompiledItem:
    body_html, minutes, content = _parts(item, resolve, language)
    return CompiledItem(
        key=item.key,
        slug=item.slug,
        type=item.type,
        title=item.title,
        jp=item.jp,
        minutes=max(1, round(minutes)),
        is_required=item.is_required,
        weight=item.weight,
        after=tuple(keys[name] for name in item.after),
        opens=when_to_json(item.opens),
        closes=when_to_json(item.closes),
        body_html=body_html,
        content=content,
    )


def _parts(item: Module | Quiz | Assignment, resolve: Resolve, language: str) -> tuple[str, float, dict[str, Any]]:
    if isinstance(item, Module):
        return _module(item, resolve, language)
    if isinstance(item, Quiz):
        minutes = item.time_limit / 60 if item.time_limit else MINUTES_PER_QUESTION * _dealt(item)
        return prose.render(item.intro.source, resolve=resolve).html, minutes, _quiz(item, resolve)
    minutes = item.jp * MINUTES_PER_ASSIGNMENT or MINUTES_PER_ASSIGNMENT
    return prose.render(item.body.source, resolve=resolve).html, minutes, _assignment(item)


def _module(item: Module, resolve: Resolve, language: str) -> tuple[str, float, dict[str, Any]]:
    html, words = [], 0
    for number, part in enumerate(item.parts, start=1):
        if isinstance(part, Text):
            done = prose.render(part.source, resolve=resolve, prefix=f"p{number}-" if number > 1 else "")
            html.append(done.html)
            words += done.words
        else:
            html.append(check_html(_question(part, f"cek-{number}", resolve), language))
            words += len(part.stem.source.split())
    return "".join(html), words / WORDS_PER_MINUTE, {"complete": item.complete}


def _quiz(item: Quiz, resolve: Resolve) -> dict[str, Any]:
    return {
        "questions": [
            _question(question, question.id or f"q{number}", resolve)
            for number, question in enumerate(item.questions, start=1)
        ],
        "pass_mark": item.pass_mark,
        "attempts": item.attempts,
        "grade": item.grade,
        "time_limit": item.time_limit,
        "on_expiry": item.on_expiry,
        "grace": item.grace,
        "wait": item.wait,
        "navigation": item.navigation,
        "feedback": item.feedback,
        "review": item.review,
        "shuffle": sorted(item.shuffle),
        "draw": item.draw,
        "purpose": item.purpose,
        "late_policy": item.late_policy,
    }


def _dealt(item: Quiz) -> int:
    return sum(item.draw.values()) if item.draw else len(item.questions)


def _question(question: Question, key: str, resolve: Resolve) -> dict[str, Any]:
    def short(text: Text | None) -> str | None:
        return prose.render_short(text.source, resolve=resolve, prefix=f"{key}-") if text else None

    return {
        "id": question.id or key,
        "kind": question.kind,
        "title": question.title,
        "stem_html": short(question.stem),
        "points": question.points,
        "scoring": question.scoring,
        "group": question.group,
        "options": [
            {
                "id": option.id,
                "html": short(option.text),
                "is_correct": option.is_correct,
                "feedback_html": short(option.feedback),
                "keeps_last": option.keeps_last,
            }
            for option in question.options
        ],
        "accepted": [list(pair) for pair in question.accepted],
        "explanation_html": short(question.explanation),
        "hints_html": [short(hint) for hint in question.hints],
    }


def _assignment(item: Assignment) -> dict[str, Any]:
    late = {"until": when_to_json(item.late.until), "penalty": item.late.penalty} if item.late else None
    return {
        "points": item.points,
        "due": when_to_json(item.due),
        "late": late,
        "submit": sorted(item.submit),
        "files": asdict(replace(item.files, types=tuple(item.files.types))),
        "attempts": item.attempts,
        "rubric": [asdict(criterion) for criterion in item.rubric],
        "pass_mark": item.pass_mark,
    }


def when_to_json(when: When | None) -> dict[str, Any] | None:
    """As ``lms.enrolment.windows`` reads it."""
    if when is None:
        return None
    return {
        "base": when.base,
        "moment": when.moment.isoformat() if when.moment else None,
        "days": when.days,
        "at": when.at.strftime("%H:%M") if when.at else None,
    }
