"""Checking a large course, again after one edit; the preview of a module; a large question bank.

Rendering happens in child processes, so seconds are those of the wall.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from bench import visits
from bench.figures import Figure
from bench.holds import course_folder, fresh_context
from bench.servers import Site
from config import Config
from lms.app import create_app
from lms.authoring.jobs import check_courses
from lms.authoring.services import save, source
from lms.authoring.services.creating import create_course
from lms.authoring.splice import editable_text
from lms.content.course import CourseContent
from lms.content.exchange.recognising import read_bank
from lms.content.folder.reading import read_course
from lms.content.items.base import Item
from lms.content.rendering.course import render_course, render_item
from lms.content.rendering.media import Medium
from lms.core import clock, isolated
from lms.core.db import db
from lms.courses.media_files import media_of

T = TypeVar("T")

MODULES = 100
QUESTIONS = 1_000
PARAGRAPH = "Paragraf **tebal** dengan [tautan](https://contoh.example/x) dan `kode`, dalam kalimat yang cukup panjang."
PARAGRAPHS = 150
"""With those of the folder, a module of 20 KB."""
AGAIN = 0.4
"""Reading the sources and looking at all pages is done again; rendering is not."""
MEGABYTES = 300
PREVIEW_SECONDS = 2.0
ANSWER_SECONDS = 1.0


def measure(site: Site, *, scale: float = 1) -> list[Figure]:
    print("courses ...", file=sys.stderr)
    modules, questions = int(MODULES * scale), int(QUESTIONS * scale)
    files = _large_course(modules)
    edited = next(path for path in files if path.endswith("modul-3.md"))
    first, whole, again = _checked(site, files, edited)
    course, _problems = read_course("besar", files)
    assert course is not None
    media = media_of(files, {})
    memory = isolated.run(_memory_of_rendering, course, media, seconds=600, megabytes=4096)
    module = next(item for item in course.items if item.path == edited)
    shown, _item = _timed(lambda: _preview(course, module, media))
    reading, bank = _timed(lambda: read_bank(_gift(questions).encode()))
    assert len(bank.taken) == questions
    return [
        Figure(
            f"first answer to who checks a course of {modules} modules of 20 KB",
            f"{first:.1f} s",
            aim=f"{ANSWER_SECONDS:.0f} s",
            is_met=first <= ANSWER_SECONDS,
        ),
        Figure("check it by a job, with versions of its pictures; the page of the result", f"{whole:.1f} s"),
        Figure(
            "check it again after one edit",
            f"{again:.1f} s",
            f"{whole:.1f} s the first time",
            again / whole,
            f"{AGAIN:.0%}",
            again / whole <= AGAIN,
        ),
        Figure("memory of rendering it", f"{memory:.0f} MiB", aim=f"{MEGABYTES} MiB", is_met=memory <= MEGABYTES),
        Figure(
            "preview of a module of 20 KB",
            f"{shown:.2f} s",
            aim=f"{PREVIEW_SECONDS:.0f} s",
            is_met=shown <= PREVIEW_SECONDS,
        ),
        Figure(f"read {questions} questions in GIFT", f"{reading:.2f} s"),
    ]


def _checked(site: Site, files: Mapping[str, bytes], edited: str) -> tuple[float, float, float]:
    """Seconds until the first answer, until the result, and until that after an edit."""
    admin = visits.admin(site)
    app = create_app(Config.from_env(site.environ))

    def page() -> str:
        with fresh_context(app):
            answer = app.test_client(use_cookies=False).get(
                "/teach/courses/besar/publish", headers={"Cookie": admin.cookie}
            )
        assert answer.status_code == 200, answer.status
        return answer.text

    with app.app_context():
        try:
            course_id = create_course("besar", files, actor_id=admin.person_id, now=clock.now()).id
            db.session.commit()
            first, _text = _timed(page)
            whole, _text = _timed(lambda: (check_courses(), page()))  # in a small course, the page alone
            draft = source(course_id)
            file = draft.files[edited]
            sent = editable_text(file.data) + "\nSatu kalimat lagi.\n"
            save(draft, course_id, edited, sent, file.sha256, actor_id=admin.person_id, now=clock.now())
            db.session.commit()
            again, text = _timed(page)
            assert "modul-3.md" in text and 'id="busy"' not in text
        finally:
            db.session.remove()
            db.engine.dispose()
    return first, whole, again


def _large_course(modules: int) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory(prefix="lms-bench-") as folder:
        path = course_folder(Path(folder) / "besar", modules)
        files = {str(one.relative_to(path)): one.read_bytes() for one in sorted(path.rglob("*")) if one.is_file()}
    more = "\n\n".join([PARAGRAPH] * PARAGRAPHS).encode()
    return {path: data + b"\n" + more + b"\n" if "modul" in path else data for path, data in files.items()}


def _gift(questions: int) -> str:
    return "\n\n".join(
        f"::S{n}:: Berapa {n} + {n}? {{={2 * n} ~{2 * n + 1}#terlalu besar ~{n}}}" for n in range(questions)
    )


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    start = time.perf_counter()
    done = work()
    return time.perf_counter() - start, done


def _preview(course: CourseContent, module: Item, media: Mapping[str, Medium]) -> Item:
    slugs = {item.path: item.slug for item in course.items}
    return isolated.run(render_item, module, course.slug, slugs, media, course.language, seconds=60)


def _memory_of_rendering(course: CourseContent, media: Mapping[str, Medium]) -> float:
    """MiB of the process at its largest."""
    render_course(course, media)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
