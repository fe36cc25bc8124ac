"""Assignments for tests: their content, a world with one, submissions and files."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from functools import cached_property
from typing import Any

from factories import NOON, item_of, make_course, make_enrolment, make_item_context, make_person
from world import World

from lms.assignments.models import Submission
from lms.assignments.queries import submissions
from lms.assignments.services.drafts import DraftContent
from lms.assignments.services.submitting import submit_assignment
from lms.core.uploads import Upload
from lms.courses.models import Course
from lms.enrolment.models import Enrolment
from lms.learning.queries import ItemContext
from lms.people.models import Person

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + bytes(13)

WEBM = b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm" + bytes(40) + b"\xae\x86\x86A_OPUS" + bytes(200)
OGG = b"OggS\x00\x02" + bytes(22) + b"OpusHead" + bytes(100)
M4A = b"\x00\x00\x00\x1cftypiso5" + bytes(16) + b"\x00\x00\x00!hdlr" + bytes(8) + b"soun" + bytes(100)
"""Recordings, as far as their kind is known by it."""

RUBRIC = [
    {
        "title": "Ketepatan masalah",
        "levels": [
            {"title": "Sangat baik", "points": 4.0, "description": "Data lengkap"},
            {"title": "Cukup", "points": 2.0, "description": "Umum"},
            {"title": "Kurang", "points": 1.0, "description": ""},
        ],
    },
    {
        "title": "Langkah perbaikan",
        "levels": [
            {"title": "Sangat baik", "points": 4.0, "description": "Ada pelaksana dan waktu"},
            {"title": "Cukup", "points": 2.0, "description": "Belum jelas"},
        ],
    },
]


def content(**values: Any) -> dict[str, Any]:
    """An assignment's JSON: text and files, no deadline, any number of tries, the rubric above."""
    defaults: dict[str, Any] = {
        "points": 100.0,
        "due": None,
        "late": None,
        "submit": ["text", "files"],
        "files": {"most": 2, "size": 4096, "types": ["pdf", "docx", "png"]},
        "attempts": None,
        "rubric": RUBRIC,
        "pass_mark": None,
    }
    return defaults | values


def fixed(moment: str) -> dict[str, Any]:
    """A moment on the site's clock, as the compiler writes it."""
    return {"base": "fixed", "moment": moment, "days": 0, "at": moment[11:16]}


def zip_of(*names: str) -> bytes:
    """A zip with these names in it."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return target.getvalue()


DOCX = zip_of("[Content_Types].xml", "word/document.xml")


class AssignmentWorld(World):
    """A world whose course has an assignment ``tugas``, and whose learner is enrolled since NOON without a cohort."""

    def __init__(self, content: dict[str, Any]) -> None:
        self._content = content

    @cached_property
    def course(self) -> Course:
        task = {"slug": "tugas", "title": "Rencana loket", "type": "assignment", "content": self._content}
        return make_course(items=(task, {"slug": "sesudah"}))

    @cached_property
    def learner(self) -> Person:
        """Without a unit, so that a test can have two such worlds."""
        return make_person()

    @cached_property
    def enrolment(self) -> Enrolment:
        return make_enrolment(self.learner, self.course)

    @cached_property
    def context(self) -> ItemContext:
        return make_item_context(self.enrolment, item_of(self.course, "tugas"))

    @property
    def path(self) -> str:
        return f"/courses/{self.course.slug}/tugas"

    def another_learner(self) -> ItemContext:
        return make_item_context(make_enrolment(make_person(), self.course), self.context.item_revision)


def make_assignment_world(**values: Any) -> AssignmentWorld:
    """``values`` change the assignment's content."""
    made = AssignmentWorld(content(**values))
    assert made.context and made.instructor
    return made


def make_submission(
    world: AssignmentWorld,
    text: str = "Antrean dua jam.",
    *,
    context: ItemContext | None = None,
    now: datetime = NOON,
    **work: Any,
) -> Submission:
    context = context or world.context
    number = len(submissions(context.enrolment_id, context.item_revision.item_id)) + 1
    return submit_assignment(context, DraftContent(text, **work), number=number, now=now)


def pdf(name: str = "rencana.pdf", data: bytes = PDF) -> Upload:
    return Upload(name, data)
