"""The numbers of the course on public service: each is reckoned here from data of its own files, and looked up."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
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
from lms.lib.typed_numbers import read_number

FOLDER = Path(__file__).parents[2] / "content" / "pelayanan-publik"
FILES = {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in FOLDER.rglob("*") if path.is_file()}
COURSE, _PROBLEMS = read_course("pelayanan-publik", FILES)
assert COURSE is not None
QUIZZES = [item for item in COURSE.items if isinstance(item, Quiz)]
QUESTIONS = {question.id: question for quiz in QUIZZES for question in quiz.questions}

SERVED = "01-dasar-pelayanan/01-mengapa-melayani.md"
WRONGED = "01-dasar-pelayanan/01-sepuluh-bentuk.md"
PROMISED = "02-standar-pelayanan/01-menyusun-standar.md"
COUNTED = "02-standar-pelayanan/01-rancangan-ke-forum.md"
WELCOMED = "03-komunikasi-layanan/01-melayani-semua-orang.md"
HEARD = "04-pengelolaan-pengaduan/01-menangani-pengaduan.md"
TIMED = "04-pengelolaan-pengaduan/01-tenggat-dan-pintu.md"
SURVEYED = "05-survei-perbaikan/01-survei-ke-perbaikan.md"
RECKONED = "05-survei-perbaikan/01-tiga-hitungan-ikm.md"
TASK = "05-survei-perbaikan/03-rencana-perbaikan-loket.md"
CASES = "05-survei-perbaikan/02-kuis-terpadu.md"

PASSED_ON, FORMULATED, CLOSED = 3, 5, 10
"""Working days of SP4N-LAPOR!."""
INFORMED, LONGER = 10, 7
"""Working days of UU 14/2008."""
MONTHS = {"Oktober": 10, "November": 11}
WEEKDAYS = ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"]
GRADES = [
    (Fraction("88.31"), "A", "Sangat baik"),
    (Fraction("76.61"), "B", "Baik"),
    (Fraction(65), "C", "Kurang baik"),
    (Fraction(25), "D", "Tidak baik"),
]
ROUGH = Fraction("0.11")


def text(path: str) -> str:
    return FILES[path].decode()


def says(path: str, *parts: str) -> None:
    for part in parts:
        assert part in text(path), f"{path} does not say “{part}”"


def written(value: int | Fraction, decimals: int = 0) -> str:
    """As the course writes it, rounded half up."""
    scaled = int(Fraction(value) * 10**decimals + Fraction(1, 2))
    whole, rest = divmod(scaled, 10**decimals)
    grouped = f"{whole:,}".replace(",", ".")
    return f"{grouped},{rest:0{decimals}d}" if decimals else grouped


def plain(value: Fraction) -> str:
    """With as many decimals as it has, at most four."""
    return written(value, next(n for n in range(5) if (value * 10**n).denominator == 1))


def rounded(value: Fraction, decimals: int = 2) -> Fraction:
    return Fraction(int(value * 10**decimals + Fraction(1, 2)), 10**decimals)


def fraction(said: str) -> Fraction:
    return Fraction(said.strip().strip("*").replace(".", "").replace(",", "."))


def numbers(said: str) -> list[int]:
    return [int(one.replace(".", "")) for one in re.findall(r"\d+(?:\.\d{3})*", said)]


def rows(source: str, columns: int) -> list[list[str]]:
    found = []
    for line in source.splitlines():
        cells = [cell.strip().strip("*") for cell in line.strip().strip("|").split("|")]
        if line.strip().startswith("|") and len(cells) == columns and set("".join(cells)) - set("-: "):
            found.append(cells)
    return found


def part(path: str, begin: str, end: str) -> str:
    _before, found, rest = text(path).partition(begin)
    assert found, (path, begin)
    return rest.partition(end)[0]


def stem(name: str) -> str:
    return QUESTIONS[name].stem.source


def key_of(name: str) -> Fraction:
    """What earns all points: the first such line."""
    question = QUESTIONS[name]
    assert isinstance(question, Number)
    return next((one.least + one.most) / 2 for one in question.accepted if one.share == 1)


def mistakes_of(name: str) -> set[Fraction]:
    question = QUESTIONS[name]
    assert isinstance(question, Number)
    return {(one.least + one.most) / 2 for one in question.accepted if one.share == 0}


def option_key(name: str) -> str:
    (key,) = keys_of(QUESTIONS[name])
    return key.text.source


def partners(name: str) -> dict[str, str]:
    question = QUESTIONS[name]
    assert isinstance(question, Match)
    shown = {one.id: one.text.source for one in question.partners}
    return {row.text.source: shown[row.partner] for row in question.rows}


def working_day(start: date, count: int, holidays: Iterable[date] = ()) -> date:
    """The day after ``count`` working days, the first of which is the next one."""
    off, day = set(holidays), start
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5 and day not in off
    return day


def spoken(day: date) -> str:
    month = next(name for name, number in MONTHS.items() if number == day.month)
    return f"{WEEKDAYS[day.weekday()]}, {day.day} {month}"


def days_in(source: str) -> list[date]:
    """Days of 2026 with their weekday, which must be the right one."""
    found = []
    for weekday, day, month in re.findall(rf"({'|'.join(WEEKDAYS)}), (\d+) ({'|'.join(MONTHS)})", source):
        one = date(2026, MONTHS[month], int(day))
        assert WEEKDAYS[one.weekday()] == weekday, one
        found.append(one)
    return found


def index(total: Fraction, weight: Fraction = Fraction(1, 9)) -> Fraction:
    return rounded(total * weight * 25)


def grade(value: Fraction) -> str:
    return next(letter for least, letter, _word in GRADES if value >= least)


def promise(days: list[int]) -> int:
    """The fewest days that nine of ten files keep to."""
    return sorted(days)[ceil(Fraction(9, 10) * len(days)) - 1]


def minutes_of(clock: str) -> int:
    hour, minute = clock.split(".")
    return int(hour) * 60 + int(minute)


def waiting(number: int, minutes: int, counters: int = 1) -> int:
    return (number - 1) // counters * minutes


# What is said in the modules


def test_counts_of_the_law_are_those_of_the_tables():
    principles = rows(part(SERVED, "| Asas | Tanyakan |", "\n\n"), 2)
    assert len(principles) == 12
    says(SERVED, "**dua belas asas**", "**sembilan hak masyarakat**", "**dua belas kewajiban penyelenggara**")
    named = re.search(r"paling sedikit enam kegiatan: (.+?)\.", text(SERVED))
    assert named
    assert len(re.split(r", dan |, ", named[1])) == 6
    assert len(rows(part(WRONGED, "| Bentuk | Pembeda praktis di loket |", "\n\n"), 2)) == 10
    assert len(re.findall(r"^\d\. ", part(WRONGED, "perbuatan yang:", "dan **menimbulkan"), re.MULTILINE)) == 4
    both = rows(part(PROMISED, "PermenPANRB 15/2014 membaginya dua.", "![Dua"), 2)[1:]
    left, right = ([row[at] for row in both if row[at]] for at in (0, 1))
    assert (len(left), len(right), len(left) + len(right)) == (6, 8, 14)
    elements = rows(part(SURVEYED, "| Unsur | Pertanyaan dengan bahasa warga |", "\n\n"), 2)
    assert [row[0].partition(".")[0] for row in elements] == [str(n) for n in range(1, 10)]
    assert len(rows(part(SURVEYED, "| Bagian | Contoh (rekaan) |", "\n\n"), 2)) == 7


def test_keys_that_count_what_the_law_names():
    assert key_of("dasar-asas") == 12 - 6
    assert mistakes_of("dasar-asas") == {14 - 6, 10 - 6, 9 - 6}
    principles = [row[0] for row in rows(part(SERVED, "| Asas | Tanyakan |", "\n\n"), 2)]
    assert set(partners("dasar-banyak").values()) < set(principles)
    assert key_of("standar-belum") == 14 - 6 - 3
    for name in ("pra-bilangan", "pas-bilangan"):
        for option in QUESTIONS[name].offered:
            assert any(one.startswith(option.text.source) for one in principles), (name, option.text.source)
    left = {row[0] for row in rows(part(PROMISED, "membaginya dua.", "![Dua"), 2)[1:]}
    for name, kind in (("pra-komponen", False), ("pas-komponen", True)):
        for option in QUESTIONS[name].offered:
            is_left = any(option.text.source.casefold() in one for one in left)
            assert option.is_correct == (is_left == kind), (name, option.text.source)
    for component, group in partners("standar-jodoh").items():
        assert (group == "Service delivery") == (component.casefold() in left)
    for option in QUESTIONS["standar-service"].offered:
        assert option.is_correct == (option.text.source.casefold() in left)


def test_what_a_citizen_pays_and_how_long_it_takes():
    fare, *others = (numbers(row[1])[0] for row in rows(part(SERVED, "| Biaya satu kali datang", "\n\n"), 2))
    *others, total = others
    assert fare + sum(others) == total
    says(SERVED, f"12 × Rp{written(total)} = **Rp{written(12 * total)}**")
    way = re.search(r"berangkat (\d\d)\.00, .+ rumah (\d\d)\.00\. Tiga belas jam", text(SERVED))
    assert way
    assert int(way[2]) - int(way[1]) == 13
    assert "13 jam" in text("media/hitungan-warga.svg")
    thousands = [amount // 1000 for amount in numbers(" ".join(re.findall(r"Rp([\d.]+)", stem("dasar-biaya"))))]
    people = int(re.search(r"(\d+) warga", stem("dasar-biaya"))[1])  # type: ignore[index]
    assert len(thousands) == 3
    assert key_of("dasar-biaya") == sum(thousands) * people
    assert mistakes_of("dasar-biaya") == {
        Fraction(sum(thousands[:2]) * people),
        Fraction(2 * sum(thousands) * people),
        Fraction(sum(thousands)),
    }
    out, there, boat, home = (int(h) * 60 + int(m) for h, m in re.findall(r"(\d\d)\.(\d\d)", stem("dasar-jam")))
    assert key_of("dasar-jam") == home - out
    assert mistakes_of("dasar-jam") == {15, boat - out, home - there}


def test_two_weeks_of_the_counter_book():
    *kinds, total = (int(row[1]) for row in rows(part(WRONGED, "| Keadaan | Berkas |", "\n\n"), 2))
    assert sum(kinds) == total
    kept, _told, *risky = kinds
    says(WRONGED, f"{kept} ÷ {total} = **{plain(Fraction(kept * 100, total))}%**")
    says(WRONGED, f"{sum(risky)} ÷ {total} = **{plain(Fraction(sum(risky) * 100, total))}%**")
    most = [numbers(one)[0] for one in re.findall(r"\*\*([\d.]+)\*\*", part(WRONGED, "Untuk 2023", "Mungkin Anda"))]
    says(WRONGED, f"berjumlah {written(sum(most))}", f"({written(Fraction(most[0] * 100, sum(most)), 1)}%)")
    assert most == sorted(most, reverse=True)
    total, kept, told, silent, returned = numbers(stem("bentuk-agenda"))
    assert kept + told + silent + returned == total
    assert key_of("bentuk-agenda") == Fraction((silent + returned) * 100, total)
    assert mistakes_of("bentuk-agenda") == {
        Fraction((total - kept) * 100, total),
        Fraction(silent + returned),
        Fraction(kept * 100, total),
    }


def test_a_promise_that_nine_of_ten_files_keep():
    says(PROMISED, "Sepuluh berkas selesai dalam ")
    days = numbers(part(PROMISED, "Sepuluh berkas selesai dalam ", "hari."))
    assert len(days) == 10
    for cell, kept, _words in rows(part(PROMISED, "| Jika dijanjikan |", "\n\n"), 3):
        limit = numbers(cell)[0]
        assert numbers(kept) == [sum(one <= limit for one in days), 10]
    assert f"| **{promise(days)} hari** |" in text(PROMISED)
    says(PROMISED, f"{sum(days)} ÷ 10 = {plain(Fraction(sum(days), 10))} hari")
    many = [int(day) for day, count in rows(stem("standar-waktu"), 2)[1:] for _one in range(int(count))]
    assert len(many) == 20
    assert key_of("standar-waktu") == promise(many)
    assert mistakes_of("standar-waktu") == {
        Fraction(Counter(many).most_common(1)[0][0]),
        Fraction(sorted(many)[15]),
        Fraction(max(many)),
        Fraction(sum(many), len(many)),
    }
    ten = numbers(stem("standar-ditepati").partition("dalam")[2].partition("hari")[0])
    kept = sum(one <= 3 for one in ten)
    assert len(ten) == 10
    assert key_of("standar-ditepati") == 9 - kept
    assert mistakes_of("standar-ditepati") == {10 - kept, kept}


def test_how_many_people_a_counter_can_serve():
    people = int(re.search(r"daftar (\d+) nama", text(COUNTED))[1])  # type: ignore[index]
    each = int(re.search(r"Satu warga memerlukan (\d+) menit", text(COUNTED))[1])  # type: ignore[index]
    begin, end = map(int, re.search(r"merapat (\d+)\.00 dan kembali (\d+)\.00", text(COUNTED)).groups())  # type: ignore[union-attr]
    open_for = (end - begin) * 60
    says(COUNTED, f"{end - begin} jam = **{open_for} menit**", f"{open_for} ÷ {each} = **{open_for // each} warga**")
    work = people * each
    says(COUNTED, f"{people} × {each} = **{work} menit**, lebih {work - open_for} menit")
    says(COUNTED, f"{work} ÷ 2 = **{work // 2} menit**", "sebelum pukul 13.00")
    assert 10 * 60 + work // 2 < 13 * 60
    says(
        COUNTED, f"(20 − 1) × {each} = **{waiting(20, each)} menit**", f"9 × {each} = **{waiting(20, each, 2)} menit**"
    )
    for minutes in (waiting(20, each), waiting(20, each, 2)):
        assert f"= {minutes} menit" in text("media/dua-loket.svg")
    files, kept = numbers(part(COUNTED, "    Dari ", " selesai tepat waktu").replace("sebulan, ", ""))
    aim = Fraction(9, 10) * files
    says(COUNTED, f"{kept} ÷ {files} = **{written(Fraction(kept * 100, files), 1)}%**")
    says(COUNTED, f"{aim} − {kept} = **{aim - kept} berkas**")
    says(COUNTED, f"= {waiting(11, 8)}\n", f"= {11 * 8} {{0%}}", f"(11 − 1) × 8 = {waiting(11, 8)} menit")


def test_keys_of_the_queue():
    [(begin, end)] = re.findall(r"merapat ([\d.]+) dan kembali ([\d.]+)\.", stem("daya-tiga"))
    open_for = minutes_of(end) - minutes_of(begin)
    each, people = numbers(stem("daya-tiga").partition("memerlukan")[2])[:2]
    assert key_of("daya-tiga") == Fraction(people * each, 3)
    assert mistakes_of("daya-tiga") == {Fraction(people * each), Fraction(open_for, 3), Fraction(open_for)}
    for name, number, minutes, counters in (
        ("daya-tunggu", 16, 7, 1),
        ("daya-dua", 16, 7, 2),
        ("pra-tunggu", 13, 9, 1),
        ("pas-tunggu", 17, 8, 1),
    ):
        assert {number, minutes} <= set(numbers(stem(name))), name
        assert key_of(name) == waiting(number, minutes, counters), name
    assert mistakes_of("daya-tunggu") == {16 * 7, 14 * 7}
    assert mistakes_of("daya-dua") == {Fraction(15 * 7, 2), 8 * 7, 15 * 7}
    assert mistakes_of("pra-tunggu") == {13 * 9}
    assert mistakes_of("pas-tunggu") == {17 * 8}
    files, kept = numbers(stem("daya-tepat"))[:2]
    aim = ceil(Fraction(9, 10) * files)
    assert key_of("daya-tepat") == aim - kept
    assert mistakes_of("daya-tepat") == {Fraction(9, 10) * files - kept, files - kept, aim - 1 - kept}
    hours, minutes, people, each = numbers(stem("daya-kurang"))[:4]
    assert key_of("daya-kurang") == people * each - (hours * 60 + minutes)
    assert mistakes_of("daya-kurang") == {people - (hours * 60 + minutes) // each, people * each}
    people, each, open_for = numbers(stem("daya-loket"))[:3]
    assert key_of("daya-loket") == ceil(Fraction(people * each, open_for))
    assert Fraction(people * each, open_for) in mistakes_of("daya-loket")


def test_boards_and_counters_that_are_tried_out():
    (few, people), (many, same) = re.findall(r"(\d+) dari (\d+)", part(WELCOMED, "Sebelum papan", "Naik"))
    assert people == same
    before, after = (Fraction(int(one) * 100, int(people)) for one in (few, many))
    says(WELCOMED, f"semua syarat: **{before}%**", f"{many} dari {people}: **{after}%**")
    says(WELCOMED, f"{after} − {before} = **{after - before} poin persen**")
    more = int(many) - int(few)
    says(WELCOMED, f"bertambah {more} orang; {more} ÷ {few} = {plain(Fraction(more * 100, int(few)))}%")
    for met in (3, 6):
        says(WELCOMED, f"{met} ÷ 8 = **{plain(Fraction(met * 100, 8))}%**")
    listed = re.search(r"memuat 8 butir: (.+?)\.", text(WELCOMED))
    assert listed
    assert len(listed[1].split(", ")) == 8
    first, all_of_them, second, same = numbers(stem("komunikasi-uji"))
    assert all_of_them == same
    assert key_of("komunikasi-uji") == Fraction((second - first) * 100, same)
    assert mistakes_of("komunikasi-uji") == {Fraction((second - first) * 100, first), second - first}
    each, first, second, share = numbers(stem("akses-butir"))
    aim = Fraction(2 * each * share, 100)
    assert key_of("akses-butir") == aim - (first + second)
    assert mistakes_of("akses-butir") == {2 * each - (first + second), aim - 1 - (first + second)}
    met, of = numbers(stem("akses-persen"))
    assert key_of("akses-persen") == Fraction((met + 2) * 100, of)
    assert mistakes_of("akses-persen") == {Fraction(met * 100, of), Fraction(2 * 100, of)}


def test_causes_of_complaints():
    found = rows(part(HEARD, "| Penyebab | Jumlah |", "\n\n"), 4)
    counts = [int(row[1]) for row in found]
    assert counts == sorted(counts, reverse=True)
    assert sum(counts) == 24
    for n, row in enumerate(found, start=1):
        assert row[2] == f"{written(Fraction(counts[n - 1] * 100, 24), 1)}%"
        assert row[3] in (f"{written(Fraction(sum(counts[:n]) * 100, 24), 1)}%", "100%")
    two = sum(counts[:2])
    says(HEARD, f"{two} ÷ 24 = {written(Fraction(two * 100, 24), 1)}%")
    total, *many = numbers(stem("aduan-pareto"))
    assert sum(many) == total
    assert key_of("aduan-pareto") == Fraction(sum(many[:2]) * 100, total)
    assert mistakes_of("aduan-pareto") == {
        Fraction(many[0] * 100, total),
        Fraction(sum(many[:2])),
        Fraction(sum(many[:3]) * 100, total),
    }
    total, *many = numbers(stem("aduan-teratas").partition("Berapa")[0])
    assert sum(many) == total
    needed = next(n for n in range(1, 7) if Fraction(sum(many[:n]), total) >= Fraction(4, 5))
    assert key_of("aduan-teratas") == needed
    assert mistakes_of("aduan-teratas") == {needed - 1, needed + 1}


def test_deadlines_of_the_module():
    start = date(2026, 10, 5)
    passed_on = working_day(start, PASSED_ON)
    formulated = working_day(passed_on, FORMULATED)
    closed = working_day(formulated, CLOSED)
    informed = working_day(start, INFORMED)
    longer = working_day(informed, LONGER)
    assert spoken(start) in text(TIMED).replace("Senin 5", "Senin, 5")
    for day in (passed_on, formulated, closed, informed, longer):
        assert f"| {spoken(day)} |" in text(TIMED)
    picture = text("media/garis-waktu.svg")
    for day in (start, passed_on, formulated, closed, informed, longer):
        assert f">{day.day}<" in picture
    says(TIMED, *(f"| {count} hari kerja |" for count in (PASSED_ON, FORMULATED, CLOSED, INFORMED, LONGER)))
    off = date(2026, 10, 14)
    assert spoken(off) in text(TIMED)
    says(TIMED, f"= {working_day(date(2026, 10, 12), INFORMED, [off]).day}\n")
    says(TIMED, f"= {working_day(date(2026, 10, 12), INFORMED).day} {{0%}}")
    says(TIMED, f"= {(date(2026, 10, 12) + timedelta(10)).day} {{0%}}")
    days_in(text(TIMED))


def test_keys_that_are_days():
    lapor, info, tutup, panjang = (days_in(stem(f"tenggat-{name}")) for name in ("lapor", "info", "tutup", "panjang"))
    passed_on = working_day(lapor[0], PASSED_ON)
    assert key_of("tenggat-lapor") == working_day(passed_on, FORMULATED).day
    assert mistakes_of("tenggat-lapor") == {
        working_day(lapor[0], FORMULATED).day,
        (lapor[0] + timedelta(PASSED_ON + FORMULATED)).day,
        passed_on.day,
    }
    assert key_of("tenggat-info") == working_day(info[0], INFORMED, info[1:]).day
    assert mistakes_of("tenggat-info") == {
        working_day(info[0], INFORMED).day,
        (info[0] + timedelta(INFORMED)).day,
        working_day(info[0], INFORMED - 1).day,
    }
    assert key_of("tenggat-tutup") == working_day(tutup[0], CLOSED).day
    assert mistakes_of("tenggat-tutup") == {(tutup[0] + timedelta(CLOSED)).day, working_day(tutup[0], 5).day}
    first = working_day(panjang[0], INFORMED)
    assert key_of("tenggat-panjang") == working_day(first, LONGER).day
    assert mistakes_of("tenggat-panjang") == {
        first.day,
        (panjang[0] + timedelta(INFORMED + LONGER)).day,
        (first + timedelta(LONGER)).day,
    }
    for when in ("pra", "pas"):
        [start] = days_in(stem(f"{when}-lapor"))
        assert key_of(f"{when}-lapor") == working_day(start, PASSED_ON).day
        assert mistakes_of(f"{when}-lapor") == {(start + timedelta(3)).day, working_day(start, 5).day}
        [start] = days_in(stem(f"{when}-info"))
        assert key_of(f"{when}-info") == working_day(start, INFORMED).day
        assert mistakes_of(f"{when}-info") == {(start + timedelta(10)).day, working_day(start, 9).day}
    assert partners("tenggat-jodoh") == {
        "Menjawab permintaan informasi": str(INFORMED),
        "Memperpanjang jawaban informasi": str(LONGER),
        "Meneruskan laporan SP4N-LAPOR!": str(PASSED_ON),
        "Atasan PPID menjawab keberatan": "30",
    }
    assert key_of("bentuk-sampai") == 5
    says(WRONGED, "paling lama **5 hari kerja** sejak ditetapkan", "**tiga bulan** tidak dilaksanakan")
    assert key_of("bentuk-sanksi") == 3


def test_every_weekday_of_a_date_is_right():
    for path in FILES:
        if path.endswith(".md"):
            days_in(text(path))


def test_the_survey_of_the_first_module_on_it():
    cells = [cell for row in rows(part(SURVEYED, "| Unsur | Rata-rata |", "\n\n"), 2) for cell in row]
    means = [fraction(cell) for cell in cells if re.fullmatch(r"\d,\d", cell)]
    assert len(means) == 9
    total = sum(means)
    says(SURVEYED, f"Jumlahnya {plain(total)}", f"{plain(total)} ÷ 9 = {plain(total / 9)}")
    says(SURVEYED, f"{plain(total / 9)} × 25 = **{written(index(total), 2)}**, mutu {grade(index(total))} (Baik)")
    low = sorted(means)[:2]
    says(SURVEYED, *(f"**{plain(one)}**" for one in low))
    says(
        SURVEYED,
        f"450 ÷ 5 = **{450 // 5}**",
        f"90 − 9 = **{450 // 5 - 9}** lembar",
        "120 menit",
        "60 menit (turun 50%)",
    )
    says(SURVEYED, f"= {Fraction('3.4') * 25}\n", "masih mutu B")
    assert grade(Fraction(85)) == grade(Fraction(86)) == "B"
    says(SURVEYED, 'Nilai 86 itu mungkin benar, dan mutunya "Baik"')
    people, refused = numbers(stem("survei-lembar"))
    assert "Setiap pengguna keenam" in stem("survei-lembar")
    assert key_of("survei-lembar") == people // 6 - refused
    assert mistakes_of("survei-lembar") == {people // 6, people - refused}
    now, less = numbers(stem("survei-turun"))
    assert key_of("survei-turun") == now * Fraction(100 - less, 100)
    assert mistakes_of("survei-turun") == {now * Fraction(less, 100), now - less}


def test_the_index_from_forty_answers():
    found = rows(part(RECKONED, "| Unsur | Jawaban 4/3/2/1 |", "\n\n"), 3)
    *elements, last = found
    assert len(elements) == 9
    totals, means = [], []
    for name, answers, mean in elements:
        counts = [int(one) for one in answers.split("/")]
        assert sum(counts) == 40, name
        totals.append(sum(count * value for count, value in zip(counts, (4, 3, 2, 1), strict=True)))
        means.append(Fraction(totals[-1], 40))
        assert mean == written(means[-1], 3), name
        shown = written(means[-1], 2)
        assert f">{shown}<" in text("media/sembilan-unsur.svg"), name
    total = sum(means)
    assert last[2] == written(total, 3)
    says(RECKONED, f"{written(total, 3)} ÷ 9 = {written(total / 9, 4)}; × 25 = **{written(index(total), 2)}**")
    says(RECKONED, f"{written(total, 3)} × 0,11 × 25 = **{written(index(total, ROUGH), 2)}**")
    says(RECKONED, "16 + 60 + 28 + 2 = 106; 106 ÷ 40 = 2,650")
    assert [4 * 4, 20 * 3, 14 * 2, 2 * 1] == [16, 60, 28, 2]
    needed = Fraction(82, 25) * 9
    says(RECKONED, f"82 ÷ 25 × 9 = **{plain(needed)}**", f"kurang **{plain(needed - total)}**")
    waits, complaints = means[2], means[7]
    assert sorted(means)[:2] == sorted([waits, complaints])
    rise = needed - total - Fraction(1, 2)
    says(RECKONED, f"dari {written(waits, 3)} menjadi {written(waits + Fraction(1, 2), 3)} (+0,500)")
    says(RECKONED, f"dari {written(complaints, 3)} menjadi {written(complaints + rise, 3)} (+{written(rise, 3)})")
    says(RECKONED, f"{plain(Fraction(80, 25) * 9)}0 − 27,90 = {written(Fraction(80, 25) * 9 - Fraction('27.9'), 2)}")


def test_grades_and_what_two_weights_make_of_them():
    edges = rows(part(RECKONED, "| Nilai IKM | Rata-rata | Mutu | Kinerja |", "\n\n"), 4)
    for (least, letter, word), cells in zip(GRADES, edges, strict=True):
        assert fraction(cells[0].split("–")[0]) == least
        assert cells[2:] == [letter, word]
    for cell in rows(part(RECKONED, "| Jumlah rata-rata | Dengan 1/9 |", "\n\n"), 3):
        total = fraction(cell[0])
        assert cell[1:] == [f"{written(one, 2)} ({grade(one)})" for one in (index(total), index(total, ROUGH))]
    fine, rough = index(Fraction("31.5")), index(Fraction("31.5"), ROUGH)
    says(RECKONED, f"- [x] {written(fine, 2)} dan mutu {grade(fine)}", f"- [ ] {written(rough, 2)} dan mutu B")
    for value, said in partners("ikm-jodoh").items():
        letter = grade(fraction(value))
        assert said == f"{letter} ({next(word for _least, one, word in GRADES if one == letter)})"
    fine, rough = (grade(index(Fraction("27.8"), one)) for one in (Fraction(1, 9), ROUGH))
    assert option_key("ikm-bobot") == f"{fine} dengan 1/9, {rough} dengan 0,11"
    mean = Fraction("3.06")
    assert option_key("ikm-mutu") == f"{written(index(9 * mean), 2)} dengan mutu {grade(index(9 * mean))}"
    for when, value in (("pra", 87), ("pas", 76)):
        assert f"{value},00" in stem(f"{when}-mutu")
        assert option_key(f"{when}-mutu")[0] == grade(Fraction(value))
    assert {"99", "99,00"} <= {one.text for one in QUESTIONS["ikm-tertinggi"].accepted}  # type: ignore[attr-defined]
    assert 4 * 9 * ROUGH * 25 == 99


def test_keys_of_the_index():
    means = [fraction(one) for one in re.findall(r"\d,\d\d", stem("ikm-nilai"))]
    assert len(means) == 9
    assert key_of("ikm-nilai") == index(sum(means))
    assert mistakes_of("ikm-nilai") == {index(sum(means), ROUGH), rounded(sum(means) / 9), sum(means)}
    counts = [int(one) for one in re.findall(r"sebanyak (\d+)", stem("ikm-unsur"))]
    total = sum(count * value for count, value in zip(counts, (4, 3, 2, 1), strict=True))
    assert sum(counts) == 50
    assert key_of("ikm-unsur") == Fraction(total, 50)
    assert mistakes_of("ikm-unsur") == {Fraction(10, 4), Fraction(total, 2), Fraction(total)}
    now = Fraction("28.35")
    assert key_of("ikm-balik") == Fraction(81, 25) * 9 - now
    assert mistakes_of("ikm-balik") == {81 - index(now), (Fraction(81, 25) * 9 - now) / 9}
    for when in ("pra", "pas"):
        total = fraction(re.search(r"\d\d,\d", stem(f"{when}-ikm"))[0])  # type: ignore[index]
        assert key_of(f"{when}-ikm") == index(total)
        assert mistakes_of(f"{when}-ikm") == {index(total, ROUGH), total / 9, total * Fraction(5, 2)}


# The cases and the task


def test_keys_of_the_first_case():
    case = stem("kasus-puskesmas")
    people, each = map(int, re.search(r"datang (\d+) pasien; loket obat memerlukan (\d+) menit", case).groups())  # type: ignore[union-attr]
    [(begin, end)] = re.findall(r"pukul ([\d.]+) dan kembali pukul ([\d.]+) ", case)
    open_for = minutes_of(end) - minutes_of(begin)
    assert key_of("kasus-kurang") == people * each - open_for
    assert mistakes_of("kasus-kurang") == {people - open_for // each, people * each}
    assert key_of("kasus-tunggu") == waiting(25, each, 2)
    assert mistakes_of("kasus-tunggu") == {Fraction(25 * each, 2), 13 * each, waiting(25, each)}
    causes = numbers(re.search(r"obat habis .+?\.", case)[0])  # type: ignore[index]
    assert sum(causes) == 20
    assert key_of("kasus-pareto") == Fraction(sum(causes[:2]) * 100, 20)
    assert mistakes_of("kasus-pareto") == {Fraction(causes[0] * 100, 20), sum(causes[:2])}
    [day] = days_in(case)
    gaps = QUESTIONS["kasus-lapor"]
    assert isinstance(gaps, Gaps)
    assert gaps.gaps[1].accepted[0] == str(working_day(day, PASSED_ON).day)


def test_keys_of_the_second_case():
    case = stem("kasus-distrik")
    means = [fraction(one) for one in re.findall(r"\d,\d\d", case)]
    assert len(means) == 9
    total = sum(means)
    assert key_of("kasus-ikm") == index(total)
    assert mistakes_of("kasus-ikm") == {index(total, ROUGH), total}
    assert grade(index(total)) == "B"
    assert option_key("kasus-spanduk") == '"Mutu pelayanan B, baik"'
    needed = Fraction(80, 25) * 9 - total
    assert key_of("kasus-balik") == needed
    assert mistakes_of("kasus-balik") == {80 - index(total), rounded(needed / 9)}
    start, off = days_in(case)
    assert key_of("kasus-info") == working_day(start, INFORMED, [off]).day
    assert mistakes_of("kasus-info") == {working_day(start, INFORMED).day, (start + timedelta(10)).day}


def test_model_answer_of_the_task():
    *kinds, total = (int(row[1]) for row in rows(part(TASK, "| Keadaan | Berkas |", "\n\n"), 2))
    assert sum(kinds) == total == 12
    back = sum(kinds[1:])
    says(TASK, f"Lima dari {total} berkas dikembalikan ({written(Fraction(back * 100, total), 1)}%)")
    says(TASK, f"3 × Rp150.000 = Rp{written(3 * 150_000)}")
    for count in (back, 1):
        says(TASK, f"{count} ÷ {total} = {written(Fraction(count * 100, total), 1)}%")
    steps = [int(one) for one in re.findall(r"\((\d+) menit\)", part(TASK, "## Langkah", "## Yang dikumpulkan"))]
    assert sum(steps) == next(item.practice_minutes for item in COURSE.items if item.type == "assignment")


def test_steps_of_the_practice_take_what_the_module_says():
    for item in COURSE.items:
        if item.type == "module":
            practice = re.search(
                r"^## Praktik di kantor \((\d+) menit\)$(.+?)^## ", text(item.path), re.MULTILINE | re.DOTALL
            )
            assert practice, item.slug
            steps = [int(one) for one in re.findall(r"\*\*(\d+) menit\.\*\*", practice[2])]
            assert sum(steps) == int(practice[1]) == item.practice_minutes, item.slug


# The files to take along


def values_of(name: str, sheet: str):
    return openpyxl.load_workbook(FOLDER / "media" / name, data_only=True)[sheet]


def test_the_workbooks_reckon_as_the_course_does():
    survey = values_of("lembar-skm.xlsx", "SKM")
    total = sum(
        Fraction(sum(survey.cell(row, column).value * (6 - column) for column in range(2, 6)), 40)
        for row in range(5, 14)
    )
    assert survey["H15"].value == float(total)
    assert [survey[f"H{row}"].value for row in (16, 17)] == [float(index(total)), grade(index(total))]
    assert [survey[f"H{row}"].value for row in (18, 19)] == [float(index(total, ROUGH)), grade(index(total, ROUGH))]
    assert survey["H21"].value == pytest.approx(float(Fraction(82, 25) * 9))
    assert survey["H22"].value == pytest.approx(float(Fraction(82, 25) * 9 - total))
    days = values_of("lembar-standar.xlsx", "Waktu")
    assert days["B16"].value == promise([days.cell(row, 2).value for row in range(5, 15)])
    counter = values_of("hitung-loket.xlsx", "Daya loket")
    open_for, each, counters, people, number = (counter.cell(row, 2).value for row in range(4, 9))
    assert [counter.cell(row, 2).value for row in range(9, 15)] == [
        open_for // each * counters,
        people * each,
        people * each / counters,
        people * each / counters - open_for,
        (number - 1) // counters,
        waiting(number, each, counters),
    ]
    causes = values_of("buku-pengaduan.xlsx", "Pareto")
    counts = [causes.cell(row, 2).value for row in range(5, 10)]
    for at in range(5):
        assert causes.cell(5 + at, 4).value == pytest.approx(sum(counts[: at + 1]) / sum(counts))
    deadlines = values_of("register-tenggat.xlsx", "Tenggat")
    start = date(2026, 10, 5)
    first = working_day(start, PASSED_ON)
    informed = working_day(start, INFORMED)
    assert [deadlines.cell(row, 4).value.date() for row in range(5, 11)] == [
        first,
        working_day(first, FORMULATED),
        working_day(working_day(first, FORMULATED), CLOSED),
        informed,
        working_day(informed, LONGER),
        working_day(start, 5),
    ]


def test_every_module_has_something_to_look_at_and_to_take_along():
    for item in COURSE.items:
        if item.type == "module":
            source = text(item.path)
            assert re.search(r"^!\[.{40,}\]\(\.\./media/[a-z-]+\.svg\)", source, re.MULTILINE), item.slug
            assert re.search(r"\]\(\.\./media/[a-z-]+\.(?:xlsx|docx)\)", source), item.slug
            assert "## Yang dapat Anda lakukan besok" in source, item.slug
            assert len(re.findall(r"^```question", source, re.MULTILINE)) >= 2, item.slug
            assert re.search(r"^\[\^[a-z]+\]: ", source, re.MULTILINE), item.slug
    used = "".join(text(path) for path in FILES if path.endswith(".md"))
    assert [path for path in FILES if path.startswith("media/") and f"../{path}" not in used] == []


# The questions as a whole


def test_questions_can_be_found_and_drawn():
    asked = [one for quiz in QUIZZES for one in quiz.asked]
    assert len(asked) >= 110
    assert len({one.id for one in asked}) == len(asked)
    assert all(one.tags and one.objective and one.difficulty for one in asked)
    assert {one.kind for one in asked} >= {"choice", "true_false", "number", "short_answer", "order", "match", "gaps"}
    assert sum(item.weight or 0 for item in COURSE.items) == 100


def test_each_of_three_attempts_finds_questions_of_its_own():
    drawing = [quiz for quiz in QUIZZES if quiz.draw]
    assert len(drawing) == 5
    for quiz in drawing:
        assert quiz.draw is not None
        assert sum(quiz.draw.values()) == 6
        for key, drawn in quiz.draw.items():
            there = sum(key.removeprefix("#") in question.tags for question in quiz.asked)
            assert there >= 3 * drawn, (quiz.slug, key)


def test_the_right_choice_does_not_give_itself_away():
    places: Counter[int] = Counter()
    longest = shortest = 0
    chance = Fraction(0)
    for quiz in QUIZZES:
        for question in quiz.asked:
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


def test_several_right_choices_are_not_the_longer_ones():
    right = wrong = Fraction(0)
    for quiz in QUIZZES:
        for question in quiz.asked:
            keys = keys_of(question)
            if len(keys) > 1:
                others = [one for one in question.offered if not one.is_correct]
                right += Fraction(sum(map(length, keys)), len(keys))
                wrong += Fraction(sum(map(length, others)), len(others))
    assert right <= wrong * Fraction(6, 5)


def test_statements_are_true_about_as_often_as_false():
    keys = Counter(question.is_true for question in QUESTIONS.values() if isinstance(question, TrueFalse))
    assert abs(keys[True] - keys[False]) <= 1


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("dasar-biaya", "4.950"),
        ("dasar-biaya", "Rp4.950.000"),
        ("dasar-biaya", "4,95 juta"),
        ("daya-tiga", "2 jam"),
        ("aduan-pareto", "60%"),
        ("ikm-nilai", "77,75"),
        ("ikm-balik", "0,81"),
        ("tenggat-lapor", "13 November"),
        ("kasus-ikm", "79,03"),
    ],
)
def test_what_learners_type_is_taken(name, typed):
    assert read_number(typed) is not None
    assert QUESTIONS[name].score(typed) == 1
