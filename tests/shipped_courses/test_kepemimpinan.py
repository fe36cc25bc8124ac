"""The numbers of the course on leadership: each is computed here, and looked up in the text or in the key."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from itertools import accumulate, takewhile
from math import ceil
from pathlib import Path

import openpyxl
import pytest

from lms.content.checks.questions import keys_of, length
from lms.content.folder.reading import read_course
from lms.content.items.quiz import Quiz
from lms.content.questions.gaps import Gaps
from lms.content.questions.match import Match
from lms.content.questions.number import Number
from lms.content.questions.true_false import TrueFalse

FOLDER = Path(__file__).parents[2] / "content" / "kepemimpinan"
FILES = {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in FOLDER.rglob("*") if path.is_file()}
COURSE, _PROBLEMS = read_course("kepemimpinan", FILES)
assert COURSE is not None
QUIZZES = [item for item in COURSE.items if isinstance(item, Quiz)]
QUESTIONS = {question.id: question for quiz in QUIZZES for question in quiz.asked}

EXEMPLARY = "01-teladan/02-dilihat-sebelum-didengar.md"
EXPECTED = "02-kinerja/01-harapan-yang-jelas.md"
RATED = "02-kinerja/02-umpan-balik-dan-penilaian.md"
DELEGATED = "03-tim/01-delegasi-dan-mandat.md"
COACHED = "03-tim/02-bertanya-dan-melerai.md"
ANALYSED = "04-keputusan/01-dari-ribut-ke-nota.md"
DECIDED = "04-keputusan/02-aupb-dan-diskresi.md"
CHANGED = "05-perubahan/01-aksi-perubahan.md"
TASK = "05-perubahan/03-tugas-aksi-perubahan.md"
CASES = "05-perubahan/02-kuis-kasus.md"

WEEK_HOURS = Fraction(75, 2)
MONTHS = ["Oktober", "November"]
LEVELS = ["di bawah", "sesuai", "di atas"]
QUADRANT = {
    "di atas": ["Kurang", "Baik", "Sangat Baik"],
    "sesuai": ["Kurang", "Baik", "Baik"],
    "di bawah": ["Sangat Kurang", "Butuh Perbaikan", "Butuh Perbaikan"],
}
"""By the rating of results; in each row by that of behaviour, from below to above expectations."""


def text(path: str) -> str:
    return FILES[path].decode()


def number(value: int | Fraction, decimals: int = 0) -> str:
    """As the course writes it, rounded half up."""
    scaled = int(Fraction(value) * 10**decimals + Fraction(1, 2))
    whole, rest = divmod(scaled, 10**decimals)
    grouped = f"{whole:,}".replace(",", ".")
    return f"{grouped},{rest:0{decimals}d}" if decimals else grouped


def table_row(path: str, first: str, columns: int) -> list[str]:
    """The cells of a row behind its first one."""
    for line in text(path).splitlines():
        cells = [cell.strip().strip("*") for cell in line.strip().strip("|").split("|")]
        if cells[0] == first and len(cells) == columns:
            return cells[1:]
    raise AssertionError(f"{path} has no row “{first}”")


def table_column(path: str, head: str, columns: int) -> list[str]:
    """The cells below a head."""
    lines = text(path).splitlines()
    tables = [[cell.strip().strip("*") for cell in line.strip()[1:-1].split("|")] for line in lines if "|" in line]
    for at, row in enumerate(tables):
        if len(row) == columns and head in row[1:]:
            below = takewhile(lambda one: len(one) == columns, tables[at + 2 :])
            return [one[row.index(head)] for one in below]
    raise AssertionError(f"{path} has no column “{head}”")


def numbers(cell: str) -> list[int]:
    return [int(one) for one in re.findall(r"\d+", cell)]


def weighted(weights: tuple[int, ...], marks: tuple[int, ...]) -> Fraction:
    assert sum(weights) == 100
    return sum((Fraction(weight * mark, 100) for weight, mark in zip(weights, marks, strict=True)), Fraction(0))


def predicate(result: str, behaviour: str) -> str:
    return QUADRANT[result][LEVELS.index(behaviour)]


def working_day(start: date, count: int) -> date:
    """The day after ``count`` working days, the first of which is the next one."""
    day = start
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def said(day: date) -> str:
    weekday = ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"][day.weekday()]
    return f"{weekday}, {day.day} {MONTHS[day.month - 10]} {day.year}"


def key_of(name: str) -> set[Fraction]:
    question = QUESTIONS[name]
    assert isinstance(question, Number)
    return {one.value for one in question.accepted if one.share == 1}


def mistakes_of(name: str) -> set[Fraction]:
    question = QUESTIONS[name]
    assert isinstance(question, Number)
    return {one.value for one in question.accepted if one.share < 1}


def matched(name: str) -> dict[str, str]:
    question = QUESTIONS[name]
    assert isinstance(question, Match)
    partners = {one.id: one.text.source for one in question.partners}
    return {row.text.source: partners[row.partner] for row in question.rows}


# Worked examples


def test_the_load_while_somebody_is_at_a_training():
    usual, alone = Fraction(40, 5), Fraction(40, 4)
    more = alone - usual
    page = text(EXEMPLARY)
    assert f"40 : 5 = **{number(usual)} berkas**" in page
    assert f"40 : 4 = **{number(alone)} berkas**" in page
    assert f"{number(alone)} − {number(usual)} = {number(more)} berkas sehari" in page
    assert f"2 × 3 = **{number(more * 3)} berkas**" in page
    assert f"2 × 15 = **{number(more * 15)} menit**" in page


def test_targets_and_what_was_reached():
    page = text(EXPECTED)
    target, reached = Fraction(90, 100) * 200, 172
    assert f"90% × 200 = **{number(target)} surat**" in page
    assert f"172 : 200 = **{number(Fraction(reached, 200) * 100)}%**" in page
    assert f"180 − 172 = **{number(target - reached)} surat**" in page
    visits = 12 * 3
    wanted = Fraction(85, 100) * visits
    assert f"12 × 3 = {visits} kunjungan" in page
    assert f"85% × 36 = {number(wanted, 1)}." in page
    assert f"**{ceil(wanted)} kunjungan**" in page
    assert f"30 : 36 = {number(Fraction(30, 36) * 100, 1)}%" in page
    assert f"33 : 36 = **{number(Fraction(33, 36) * 100, 1)}%**" in page
    assert 30 < wanted < 33


def test_whether_an_expectation_fits_into_working_hours():
    page = text(EXPECTED)
    needed, there = Fraction(200 * 45, 60), 12 * WEEK_HOURS
    assert f"37,5 : 5 = {number(WEEK_HOURS / 5, 1)} jam" in page
    assert f"200 × 45 = {number(200 * 45)} menit = **{number(needed)} jam**" in page
    assert f"12 × 37,5 = **{number(there)} jam**" in page
    assert f"150 : 450 = **{number(needed / there * 100, 1)}%**" in page
    assert needed * 4 > there, "one task and three more do not fit"


def test_the_share_of_hours_to_check_oneself_with():
    needed, there = Fraction(24 * 5), 8 * WEEK_HOURS
    said_shares = f"24 × 5 = {needed} jam; 8 × 37,5 = {there} jam; 120 : 300 = {number(needed / there * 100)}%"
    assert said_shares in text(EXPECTED)
    assert f"= {number(needed / there * 100)} %" in text(EXPECTED)
    assert needed / (8 * 40) * 100 == Fraction("37.5"), "the mistake that a feedback names"


def test_the_talk_takes_twenty_minutes():
    rows = re.findall(r"^\| (\d+) \| [^|]+ \| \"", text(EXPECTED), re.MULTILINE)
    assert sum(map(int, rows)) == 20


def test_the_predicates_of_six_people():
    found = Counter()
    for name in "ABCDEF":
        result, behaviour, said_predicate = table_row(RATED, name, 4)
        assert said_predicate == predicate(result, behaviour)
        found[said_predicate] += 1
    order = ["Sangat Baik", "Baik", "Butuh Perbaikan", "Kurang", "Sangat Kurang"]
    assert ", ".join(f"{one} {found[one]}" for one in order) in text(RATED)
    assert f"Jumlah {sum(found.values())}." in text(RATED)


def test_the_drawing_and_the_description_of_the_quadrant():
    drawing = text("media/kuadran.svg")
    words = re.findall(r">([^<>]+)</text>", drawing)
    shown = " ".join(words)
    for row in QUADRANT.values():
        assert " ".join(row) in shown
    assert shown.index("Kurang Baik Sangat Baik") < shown.index("Kurang Baik Baik") < shown.index("Sangat Kurang Butuh")
    assert "Hasil di atas: Kurang, Baik, Sangat Baik. Hasil sesuai: Kurang, Baik, Baik." in text(RATED)


def test_the_point_to_report_at():
    page = text(DELEGATED)
    houses, a_day = 48 + 36 + 60, 2 * 12
    planned = Fraction(houses, a_day)
    assert f"48 + 36 + 60 = **{houses} rumah**" in page
    assert f"144 : 24 = **{number(planned)} hari**" in page
    assert f"tenggat {number(planned + 2)} hari" in page
    assert f"2 × 24 = {2 * a_day} rumah" in page
    left, pace = houses - 36, Fraction(36, 2)
    assert f"**36**, atau {number(pace)} sehari" in page
    assert f"144 − 36 = {left} rumah" in page
    assert f"108 : 18 = {number(left / pace)} hari lagi" in page
    assert 2 + left / pace == planned + 2 == 8, "the reserve is used up, the deadline just kept"
    with_one_more = pace / 2 * 3
    assert f"{number(with_one_more)} rumah sehari dan 108 : 27 = **{number(left / with_one_more)} hari** lagi" in page


@pytest.mark.parametrize("way", ["Nomor urut", "Kampung dan nama"])
def test_how_long_files_are_looked_for(way):
    times, total, mean, within = table_column(COACHED, way, 3)
    found = numbers(times)
    assert len(found) == 10
    assert total == str(sum(found))
    assert mean == number(Fraction(sum(found), len(found)), 1)
    assert within == f"{sum(one <= 5 for one in found)} dari {len(found)}"


def test_problems_by_urgency_seriousness_and_growth():
    names = ["Berkas hilang", "Atap gudang arsip bocor", "Antrean hari perahu", "Kursi tunggu rusak"]
    sums = []
    for name in names:
        *marks, total = table_row(ANALYSED, name, 5)
        assert int(total) == sum(map(int, marks))
        sums.append(int(total))
    assert sums == sorted(sums, reverse=True)


MARKS = {"A": (4, 3, 5), "B": (5, 4, 2), "C": (1, 4, 5)}


def test_the_matrix():
    page = text(ANALYSED)
    weights = (40, 30, 30)
    assert table_row(ANALYSED, "Nilai", 4) == [number(weighted(weights, MARKS[one]), 1) for one in "ABC"]
    for name, marks in MARKS.items():
        parts = [Fraction(weight * mark, 100) for weight, mark in zip(weights, marks, strict=True)]
        products = " + ".join(f"{mark} × 0,{weight // 10}" for weight, mark in zip(weights, marks, strict=True))
        assert f"{name}: {products} = {' + '.join(number(one, 1) for one in parts)} = {number(sum(parts), 1)}" in page
        for column, row in enumerate(("Manfaat bagi warga (40)", "Risiko (30)", "Biaya (30)")):
            assert table_row(ANALYSED, row, 4)["ABC".index(name)] == str(marks[column])


def test_the_matrix_with_other_weights():
    for weights in ((40, 30, 30), (50, 25, 25), (60, 20, 20)):
        found = table_row(ANALYSED, " : ".join(map(str, weights)), 3)
        assert found == [number(weighted(weights, MARKS[one]), 1) for one in "AB"]
    for weight in range(2, 100, 2):
        rest = (100 - weight) // 2
        wins = weighted((weight, rest, rest), MARKS["A"]) > weighted((weight, rest, rest), MARKS["B"])
        assert wins == (weight < 50)


def test_copying_after_the_network_is_back():
    files = 3 * 5 * 14
    minutes = files * 6
    assert f"3 × 5 × 14 = **{files} berkas**" in text(DECIDED)
    assert f"210 × 6 = {number(minutes)} menit = **{number(Fraction(minutes, 60))} jam**" in text(DECIDED)
    assert f"21 : 3 = **{number(Fraction(minutes, 60) / 3)} hari kerja**" in text(DECIDED)


def test_working_days_in_the_module():
    start = date(2026, 10, 5)
    days = [working_day(start, count) for count in range(1, 6)]
    assert f"diterima {said(start)}" in text(DECIDED)
    assert f"{', '.join(str(one.day) for one in days[:4])}, lalu {days[4].day} Oktober" in text(DECIDED)
    assert f"**{said(days[4])}**" in text(DECIDED)
    start = date(2026, 10, 6)
    days = [working_day(start, count) for count in range(1, 6)]
    assert f"lengkap pada {said(start)}" in text(DECIDED)
    assert f"- [x] {said(days[4])}" in text(DECIDED)
    assert f"Tepat: {', '.join(str(one.day) for one in days)} Oktober" in text(DECIDED)
    assert f"- [ ] {said(start + timedelta(days=5))}" in text(DECIDED)
    assert f"- [ ] {said(days[3])}" in text(DECIDED)


def test_waiting_before_and_after():
    means = []
    for when in ("Awal", "Hari ke-60"):
        times, total, mean, within = table_column(CHANGED, when, 3)
        found = numbers(times)
        assert len(found) == 10
        assert (total, mean) == (str(sum(found)), number(Fraction(sum(found), 10)))
        assert within == f"{sum(one <= 30 for one in found)} dari 10"
        means.append(Fraction(sum(found), 10))
    before, after = means
    less = before - after
    assert f"45 − 27 = {number(less)} menit" in text(CHANGED)
    assert f"18 : 45 = **{number(less / before * 100)}%**" in text(CHANGED)
    assert f"18 : 27 = {number(less / after * 100, 1)}%" in text(CHANGED)


def test_a_fall_to_check_oneself_with():
    before, after = 24, 18
    less = before - after
    page = text(CHANGED)
    assert f"{before} − {after} = {less}, dan {less} : {before} = {number(Fraction(less, before) * 100)}%" in page
    assert f"= {number(Fraction(less, before) * 100)} %" in page
    assert f"= {number(Fraction(less, after) * 100, 1).replace(',', '.')} {{0%}}" in page
    assert f"= {number(Fraction(less, 60) * 100)} {{0%}}" in page


def test_the_graph_of_waiting():
    weeks = [int(one) for one in re.search(r"delapan pekan: ([\d, ]+), lalu 27", text(CHANGED))[1].split(", ")] + [27]
    assert len(weeks) == 9
    drawn = re.findall(r'<circle cx="(\d+)" cy="([\d.]+)"', text("media/grafik-tunggu.svg"))
    assert [round(20 + (220 - float(y)) / 190 * 30) for _x, y in drawn] == weeks
    assert next(week for week, value in enumerate(weeks) if value <= 30) == 6
    assert [week for week in range(1, 9) if weeks[week] > weeks[week - 1]] == [3]


def test_the_worked_paper():
    page = text(TASK)
    reasons = [5, 2, 1]
    returned = sum(reasons)
    assert returned == 8
    assert f"8 : 20 = {number(Fraction(returned, 20) * 100)}%" in page
    visits = [12 * 1, 6 * 2, 2 * 3]
    assert 12 + 6 + 2 == 20
    assert f"{' + '.join(map(str, visits))} = {sum(visits)} kunjungan" in page
    assert f"30 : 20 = {number(Fraction(sum(visits), 20), 1)}" in page
    assert f"3 dari 20 berkas kembali ({number(Fraction(3, 20) * 100)}%)" in page
    for start, marks in (("A. Papan", (4, 4, 4)), ("B. Petugas", (5, 3, 1)), ("C. Tetap", (1, 4, 5))):
        line = next(line for line in page.splitlines() if line.startswith(f"| {start}"))
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        assert cells[1:] == [*map(str, marks), number(weighted((50, 20, 30), marks), 1)]
    assert number(weighted((70, 15, 15), (4, 4, 4)), 1) == "4,0"
    assert f"B menjadi {number(weighted((70, 15, 15), (5, 3, 1)), 1)}" in page
    assert date(2026, 12, 1) + timedelta(days=59) == date(2027, 1, 29)
    minutes = [int(one) for one in re.findall(r"^\d\. \*\*[^*]+\*\* \((\d+) menit\)", page, re.MULTILINE)]
    assert len(minutes) == 7
    assert sum(minutes) == next(item.practice_minutes for item in COURSE.items if item.path == TASK)


def test_the_minutes_of_practice_are_those_of_its_steps():
    for path in (EXEMPLARY, EXPECTED, RATED, DELEGATED, COACHED, ANALYSED, DECIDED, CHANGED):
        practice = text(path).split("## Praktik di kantor")[1].split("\n## ")[0]
        head, body = practice.split("\n", 1)
        steps = [int(one) for one in re.findall(r"\((\d+) menit", body)]
        said_minutes = next(item.practice_minutes for item in COURSE.items if item.path == path)
        assert int(re.search(r"\((\d+) menit\)", head)[1]) == sum(steps) == said_minutes, path


# Keys


def test_keys_that_are_reckoned():
    assert key_of("tel-beban") == {(Fraction(60, 5) - Fraction(60, 6)) * 4}
    assert mistakes_of("tel-beban") == {Fraction(60, 5) - Fraction(60, 6), Fraction(60, 5) * 4}
    assert key_of("kin-kurang") == {Fraction(90, 100) * 240 - 204}
    assert mistakes_of("kin-kurang") == {Fraction(240 - 204), 90 - Fraction(204, 240) * 100}
    visits = Fraction(85, 100) * 14 * 3
    assert key_of("kin-bulat") == {Fraction(ceil(visits))}
    assert {visits, Fraction(int(visits)), Fraction(ceil(visits / 3))} == mistakes_of("kin-bulat")
    hours = Fraction(180 * 40, 60)
    assert key_of("kin-muat") == {hours / (10 * WEEK_HOURS) * 100, hours / (10 * WEEK_HOURS)}
    assert mistakes_of("kin-muat") == {hours / (10 * 40) * 100, hours}
    assert key_of("pra-sasaran") == {Fraction(85, 100) * 160 - 121}
    assert mistakes_of("pra-sasaran") == {Fraction(160 - 121)}
    assert key_of("pas-sasaran") == {Fraction(95, 100) * 180 - 158}
    assert mistakes_of("pas-sasaran") == {Fraction(180 - 158)}


def test_keys_of_teams():
    pace = Fraction(50, 2)
    left = (150 - 50) / pace
    assert key_of("tim-titik-lapor") == {2 + left}
    assert mistakes_of("tim-titik-lapor") == {left, Fraction(150, 3 * 10)}
    times = numbers(QUESTIONS["tim-rata"].stem.source.split("memakan")[1].split("menit")[0])
    share = Fraction(sum(one <= 5 for one in times), len(times))
    assert len(times) == 8
    assert key_of("tim-rata") == {share * 100, share}
    strictly = Fraction(sum(one < 5 for one in times), len(times))
    assert mistakes_of("tim-rata") == {strictly * 100, Fraction(sum(times), len(times))}


def test_keys_that_count_what_a_module_lists():
    managerial = re.search(r"PermenPANRB Nomor 38 Tahun 2017: ([^.]+)\.", text(EXEMPLARY))[1]
    names = re.split(r", dan |, ", managerial)
    assert len(names) == 8
    fallen = dict(re.findall(r"^- \*\*([\w ]+)\.\*\* Tampak: .+ Runtuh: (.+)\.$", text(EXEMPLARY), re.MULTILINE))
    assert len(fallen) == 7
    assert {one.text.source for one in QUESTIONS["tel-baris"].partners} < set(fallen)
    assert {one.text.source for one in keys_of(QUESTIONS["tel-kompetensi"])} < set(names)
    agreed = text(DELEGATED).split("## Lembar delegasi")[1].split("| --- | --- |\n")[1].split("\n\n")[0].splitlines()
    assert len(agreed) == 6
    named = {"Hasil akhir", "Sumber daya", "Tenggat"}
    assert key_of("tim-lembar") == {Fraction(sum(line.strip("| ").split(" |")[0] in named for line in agreed))}
    paper = re.findall(
        r"^\d\. \*\*(\w+)", text(ANALYSED).split("## Nota keputusan")[1].split("## Praktik")[0], re.MULTILINE
    )
    assert len(paper) == 8
    missing = {one.text.source.split()[0].rstrip(":") for one in keys_of(QUESTIONS["kep-nota"])}
    assert missing == set(paper) - {"Masalah", "Fakta", "Pilihan", "Usul", "Batas"}
    principles = re.findall(
        r"^\| ([^|]+) \|", text(DECIDED).split("## Delapan asas")[1].split("## Diskresi")[0], re.MULTILINE
    )
    for one in QUESTIONS["kep-asas"].offered:
        assert one.is_correct == (one.text.source in principles)


def test_keys_of_decisions():
    sums = {name: sum(numbers(marks)) for name, marks in re.findall(
        r"([a-z ]+) (\(\d, \d, \d\))", QUESTIONS["kep-usg"].stem.source)}  # fmt: skip
    first, second, _last = sorted(sums.values(), reverse=True)
    assert len(sums) == 3
    assert key_of("kep-usg") == {first}
    assert mistakes_of("kep-usg") == {second, 5 * 5 * 3}
    for name, weights, marks in (
        ("kep-matriks", (50, 20, 30), (3, 4, 5)),
        ("pra-matriks", (40, 30, 30), (5, 2, 4)),
        ("pas-matriks", (50, 30, 20), (4, 2, 5)),
    ):
        assert key_of(name) == {weighted(weights, marks)}
        assert sum(marks) in mistakes_of(name)
        stem = numbers(QUESTIONS[name].stem.source)
        assert tuple(stem[:3]) == weights
        assert tuple(stem[3:6]) == marks
    p, q = [Fraction(39, 10)] * 3, [Fraction(37, 10), Fraction(39, 10), Fraction(41, 10)]
    assert sum(p) == sum(q), "their means are the same, as one feedback says"
    assert p[0] > q[0]
    assert p[2] < q[2]
    assert p[1] == q[1], "they meet at 50, so P is ahead at the 45 of the question"


def test_keys_of_the_cases():
    before, after = (numbers(table_row(CASES, when, 2)[0]) for when in ("Awal", "Hari ke-60"))
    assert len(before) == len(after) == 8
    means = Fraction(sum(before), 8), Fraction(sum(after), 8)
    less = means[0] - means[1]
    assert f"{sum(before)} : 8 = {number(means[0])}; {sum(after)} : 8 = {number(means[1])}" in text(CASES)
    assert key_of("kas-turun") == {less / means[0] * 100, less / means[0]}
    assert mistakes_of("kas-turun") == {less, Fraction(number(less / means[1] * 100, 1).replace(",", "."))}
    within = Fraction(sum(one <= 45 for one in after), 8)
    assert key_of("kas-sasaran") == {within * 100, within}
    assert mistakes_of("kas-sasaran") == {Fraction(100), (1 - within) * 100}
    hours = Fraction(10 * 24 * 5, 60)
    assert key_of("kas-salin") == {hours / 4}
    assert mistakes_of("kas-salin") == {hours / 2, hours}


def test_keys_of_the_quadrant():
    for name in ("kin-jodoh-kuadran", "pra-kuadran", "pas-kuadran"):
        pairs = matched(name)
        assert len(pairs) >= 3
        for ratings, found in pairs.items():
            result, behaviour = re.fullmatch(r"Hasil (.+), perilaku (.+)", ratings).groups()
            assert found == predicate(result, behaviour)
    stem = QUESTIONS["kin-rekap"].stem.source
    ratings = re.findall(r"[PQRS] \(([a-z ]+), ([a-z ]+)\)", stem)
    assert len(ratings) == 4
    assert key_of("kin-rekap") == {sum(predicate(*one) == "Baik" for one in ratings)}
    case = QUESTIONS["kas-isi-kuadran"]
    assert isinstance(case, Gaps)
    assert [gap.accepted[0] for gap in case.gaps] == [
        predicate("di atas", "di bawah"),
        predicate("di bawah", "di bawah"),
    ]
    (key,) = keys_of(QUESTIONS["kin-sel"])
    assert key.text.source == predicate("di atas", "sesuai")


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("kep-tanggal", date(2026, 10, 19)),
        ("pra-tanggal", date(2026, 11, 4)),
        ("pas-tanggal", date(2026, 11, 12)),
    ],
)
def test_keys_that_are_days(name, start):
    question = QUESTIONS[name]
    assert said(start) in question.stem.source
    (key,) = keys_of(question)
    assert key.text.source == said(working_day(start, 5))
    mistakes = {said(day) for day in (
        start + timedelta(days=5), working_day(start, 4), start + timedelta(days=10), working_day(start, 10),
    )}  # fmt: skip
    assert {one.text.source for one in question.offered if not one.is_correct} <= mistakes


# The files to take along


def test_the_workbooks_reckon_as_the_course_does():
    matrix = openpyxl.load_workbook(FOLDER / "media/matriks-keputusan.xlsx", data_only=True)["Matriks"]
    assert [matrix[f"{column}8"].value for column in "CDE"] == [
        float(weighted((40, 30, 30), MARKS[one])) for one in "ABC"
    ]
    for row in (12, 13, 14):
        weights = tuple(matrix.cell(row, column).value for column in (1, 2, 3))
        found = [matrix.cell(row, column).value for column in (4, 5, 6)]
        assert found == [float(weighted(weights, MARKS[one])) for one in "ABC"]
    sheet = openpyxl.load_workbook(FOLDER / "media/catatan-umpan-balik.xlsx", data_only=True)["Kuadran"]
    for row in range(5, 11):
        assert sheet.cell(row, 4).value == predicate(sheet.cell(row, 2).value, sheet.cell(row, 3).value)


# The questions as a whole


def test_every_question_can_be_found_again():
    assert len(QUESTIONS) == sum(len(quiz.asked) for quiz in QUIZZES) >= 60
    for question in QUESTIONS.values():
        assert question.tags, question.id
        assert question.objective, question.id
        assert question.difficulty, question.id


def test_the_right_choice_does_not_give_itself_away():
    places: Counter[int] = Counter()
    longest = shortest = 0
    chance = Fraction(0)
    for question in QUESTIONS.values():
        keys = keys_of(question)
        if len(keys) != 1 or len(question.offered) < 3:
            continue
        lengths = [length(one) for one in question.offered]
        place = question.offered.index(keys[0])
        others = lengths[:place] + lengths[place + 1 :]
        longest += lengths[place] > max(others)
        shortest += lengths[place] < min(others)
        chance += Fraction(1, len(lengths))
        places[place] += 1
    assert longest <= chance
    assert shortest <= chance
    assert max(places.values()) - min(places.values()) <= 3


def test_statements_are_true_about_as_often_as_false():
    keys = Counter(question.is_true for question in QUESTIONS.values() if isinstance(question, TrueFalse))
    assert abs(keys[True] - keys[False]) <= 1


def test_pools_hold_a_second_attempt():
    for quiz in QUIZZES:
        for key, drawn in (quiz.draw or {}).items():
            there = sum(key.removeprefix("#") in question.tags for question in quiz.asked)
            assert there >= 2 * drawn, quiz.path


def test_weights_add_up():
    *_, total = accumulate(item.weight or 0 for item in COURSE.items)
    assert total == 100
