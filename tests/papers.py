"""What the tests of assignments share: one course with an assignment, its learner and its instructor."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from factories import NOON, grant, item_of, make_course, make_enrolment, make_person, make_place

from lms.accounts.models import Person
from lms.assignments.models import Submission
from lms.assignments.queries import handed_in
from lms.assignments.services.drafts import Upload, Work
from lms.assignments.services.handing_in import hand_in
from lms.courses.models import Course
from lms.enrolment.models import Enrolment
from lms.learning.queries import Place

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + bytes(13)

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


def office(*names: str) -> bytes:
    """A zip with these names in it."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return target.getvalue()


DOCX = office("[Content_Types].xml", "word/document.xml")


@dataclass
class Scene:
    course: Course
    learner: Person
    teacher: Person
    enrolment: Enrolment
    place: Place

    @property
    def path(self) -> str:
        return f"/courses/{self.course.slug}/tugas"

    def another_learner(self) -> Place:
        return make_place(make_enrolment(make_person(), self.course), self.place.item)


def make_scene(**values: Any) -> Scene:
    """``values`` change the assignment's content."""
    task = {"slug": "tugas", "title": "Rencana loket", "type": "assignment", "content": content(**values)}
    course = make_course(items=(task, {"slug": "sesudah"}))
    learner, teacher = make_person(), make_person(name="Pengajar Satu")
    grant(teacher, "instructor", course=course)
    enrolment = make_enrolment(learner, course)
    return Scene(course, learner, teacher, enrolment, make_place(enrolment, item_of(course, "tugas")))


def make_submission(
    scene: Scene, text: str = "Antrean dua jam.", *, place: Place | None = None, now: datetime = NOON, **work: Any
) -> Submission:
    place = place or scene.place
    number = len(handed_in(place.enrolment_id, place.item.item_id)) + 1
    return hand_in(place, Work(text, **work), number=number, now=now)


def pdf(name: str = "rencana.pdf", data: bytes = PDF) -> Upload:
    return Upload(name, data)
