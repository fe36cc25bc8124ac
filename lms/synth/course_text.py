"""Course folders for trying out a full site: real in shape and length, empty of facts."""

from __future__ import annotations

from random import Random

CHAPTERS = 3
QUESTIONS = 5
NOTICE = "Bacaan ini adalah contoh untuk mencoba laman, bukan materi pelatihan."
WHO = [
    "Rekan satu ruangan",
    "Petugas loket",
    "Kepala seksi",
    "Peserta kursus",
    "Pengelola arsip",
    "Tim kecil",
    "Pelaksana",
    "Penyusun laporan",
    "Bendahara kegiatan",
    "Pengajar",
    "Operator data",
    "Panitia",
]
DOES = [
    "mencatat",
    "memeriksa",
    "menyusun",
    "membandingkan",
    "merapikan",
    "menjelaskan",
    "menyimpan",
    "menghitung",
    "mengulang",
    "menandai",
    "menyepakati",
    "membagikan",
]
WHAT = [
    "jadwal kegiatan",
    "daftar hadir",
    "ringkasan rapat",
    "berkas yang masuk",
    "pertanyaan warga",
    "angka bulan lalu",
    "rencana sederhana",
    "contoh surat",
    "langkah berikutnya",
    "hasil percobaan",
    "istilah baru",
    "ukuran mutu",
]
WHEN = [
    "sebelum rapat dimulai",
    "pada akhir pekan",
    "begitu jaringan tersambung",
    "tanpa menunggu anggaran baru",
    "bersama satu orang lain",
    "dengan kata-kata sendiri",
    "sedikit demi sedikit",
    "sesudah beberapa hari",
    "di telepon masing-masing",
    "di papan yang terlihat semua",
    "paling lambat besok pagi",
    "lalu menceritakannya kembali",
]
TOPICS = "Arsip Rapat Surat Layanan Jadwal Data Anggaran Aset Laporan Keluhan Tim Mutu".split()  # noqa: SIM905
CATEGORIES = ("kepemimpinan", "keuangan", "teknologi", "pelayanan-publik", "etika")


def course_files(number: int) -> dict[str, bytes]:
    """The ``number``-th course: chapters of two modules and a quiz each; every third course ends in an assignment."""
    rng = Random(number)  # noqa: S311
    files = {"course.md": _course(number)}
    for chapter in range(1, CHAPTERS + 1):
        here = f"{chapter:02}-bab-{chapter}"
        files[f"{here}/index.md"] = f"---\ntitle: Bab {chapter}\n---\n{_sentence(rng)}\n"
        for part in (1, 2):
            files[f"{here}/{part:02}-bacaan-{chapter}-{part}.md"] = _module(chapter, part, _hours(number), rng)
        files[f"{here}/03-kuis-{chapter}.md"] = _quiz(chapter, rng)
    if number % 3 == 0:
        files[f"{here}/04-tugas.md"] = _assignment()
    return {path: text.encode() for path, text in files.items()}


def _course(number: int) -> str:
    topic = TOPICS[number % len(TOPICS)]
    return (
        f"---\ntitle: Kursus contoh {number:02} tentang {topic.lower()}\nsummary: Contoh untuk mencoba laman.\n"
        f"code: CT-{number:02}\ncategory: {CATEGORIES[number % len(CATEGORIES)]}\ncompetency: teknis\nlanguage: id\n"
        f"jp: {6 * _hours(number)}\ncompletion:\n  items: all\n  score: 70\ncertificate: true\n---\n{NOTICE}\n"
    )


def _hours(number: int) -> int:
    """JP of each module."""
    return 1 + number % 2


def _module(chapter: int, part: int, jp: int, rng: Random) -> str:
    key = f"bacaan-{chapter}-{part}"
    sections = []
    for heading in rng.sample(TOPICS, 4):
        points = "".join(f"- {_sentence(rng)}\n" for _ in range(4))
        sections.append(f"## {heading}\n\n{_paragraph(rng)}\n\n{_paragraph(rng)}\n\n{points}")
    body = "\n".join(sections)
    head = f"---\ntitle: Bacaan {chapter}.{part}\nid: {key}\njp: {jp}\ncomplete: read\n---\n"
    return f"{head}{_paragraph(rng)}\n\n{body}"


def _paragraph(rng: Random) -> str:
    return " ".join(_sentence(rng) for _ in range(5))


def _sentence(rng: Random) -> str:
    return " ".join(rng.choice(part) for part in (WHO, DOES, WHAT, WHEN)) + "."


def _quiz(chapter: int, rng: Random) -> str:
    head = (
        f"---\ntitle: Kuis {chapter}\nid: kuis-{chapter}\ntype: quiz\nafter: [bacaan-{chapter}-1, bacaan-{chapter}-2]\n"
        "pass: 70\nattempts: 3\ngrade: highest\nreview: kuis\nshuffle: [questions, answers]\n---\nContoh kuis.\n"
    )
    return head + "".join(_question(chapter, number, rng) for number in range(1, QUESTIONS + 1))


def _question(chapter: int, number: int, rng: Random) -> str:
    right, *wrong = (_sentence(rng) for _ in range(4))
    options = "".join(f"- [ ] {text}\n" for text in wrong)
    return (
        f"\n## Contoh soal {chapter}.{number} {{#soal-{chapter}-{number}}}\n\nPilih kalimat pertama dari bacaan.\n\n"
        f"- [x] {right}\n{options}\n> Jawabannya ditentukan untuk contoh ini saja.\n"
    )


def _assignment() -> str:
    return (
        "---\ntitle: Tugas contoh\nid: tugas\ntype: assignment\nafter: [kuis-3]\npoints: 100\nsubmit: [text]\n"
        "due: +60d\nattempts: 2\n---\nTulislah satu langkah perbaikan.\n"
    )
