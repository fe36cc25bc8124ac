"""The files of a new course: its own, sections and items, each with an example text to be replaced."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from lms.content.markdown.names import RESERVED_SLUGS, TakenNames, slugify
from lms.content.markdown.yaml_text import yaml_text
from lms.content.starter_texts import OTHER, READY, TEXTS

MAX_SLUG_LENGTH = 50
MAX_LINES = 90

_SETTINGS: Mapping[str, str] = {
    "quiz": "pass: 70\nattempts: 3\n",
    "assignment": "due: +14d\nsubmit: [text, files]\n",
    "session": "mode: workshop\nmeetings: [{starts: +7d 09:00, duration: 3h}]\n",
    "survey": "anonymous: true\n",
}
_WORDS = (
    ("quiz", re.compile(r"kuis|ujian|tes\b", re.I)),
    ("assignment", re.compile(r"tugas|praktik", re.I)),
    ("session", re.compile(r"seminar|lokakarya|webinar|tatap muka|pertemuan", re.I)),
    ("survey", re.compile(r"survei|angket|evaluasi pelatihan", re.I)),
)

TEMPLATES: Mapping[str, str] = {
    "empty": "Bab 1:\nPengantar",
    "usual": "Bab 1:\nPengantar\nMateri pokok\nKuis materi pokok\nPenerapan:\nTugas di tempat kerja",
    "short": "Materi\nKuis",
    "parts": (
        "Bab 1:\nMateri bab 1\nKuis bab 1\nBab 2:\nMateri bab 2\nKuis bab 2\nBab 3:\nMateri bab 3\nKuis bab 3\n"
        "Penutup:\nTugas akhir"
    ),
}
"""Outlines as a person would type them."""


class CourseFacts(NamedTuple):
    title: str
    summary: str
    category: str = ""
    competency: str = ""
    jp: int = 0


def begin_files(facts: CourseFacts, outline: str) -> dict[str, bytes]:
    """The files of a new course. Each line of ``outline`` is an item, or with a colon at its end a section."""
    files = {"course.md": course_file(facts)}
    slugs = TakenNames(RESERVED_SLUGS)
    folders = TakenNames(())
    folder, at_root, inside = "", 0, 0
    for line in _lines(outline):
        if line.endswith(":"):
            at_root, inside = at_root + 1, 0
            title = line.rstrip(": ")
            folder = f"{at_root:02}-{folders.take(slug_of(title, 'bab'))}/"
            files[f"{folder}index.md"] = section_file(title)
            continue
        kind = next((kind for kind, pattern in _WORDS if pattern.match(line)), "module")
        slug = slugs.take(slug_of(line, kind))
        if folder:
            inside += 1
        else:
            at_root += 1
        files[f"{folder}{inside if folder else at_root:02}-{slug}.md"] = item_file(kind, line, slug)
    return files


def _lines(outline: str) -> list[str]:
    found = (" ".join(line.split())[:150] for line in outline.splitlines())
    return [line for line in found if line.strip(": ")][:MAX_LINES]


def slug_of(title: str, otherwise: str) -> str:
    return slugify(title, MAX_SLUG_LENGTH) or slugify(otherwise) or "materi"


def course_file(facts: CourseFacts) -> bytes:
    words = {"category": facts.category, "competency": facts.competency}
    more = [f"{key}: {yaml_text(value)}" for key, value in words.items() if value]
    if facts.jp:
        more.append(f"jp: {facts.jp}")
    lines = ["---", f"title: {yaml_text(facts.title)}", f"summary: {yaml_text(facts.summary)}", *more, "---"]
    return ("\n".join(lines) + f"\n{facts.summary}\n").encode()


def section_file(title: str) -> bytes:
    return f"---\ntitle: {yaml_text(title)}\n---\n".encode()


def item_file(kind: str, title: str, item_id: str) -> bytes:
    named = "" if kind == "module" else f"type: {kind}\n"
    front = f"title: {yaml_text(title)}\nid: {yaml_text(item_id)}\n{named}{_SETTINGS.get(kind, '')}"
    return f"---\n{front}---\n{(TEXTS | READY).get(kind, OTHER)}".encode()
