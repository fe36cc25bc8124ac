"""The numbers of the course on ethics: each is computed here, and looked up in the text or in the key."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

from lms.content.folder.reading import read_course
from lms.content.items.quiz import Quiz
from lms.content.questions.choice import Choice
from lms.content.questions.gaps import Gaps
from lms.content.questions.match import Match
from lms.content.questions.number import Number
from lms.lib.typed_numbers import read_number

FOLDER = Path(__file__).parents[2] / "content" / "etika-berakhlak"
FILES = {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in FOLDER.rglob("*") if path.is_file()}
COURSE, _PROBLEMS = read_course("etika-berakhlak", FILES)
assert COURSE is not None
QUIZZES = [item for item in COURSE.items if isinstance(item, Quiz)]
QUESTIONS = {question.id: question for quiz in QUIZZES for question in quiz.questions}

DAY = 450
"""Minutes: seven and a half hours late or away are one day."""
LADDER = [
    (3, "teguran lisan"),
    (4, "teguran tertulis"),
    (7, "pernyataan tidak puas"),
    (11, "6 bulan"),
    (14, "9 bulan"),
    (17, "12 bulan"),
    (21, "turun jabatan"),
    (25, "pelaksana"),
    (28, "diberhentikan"),
]
YEARLY, PER_GIVER = 1_500_000, 1_500_000


def text(path: str) -> str:
    return FILES[path].decode()


def rupiah(amount: int | Fraction) -> str:
    assert amount == int(amount)
    return f"Rp{int(amount):,}".replace(",", ".")


def rung(days: int | Fraction) -> str:
    return [name for least, name in LADDER if days >= least][-1]


def working_day(start: date, count: int, holidays: Iterable[date] = ()) -> date:
    """The day after ``count`` working days, the first of which is the next one."""
    off, day = set(holidays), start
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5 and day not in off
    return day


def premium(recovered: int, most: int = 200_000_000) -> int:
    return min(recovered * 2 // 1000, most)


def number_key(name: str) -> Fraction:
    """What earns all points: the first such line."""
    question = QUESTIONS[name]
    assert isinstance(question, Number)
    return next(one.value for one in question.accepted if one.share == 1)


def option_key(name: str) -> str:
    question = QUESTIONS[name]
    assert isinstance(question, Choice)
    [right] = [one for one in question.options if one.is_correct]
    return right.text.source


def partners(name: str) -> dict[str, str]:
    question = QUESTIONS[name]
    assert isinstance(question, Match)
    rows = re.findall(r"^\| ([^|]+?) \| ([^|]+?) \|$", _source(name), re.MULTILINE)
    return {left: right for left, right in rows if set(left) != {"-"}}


def _source(name: str) -> str:
    [found] = [
        part
        for raw in FILES.items()
        if raw[0].endswith(".md")
        for part in re.split(r"^## ", raw[1].decode(), flags=re.MULTILINE)
        if f"{{#{name} " in part
    ]
    return found


def test_values_and_a_behaviour_that_is_counted():
    module = text("01-nilai/02-tujuh-nilai.md")
    rows = [row for row in module.splitlines() if row.count(";") == 2 and row.startswith("- **")]
    assert len(rows) == 7
    assert f"7 × 3 = **{len(rows) * 3}**" in module
    before, after = Fraction(18, 25) * 100, Fraction(23, 25) * 100
    assert f"18 ÷ 25 = **{before}%**" in module
    assert f"23 ÷ 25 = **{after}%**" in module
    assert f"**{after - before} poin persen**" in module


def test_five_events_are_sorted_into_three_tracks():
    module = text("01-nilai/03-tiga-jalur.md")
    cells = re.findall(r"^    \d\. (.+)\. Etik: (.+?); disiplin: (.+?); pidana: (.+?)\.$", module, re.MULTILINE)
    ethics, discipline, crime = (
        sum(row[at] == word for row in cells) for at, word in ((1, "ya"), (2, "ya"), (3, "diperiksa"))
    )
    assert (
        f"{len(cells)} kejadian, {ethics} menyentuh etik, {discipline} pasti menyentuh disiplin, {crime} harus"
        in module
    )
    assert sum(sum(cell != "tidak" for cell in row[1:]) == 1 for row in cells) == 1


def test_footprint_adds_up():
    pattern = r"(\d+) grup dan akun diperiksa; (\d+) aman, (\d+) ditinggalkan, (\d+) ditanyakan"
    [counted] = re.findall(pattern, text("02-netralitas/01-netral-di-layar.md"))
    everything, *parts = map(int, counted)
    assert everything == sum(parts)


def test_minutes_become_days():
    module = text("03-disiplin/01-tingkat-disiplin.md")
    late, early = 18 * 25, 15 * 60
    assert f"| 18 × 25 | {late} | {late // DAY} |" in module
    assert f"| 15 × 60 | {early} | {early // DAY} |" in module
    days = Fraction(late + early, DAY) + 2
    assert f"| 1.350 | **{days}** |" in module
    assert late + early == 1350
    assert rung(days) in module
    assert number_key("pra-jam") == Fraction(30 * 60, DAY)
    assert number_key("pas-jam") == Fraction(45 * 50, DAY)
    assert number_key("tingkat-rekap") == Fraction(24 * 15 + 9 * 60, DAY)
    minutes = 10 * 30 + 8 * 45 + 12 * 20
    assert number_key("kasus-menit") == Fraction(minutes, DAY)
    assert number_key("kasus-jumlah") == 2 + 4 + 3 - 2 + Fraction(minutes, DAY)


def test_days_lead_to_a_rung():
    assert rung(12) in option_key("pra-tangga")
    assert rung(15) in option_key("pas-tangga")
    assert rung(7) in option_key("tingkat-tujuh").lower()
    assert rung(6 + 4) in option_key("tingkat-sepuluh").lower()
    assert rung(int(number_key("kasus-jumlah"))) in option_key("kasus-hukuman").lower()
    pairs = partners("tingkat-jodoh")
    for days, wanted in pairs.items():
        if found := re.match(r"(\d+) hari", days):
            assert rung(int(found[1])) in wanted.lower()
    assert "mangkir 8 hari, [[=atasan langsung" in _source("proses-tim")
    assert rung(8) == "pernyataan tidak puas"  # light: the superior alone
    assert rung(18) == "12 bulan"  # medium: a team may be formed
    assert "mulai 21 hari" in _source("proses-tim")
    picture = text("media/tangga-hari.svg")
    for (least, _), (following, _) in pairwise(LADDER):
        span = f"{least}–{following - 1}" if following - least > 1 else str(least)
        assert f">{span}<" in picture
    assert rung(9 + 3) == "6 bulan"
    assert rung(15) == "9 bulan"
    assert "15 − 3 = **12 hari**" in text("03-disiplin/02-pemeriksaan.md")


def test_cuts_of_the_allowance():
    module = text("03-disiplin/01-tingkat-disiplin.md")
    monthly = Fraction(4_000_000, 4)
    assert f"Potongan 25% = {rupiah(monthly)} sebulan" in module
    assert f"6 bulan: **{rupiah(6 * monthly)}**" in module
    assert f"12 bulan: **{rupiah(12 * monthly)}**" in module
    assert rung(14) == "9 bulan"
    assert number_key("tingkat-rupiah") == Fraction(3_600_000, 4) * 9


def test_dates_of_the_hearing():
    module = text("03-disiplin/02-pemeriksaan.md")
    first = working_day(date(2026, 9, 7), 7)
    assert (first, first.weekday()) == (date(2026, 9, 16), 2)
    assert "**Rabu, 16 September**" in module
    second = working_day(first, 7)
    assert (second, second.weekday()) == (date(2026, 9, 25), 4)
    assert "**Jumat, 25 September**" in module
    assert number_key("proses-tanggal") == working_day(date(2026, 10, 8), 7).day == 19
    assert date(2026, 10, 8).weekday() == 3
    gap = QUESTIONS["kasus-panggilan"]
    assert isinstance(gap, Gaps)
    assert f"[[{working_day(date(2026, 11, 10), 7).day}|" in _source("kasus-panggilan")
    assert date(2026, 11, 10).weekday() == 1


@pytest.mark.parametrize(
    ("name", "start", "weekday", "holidays", "last"),
    [
        ("pra-tenggat", date(2026, 5, 4), 0, [date(2026, 5, 14)], date(2026, 6, 16)),
        ("pas-tenggat", date(2026, 6, 4), 3, [date(2026, 6, 16)], date(2026, 7, 17)),
        ("kasus-batas", date(2026, 7, 6), 0, [date(2026, 8, 17)], date(2026, 8, 18)),
    ],
)
def test_thirty_working_days(name, start, weekday, holidays, last):
    assert start.weekday() == weekday
    assert working_day(start, 30, holidays) == last
    assert number_key(name) == last.day
    wrong = {one.value for one in QUESTIONS[name].accepted if one.share == 0}  # type: ignore[attr-defined]
    assert {(start + timedelta(days=30)).day, working_day(start, 30).day} <= wrong | {last.day}


def test_thirty_working_days_in_the_module():
    module = text("04-antikorupsi/01-gratifikasi.md")
    start = date(2026, 3, 2)
    assert start.weekday() == 0
    assert working_day(start, 30) == date(2026, 4, 13)
    assert "**Senin, 13 April**" in module
    late = working_day(start, 30, [date(2026, 3, 19), date(2026, 4, 3)])
    assert (late, late.weekday()) == (date(2026, 4, 15), 2)
    assert "**Rabu, 15 April**" in module


def test_limits_of_gifts():
    module = text("04-antikorupsi/01-gratifikasi.md")
    assert 4 * 400_000 - YEARLY == 100_000
    assert f"4 × Rp400.000 = {rupiah(4 * 400_000)}, **{rupiah(4 * 400_000 - YEARLY)} di atas**" in module
    given = [int(one) * 1000 for one in re.findall(r"\| (\d+) \|$", _source("pemberian-jumlah"), re.MULTILINE)]
    assert len(given) == 5
    assert max(given) < 500_000
    assert number_key("pemberian-jumlah") == Fraction(sum(given) - YEARLY, 1000)
    for name, amount in (("pra-batas", 1_200_000), ("pas-batas", 1_350_000), ("pemberian-khitan", 1_400_000)):
        assert 1_000_000 < amount <= PER_GIVER  # above the old limit, within the new one
        assert rupiah(amount) in _source(name)
    for name, amount, over in (("pra-batas", 1_700_000, True), ("pas-batas", 1_450_000, False)):
        assert rupiah(amount) in _source(name)
        assert (amount > PER_GIVER) == over == ("teman" in option_key(name))
    assert f"dilengkapi dalam **{number_key('pemberian-lengkap')} hari kerja**" in module


def test_premium_of_the_one_who_reports():
    module = text("04-antikorupsi/03-melapor.md")
    assert f"2‰ × Rp3.000.000.000 = **{rupiah(premium(3_000_000_000))}**" in module
    assert f"= Rp300.000.000, dibatasi menjadi **{rupiah(premium(150_000_000_000))}**" in module
    assert 150_000_000_000 * 2 // 1000 == 300_000_000
    assert number_key("laporan-premi") == premium(4_500_000_000)
    assert number_key("laporan-batas") * 1_000_000 == premium(120_000_000_000)
    assert "masing-masing Rp500.000, jumlah Rp1.500.000" in module
    assert 3 * 500_000 == 1_500_000
    assert "2‰ menghasilkan Rp16 juta" in _source("laporan-suap")
    assert number_key("laporan-suap") * 1_000_000 == premium(16_000_000 * 500, most=10_000_000)


def test_map_of_interests_and_the_first_report():
    module = text("04-antikorupsi/02-konflik-kepentingan.md")
    assert f"8 × 4 = **{8 * 4}** kotak" in module
    boxes = [int(one) for one in re.findall(r"(\d+) (?:kotak aktual|kotak potensial|kosong)", module)]
    assert sum(boxes) == 8 * 4
    assert boxes[1] == 6
    months = [
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ]
    assert f"**15 {months[6]}**" in module
    assert f"**15 {months[6 + 3]}**" in module
    assert f"= 9 {months[1 + 3]}" in _source("kepentingan-pertama")


def test_model_answer_of_the_assignment():
    paper = text("05-penutup/02-kesepakatan-integritas.md")
    for part, whole in ((0, 5), (1, 4), (12, 20), (18, 20)):
        percent = Fraction(100 * part, whole)
        assert re.search(rf"{part} dari {whole}\b[^|]*\({percent}%\)", paper), (part, whole)
    assert "12 ÷ 20 = 60%, 18 ÷ 20 = 90%" in paper
    steps = [int(one) for one in re.findall(r"\((\d+) menit\)", paper)]
    assert sum(steps) == next(item.practice_minutes for item in COURSE.items if item.slug == "kesepakatan-integritas")


def test_steps_of_the_practice_take_what_the_module_says():
    for item in COURSE.items:
        practice = re.search(
            r"^## Praktik di kantor \((\d+) menit\)$(.+?)^## ", text(item.path), re.MULTILINE | re.DOTALL
        )
        if item.type == "module":
            assert practice, item.slug
            steps = [int(one) for one in re.findall(r"\*\*(\d+) menit\.\*\*", practice[2])]
            assert sum(steps) == int(practice[1]) == item.practice_minutes, item.slug


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("pra-jam", "4 hari"),
        ("tingkat-rupiah", "Rp8.100.000"),
        ("tingkat-rupiah", "8,1 juta"),
        ("laporan-premi", "Rp9.000.000"),
        ("laporan-batas", "200 juta"),
        ("lapangan-denda", "12 juta"),
        ("pemberian-jumlah", "250 ribu"),
    ],
)
def test_what_learners_type_is_taken(name, typed):
    assert read_number(typed) is not None
    assert QUESTIONS[name].score(typed) == 1


def test_right_options_are_not_given_away():
    asked = [
        one
        for item in COURSE.items
        for one in item.asked
        if isinstance(one, Choice) and not one.takes_several and len(one.options) > 2
    ]
    longest, shortest, places, chance = 0, 0, Counter[int](), Fraction(0)
    for one in asked:
        lengths = [len(option.text.source) for option in one.options]
        [at] = [place for place, option in enumerate(one.options) if option.is_correct]
        others = lengths[:at] + lengths[at + 1 :]
        longest += lengths[at] > max(others)
        shortest += lengths[at] < min(others)
        places[at] += 1
        chance += Fraction(1, len(one.options))
    assert longest <= chance
    assert shortest <= chance
    assert max(places.values()) <= len(asked) * 2 / 5


def test_questions_can_be_found_and_drawn():
    asked = [one for quiz in QUIZZES for one in quiz.asked]
    assert len(asked) >= 60
    assert all(one.tags and one.objective and one.difficulty for one in asked)
    assert len({one.id for one in asked}) == len(asked)
    assert {one.kind for one in asked} >= {"choice", "true_false", "number", "short_answer", "order", "match", "gaps"}
    assert sum(quiz.weight or 0 for quiz in QUIZZES) + 25 == 100
