"""The sample course, read as a whole: each key of the format is in it."""

from __future__ import annotations

from datetime import time
from fractions import Fraction

from course_sample import ASSIGNMENT, COURSE, FILES, read

from lms.content.course import CompletionRule, CourseContent, Section
from lms.content.file_limits import FileLimits
from lms.content.items.assignment import Assignment, Late
from lms.content.items.module import Module
from lms.content.items.quiz import Quiz
from lms.content.items.review import PRESETS
from lms.content.questions.choice import Choice, Option
from lms.content.questions.number import AcceptedNumber, Number
from lms.content.questions.short_answer import AcceptedText, ShortAnswer
from lms.content.questions.true_false import TrueFalse
from lms.content.rubric import Criterion, Level
from lms.content.text import Text
from lms.content.when import When

OPTIONS = (
    Option("a", Text("Kepastian hukum", 28), is_correct=True),
    Option(
        "b",
        Text("Keuntungan unit", 29),
        is_correct=False,
        feedback=Text("Pelayanan publik bukan kegiatan mencari laba.", 30),
    ),
    Option("c", Text("Keterbukaan", 31), is_correct=True),
    Option("d", Text("Semua salah", 32), is_correct=False, keeps_last=True),
)

EXPECTED_MODULE = Module(
    path="01-dasar-pelayanan/01-komponen.md",
    slug="komponen",
    title="Komponen standar pelayanan",
    id="komponen",
    jp=2,
    parts=(
        Text(
            "Teks, gambar ![Alur pelayanan](../media/alur.svg).\n\n"
            '!!! note "Ingat"\n    Kotak catatan: note, tip, warning, example.',
            6,
        ),
        Choice(
            id="cek-maklumat",
            title="Pernyataan kesanggupan memenuhi standar pelayanan disebut …",
            stem=Text("Pernyataan kesanggupan memenuhi standar pelayanan disebut …", 12),
            line=11,
            options=(
                Option("a", Text("SOP", 14), is_correct=False),
                Option("b", Text("Maklumat pelayanan", 15), is_correct=True),
            ),
            explanation=Text("Maklumat diumumkan agar warga dapat menagihnya.", 17),
        ),
        Text("Penutup.", 20),
    ),
)

EXPECTED_QUIZ = Quiz(
    path="01-dasar-pelayanan/02-kuis-dasar.md",
    slug="kuis-dasar",
    title="Kuis dasar",
    jp=1,
    after=("komponen",),
    weight=40,
    opens=When("start", days=7, at=time(9)),
    closes=When("end", days=90),
    pass_mark=70,
    attempts=3,
    grade="average",
    time_limit=1200,
    on_expiry="grace",
    grace=120,
    wait=3600,
    navigation="sequential",
    feedback="immediate",
    review=PRESETS["ujian"],
    shuffle=frozenset({"questions", "answers"}),
    draw={"mudah": 1, "#hari": 1, "sulit": 2},
    intro=Text("Kerjakan dengan jujur.", 24),
    questions=(
        Choice(
            id="asas",
            takes_several=True,
            title="Asas mana yang termasuk asas pelayanan publik?",
            stem=Text("Asas mana yang termasuk asas pelayanan publik?", 26),
            line=26,
            options=OPTIONS,
            explanation=Text("Pasal 4 UU Nomor 25 Tahun 2009.", 34),
            hints=(Text("Baca Pasal 4.", 38), Text("Ada dua.", 39)),
            points=2,
            scoring="net-correct",
            group="mudah",
            tags=("asas", "UU"),
        ),
        ShortAnswer(
            id="hari",
            title="Berapa hari?",
            stem=Text("Berapa hari?\n\n| a | b |\n| - | - |\n| 1 | 2 |", 43),
            line=41,
            accepted=(AcceptedText("14"), AcceptedText("empat belas"), AcceptedText("kira-kira 14", Fraction(1, 2))),
            explanation=Text("Lihat tabel.", 55),
            hints=(Text("Hitung.", 59),),
            group="sulit",
            tags=("hari",),
            objective="Menyebut lama",
            difficulty="sulit",
        ),
        TrueFalse(
            id="maklumat",
            title="Maklumat cukup disimpan.",
            stem=Text("Maklumat cukup disimpan.", 61),
            line=61,
            group="mudah",
            is_true=False,
            if_false=Text("Tepat.", 64),
            if_true=Text("Warga harus dapat menagihnya.", 66),
        ),
        Number(
            id="jarak",
            title="Berapa jauh?",
            stem=Text("Berapa jauh?", 68),
            line=68,
            group="sulit",
            accepted=(
                AcceptedNumber(Fraction(15, 2), Fraction(1, 2), "km", feedback=Text("Tepat.", 71)),
                AcceptedNumber(Fraction(25, 2), Fraction(5, 2), share=Fraction(1, 2), is_range=True),
            ),
        ),
        ShortAnswer(
            id="siapa",
            title="Siapa yang menetapkan?",
            stem=Text("Siapa yang menetapkan?", 74),
            line=74,
            group="sulit",
            accepted=(
                AcceptedText("pimpinan penyelenggara", feedback=Text("Ya.", 77)),
                AcceptedText("/pimpinan .*/", Fraction(1, 2)),
                AcceptedText("camat", Fraction(0), Text("Camat tidak.", 80)),
            ),
        ),
    ),
)

EXPECTED_ASSIGNMENT = Assignment(
    path="99-tugas-rencana.md",
    slug="tugas-rencana",
    title="Rencana",
    is_required=False,
    jp=1,
    weight=60,
    body=Text("Susun rencana.\n\n## Catatan\n\nKumpulkan tepat waktu.", 19),
    points=100,
    due=When("start", days=7),
    late=Late(When("start", days=10), 10),
    late_policy="decide",
    submit=frozenset({"text", "files", "link"}),
    files=FileLimits(2, 5 * 1024 * 1024, ("pdf", "docx")),
    attempts=2,
    marks="together",
    group=True,
    pass_mark=60,
    rubric=(
        Criterion("Ketepatan masalah", (Level("Sangat baik", 4, "Data lengkap"), Level("Cukup", 2.5, "Umum"))),
        Criterion("Bahasa", (Level("Sangat baik", 4, "Jelas | runtut"), Level("Cukup", 2.5, ""))),
    ),
    model_answer=Text("### Masalah\n\nAntrean dua jam.", 34),
)

EXPECTED = CourseContent(
    slug="pelayanan-publik",
    title="Manajemen Pelayanan Publik",
    summary="Melayani masyarakat dengan standar yang jelas.",
    description=Text("Deskripsi untuk peserta, dalam Markdown.", 16),
    code="PP-01",
    category="pelayanan-publik",
    competency="teknis",
    language="id",
    jp=4,
    prerequisites=("etika-berakhlak",),
    completion=CompletionRule("all", 70),
    certificate=True,
    sections=(
        Section(
            "dasar-pelayanan",
            "Dasar pelayanan",
            Text("Bab ini tentang dasar.", 4),
            (EXPECTED_MODULE, EXPECTED_QUIZ),
        ),
        Section("", "", None, (EXPECTED_ASSIGNMENT,)),
    ),
)


def test_a_course_is_read_in_full_without_a_complaint() -> None:
    course, problems = read(FILES)
    assert problems == []
    assert course is not None
    assert course.sections[0].items[0] == EXPECTED_MODULE
    assert course.sections[0].items[1] == EXPECTED_QUIZ
    assert course.sections[1].items[0] == EXPECTED_ASSIGNMENT
    assert course == EXPECTED


def test_windows_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    windows = {path: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode() for path, text in FILES.items()}
    assert read(windows) == (EXPECTED, [])


def test_old_mac_line_ends_change_nothing() -> None:
    assert read({path: text.replace("\n", "\r") for path, text in FILES.items()}) == (EXPECTED, [])


def test_most_keys_can_be_left_out() -> None:
    course, problems = read(
        {"course.md": "---\ntitle: K\nsummary: R.\n---", "01-a.md": "---\ntitle: A\n---", "02-b.md": ASSIGNMENT_ONLY}
    )
    assert problems == []
    assert course is not None
    assert (course.jp, course.completion, course.certificate) == (0, CompletionRule(), True)
    module, assignment = course.items
    assert module == Module(path="01-a.md", slug="a", title="A")
    assert assignment == Assignment(path="02-b.md", slug="b", title="B", body=Text("", 5))


ASSIGNMENT_ONLY = "---\ntitle: B\ntype: assignment\n---\n"


def test_the_sample_has_every_key() -> None:
    assert COURSE.count("\n") == 16
    assert ASSIGNMENT.count("\n## ") == 3


def test_an_item_is_known_by_its_id_and_else_by_its_slug() -> None:
    assert [item.key for item in EXPECTED.items] == ["komponen", "kuis-dasar", "tugas-rencana"]
    assert Module(path="01-a.md", slug="a", title="A", id="b").key == "b"
