"""The numbers of the course on information technology are worked out here and looked up in its text."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from statistics import median

import pytest
from python_calamine import CalamineWorkbook

COURSE = Path(__file__).parents[2] / "content" / "teknologi-informasi"
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = {11: "November", 12: "Desember"}

Row = tuple[str, str, int, str]
TWELVE: tuple[Row, ...] = (
    ("A", "Domisili", 1, "Selesai"),
    ("A", "Domisili", 2, "Selesai"),
    ("B", "Usaha", 4, "Selesai"),
    ("C", "Domisili", 3, "Selesai"),
    ("B", "Usaha", 6, "Kembali"),
    ("A", "Usaha", 2, "Selesai"),
    ("C", "Usaha", 5, "Selesai"),
    ("B", "Domisili", 2, "Selesai"),
    ("C", "Domisili", 9, "Kembali"),
    ("A", "Domisili", 1, "Selesai"),
    ("B", "Domisili", 3, "Selesai"),
    ("C", "Usaha", 4, "Selesai"),
)
EIGHT: tuple[Row, ...] = (
    ("A", "Usaha", 3, "Selesai"),
    ("B", "Usaha", 5, "Selesai"),
    ("A", "Domisili", 1, "Selesai"),
    ("B", "Domisili", 8, "Kembali"),
    ("A", "Usaha", 4, "Selesai"),
    ("B", "Usaha", 2, "Selesai"),
    ("A", "Domisili", 6, "Kembali"),
    ("B", "Domisili", 3, "Selesai"),
)

TEXTS = {path.relative_to(COURSE).as_posix(): path.read_text() for path in sorted(COURSE.rglob("*.md"))}
QUESTIONS = {
    found[1]: part
    for text in TEXTS.values()
    for part in re.split(r"(?m)^(?=## )", text)
    if (found := re.match(r"## .*\{#(\S+)", part))
}


def module(name: str) -> str:
    return next(text for path, text in TEXTS.items() if path.endswith(f"-{name}.md"))


def key(question: str) -> Fraction:
    """The number that earns all points."""
    found = re.search(r"(?m)^= ([\d.]+)", QUESTIONS[question])
    assert found, question
    return Fraction(found[1])


def wrong(question: str) -> list[Fraction]:
    return [Fraction(one) for one in re.findall(r"(?m)^= ([\d.]+).*\{0%\}", QUESTIONS[question])]


def right_option(question: str) -> str:
    (found,) = re.findall(r"(?m)^- \[x\] (.*)$", QUESTIONS[question])
    return found


def idn(value: Fraction | int, digits: int = 0) -> str:
    """A number as Indonesians write it."""
    return f"{float(value):,.{digits}f}".translate(str.maketrans(",.", ".,"))


def wit(at: str) -> datetime:
    """A moment on the clock of Sorong."""
    return datetime.fromisoformat(f"{at}+09:00")


def moment(at: datetime) -> str:
    return f"{DAYS[at.weekday()]}, {at.day} {MONTHS[at.month]} {at.year}, pukul {at:%H.%M} WIT"


def seconds_to_send(megabytes: int, mbps: int) -> Fraction:
    return Fraction(megabytes * 8, mbps)


def ifs(rows: tuple[Row, ...], **wanted: str) -> list[int]:
    """The days of the rows that meet all conditions, as COUNTIFS and SUMIFS choose them."""
    columns = {"district": 0, "service": 1, "state": 3}
    return [row[2] for row in rows if all(row[columns[name]] == value for name, value in wanted.items())]


def test_repeated_fields() -> None:
    text = module("warga-menulis-sekali")
    again = 2 * 9
    assert f"2 × 9 = **{again} isian**" in text
    assert f"{again} × 40 = **{again * 40} isian**" in text
    assert f"{again * 40} × 5 = {idn(again * 40 * 5)} detik" in text
    assert again * 40 * 5 == 3600
    assert f"62 − 48 = **{62 - 48}**" in text
    assert key("lay-isian") == Fraction(7 * 60 * 6, 60)
    assert wrong("lay-isian") == [2 * key("lay-isian"), 7 * 60 * 6]


def test_boats_saved() -> None:
    text = module("surat-yang-dapat-diperiksa")
    assert f"150.000 × 2 × 24 = **Rp{idn(150_000 * 2 * 24)}**" in text
    assert "butuh 4 hari: perahu 1 hari, antre paraf di kota 2 hari, perahu kembali 1 hari" in text
    assert 1 + 2 + 1 == 4


def test_passphrases() -> None:
    text = module("pesan-sandi-kode")
    four_words, eight_signs = 7776**4, 36**8
    assert f"{four_words / 1e15:.2f} × 10¹⁵".replace(".", ",") in text
    assert f"{eight_signs / 1e12:.2f} × 10¹²".replace(".", ",") in text
    assert f"**{idn(Fraction(four_words, eight_signs))} kali**" in text
    assert key("aman-lipat") == Fraction(7776**5, 7776**4)
    assert f"{four_words / 1e15:.2f} × 10¹⁵".replace(".", ",") in QUESTIONS["aman-acak"]
    assert f"{idn(Fraction(four_words, eight_signs))} kali" in QUESTIONS["aman-acak"]


def test_days_between_backups() -> None:
    text = module("cadangan-yang-pulih")
    assert f"4 × 35 = **{4 * 35} catatan**" in text
    assert f"{4 * 35} × 3 = {4 * 35 * 3} menit, yaitu **{4 * 35 * 3 // 60} jam**" in text
    assert divmod(35 * 3, 60) == (1, 45)
    assert "paling banyak 35 catatan atau 1 jam 45 menit" in text
    assert f"Selisihnya {1284 - 1190} baris" in text
    last, found = wit("2026-11-13 00:00"), wit("2026-11-19 00:00")
    lost = [last + timedelta(days=day) for day in range(1, (found - last).days)]
    missing = 688 - 640
    assert f"688 − 640 = {missing} baris" in QUESTIONS["aman-selisih"]
    assert f"selisihnya {missing}" in QUESTIONS["aman-selisih"]
    assert missing > 20
    assert key("kas-hilang") == 28 * sum(day.weekday() < 5 for day in lost)


@pytest.mark.parametrize(
    ("question", "megabytes", "mbps", "unit"),
    [
        ("ti-pre-kirim", 9000, 1, 3600),
        ("ti-pas-kirim", 4500, 2, 3600),
        ("aman-kirim", 6000, 4, 60),
        ("kas-kirim", 2700, 3, 3600),
    ],
)
def test_time_to_send(question: str, megabytes: int, mbps: int, unit: int) -> None:
    seconds = seconds_to_send(megabytes, mbps)
    assert key(question) == seconds / unit
    assert f"{idn(seconds)} detik" in QUESTIONS[question]
    assert f"{idn(Fraction(megabytes, 1000), 1).removesuffix(',0')} GB" in QUESTIONS[question]


def test_time_to_send_in_texts() -> None:
    text = module("cadangan-yang-pulih")
    assert f"Dibagi 3.600 = **{idn(seconds_to_send(12_000, 1) / 3600, 1)} jam**" in text
    assert f"150 × 8 = {idn(seconds_to_send(150, 1))} detik = **{seconds_to_send(150, 1) / 60} menit**" in text
    assert seconds_to_send(3000, 2) == 3 * 3600 + 20 * 60
    assert "- [x] 3 jam 20 menit" in text
    task = module("tugas-meja-digital")
    assert f"1.800 × 8 ÷ 2 = {idn(seconds_to_send(1800, 2))} detik, yaitu 2 jam" in task
    assert seconds_to_send(1800, 2) == 2 * 3600
    assert f"30 × 8 ÷ 2 = {seconds_to_send(30, 2)} detik" in task


def test_fields_left_out() -> None:
    text = module("data-warga-di-meja")
    assert f"6 ÷ 14 = **{round(6 / 14 * 100)}%**" in text
    assert f"6 × 120 = **{6 * 120} data**" in text
    assert f"14 − 6 − 2 = {14 - 6 - 2} isian" in module("tugas-meja-digital")
    assert key("pdp-kurang") == (18 - 12) * 250
    assert wrong("pdp-kurang") == [12 * 250, 18 * 250]


@pytest.mark.parametrize(
    ("question", "known"),
    [
        ("ti-pre-tenggat", wit("2026-11-05 10:00")),
        ("ti-pas-tenggat", wit("2026-11-14 20:00")),
        ("pdp-rabu", wit("2026-11-11 08:45")),
        ("kas-batas", wit("2026-11-20 15:40")),
    ],
)
def test_seventy_two_hours(question: str, known: datetime) -> None:
    assert right_option(question) == moment(known + timedelta(hours=3 * 24))
    options = re.findall(r"(?m)^- \[ \] (.*)$", QUESTIONS[question])
    assert moment(known + timedelta(hours=24)) in options
    workday, left = known, 3
    while left:
        workday += timedelta(days=1)
        left -= workday.weekday() < 5
    assert moment(workday) in options
    stated = moment(known)
    stem = QUESTIONS[question] if question != "kas-batas" else QUESTIONS["kas-jumat"]
    assert stated in stem


def test_deadlines_in_texts() -> None:
    text = module("tujuh-puluh-dua-jam")
    assert moment(wit("2026-11-06 16:30")) in text
    deadline = moment(wit("2026-11-06 16:30") + timedelta(hours=72))
    assert f"**{deadline}**" in text
    assert f"- [x] {moment(wit('2026-12-24 09:15') + timedelta(hours=72))}" in text
    task = module("tugas-meja-digital")
    assert moment(wit("2026-11-24 17:00")) in task
    assert f"*Batas:* {moment(wit('2026-11-24 17:00') + timedelta(hours=72))}" in task


def test_people_to_notify() -> None:
    text = module("tujuh-puluh-dua-jam")
    assert f"86 − 12 = **{86 - 12} orang**" in text
    assert f"74 − 61 = **{74 - 61} orang**" in text
    assert key("kas-orang") == 132 - 14
    assert wrong("kas-orang") == [132, 37, 118 + 37]
    assert f"hitung 31 baris, 2 ganda, jadi {31 - 2} ibu" in module("tugas-meja-digital")


def test_twelve_files() -> None:
    text = module("lembar-kerja-bersih")
    for number, (district, service, days, state) in enumerate(TWELVE, start=2):
        assert f"| {number} | {district} | {service} | {days} | {state} |" in text
    days = ifs(TWELVE)
    done = ifs(TWELVE, state="Selesai")
    assert f"{sum(days)} ÷ {len(days)} = **{idn(Fraction(sum(days), len(days)), 1)}**" in text
    assert f"{sum(done)} ÷ {len(done)} = **{idn(Fraction(sum(done), len(done)), 1)}**" in text
    business = ifs(TWELVE, district="C", service="Usaha")
    assert f'**{len(business)}**  \n`=COUNTIFS(C2:C13;"C";D2:D13;"Usaha")`\n' in text
    assert f": {' + '.join(map(str, business))} = **{sum(business)}**  \n" in text
    quick = sum(one <= 3 for one in days)
    assert f"{quick} ÷ {len(days)} = **{idn(Fraction(100 * quick, len(days)), 1)}%**" in text
    assert f"**{median(days):g}**  \n`=MEDIAN(E2:E13)`\n" in text
    assert f"{median(days):g}" == "3"
    home = len(ifs(TWELVE, service="Domisili"))
    assert f"menghasilkan **{home - 1}**, padahal seharusnya **{home}**" in text
    assert f"Domisili {home} + Usaha {len(days) - home} = {len(days)} berkas" in text
    assert len(ifs(TWELVE, district="B", state="Selesai")) == 3
    late = ifs(TWELVE, district="C")
    assert f"9 ÷ {sum(late)} = {round(100 * 9 / sum(late))}%" in text
    back = ifs(TWELVE, state="Kembali")
    assert f"Dua berkas dikembalikan, setelah {back[0]} dan {back[1]} hari" in text


def test_pivot_table() -> None:
    text = module("lembar-kerja-bersih")
    days = [ifs(TWELVE, district=name) for name in ("A", "B", "C")]
    for service, total in (("Domisili", 7), ("Usaha", 5)):
        split = " | ".join(str(len(ifs(TWELVE, district=name, service=service))) for name in ("A", "B", "C"))
        assert f"| {service} | {split} | {total} |" in text
    assert f"| Berkas | {' | '.join(str(len(one)) for one in days)} | 12 |" in text
    assert f"| Jumlah hari | {' | '.join(str(sum(one)) for one in days)} | 42 |" in text
    assert f"| Rata-rata | {' | '.join(idn(Fraction(sum(one), len(one)), 2) for one in days)} | 3,50 |" in text
    assert (len(ifs(TWELVE, service="Domisili")), len(ifs(TWELVE, service="Usaha"))) == (7, 5)
    assert (len(ifs(TWELVE)), sum(ifs(TWELVE))) == (12, 42)


def test_eight_files() -> None:
    table = QUESTIONS["data-tabel"]
    for number, (district, service, days, state) in enumerate(EIGHT, start=2):
        assert f"| {number} | {district} | {service} | {days} | {state} |" in table
    days = ifs(EIGHT)
    done = ifs(EIGHT, state="Selesai")
    assert key("data-countifs") == len(ifs(EIGHT, district="A", state="Selesai"))
    assert wrong("data-countifs") == [len(ifs(EIGHT, district="A")), len(done)]
    business = ifs(EIGHT, district="B", service="Usaha")
    assert key("data-sumifs") == sum(business)
    assert wrong("data-sumifs") == [len(business), sum(ifs(EIGHT, district="B"))]
    assert key("data-averageifs") == Fraction(sum(done), len(done))
    assert wrong("data-averageifs") == [Fraction(sum(days), len(days)), Fraction(sum(done), len(days))]
    assert key("data-countif") == Fraction(100 * sum(one <= 3 for one in days), len(days))
    assert wrong("data-countif") == [
        Fraction(100 * sum(one < 3 for one in days), len(days)),
        round(100 * sum(one <= 3 for one in days) / len(done)),
    ]


@pytest.mark.parametrize("question", ["ti-pre-median", "ti-pas-median", "data-median"])
def test_medians(question: str) -> None:
    stated = re.search(r"berkas: ([\d, ]+) hari", QUESTIONS[question])
    assert stated
    days = [int(one) for one in stated[1].split(", ")]
    assert key(question) == Fraction(median(days))
    assert f"Urutan: {', '.join(map(str, sorted(days)))}." in QUESTIONS[question]


def test_outlier_and_axis() -> None:
    text = module("angka-jujur-ai-diawasi")
    days = [1, 1, 2, 2, 2, 2, 3, 3, 3, 40]
    assert f"{', '.join(map(str, days[:-1]))}, **40** hari" in text
    assert f"Jumlahnya {sum(days)}, rata-ratanya {sum(days)} ÷ 10 = **{idn(Fraction(sum(days), 10), 1)} hari**" in text
    assert f"**median {median(days):g} hari**" in text
    assert sum(one <= 3 for one in days) == 9
    days = [1, 1, 2, 2, 2, 2, 3, 3, 3, 4, 4, 35]
    promise = QUESTIONS["data-janji"]
    assert f"{', '.join(map(str, days))} hari" in promise
    kept = sum(one <= 3 for one in days)
    assert right_option("data-janji") == f"{100 * kept // len(days)}% selesai dalam 3 hari; terlama {max(days)} hari"
    assert f"{kept} dari {len(days)}" in promise
    assert f"Rata-rata {idn(Fraction(sum(days), len(days)), 1)} hari, jadi" in promise
    assert f"Rata-rata {idn(Fraction(sum(days[:-1]), len(days) - 1), 1)} hari, di luar" in promise
    assert f"Median {idn(Fraction(median(days)), 1)} hari" in promise
    assert f"(95 − 92) ÷ 92 = **{idn(Fraction(300, 92), 1)}%**" in text
    assert f"5 ÷ 2 = **{idn(Fraction(95 - 90, 92 - 90), 1)} kali**" in text
    assert right_option("data-sumbu") == f"Tampak {8 // 4} kali, kenaikannya {idn(Fraction(400, 84), 1)}%"
    assert f"kenaikannya {idn(Fraction(400, 88), 1)}%" in QUESTIONS["data-sumbu"]
    assert f"Tampak {idn(Fraction(88, 84), 2)} kali" in QUESTIONS["data-sumbu"]
    late = [10, 15, 18, 22, 25, 180]
    assert f"{', '.join(map(str, late[:-1]))}, dan 180 menit" in module("tugas-meja-digital")
    assert f"(18 + 22) ÷ 2 = {median(late):g} menit" in module("tugas-meja-digital")


def test_axis_in_the_picture() -> None:
    heights = [
        int(one) for one in re.findall(r'width="44" height="(\d+)"', (COURSE / "media/sumbu-jujur.svg").read_text())
    ]
    cut, whole = heights[:2], heights[2:]
    assert cut[1] / cut[0] == (95 - 90) / (92 - 90)
    assert whole[1] / whole[0] == pytest.approx(95 / 92, abs=0.01)


@pytest.mark.parametrize(
    ("question", "counts"),
    [
        ("ti-pre-tingkat", {"A": (14, 700), "B": (9, 300), "C": (6, 400)}),
        ("ti-pas-tingkat", {"A": (20, 1000), "B": (12, 300), "C": (15, 500)}),
    ],
)
def test_rates(question: str, counts: dict[str, tuple[int, int]]) -> None:
    rates = {name: Fraction(100 * few, all_) for name, (few, all_) in counts.items()}
    highest = max(rates, key=lambda name: rates[name])
    assert right_option(question) == f"{highest}, karena tingkatnya {idn(rates[highest])}%"
    for few, all_ in counts.values():
        assert re.search(rf"\b{few}\b.*dari {re.escape(idn(all_))}", QUESTIONS[question])


def test_count_and_rate_point_to_different_districts() -> None:
    text = QUESTIONS["data-jumlah"]
    assert "X 40 dari 2.000 layanan, Distrik Y 9 dari 150" in text
    assert f"X {100 * 40 // 2000}%, Y {100 * 9 // 150}%" in text


def test_rates_in_texts() -> None:
    text = module("angka-jujur-ai-diawasi")
    assert f"12 ÷ 600 = **{idn(Fraction(1200, 600), 1)}%**" in text
    assert f"5 ÷ 100 = **{idn(Fraction(500, 100), 1)}%**" in text
    assert Fraction(5, 100) / Fraction(12, 600) == Fraction(5, 2)
    assert f"9 ÷ 150 = {900 // 150}%" in text
    assert f"18 ÷ 450 = {1800 // 450}%" in text
    task = module("tugas-meja-digital")
    assert f"2 ÷ 15 = {round(200 / 15)}%, seberang 4 ÷ 9 = {round(400 / 9)}%" in task
    assert f"Terlambat 6 dari 24, yaitu {600 // 24}%" in task
    assert (13 + 5, 2 + 4, 15 + 9) == (18, 6, 24)
    assert "| Total | 18 | 6 | 24 |" in task


def test_digits_that_are_lost() -> None:
    assert 18 - 15 == 3
    assert right_option("data-nip") == "Tiga angka terakhirnya tetap menjadi nol"


def test_exercise_workbook() -> None:
    book = CalamineWorkbook.from_path(COURSE / "media/latihan-berkas.xlsx")
    rows = book.get_sheet_by_name("Data").to_python()[1:]
    assert [tuple(row[2:]) for row in rows] == [(a, b, float(c), d) for a, b, c, d in TWELVE]
    results = [row[1] for row in book.get_sheet_by_name("Rumus").to_python()[1:]]
    days, done = ifs(TWELVE), ifs(TWELVE, state="Selesai")
    business = ifs(TWELVE, district="C", service="Usaha")
    assert results == pytest.approx(
        [sum(days) / 12, sum(done) / len(done), len(business), sum(business), 7 / 12, median(days)]
    )
    faults = [row for row in book.get_sheet_by_name("Kunci").to_python()[1:] if row[0] != "+"]
    assert len(faults) == 6
    assert "temukan enam kesalahan" in module("lembar-kerja-bersih")


def test_results_in_the_other_workbooks() -> None:
    def last(name: str, sheet: str) -> list[object]:
        return [
            row[1] for row in CalamineWorkbook.from_path(COURSE / "media" / name).get_sheet_by_name(sheet).to_python()
        ]

    assert last("peta-layanan.xlsx", "Hitung")[-2:] == [18 * 40, 18 * 40 * 5 / 60]
    assert last("catatan-pemrosesan.xlsx", "Hitung")[-2:] == [6 / 14, 6 * 120]
    plan = CalamineWorkbook.from_path(COURSE / "media/jadwal-cadangan.xlsx").get_sheet_by_name("Jadwal").to_python()
    assert plan[3][8] == round(float(seconds_to_send(12_000, 1)) / 3600, 1)


@pytest.mark.parametrize("path", [path for path, text in TEXTS.items() if "## Praktik" in text or "## Langkah" in text])
def test_steps_fill_the_minutes_of_practice(path: str) -> None:
    text = TEXTS[path]
    steps = re.findall(r"(?m)^\d\. .*\((\d+) menit\)", text)
    assert len(steps) >= 4
    assert f"\nminutes: {sum(map(int, steps))}\n" in text


def test_attachments_are_linked() -> None:
    linked = {name for text in TEXTS.values() for name in re.findall(r"\.\./media/([\w.-]+)", text)}
    assert linked == {path.name for path in (COURSE / "media").iterdir()}


def test_every_question_says_what_it_is_for() -> None:
    asked = {name: part.splitlines()[0] for name, part in QUESTIONS.items() if "type=description" not in part}
    assert len(asked) == 79
    for name, head in asked.items():
        assert re.search(r'tags="[^"]+" objective="[^"]+" difficulty=(mudah|sedang|sulit)', head), name
        assert "[modul](" in QUESTIONS[name], name


def test_pairs_are_alike() -> None:
    before, after = ({}, {})
    for name, part in QUESTIONS.items():
        if pair := re.search(r" pair=(\S+)", part.splitlines()[0]):
            head = part.splitlines()[0]
            kind = re.search(r" type=(\w+)", head)
            alike = (
                kind and kind[1],
                re.search(r'objective="([^"]+)"', head)[1],
                re.search(r"difficulty=(\w+)", head)[1],
                len(re.findall(r"(?m)^- \[[ x]\]", part)),
                len(re.findall(r"\[\[", part)),
            )
            (before if name.startswith("ti-pre-") else after)[pair[1]] = alike
    assert len(before) == 10
    assert before == after


def test_draws_leave_other_questions_for_a_second_attempt() -> None:
    drawn = 0
    for text in TEXTS.values():
        for tag, count in re.findall(r'"#([\w-]+)": (\d+)', text):
            there = len(re.findall(rf'(?m)^## .*tags="[^"]*\b{tag}\b(?!-)', text))
            assert there >= 2 * int(count), tag
            drawn += 1
    assert drawn == 13


def test_right_options_have_no_favourite_place() -> None:
    places: Counter[int] = Counter()
    longest = 0
    for part in QUESTIONS.values():
        options = re.findall(r"(?m)^- \[([ x])\] (.*)$", part)
        marks = [mark for mark, _text in options]
        if marks.count("x") == 1:
            at = marks.index("x")
            places[at] += 1
            longest += len(options[at][1]) > max(len(text) for mark, text in options if mark == " ")
    assert max(places.values()) - min(places.values()) <= 2
    assert longest <= places.total() / 4
    true = sum("\n= benar\n" in part for part in QUESTIONS.values() if "type=truefalse" in part)
    false = sum("\n= salah\n" in part for part in QUESTIONS.values() if "type=truefalse" in part)
    assert abs(true - false) <= 1
