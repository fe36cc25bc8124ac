"""For each rule courses that it remarks on, with a word of what it says; and courses that it leaves alone."""

from __future__ import annotations

from course_sample import assignment, module, quiz

FIVE = [f"## Soal nomor {number}?\n\n" for number in range(1, 6)]
LONG = "jawaban yang ditulis dengan sangat rinci dan lengkap sekali"


def choices(stem: str, *options: str, attributes: str = "") -> str:
    return f"## {stem}{attributes}\n\n" + "".join(
        f"- [{'x' if number == 0 else ' '}] {one}\n" for number, one in enumerate(options)
    )


def five(*options: str) -> str:
    return "\n".join(
        stem + "".join(f"- [{'x' if number == 0 else ' '}] {one}\n" for number, one in enumerate(options))
        for stem in FIVE
    )


HARD = "Penyelenggaraan pelayanan administrasi pemerintahan berkesinambungan " * 12 + "dilaksanakan.\n"

FOUND: list[tuple[str, str, str]] = [
    ("several-keys", quiz("## Mana yang paling tepat?\n\n- [x] a\n- [x] b\n- [ ] c\n"), "asks for one answer"),
    ("all-keys", quiz("## Mana?\n\n- [x] a\n- [x] b\n"), "every choice"),
    ("longest-key", quiz(choices("Mana?", LONG, "pendek", "singkat")), "visibly the longest"),
    (
        "all-of-the-above",
        quiz(choices("Mana?", "Semua jawaban di atas", "a", "b"), "shuffle: [answers]\n"),
        "about all others",
    ),
    ("all-of-the-above", quiz(choices("Mana?", "a", "Tidak ada yang benar", "b")), "about all others"),
    ("all-of-the-above", quiz(choices("Which?", "a", "None of the above", "b")), "about all others"),
    ("letters", quiz(choices("Mana?", "p", "q", "A dan B benar")), "by letters"),
    ("double-negative", quiz(choices("Mana yang tidak benar kecuali satu?", "p", "q")), "two negatives"),
    ("double-negative", quiz(choices("Which is not true, except one?", "p", "q")), "two negatives"),
    (
        "double-negative",
        quiz(choices("Mana yang bukan asas?", "tidak memihak", "cepat")),
        "this choice is negative too",
    ),
    ("same-options", quiz(choices("Mana?", "Ramah", "ramah.", "cepat")), "says the same"),
    ("same-stem", quiz(choices("Mana?", "p", "q") + "\n" + choices("*Mana*?", "p", "q")), "asks the same"),
    (
        "repeats-check",
        quiz(choices("Apa itu SKM?", "p", "q")),
        "repeats the question to check oneself of 02-modul.md, line 5",
    ),
    ("absolute", quiz(choices("Mana?", "p", "petugas selalu benar")), "gives away that this is wrong"),
    (
        "absolute",
        quiz("## Petugas selalu benar. {type=truefalse}\n\n= salah\n"),
        "“selalu” gives away that this is wrong",
    ),
    ("stem-word", quiz(choices("Apa guna maklumat?", "maklumat mengikat", "hiasan", "arsip")), "repeats “maklumat”"),
    ("long-question", quiz(choices("Siapa? " + "Petugas itu datang. " * 41, "p", "q")), "the question has 124 words"),
    (
        "long-question",
        quiz(choices("Siapa " + "petugas " * 50 + "itu?", "p", "q")),
        "a sentence of the question has 52",
    ),
    ("key-length", quiz(five(LONG + " itu", LONG[:-8], "pendek", "kecil"), "shuffle: [answers]\n"), "in 5 of 5"),
    ("key-position", quiz(five("satu", "dua", "tiga", "empat")), "is choice 1"),
    ("pass-mark", quiz(five("satu", "dua"), "pass: 90\nshuffle: [answers]\n"), "allows no mistake"),
    (
        "pass-mark",
        quiz(five("satu", "dua"), "pass: 40\nshuffle: [answers]\n"),
        "guesses passes with a probability of 81",
    ),
    ("few-questions", quiz(five("satu", "dua"), "draw: 3\nattempts: 2\nshuffle: [answers]\n"), "2 attempts draw 6"),
    ("few-questions", quiz(five("satu", "dua"), "draw: 3\nshuffle: [answers]\n"), "draw 6 questions, and there are 5"),
    ("reading-level", module(HARD * 3), "hard to read"),
    (
        "example-text",
        module("# Satu\n\nTulis isinya di sini. Biarkan satu baris kosong di antara paragraf.\n"),
        "your own",
    ),
    ("nothing-counts", module("Isi.", "complete: none\n"), "nothing in the course counts"),
    ("jp-without-certificate", module("Isi.", "jp: 2\n"), "nobody ever gets its JP"),
    ("shown-tag", module('Lihat <iframe src="https://a.id/x"></iframe>.\n'), "<iframe"),
    ("shown-tag", module("<table>\n<tr><td>\n\na\n\n</td></tr></table>\n"), "is left out"),
    ("shown-markup", module("::: tip\nHalo\n:::\n"), "::: tip"),
    ("shown-markup", module("Gambar ![a](media/a.png){alt=peta}\n"), "{alt=peta}"),
    ("shown-markup", module("Teks {#bagian} lalu.\n"), "{#bagian}"),
    ("shown-markup", module("{{ halaman }}\n"), "{{ halaman }}"),
    ("shown-markup", module("![Alur](media/alur kerja.png)\n"), "angle brackets"),
    ("shown-markup", module("Lihat[^9].\n"), "defined nowhere"),
    ("shown-markup", module("Ini ** tebal ** ya.\n"), "no space between"),
    ("shown-markup", module("A | B\n|---|---|---|\nx | y\n"), "same number of cells"),
    ("shown-markup", module("Ini :tidak_ada: ya.\n"), "emoji"),
    ("include", module("{{#include ../umum.md}}\n"), "shared texts"),
    ("include", module('--8<-- "umum.md"\n'), "shared texts"),
    ("missing-picture", module("![Peta](https://a.id/b.png)\n"), "pictures of the course only"),
    ("missing-picture", module("![Peta](media/peta.bmp)\n"), "this kind of file"),
    ("missing-picture", module('<img src="media/tiada.png" alt="x">\n'), "not in the course"),
    ("dead-link", module("[x](#tiada)\n"), "no heading of this page"),
    ("dead-link", module("[x](02-modul.md#tiada)\n"), "no heading of the text"),
    ("dead-link", module("[x](file:///C:/a.docx)\n"), "whole web address"),
    ("dead-link", module("[x](/courses/lain)\n"), "is not linked"),
    ("dead-link", module("[x](course.md)\n"), "no page of its own"),
    ("dead-link", quiz(choices("Apa, lihat [x](#y)?", "p", "q")), "no heading of this page"),
]

FINE: list[str] = [
    module("Begini awalnya:\n\n```\n- Hal penting pertama\n```\n\n## Ringkasan\n\nHal penting pertama: cepat.\n"),
    quiz(choices("Mana yang tepat?", "keterbukaan", "kerahasiaan", "keuntungan")),
    quiz(choices("Mana?", "a", "b", "Semua jawaban di atas {keep-last}"), "shuffle: [answers]\n"),
    quiz(choices("Mana?", "a", "b", "Semua jawaban di atas")),
    quiz(choices("Apa yang tidak hanya cepat?", "a", "b")),
    quiz(choices("Mana yang bukan asas?", "ramah", "cepat")),
    quiz(choices("Mana yang benar?", "p", "q") + "\n" + choices("Mana yang benar?", "r", "s")),
    quiz(five("satu", "dua", "tiga", "empat"), "shuffle: [answers]\npass: 60\n"),
    quiz(five("satu", "dua"), "draw: 2\nattempts: 2\nshuffle: [answers]\n"),
    quiz("## Berapa?\n\n= 14\n"),
    module("## Bagian satu\n\n[ke sana](#bagian-satu) dan [lain](02-modul.md#judul) `<iframe>` `:::` `{#a}`\n"),
    module("```question {#a}\nApa, lihat [x](#bagian)?\n\n= b\n```\n\n## Bagian\n\n[x](#bagian)\n"),
    module("H<sub>2</sub>O, <kbd>Esc</kbd>, 2 ** 3, <nomor surat>, jam 10:30:20\n\nIstilah\n: Arti\n"),
    module("![Alur](media/a.png)\n\n> [!NOTE]\n> Halo\n"),
    assignment("Tulislah.\n"),
]
