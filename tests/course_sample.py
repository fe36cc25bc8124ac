"""A small, complete course as files, and short ways to read single files of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lms.content.course import CourseContent
from lms.content.folder.reading import read_course
from lms.content.items.assignment import Assignment
from lms.content.items.module import Module
from lms.content.items.quiz import Quiz
from lms.content.markdown.problems import Problem
from lms.content.questions.base import Question

COURSE = """\
---
title: Manajemen Pelayanan Publik
summary: Melayani masyarakat dengan standar yang jelas.   # one line, for the catalogue
code: PP-01
category: pelayanan-publik
competency: teknis
language: id
jp: 4
prerequisites: [etika-berakhlak]
completion:
  items: all
  score: 70
  # the attendance at sessions comes later
certificate: true
---
Deskripsi untuk peserta, dalam Markdown.
"""

INDEX = """\
---
title: Dasar pelayanan
---
Bab ini tentang dasar.
"""

MODULE = """\
---
title: Komponen standar pelayanan
id: komponen
jp: 2
---
Teks, gambar ![Alur pelayanan](../media/alur.svg).

!!! note "Ingat"
    Kotak catatan: note, tip, warning, example.

```question {#cek-maklumat}
Pernyataan kesanggupan memenuhi standar pelayanan disebut …

- [ ] SOP
- [x] Maklumat pelayanan

> Maklumat diumumkan agar warga dapat menagihnya.
```

Penutup.
"""

QUIZ = """\
---
title: Kuis dasar
type: quiz
jp: 1
after: [komponen]
weight: 40
pass: 70
attempts: 3
grade: average
time_limit: 20m
on_expiry: grace
grace: 2m
wait: 1h
navigation: sequential
feedback: immediate
review: ujian
shuffle: [questions, answers]
draw: {mudah: 1, "#hari": 1, sulit: 2}
# the days below count from the cohort's first
# and from its last
opens: +7d 09:00
closes: end+90d
---
Kerjakan dengan jujur.

## Asas mana yang termasuk asas pelayanan publik? {#asas points=2 group=mudah tags="asas, UU" scoring=net-correct}

- [x] Kepastian hukum
- [ ] Keuntungan unit
    > Pelayanan publik bukan kegiatan mencari laba.
- [x] Keterbukaan
- [ ] Semua salah {keep-last}

> Pasal 4 UU Nomor 25 Tahun 2009.

### Petunjuk

- Baca Pasal 4.
- Ada dua.

## {#hari group=sulit tags=hari objective="Menyebut lama" difficulty=sulit}

Berapa hari?

| a | b |
| - | - |
| 1 | 2 |

= 14
= empat belas
= kira-kira 14 {50%}

### Pembahasan

Lihat tabel.

### Petunjuk

1. Hitung.

## Maklumat cukup disimpan. {#maklumat type=truefalse group=mudah}

= salah
    > Tepat.
= benar {0%}
    > Warga harus dapat menagihnya.

## Berapa jauh? {#jarak type=number group=sulit}

= 7.5 ± 0.5 km
    > Tepat.
= 10..15 {50%}

## Siapa yang menetapkan? {#siapa group=sulit}

= pimpinan penyelenggara
    > Ya.
= /pimpinan .*/ {50%}
= camat {0%}
    > Camat tidak.
"""

STRUCTURED_QUIZ = """\
---
title: Kuis bentuk
type: quiz
required: false
feedback: immediate
review: latihan
---
## Kasus: loket A {#kasus type=description}

Warga menunggu **tiga jam**.

## Urutkan penanganan pengaduan. {#urut type=order points=2 scoring=pairs group=a}

1. Dengarkan keluhan
2. Catat nama dan nomor
3. Sebutkan waktu jawab

> Nama dicatat dulu.

### Petunjuk

- Mulai dari warga.

## Pasangkan komponen dengan pertanyaan warga. {#jodoh type=match scoring=exact}

| Komponen | Pertanyaan |
| --- | --- |
| Persyaratan | Apa yang saya bawa? |
| Biaya | Berapa yang dibayar? |
|  | Siapa atasan Anda? |

## Survei dilakukan [[satu|1]] kali setahun dan hasilnya [[=diumumkan|dirahasiakan]]. {#skm scoring=exact}

### Pembahasan

Hasil survei adalah hak warga.
"""
"""The kinds whose answers have parts. Not among ``FILES``."""

ASSIGNMENT = """\
---
title: Rencana
type: assignment
required: false
jp: 1
weight: 60
points: 100
due: +7d
late: {until: +10d, penalty: 10%}
late_policy: decide
submit: [text, files, link]
files: {max: 2, size: 5MB, types: [pdf, .DOCX]}
attempts: 2
marks: together
group: true
anonymous: false
pass: 60
---
Susun rencana.

## Rubrik

| Kriteria | Sangat baik (4) | Cukup (2.5) |
| --- | --- | --- |
| Ketepatan masalah | Data lengkap | Umum |
| Bahasa | Jelas \\| runtut | |

## Catatan

Kumpulkan tepat waktu.

## Contoh jawaban

### Masalah

Antrean dua jam.
"""

FILES = {
    "course.md": COURSE,
    "01-dasar-pelayanan/index.md": INDEX,
    "01-dasar-pelayanan/01-komponen.md": MODULE,
    "01-dasar-pelayanan/02-kuis-dasar.md": QUIZ,
    "99-tugas-rencana.md": ASSIGNMENT,
    "media/alur.svg": "<svg/>",
}

COVER = "---\ntitle: Kursus\nsummary: Ringkas.\n---\n"


@dataclass(frozen=True)
class Told:
    """A problem as a test sees it."""

    place: str
    what: str
    fix: str
    is_warning: bool


def as_bytes(files: Mapping[str, str | bytes]) -> dict[str, bytes]:
    return {path: text if isinstance(text, bytes) else text.encode() for path, text in files.items()}


def read(files: Mapping[str, str | bytes], **known: Any) -> tuple[CourseContent | None, list[Problem]]:
    return read_course("pelayanan-publik", as_bytes(files), **known)


def told(files: Mapping[str, str | bytes], **known: Any) -> list[Told]:
    _, problems = read(files, **known)
    return [Told(f"{p.path}:{p.line}:{p.column}", str(p.what), str(p.fix), p.is_warning) for p in problems]


def module(body: str, keys: str = "") -> str:
    return f"---\ntitle: Satu\n{keys}---\n{body}"


def quiz(body: str, keys: str = "") -> str:
    return f"---\ntitle: Satu\ntype: quiz\n{keys}---\n{body}"


def assignment(body: str, keys: str = "") -> str:
    return f"---\ntitle: Satu\ntype: assignment\n{keys}---\n{body}"


def survey(body: str, keys: str = "") -> str:
    return f"---\ntitle: Satu\ntype: survey\n{keys}---\n{body}"


def with_item(item: str | bytes, name: str = "01-satu.md") -> dict[str, str | bytes]:
    return {"course.md": COVER, name: item}


def item(text: str) -> Module | Quiz | Assignment:
    """The only item of a course without errors."""
    course, problems = read(with_item(text))
    assert course, [str(problem) for problem in problems]
    return course.items[0]


def question(body: str) -> Question:
    """The only question of a quiz without errors."""
    found = item(quiz(body))
    assert isinstance(found, Quiz)
    (only,) = found.questions
    return only


def problems_of(text: str | bytes) -> list[tuple[str, str]]:
    """Place within the file and fault, for each problem of a course with this one item."""
    return [(one.place.partition(":")[2], one.what) for one in told(with_item(text))]
