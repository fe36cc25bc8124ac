"""A database of the commit before the redesign, upgraded: people see what they saw (see README.md)."""

from __future__ import annotations

import difflib
import json
import lzma
import re
import shutil
import tarfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from upgrade.reworded import in_one_term, reworded
from upgrade.seen import Visitor

from config import Config
from lms.app import create_app
from lms.core import clock, schema
from lms.core.db import db
from lms.courses.queries import contents, item_content
from lms.learning.jobs import renew_results
from lms.quizzes import services as quizzes
from lms.quizzes.models import Answer, Attempt
from lms.web.rate_limits import limiter

pytestmark = pytest.mark.once

HERE = Path(__file__).parent
SAVED_AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
PASSWORD = "belajar-asn-sorong"
PAGES: dict[str, dict[str, str]] = json.loads(lzma.decompress((HERE / "pages.json.xz").read_bytes()))
"""By username ("" is a visitor) and address: status and visible text, as the old code gave them."""

PREREQUISITES = {
    "+Tuntaskan kursus berikut lebih dahulu:",
    "+Manajemen Pelayanan Publik",
    "+etika-berakhlak",
    "+etika-berakhlak · belum tuntas",
    "+· belum tuntas",
    "+✓",
    "+· sudah tuntas",
    "+Setelah semuanya tuntas, Anda dapat mendaftar di sini.",
    "-Daftar",
}
"""Courses say which others come first, and who has not done them cannot enrol: before, nobody looked at them."""

NAVIGATION = {f"+{word}" for word in ("Beranda", "Kursus", "Riwayat", "Mengajar", "Kelola", "Angkatan")}
"""A value that the page of a cohort's member had for itself hid the navigation."""

COHORT_DATES = {"-Waktu", "+Tanggal"}
"""The column with the dates of cohorts says so; in the activity log, the same word is still right."""

PROTECTED = {
    "-Pegawai ini memiliki hak akses di luar instansi Anda. Hanya admin seluruh situs yang dapat mengubah akun ini "
    "atau membuatkan kodenya.",
    "+Hanya admin seluruh situs yang dapat mengubah atau menonaktifkan akun ini atau membuatkan kodenya, karena akun "
    "ini memiliki hak akses yang tidak Anda miliki. Pegawai ini:",
    "+mengelola seluruh situs",
    "+Mintalah bantuan admin seluruh situs: Contoh Admin.",
    "+Hubungi admin",
}
"""The page of somebody with more rights says which, and whom to ask."""

KINDS_OF_UNITS = {"+Seksi atau subbagian", "+Puskesmas", "+Sekolah"}
"""Sections, health centres and schools are kinds of their own to choose; units that exist keep theirs."""

STARTS_OVER = {
    "-Termasuk yang sedang mengikuti kursus ini di angkatan lain",
    "-Mereka mulai dari awal di sini; hasil di angkatan lama tetap tersimpan.",
    "+Mulai dari awal bila sedang mengikuti atau sudah menyelesaikan kursus ini",
    "+Pekerjaan mereka di angkatan lain tetap tersimpan. Tanpa centang, mereka tidak didaftarkan dan namanya disebut.",
    "+Pekerjaannya di angkatan lain tetap tersimpan.",
    "+Sebelumnya: pernah di Angkatan I Tahun 2026, 1 dari 11 selesai",
    "+Sebelumnya: pernah di Angkatan I Tahun 2026",
    "+Sebelumnya: pernah di Angkatan I Tahun 2026, 3 dari 11 selesai",
    "+Anda sudah pernah menyelesaikan kursus ini. Bila mengikutinya lagi, Anda mulai dari awal; "
    "yang sudah Anda miliki, termasuk sertifikat, tetap berlaku.",
}
"""Whoever has the course already starts over only if that is said."""

EVIDENCE = {
    "+Sertifikat, nilai, dan jawaban belum dibandingkan dengan catatan aktivitas. Situs melakukannya setiap malam.",
}
"""The age of the daily check of the ledger."""

NO_MARK_IN_TITLE = {
    "-Baru: Tugas Anda “Tugas: rencana perbaikan loket” sudah dinilai: 75",
    "-Buka untuk membaca umpan baliknya. Kursus: Manajemen Pelayanan Publik.",
    "+Baru: “Tugas: rencana perbaikan loket” sudah dinilai",
    "+Nilai: 75. Buka untuk membaca umpan baliknya. Kursus: Manajemen Pelayanan Publik.",
}
"""A title is the subject of a mail, which a locked screen shows."""


RULES_OF_THE_YEAR = {"+Target yang dipakai adalah target tahun 2025."}
"""A report of a year that is over answers by the rules of that year, and says so."""

DIFFERENT_NOW = {
    "+Menurut aturan sekarang, isi 1 sertifikat di halaman ini akan berbeda. "
    "Sertifikat tetap seperti saat diterbitkan.",
    "+Menurut aturan sekarang: 1 materi belum selesai.",
}
"""A revision after the certificate added a module."""

RENEWED = {"-1/5", "+1/6", "-5/5", "+5/6"}
"""Boards count what the published revision asks for: they had counted by the one that people worked in last."""

KINDS_OF_ENTRIES = {"+nomor sertifikat", "+cadangan", "+bagian", "+kelompok"}
"""Groups and restores are in the activity log, and so is the last certificate number that somebody tells after one; an
item and a question are parts of a revision."""

OBJECTIONS = {
    "+Soal ini keliru?",
    "+·",
    "+Ajukan keberatan nilai",
    *(f"+, sampai {day} November 2026 pukul 23.59 WIT" for day in (23, 24)),
}
"""A faulty question can be reported, and a mark contested for some days."""

GRADEBOOK = {
    "-Nama",
    "-–",
    "-Sedang berjalan",
    "-Menunggu penilaian",
    "-✗ di bawah ambang kelulusan materi itu. Nilai ditambahkan, tidak pernah diubah; setiap nilai menyimpan siapa "
    "yang memberi, kapan, dan mengapa.",
    *(f"-Angkatan {cohort}" for cohort in ("I Tahun 2025 (2)", "I Tahun 2026 (6)", "II Tahun 2026 (4)")),
    "-Angkatan III Tahun 2026 (2)",
    "-Tanpa jadwal (7)",
}
"""Columns that sort, marks with a sign beside them, and numbers of participants in the list of cohorts alone."""

ANNOUNCING_IN_HELP = {
    "+Untuk memberi tahu semua peserta, misalnya pertemuan yang pindah, buka kursus, lalu Pengumuman. Sebelum dikirim "
    "tampil siapa saja yang menerimanya; yang terkirim dapat diperbaiki atau ditarik kembali.",
    "+To tell all participants something, such as a meeting that moves, open the course, then Announcements. Before it "
    "is sent you see who gets it; what was sent can be corrected or withdrawn.",
}
"""Instructors announce to a course or a cohort."""

GRADEBOOK_IN_HELP = {"-Daftar nilai memuat nilai setiap kuis dan tugas."}

RETURNING = {
    "+Kembalikan untuk diperbaiki, tanpa nilai",
    "+Peserta membaca catatan Anda dan mengumpulkan lagi. Ini tidak dihitung sebagai percobaan, dan tidak ada potongan "
    "sampai tanggal di bawah.",
    "+Apa yang perlu diperbaiki",
    "+Boleh dikumpulkan lagi sampai",
    "+[2026-11-30]",
    "+Kembalikan",
}
"""A paper goes back for revision without a mark."""

GRADING_DESK = {f"-{link}" for link in ("Beranda", "Kursus", "Riwayat", "Mengajar", "Pemberitahuan", "Akun")} | {
    "+← Penilaian",
    "-Papan ketik: 1–9 memilih tingkat, lalu lanjut; Ctrl + Enter menyimpan dan membuka yang berikutnya.",
    "+Papan ketik: 1–9 memilih tingkat, lalu lanjut; Ctrl + Enter menyimpan dan membuka yang berikutnya. "
    "Shift + 1–9 memilih satu tingkat untuk semua kriteria.",
    *(f"+{text}" for text in ("Semua:", "Sangat baik", "Baik", "Cukup", "Kurang", "Rubrik ↓", "Poin ↓")),
    "-Simpan",
    "+Simpan dan tetap di sini",
    *(f"+{text}" for text in ("Catatan pada kalimat", "Kutipan", "Catatan Anda", "Beri catatan", "Simpan catatan ini")),
    "+Tandai kata-kata di dalam teks, atau salin ke sini.",
    "+Peserta membacanya bersama nilai, di samping kata-kata ini.",
    "+Bank komentar · 0",
    "+Yang Anda simpan di sini dapat dimasukkan ke umpan balik berikutnya dengan sekali tekan.",
    "++ Simpan umpan balik ini untuk kursus ini",
    "++ … untuk semua kursus saya",
    "+Ubah komentar saya",
    "+(dibuka di tab baru)",
    "+Lampirkan berkas atau rekaman suara",
    "+Tambah berkas",
    *(
        f"+Misalnya tugas yang sudah Anda koreksi: {types}, masing-masing paling besar {most} MB. "
        "Rekaman suara paling besar 2 MB."
        for types, most in (("pdf, png", 1), ("pdf, docx, xlsx, jpg, png", 10), ("pdf, docx, jpg, png", 5))
    ),
    "+Rekam umpan balik lisan (paling lama 1 menit)",
    "+Berhenti merekam",
    "+Hapus rekaman",
    "+Baca di sini tunggu.pdf",
}
"""A grader has one way back, one level for all criteria, notes on passages and a bank of comments, reads files in the
page and gives some back."""

SECOND_STEP = {
    "+Verifikasi dua langkah",
    "+Belum aktif. Dengan aplikasi di ponsel, akun Anda tetap aman meskipun ada yang mengetahui kata sandi Anda.",
    "+Aktifkan",
}

SITUATIONS = {
    "-Anda belum mendaftar kursus. Pilih satu: Anda boleh berhenti kapan saja dan melanjutkan dari ponsel mana pun.",
    "-Selamat datang",
    "-Semua yang dapat Anda kerjakan saat ini sudah selesai.",
    "-Tidak ada yang menunggu Anda",
    "-Lanjutkan belajar",
    "-Lanjutkan",
    "-±20 menit",
    *(f"-Bentuk kuis dan tugas · {position} dari 7" for position in (2, 3, 6)),
    *(f"-Manajemen Pelayanan Publik · {place}" for place in ("2 dari 3", "2 dari 11", "4 dari 11", "8 dari 11")),
}
"""The home page has words for each situation, and one count of progress: what is done of all."""

PRINTED_TRAINING = {
    "+Bila dicetak, atau disimpan sebagai PDF lewat peramban, halaman ini menjadi rekam JP dengan kode untuk diperiksa "
    "pihak lain."
}
"""What "My training" becomes on paper."""

PRIVACY = {"+Privasi"}
OWN_DATA = {
    "+Data saya",
    "+Salinan data tentang Anda yang disimpan situs ini, beserta berkas yang Anda unggah, dalam satu berkas zip. Isinya"
    " memuat NIP dan jawaban Anda: jangan mengunduhnya di perangkat bersama.",
    "+Unduh salinan data saya",
    "+Apa yang disimpan, untuk apa, siapa yang melihatnya, dan berapa lama",
}
PRIVACY_AT_THE_DOOR = {"+Privasi: data Anda yang disimpan situs ini"}
PASSWORD_RULES = {
    "-Kata sandi yang baik terdiri atas paling sedikit 10 karakter. Beberapa kata yang dirangkai mudah diingat dan "
    "sulit ditebak.",
    "-Kata sandi tidak boleh memuat NIP atau tanggal lahir Anda, dan tidak boleh berupa kata sandi yang umum atau "
    "deretan sederhana seperti 1234567890. Huruf besar dan simbol boleh dipakai, tetapi tidak diwajibkan.",
    "+Paling sedikit 10 karakter. Beberapa kata yang dirangkai mudah diingat dan sulit ditebak. Jangan memakai NIP "
    "atau tanggal lahir Anda.",
}
"""Eight lines stood between the heading and the first field of a phone."""

CLOCK = {
    "+Waktu terus berjalan walaupun halaman ini ditutup atau koneksi terputus.",
    "+Waktu terus berjalan walaupun halaman ini ditutup atau koneksi terputus. Saat waktu habis, jawaban yang sudah "
    "tersimpan dikumpulkan otomatis.",
}
"""Said before the clock of a quiz starts."""

STATE_ONCE = {"-Status", "-✓ Sudah dinilai", "-◷ Menunggu penilaian"}
"""What was handed in says its state itself."""

HELPER_AT_THE_DOOR = {"+Ibu Contoh:", "+0951 321321"}
"""Who gives a one-time code, with the number."""

SIGNATORY_NEEDED = {
    "-Seperti tertera di atas tanda tangan. Selama keempat isian ini kosong, disediakan garis untuk ditulisi. "
    "Bawaan: kosong"
}
"""Without a signatory nothing is issued any more, so no blank lines are printed in place of one."""

LOOK_IN_HELP = {
    "-Pilih peserta, lalu tekan Terbitkan untuk yang dipilih. Menekan dua kali tidak menerbitkan dua sertifikat.",
    "+Pilih peserta, lalu tekan Periksa sebelum menerbitkan. Halaman berikutnya menampilkan apa yang akan tercetak dan "
    "apa yang kurang; tombol Terbitkan ada di bawahnya. Menekan dua kali tidak menerbitkan dua sertifikat.",
}
"""Issuing has a page before it."""

ANSWERS_IN_HELP = {
    "+Cek pemahaman di dalam modul tidak dinilai: pilih jawaban, tekan Periksa, dan baca mengapa benar atau belum "
    "tepat.",
    "-Setelah semua soal terjawab, tekan Kumpulkan.",
    "+Setelah semua soal terjawab, tekan Kumpulkan. Jika belum lulus, halaman hasil menyebut materi yang perlu dibaca "
    "lagi dan sisa percobaan.",
    "-Setiap jawaban kuis disimpan di server. Tunggu sampai tampil Tersimpan; setelah itu jawaban aman walaupun "
    "koneksi putus atau baterai habis.",
    "+Setiap jawaban kuis disimpan di server. Tunggu sampai tampil Tersimpan pukul …; setelah itu jawaban aman "
    "walaupun koneksi putus atau baterai habis.",
}

CHECKS = {"-Cek pemahaman", "+Cek pemahaman · tidak dinilai", "+Pilih satu jawaban.", "+Jawaban Anda"} | {
    "-Periksa jawaban",
    "+Periksa",
    "+Lihat jawaban",
}
"""Questions to check oneself are forms that answer, in the modules of every revision."""


BEFORE_ENROLLING = {
    "+Waktu dan batas",
    "+Seluruhnya",
    "+Tenggat",
    "+tanpa tenggat",
    "+Kuis dan tugas",
    "+Batasnya tertulis pada setiap kuis dan tugas di bawah.",
    "+Batasnya tertulis pada setiap kuis dan tugas di bawah. Tanggalnya dihitung jika Anda mendaftar hari ini.",
    "+Anda boleh berhenti dan melanjutkan kapan saja. Yang sudah Anda kerjakan tetap tersimpan, juga setelah tenggat.",
    *(f"+{day}, jika Anda mendaftar hari ini" for day in ("26 November 2026", "30 November 2026", "7 Desember 2026")),
    *(f"+kira-kira {time} belajar" for time in ("3 jam", "2,5 jam", "1 jam")),
}
"""A course says its deadline, its limits and its length before one enrols."""

ABOUT_JP = {f"+Apa arti {jp} JP?" for jp in (4, 6, 12)} | {
    "+Satu JP (jam pelajaran) adalah 45 menit belajar: membaca, praktik di tempat kerja, kuis, dan tugas. JP berasal "
    f"dari rencana kursus. Waktu di depan layar tidak diukur; seluruh materi di sini diperkirakan memerlukan {time}."
    for time in ("3 jam", "2,5 jam", "1 jam")
}
"""What JP stand for."""

DONE_OF_ALL = {f"{sign}{done}/{total}" for sign, total in (("-", 5), ("-", 6), ("+", 7)) for done in range(8)}
"""Progress is done of all items that count: it was of those that the rule asks for."""


JP_CELLS = {f"-{jp} dari {target} JP" for jp in range(50) for target in (20, 24)}
"""The bar of a year's JP, which said in words what stood above it, is a picture with a label: a cell for each JP."""

LEVELS_WITH_POINTS = {"-Poin"} | {
    line
    for level, points in (("Baik", 4), ("Cukup", 2), ("Kurang", 0))
    for line in (f"-{level}", f"-{points} dari 4", f"+{level}, {points} dari 4 poin")
}
"""The level of a criterion and its points stand in one cell: three columns did not fit enlarged text on a phone."""

NEXT_ITEM = {
    "-Lanjutkan: Kuis umpan balik langsung",
    "+Lanjutkan: Kuis searah",
    "-Saat ini tidak ada yang perlu dikerjakan: masih ada yang menunggu penilaian atau belum terbuka. Lihat di bawah.",
    "+Tugas Anda sedang dinilai. Bagian Anda sudah selesai. Anda diberi tahu begitu nilainya ada; tidak perlu "
    "memeriksa setiap hari.",
}
"""One goes on with the first item that is open and asked for; a course that waits for grading says so."""

NEXT_ON_HOME = {"-Kuis umpan balik langsung", "-±4 menit"}
REVOKED_ON_HOME = {"-12 JP · 11 materi · ±2,5 jam ✓ Selesai"}
"""The card of a course says that its certificate was revoked."""

OFFICE_WAYS = {
    *("+Mengajar", "+Kelola", "+·"),
    *("+Tambah peserta menurut nama", "+Nama, jabatan, atau unit", "+[]", "+Cari"),
}
"""Pages of a cohort lead back to where one came from; people are added to one by name."""

WITHOUT_DATES = {
    *("-Sesuai waktu Anda, sejak hari mendaftar", "+–"),
    *(
        f"{sign}Tanpa jadwal{between} ✓ sedang berjalan"
        for sign, between in (("+", ""), ("-", " · Sesuai waktu Anda, sejak hari mendaftar"))
    ),
}
"""What is said to learners of a cohort without dates was said to the office too."""

SIGNATORY = {
    f"{sign}{before}{word}{after}"
    for sign, word in (("-", "penandatangan"), ("+", "penanda tangan"))
    for before, after in (
        *(("Nama ", ", dengan gelar"), ("Jabatan ", ""), ("Pangkat ", ""), ("NIP ", "")),
        ("Aturan instansi: nomor sertifikat, ambang kelulusan, target JP, ", ""),
    )
}

ARCHIVING = {
    *("-Belajar mandiri, tanpa jadwal", "+Tanpa jadwal, menurut waktu sendiri", "+Arsipkan kursus", "+Arsipkan"),
    "+Untuk kursus yang tidak ditawarkan lagi: kursus hilang dari katalog, pencarian, dan saran, dan tidak ada yang "
    "dapat mendaftar lagi, juga tidak melalui daftar. Yang sudah terdaftar tetap belajar; nilai dan sertifikatnya "
    "tetap ada. Anda dapat mengembalikannya kapan saja.",
}

REPLACING = {
    "+Jika hanya cetakannya yang keliru: cabut, perbaiki data orangnya, lalu terbitkan penggantinya. "
    "Jalannya ada di halaman ini setelah sertifikat dicabut."
}
"""Before it is revoked, a certificate's page says how another takes its place."""

INVITING = {
    *("+Ringkasan untuk pimpinan", "+Ajak mereka belajar …", "+Ajak belajar …"),
    *("+9 orang belum mencapai target tahun ini", "+;", "+0 sudah mencapainya", "+."),
    *(f"+Semua {count} hasil saringan, bukan hanya yang dicentang" for count in (3, 10, 11)),
}
"""A summary to pass on, how many lack JP in a unit of few people, too, and a way to invite them."""

COHORTS_NOW = {
    *("+Angkatan saya sekarang", "+›", "+·", "+Yang mungkin perlu dibantu", "+Beri tahu angkatan"),
    *(f"+Manajemen Pelayanan Publik: Angkatan {number} Tahun 2026" for number in ("II", "III")),
    "+sampai 11 Desember 2026 · 4 peserta ◷ 1 menunggu penilaian 1 belum mulai ▸ 2 sedang berjalan",
    "+mulai 13 Desember 2026 · 2 peserta",
}
"""What an instructor's cohorts are at, on the page that they begin with."""

NEED = {
    *("+›", "+Kebutuhan dan tempat"),
    "+JP yang masih kurang di setiap unit, tahun ini dan tahun depan, beserta tempat yang ditawarkan",
}

MEANT: dict[str, set[str]] = {
    "": PRIVACY,
    "/": SITUATIONS | JP_CELLS | NEXT_ON_HOME | REVOKED_ON_HOME,
    "/account/password": PASSWORD_RULES,
    "/account": SECOND_STEP | OWN_DATA,
    "/login": PRIVACY_AT_THE_DOOR | HELPER_AT_THE_DOOR,
    "/attempts/": OBJECTIONS,
    "/help": LOOK_IN_HELP | ANSWERS_IN_HELP | GRADEBOOK_IN_HELP | ANNOUNCING_IN_HELP,
    "/admin": EVIDENCE | SIGNATORY | {"+Tampilkan akun demo"} | NEED,
    "/admin/people": {"+akun demo yang aktif"},
    "/admin/board": RENEWED | DONE_OF_ALL | INVITING,
    "/admin/audit": KINDS_OF_ENTRIES | {"+ajak belajar"},
    "/admin/certificates": {"+Lambang di sertifikat"} | REPLACING,
    "/admin/reports": {"+JP setiap orang, dengan NIP, menurut unit:", "+XLSX", "+CSV", "+·", "+Kebutuhan dan tempat"}
    | {"+Menurut triwulan, satu halaman untuk dicetak atau dikirim"},
    "/courses/": BEFORE_ENROLLING | ABOUT_JP | NEXT_ITEM | CLOCK,
    "/admin/cohorts": COHORT_DATES | STARTS_OVER | OFFICE_WAYS | WITHOUT_DATES,
    "/admin/courses": STARTS_OVER | ARCHIVING,
    "/courses/pelayanan-publik": STARTS_OVER,
    "/courses/pelayanan-publik/": CHECKS,
    "/teach/courses/bentuk": DONE_OF_ALL,
    "/admin/people/1": PROTECTED,
    "/admin/reports?year=2025": RULES_OF_THE_YEAR,
    "/admin/settings": SIGNATORY_NEEDED | {"-tidak wajib"},
    "/admin/units/": KINDS_OF_UNITS,
    "/records": PRINTED_TRAINING | JP_CELLS | {"+Cetak atau simpan sebagai PDF"},
    "/notices": NO_MARK_IN_TITLE,
    "/courses/bentuk": PREREQUISITES,
    "/courses/bentuk/modul": CHECKS,
    "/courses/bentuk/tugas-": OBJECTIONS | STATE_ONCE,
    "/courses/bentuk/tugas-teks": LEVELS_WITH_POINTS,
    **{f"/courses/{slug}/finish": JP_CELLS for slug in ("bentuk", "contoh-format", "pelayanan-publik")},
    "/teach/courses/bentuk/completions": DIFFERENT_NOW,
    **{f"/teach/courses/{slug}/gradebook": GRADEBOOK for slug in ("bentuk", "contoh-format", "pelayanan-publik")},
    # the filters are behind one line
    "/teach/grading": {"+Laporan dan keberatan: 0", "+Bank komentar saya", "+Semua kursus saya · Semua tugas Saring"},
    "/teach/grading/": RETURNING | GRADING_DESK,
    "/teach": COHORTS_NOW,
    "/team": RENEWED | DONE_OF_ALL | INVITING,
    "/courses/contoh-format": PREREQUISITES,
    "/courses/contoh-format/": CHECKS,
    **{f"/admin/cohorts/{cohort}/people/": NAVIGATION for cohort in (1, 2, 3, 4, 5, 6, 7)},
}
"""By beginnings of addresses: lines that people are meant to see now (+), or no longer (-). Each with its reason."""

CARD_STATE = re.compile(
    r"(?<=\.) (?:tanpa jadwal, langsung mulai|✓ Selesai|▸ Sedang Anda ikuti|mulai [0-9]+ \w+ [0-9]{4}"
    r"|melalui daftar: didaftarkan oleh pengelola pelatihan)$",
    re.MULTILINE,
)
"""What a card of the catalogue says at its end: what one has of the course, or how it begins."""

YEAR_PATH = re.compile(r"^(?:JP tahun \d+: .*|Salah satu jalan menuju .*)\n(?:.+\n\(\d+ JP\)[.,]\n)*", re.MULTILINE)
"""The catalogue names the JP of the year and the courses that bring what is missing."""

READER = re.compile(
    r"Di materi ini · [0-9]+ bagian\n.*?\nDaftar isi\n|✓ Selesai; tercatat di akun Anda\n"
    r"|✓ (?:Sudah dibaca sampai akhir|Selesai) · tercatat [^\n]+\n(?:Tandai belum selesai\n)?"
    r"|Isi kursus · .*?(?=\nVerifikasi sertifikat)",
    re.DOTALL,
)
"""A module's contents list, since when it is finished, and the outline of its course with the states of its items."""
OTHER_WORDS = (
    (re.compile(r"(?<=[0-9]) mnt\b"), " menit"),
    (re.compile(r"(?<=WIT) \([0-9]+ (?:hari|jam|menit) lagi\)"), ""),
    (re.compile(r"· materi ke-(?=[0-9]+ dari)"), "· "),
    (re.compile(r"(?<=[0-9] menit) · (?:batas waktu [^·\n]+ · )?boleh [^·\n]+ · ambang kelulusan [0-9][^\n]*"), ""),
    (re.compile(r"; jeda [^\n;]+ antarpercobaan"), ""),
    (re.compile(r"\b[0-9]+ dari [0-9]+ materi selesai(?:\s?[0-9]+ dari [0-9]+ materi selesai)?"), "#"),
    (re.compile(r"(?<=#) · (?:masih perlu [0-9]+ lagi|yang diperlukan sudah selesai)"), ""),
    (re.compile(r"(?<=# · )nilai (?:sementara|akhir) (?=[0-9])"), "nilai "),  # final once the course is completed
    (re.compile(r"^(nilai [0-9,]+|[0-9]+ peserta) (?!·)", re.MULTILINE), r"\1 · "),
    (re.compile(r"(?<=lewat tenggat)(?=\w)"), " "),
    (re.compile(r"[ \n]?\bMengapa(?: nilai ini)?\?(?=\n|$)"), ""),
    (re.compile(r"^([0-9]+)%$", re.MULTILINE), r"\1"),
    (re.compile(r"(?<=[0-9]) \([0-9,]+ dari [0-9]+ poin\)$", re.MULTILINE), ""),
    (re.compile(r"menjadi nilai (0 sampai [0-9]+)\."), r"menjadi \1 poin."),
    (re.compile(r"\n(?:Periksa|Berikutnya →|Selesai …|Kumpulkan …)$", re.MULTILINE), ""),
    (re.compile(r"^Kumpulkan · (.*)(?= · Belajar ASN$)", re.MULTILINE), r"\1 · Kumpulkan"),
    (re.compile(r"^(?:Setiap (?:pilihan|dua|langkah)|Poin diperoleh|Satu centang|Deretan) .*\n", re.MULTILINE), ""),
)
"""What pages say otherwise, in both texts: the question that leads to how a mark came about; minutes in full; the time
left beside an end; the position of an item; the limits of quizzes and assignments before one enrols; the pause between
attempts; progress, of all items and not of those that the rule asks for; marks, participants and what is overdue in
one line with the rest; pass marks of assignments without %, and points as points; the title of
handing in; the order of a question's buttons; how points are earned."""

NEW_LINKS = {
    "+Isi kursus",
    "+Analisis soal",
    "+Sunting",
    "+Atur waktu belajar saya",
    "+Tanya pengajar",
    "+Pertanyaan peserta",
    "+Pengumuman",
    "+Percobaan dan tugas",
    "+Lihat isi kursus sebagai pengajar",
} | {
    "+Kursus baru",
    "++ Kursus baru",
    "+Cetak di kertas",
    "+Coba Markdown dan soal",
}
"""Who teaches a course reads it without enrolling, corrects it, sees what each participant has done, begins courses,
prints quizzes."""

NEXT_STEPS = (
    (  # what was done is a filter, said in verbs; a revision is called so; work is told with whose it is
        re.compile(r"^/admin/audit"),
        re.compile(
            r"(me|ber)\w+( |$)|(checksum: \w+; )?(versi|revisi): \d+$"
            r"|Tindakan$|\[x\] semua tindakan$|(Mulai|Sampai|\[\])$"
            r"|(pendaftaran|percobaan kuis|sertifikat|tugas terkirim) \d+(: .+)?$|.*\b(pendaftaran|bagian): "
        ),
    ),
    (re.compile(r"^/(admin/board|team)\?state=finished"), re.compile(r"(Ingatkan|Perpanjang|Ucapkan terima kasih) …$")),
    (
        re.compile(r"/attempts/\d+/review$"),
        re.compile(
            r"✓ Lulus|✗ Belum lulus|Belum lulus|Nilai Anda: |Lanjutkan|Dikumpulkan |Kerjakan lagi|Bagus, "
            r"|Kurang |Kali ini |Yang perlu dibaca lagi|Baca lagi “|↺|Modul |Komponen |.*\d+ menit$"
            r"|\d+ dari \d+ (materi|percobaan)|Nilai yang dihitung|Nilai rata-rata|Percobaan |Tenggat Anda"
            r"|Lihat hasil|Ke kursus|ambang |tadi |#"
            r"|Jawaban dan nilai Anda|Anda dapat mencoba|Hubungi admin|Tanyakan|Kuis ini ditutup|Semua "
        ),
    ),
    (
        re.compile(r"/courses/[^/]+/finish$"),
        re.compile(
            r"✓ Selesai|.* selesai$|Selamat, |Anda telah menyelesaikan|Nilai akhir|Jam pelajaran|Selesai pada|Angkatan"
            r"|[\d,]+$|\d+ JP$|\d+ \w+ \d{4}$|[✓◷]?(Kursus selesai|Disahkan pengajar|Sertifikat dan )"
            r"|Kursus berikutnya|Buka “|Lihat semua kursus|Cari kursus|Manajemen |Bentuk |\d+ JP · "
            r"|Begitu sertifikat terbit|Kemajuan dan nilai|Hubungi admin"
        ),
    ),
    (
        re.compile(r"/courses/bentuk/tugas-"),
        re.compile(
            r"Kurang [\d,]+ poin|Anda lulus|Ke kursus|Lanjutkan: |Baca lagi:|Modul |,|Percobaan |Batas |Jawaban dan"
        ),
    ),
)
"""By addresses: beginnings of lines of pages after a result, which say what was achieved and what comes next."""

AT_LEAST = re.compile(
    r"/|/admin/settings|/help(?:/.*)?|/teach/courses/[^/]+/gradebook|/courses/bentuk/tugas-(?:teks|nilai|berkas)"
)
"""Pages that show what they showed, in any order, and may show more: settings depend on the modules that are loaded,
the home page says more of each situation, the gradebook says more of each mark, help grows, and the page of an
assignment begins with what was handed in."""


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """A site of its own on the old database and files, migrated, with the results renewed that the migration marks."""
    folder = tmp_path_factory.mktemp("upgraded")
    with tarfile.open(HERE / "storage.tar.xz") as archive:
        for member in filter(tarfile.TarInfo.isfile, archive):  # extractall takes a filter from Python 3.11.4 on
            target, content = folder / member.name, archive.extractfile(member)
            assert content is not None
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.read())
    file = folder / "lms.sqlite"
    file.write_bytes(lzma.decompress((HERE / "database.sqlite.xz").read_bytes()))
    app = create_app(
        Config(
            secret_key="a secret for tests, long enough to pass",
            database_url=f"sqlite:///{file}",
            storage_url=f"file://{folder}/storage",
            base_url="http://localhost",
            site_name="Belajar ASN",
            timezone="Asia/Jayapura",
            language="id",
            proxies=0,
            instance=tmp_path_factory.mktemp("instance"),
            testing=True,
        )
    )
    limiter.enabled = False
    _forget_contents()
    with app.app_context(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: SAVED_AT)
        schema.upgrade()
        assert renew_results() == 31, "all who have begun a course and are still in it"
        with db.engine.connect() as connection:
            connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    shutil.copy(file, folder / "migrated.sqlite")
    return app


def _forget_contents() -> None:
    """Other tests have other revisions under the same ids."""
    contents.cache_clear()
    item_content.cache_clear()


@pytest.fixture
def app(upgraded: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The migrated database as it was at first, at the moment it was saved."""
    monkeypatch.setattr(clock, "now", lambda: SAVED_AT)
    _forget_contents()
    with upgraded.app_context():
        db.engine.dispose()
        file = Path(db.engine.url.database or "")
    for old in file.parent.glob("lms.sqlite*"):
        old.unlink()
    shutil.copy(file.with_name("migrated.sqlite"), file)
    yield upgraded
    _forget_contents()
    with upgraded.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("username", PAGES, ids=lambda username: username or "visitor")
def test_people_see_what_they_saw_before(app, username):
    visitor = Visitor(app, username or None, PASSWORD)
    differences = []
    for address, before in PAGES[username].items():
        compare = missing if AT_LEAST.fullmatch(address) else difference
        meant = {line for begins, lines in MEANT.items() if is_meant(address, begins) for line in lines}
        meant = {in_one_term(line) for line in meant} | NEW_LINKS
        seen = visitor.see(address)
        if address in {"/", "/courses"}:
            seen = YEAR_PATH.sub("", seen)
        now = in_these_words(CARD_STATE.sub("", in_one_term(seen)))
        old = in_these_words(in_one_term(reworded(before)))
        if address.startswith("/courses/"):
            old, now = (READER.sub("", text) for text in (old, now))
        lines = [line for line in compare(old, now) if line not in meant]
        found = [line for line in without_moved_buttons(lines) if not is_next_step(address, line)]
        differences += ["\n".join((address, *found))] if found else []
    assert not differences, f"{len(differences)} pages differ\n\n" + "\n\n".join(differences)


def in_these_words(text: str) -> str:
    for pattern, words in OTHER_WORDS:
        text = pattern.sub(words, text)
    return text


def is_meant(address: str, begins: str) -> bool:
    return address == "/" if begins == "/" else address.startswith(begins)


def is_next_step(address: str, line: str) -> bool:
    return any(where.search(address) and lines.match(line[1:]) for where, lines in NEXT_STEPS)


BUTTON = re.compile(r"[-+](?:.* →|Ke kursus|Kumpulkan|Kerjakan (?:kuis|lagi)|Lanjutkan percobaan ke-\d|Lihat hasil)$")
"""What one goes on with stands before the way back ("← …"), which was above it on phones."""


def without_moved_buttons(lines: list[str]) -> list[str]:
    moved = {line[1:] for line in lines if BUTTON.match(line)}
    moved = {line for line in moved if lines.count(f"-{line}") == lines.count(f"+{line}")}
    return [line for line in lines if line[1:] not in moved]


def missing(before: str, after: str) -> list[str]:
    return [f"-{line}" for line in (Counter(before.split("\n")) - Counter(after.split("\n"))).elements()]


def difference(before: str, after: str) -> list[str]:
    """The lines that differ, unless it is only in where they are broken."""
    if before.split() == after.split():
        return []
    lines = difflib.unified_diff(before.split("\n"), after.split("\n"), lineterm="", n=0)
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


def test_attempts_marked_again_from_the_journal_have_the_points_they_had(app):
    with app.app_context():
        attempts = db.session.scalars(select(Attempt).where(Attempt.submitted_at.is_not(None))).all()
        before = {attempt.id: marks_of(attempt) for attempt in attempts}
        assert len(before) > 50
        for attempt in attempts:
            attempt.points = attempt.score = attempt.is_passed = None
            for answer in answers_of(attempt):
                answer.points = None
            db.session.flush()
            quizzes._score(attempt, quizzes.quiz_of(attempt), is_discarded=False)
        assert {attempt.id: marks_of(attempt) for attempt in attempts} == before
        db.session.rollback()


def marks_of(attempt: Attempt) -> tuple[object, ...]:
    points = {answer.question: answer.points for answer in answers_of(attempt)}
    return attempt.points, attempt.most_points, attempt.score, points


def answers_of(attempt: Attempt) -> list[Answer]:
    """As they are now: they are scored past the session."""
    found = select(Answer).where(Answer.attempt_id == attempt.id).execution_options(populate_existing=True)
    return list(db.session.scalars(found))
