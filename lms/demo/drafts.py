"""Drafts of an instructor: one sentence of a published course reworded, and a course that is being written."""

from __future__ import annotations

from datetime import datetime

from lms.authoring import services
from lms.authoring.services.creating import create_course
from lms.authoring.splice import editable_text
from lms.authoring.starters import CourseFacts, begin_files
from lms.courses.models import Course
from lms.people.models import Person

FILE = "01-dasar-pelayanan/01-mengapa-melayani.md"
PUBLISHED, REWORDED = "Kalimat itu pendek, tetapi mahal.", "Kalimat itu pendek, tetapi harganya mahal bagi warga."

NEW_COURSE = "pelayanan-ramah-difabel"
FACTS = CourseFacts(
    "Pelayanan yang ramah penyandang disabilitas",
    "Melayani tamu dengan kebutuhan khusus tanpa membuatnya menunggu.",
    "pelayanan-publik",
    "sosial-kultural",
)
OUTLINE = """Mengenal kebutuhan:
Siapa yang kita layani
Kuis kebutuhan khusus
Di loket:
Menyapa dan menuntun
Tugas memeriksa loket"""

QUESTIONS = """
## Kursi roda seorang tamu boleh dipindahkan tanpa bertanya kepadanya. {#kursi-roda type=truefalse}

= salah
    > Tepat. Tanyakan dahulu apa yang ia perlukan.
= benar {0%}
    > Kursi roda adalah ruang pribadi tamu: tanyakan dahulu.

## Loket melayani 12 tamu dalam 3 jam. Rata-rata berapa lama untuk tiap tamu? {#rata-rata type=number}

= 15 menit
    > Tepat: 180 menit dibagi 12.
= 0.25 jam
= 15 {50%}
    > Angkanya benar; sebutkan juga satuannya.

## Siapa yang pertama-tama ditanya tentang bantuan yang diperlukan seorang tamu? {#ditanya}

= tamu
= tamu itu sendiri
= /(orang|tamu) yang bersangkutan/
= pendamping {0%}
    > Pendamping membantu, tetapi tamu sendiri yang ditanya.
"""


def create_draft(course: Course, instructor: Person, now: datetime) -> None:
    draft = services.with_texts(services.source(course.id))
    file = draft.files[FILE]
    text = editable_text(file.data).replace(PUBLISHED, REWORDED)
    services.save(draft, course.id, FILE, text, file.sha256, actor_id=instructor.id, now=now)


def begin_new_course(instructor: Person, now: datetime) -> None:
    files = begin_files(FACTS, OUTLINE)
    quiz = next(path for path in files if "kuis" in path)
    files[quiz] += QUESTIONS.encode()
    create_course(NEW_COURSE, files, actor_id=instructor.id, now=now)
