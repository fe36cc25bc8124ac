"""The arithmetic of the course on regional finance: each number is reckoned from the data that the text gives."""

from __future__ import annotations

import re
import zipfile
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from math import floor
from pathlib import Path

import pytest

COURSE = Path(__file__).parents[2] / "content" / "keuangan-daerah"
AUTHORITY = "01-kewenangan-dan-anggaran/02-siapa-menandatangani.md"
BUDGET = "01-kewenangan-dan-anggaran/03-jalan-anggaran.md"
APBD = "02-membaca-apbd/01-struktur-apbd.md"
CHAIN = "03-dari-dpa-ke-kas/01-rantai-pencairan.md"
CASH = "03-dari-dpa-ke-kas/02-uang-persediaan.md"
TAX = "03-dari-dpa-ke-kas/03-pajak-di-meja-bendahara.md"
REPORTS = "04-laporan/01-tujuh-laporan.md"
FINDINGS = "05-pengawasan/01-temuan.md"
TASK = "05-pengawasan/03-tugas-telusur.md"

MONTHS = [
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
_NUMBER = re.compile(r"(?<![\w.,])(?:Rp)?(\d{1,3}(?:\.\d{3})+|\d+(?:,\d+)?)(?![\w])")


def read(path: str) -> str:
    return (COURSE / path).read_text(encoding="utf-8")


def says(path: str, *pieces: str) -> None:
    text = read(path)
    for piece in pieces:
        assert piece in text, f"{path}: {piece}"


def grouped(value: Fraction | int) -> str:
    assert value == int(value), value
    return f"{int(value):,}".replace(",", ".").replace("-", "−")


def rupiah(value: Fraction | int) -> str:
    return f"Rp{grouped(value)}"


def percent(value: Fraction | float, places: int) -> str:
    return f"{float(value) * 100:.{places}f}%".replace(".", ",")


def day(value: date) -> str:
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def exact(number: str) -> Fraction:
    return Fraction(number.replace(".", "").replace(",", "."))


def _questions() -> dict[str, str]:
    """Each question of a quiz by its id, as it is written."""
    found = {}
    for path in COURSE.rglob("*.md"):
        for question in re.split(r"(?m)^## ", path.read_text(encoding="utf-8"))[1:]:
            head = question.split("\n", 1)[0]
            if name := re.search(r"\{#([\w-]+) ", head):
                assert name[1] not in found, f"twice: {name[1]}"
                found[name[1]] = question
    return found


QUESTIONS = _questions()


def data(name: str) -> list[Fraction]:
    """The numbers of the question's text, in their order, without those of its attributes."""
    head, body = QUESTIONS[name].split("\n", 1)
    stem = head[: head.rindex("{")] + "\n" + re.split(r"(?m)^= ", body)[0]
    return [exact(one) for one in _NUMBER.findall(stem)]


def key(name: str) -> Fraction:
    first = re.search(r"(?m)^= ([\d.]+)", QUESTIONS[name])
    assert first, name
    return Fraction(first[1])


def right_choice(name: str) -> str:
    found = re.findall(r"(?m)^- \[x\] (.*)$", QUESTIONS[name])
    assert len(found) == 1, name
    return found[0]


# Keys of the questions with numbers, reckoned from the numbers of their texts


def silpa(income, spending, received, paid):
    return income - spending + received - paid


def most_of_a_request(ceiling, provided, spent, pending):
    return min(ceiling - spent - pending, provided - spent - pending)


def missing_cash(up, bank, tax_in_bank, cash, receipts, advance):
    return up - (bank - tax_in_bank + cash + receipts + advance)


def net_of_goods(bill, vat, _article=22):
    return bill - vat - Fraction(15, 1000) * (bill - vat)


def health_is_short(_share, part, planned):
    return Fraction(20, 100) * part - planned


def common_days(*days: Fraction) -> Fraction:
    trips = [(days[at], days[at + 1]) for at in range(0, 12, 2)]
    pairs = [(trips[at], trips[at + 1]) for at in range(0, 6, 2)]
    return sum(max(0, first[1] - second[0] + 1) for first, second in pairs) * days[12]


RECKONED = {
    "pr-silpa": lambda n: silpa(*n),
    "ps-silpa": lambda n: silpa(*n),
    "pr-otsus": lambda n: health_is_short(*n),
    "ps-otsus": lambda n: health_is_short(*n),
    "pr-batas": lambda n: most_of_a_request(*n),
    "ps-batas": lambda n: most_of_a_request(*n),
    "pr-kas": lambda n: missing_cash(*n),
    "ps-kas": lambda n: missing_cash(*n),
    "pr-pajak": lambda n: net_of_goods(*n),
    "ps-pajak": lambda n: net_of_goods(*n),
    "k1-uji-tagihan": lambda n: (n[0] - min(n[1], n[2])) * n[3],
    "k1-target": lambda n: floor((n[2] - n[0]) / n[1]),
    "k1-capaian": lambda n: (n[0] - n[2]) / n[3] / n[1] * 100,
    "k2-silpa": lambda n: silpa(sum(n[:3]), sum(n[3:7]), *n[7:]),
    "k2-penerimaan": lambda n: n[1] - n[0] + n[2],
    "k2-lubang": lambda n: n[0] - (n[3] - n[1]),
    "k2-porsi": lambda n: round((n[0] - n[1]) / n[2] * 100, 2),
    "k2-lebih": lambda n: n[0] - Fraction(30, 100) * n[1],
    "k2-realisasi": lambda n: sum(n[1::2]) / sum(n[0::2]) * 100,
    "k2-otsus-kurang": lambda n: max(0, Fraction(30, 100) * n[1] - n[2]) + max(0, Fraction(20, 100) * n[1] - n[3]),
    "k2-otsus-sisa": lambda n: n[1] - Fraction(30, 100) * n[1] - Fraction(20, 100) * n[1],
    "k2-otsus-tanda": lambda n: Fraction(20, 100) * n[1] - (n[2] - n[3]),
    "k3-batas": lambda n: most_of_a_request(*n),
    "k3-kurang": lambda n: n[0] - min(n[1], n[2] - n[3]),
    "k3-meja": lambda n: n[-1] - n[-2] - 2,
    "k3-gu": lambda n: n[1] - n[2],
    "k3-setelah-gu": lambda n: n[1] + n[2],
    "k3-selisih": lambda n: missing_cash(n[0], n[1], 0, *n[2:]),
    "k3-titipan": lambda n: n[2] - (n[0] - n[1]) - n[3],
    "k3-tu": lambda n: n[2],
    "k3-pph22": lambda n: Fraction(15, 1000) * (n[0] - n[1]),
    "k3-bersih": lambda n: n[0] - n[1] - Fraction(2, 100) * (n[0] - n[1]),
    "k3-sewa": lambda n: n[0] - Fraction(10, 100) * n[0],
    "k3-npwp": lambda n: n[0] - Fraction(3, 100) * n[0],
    "k4-persediaan": lambda n: n[0] + n[1] - n[2],
    "k5-volume": lambda n: (n[0] * n[1] * n[2] - n[3] * n[4] * n[5]) * n[6],
    "k5-setoran": lambda n: sum(n[3:]) / sum(n[:3]) * 100,
    "k5-ganda": lambda n: common_days(*n),
}


@pytest.mark.parametrize("name", sorted(RECKONED))
def test_number_keys(name):
    assert key(name) == RECKONED[name](data(name))


def case_figures() -> dict[str, int]:
    """The case of the fourth quiz, from its table and its opening."""
    text = QUESTIONS["k4-kasus"]
    opening = {name: int(value) for name, value in re.findall(r"(kas|piutang|persediaan|utang) (\d+)", text)}
    assets, depreciated = re.findall(r"(?:aset tetap|penyusutan) (\d+)", text.split("|")[0])
    rows = [int(one) for one in re.findall(r"(?m)^\|.*\| (\d+) \|$", text)]
    levied, of_levied, old, grant, wages, paid, debt, stock, service, unpaid, capital, worn, left = rows
    assert paid == debt + stock + service
    income = of_levied + old + grant
    surplus = income - (wages + paid + capital)
    burden = opening["persediaan"] + stock - left + service + unpaid
    result = levied + grant - (wages + burden + worn)
    before = sum(opening[one] for one in ("kas", "piutang", "persediaan")) + int(assets) - int(depreciated)
    equity = before - opening["utang"] + result
    cash = opening["kas"] + surplus
    claims = opening["piutang"] - old + levied - of_levied
    owed = opening["utang"] - debt + unpaid
    fixed = int(assets) + capital - int(depreciated) - worn
    assert cash + claims + left + fixed - owed == equity
    change = result + worn - (claims - opening["piutang"]) - (left - opening["persediaan"])
    assert change + (owed - opening["utang"]) - capital == cash - opening["kas"]
    return {
        "k4-pendapatan-lra": income,
        "k4-silpa": surplus + opening["kas"],
        "k4-beban": burden,
        "k4-surplus-lo": result,
        "k4-ekuitas": equity,
    }


def test_case_of_the_reports():
    for name, value in case_figures().items():
        assert key(name) == value, name


def test_no_number_question_is_left_out():
    asked = {name for name, text in QUESTIONS.items() if "type=number" in text.split("\n", 1)[0]}
    assert asked == {*RECKONED, *case_figures(), "k5-sisa-hari"}


# Days


def test_sixtieth_day():
    for name in ("pr-hari", "ps-hari", "k5-hari"):
        found = re.search(r"diterima (\d+) (\w+) (\d+)", QUESTIONS[name])
        received = date(int(found[3]), MONTHS.index(found[2]) + 1, int(found[1]))
        assert right_choice(name) == day(received + timedelta(60)), name
    assert right_choice("k5-mundur") == day(date(2027, 2, 9) + timedelta(60 - 10))
    assert "LHP diterima 9 Februari 2027" in QUESTIONS["k5-mundur"]
    assert key("k5-sisa-hari") == 60 - (date(2027, 7, 5) - date(2027, 6, 2)).days
    assert "diterima 2 Juni. Hari ini 5 Juli" in QUESTIONS["k5-sisa-hari"]
    ends = (date(2027, 3, 31), date(2027, 5, 31), date(2027, 6, 30), date(2027, 5, 31) + timedelta(60))
    written = re.findall(r"(?m)^\| .+ \| (.+ 2027) \|$", QUESTIONS["k5-tanggal"])
    assert written[:4] == [day(one) for one in ends]
    assert right_choice("k5-pemeriksaan") == "22 Mei 2027"
    assert "diserahkan kepada BPK pada 22 Maret 2027" in QUESTIONS["k5-pemeriksaan"]
    assert right_choice("k3-dua-hari") == "7 Oktober"
    assert "Kuasa BUD pada 5 Oktober" in QUESTIONS["k3-dua-hari"]


def test_days_of_the_findings_module():
    received, met = date(2026, 8, 1), date(2026, 8, 20)
    end = received + timedelta(60)
    assert day(end) == "30 September 2026"
    passed = (met - received).days
    says(FINDINGS, "**30 September**", f"hari ke-{passed}", f"tersisa {60 - passed} hari")
    says("media/hari-enam-puluh.svg", f"60 − {passed} = {60 - passed} hari")


# Worked examples


def test_checking_a_bill():
    price, billed, received = 1_850_000, 26, 25
    says(AUTHORITY, rupiah(billed * price), rupiah(received * price), f"**{rupiah((billed - received) * price)}**")


def test_target_from_ceiling():
    ceiling, islands_, people = 32_000_000, 3, 40
    fixed = islands_ * 4_500_000 + islands_ * 2 * 1_000_000
    seat = islands_ * (45_000 + 75_000)
    plan = fixed + people * seat
    fits = (ceiling - fixed) // seat
    says(BUDGET, rupiah(fixed), rupiah(seat), f"**{rupiah(plan)}**", rupiah(plan - ceiling), rupiah(ceiling - fixed))
    says(BUDGET, f"**{fits} peserta", f"**{rupiah(fixed + fits * seat)}**", f"menjadi **{fits * islands_} orang**")
    says(
        BUDGET,
        f"{fits * islands_ * 100 // (people * islands_)} persen",
        f"{(ceiling - fixed) / seat:.1f}".replace(".", ","),
    )
    assert (14_300_000 - 8_000_000) // 150_000 == 42
    says(BUDGET, "[x] 42 peserta", rupiah(8_000_000 + 60 * 150_000))


def test_budget_summary():
    income, spending = 120 + 850 + 30, 720 + 260 + 10 + 60
    net = 80 - 30
    assert income - spending + net == 0
    says(APBD, grouped(income), grouped(spending), f"**−{spending - income}**", f"**{net}**")
    counted = 338 - 18
    limit = Fraction(30, 100) * spending
    says(APBD, f"**{counted}**", f"**{percent(Fraction(counted, spending), 2)}**", f"**{grouped(limit)}**")
    says(APBD, f"**{counted - limit} miliar**", f"tampak {338 - limit} miliar")
    assert 640 - 668 + 40 - 12 == 0


def test_realisation():
    rows = ((90, 63), (70, 21), (40, 36))
    for planned, spent in rows:
        says(APBD, f"| {planned} | {spent} | {percent(Fraction(spent, planned), 1)} |")
    whole = Fraction(sum(spent for _, spent in rows), sum(planned for planned, _ in rows))
    mean = sum(Fraction(spent, planned) for planned, spent in rows) / len(rows)
    says(APBD, f"**{percent(whole, 1)}**", percent(mean, 1))


def test_smaller_remainder_of_last_year():
    net = 68 - 30
    says(APBD, f"68 − 30 = **{net}**", f"lubang **{50 - net} miliar**")


def test_special_autonomy():
    part, planned = 200, 36
    least = Fraction(20, 100) * part
    says(APBD, f"= **{Fraction(30, 100) * part}**", f"= **{least}**", f"**{least - planned} miliar**")


def test_two_remainders():
    ceiling, provided, spent, pending, bill = 480_000_000, 240_000_000, 171_500_000, 12_000_000, 72_400_000
    rest = most_of_a_request(ceiling, provided, spent, pending)
    says(CHAIN, f"**{grouped(ceiling - spent - pending)}**", f"**{rupiah(rest)}**", f"**{rupiah(bill - rest)}**")
    says("media/dua-sisa.svg", "sisa 296,5", "sisa 56,5")
    assert most_of_a_request(90, 45, 31, 6) == 8
    says(CHAIN, "[x] Rp8 juta")


def test_days_by_desk():
    rows = re.findall(r"\| (\d+) April \| (\d+) April \| (\d+) \|", read(CHAIN))
    assert all(int(out) - int(into) == int(days) for into, out, days in rows)
    assert [out for _, out, _ in rows[:-1]] == [into for into, _, _ in rows[1:]]
    total = sum(int(days) for _, _, days in rows)
    says(CHAIN, f"**{total}**", f"ke mana perginya {total} hari")
    rows = re.findall(r"\| (\d+) Mei \| (\d+) Mei \| (\d+) \|", read(TASK))
    assert all(int(out) - int(into) == int(days) for into, out, days in rows)
    total = sum(int(days) for _, _, days in rows)
    says(TASK, f"| **{total}** |", f"11 dari {total} hari ({percent(Fraction(11, total), 0)})")


def test_part_delivery():
    says(CHAIN, f"**{rupiah(Fraction(24, 40) * 96_000_000)}**")


def test_cash_of_the_treasurer():
    forms = (21_400_000, 3_150_000, 46_950_000, 3_500_000)
    says(CASH, *(rupiah(one) for one in forms), f"**{rupiah(sum(forms))}**")
    assert sum(forms) - 74_750_000 == 250_000
    says(CASH, f"GU = **{rupiah(82_000_000)}**", f"**{rupiah(60_000_000 - 52_000_000)}**")
    says(CASH, f"menjadi {rupiah(82_000_000 - 1_750_000)}", f"**{rupiah(100_000_000 - 64_200_000)}**")
    assert missing_cash(60, Fraction("18.2"), Fraction("0.9"), Fraction("2.3"), Fraction("39.4"), 1) == 0
    says(CASH, "[x] Rp39,5 juta", "41,6 − 2,1 = 39,5")


def test_cash_from_day_to_day():
    rows = re.findall(r"(?m)^\| \d+ Mei: .* \| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \|$", read(CASH))
    assert len(rows) == 6
    for cash, receipts, advance, total in rows:
        assert exact(cash) + exact(receipts) + exact(advance) == exact(total) == 100
    cash = [exact(row[0]) for row in rows]
    moved = [after - before for before, after in pairwise(cash)]
    assert moved == [exact(one) * sign for one, sign in (("12,4", -1), ("20", -1), ("2,5", 1), ("52,1", -1), ("82", 1))]


def test_taxes():
    bills = (
        (22_200_000, 2_200_000, Fraction(15, 1000)),
        (8_880_000, 880_000, Fraction(2, 100)),
        (12_000_000, 0, Fraction(10, 100)),
        (444_000_000, 44_000_000, Fraction(175, 10_000)),
    )
    bases = [bill - vat for bill, vat, _ in bills]
    taxes = [(bill - vat) * rate for bill, vat, rate in bills]
    nets = [bill - vat - tax for (bill, vat, _), tax in zip(bills, taxes, strict=True)]
    for (_, vat, rate), base, tax, net in zip(bills, bases, taxes, nets, strict=True):
        share = f"{float(rate * 100):g}".replace(".", ",")
        told = f"arga {grouped(base)}{'.' if vat else ', tanpa PPN.'} PPh {share}% = {grouped(tax)}."
        says(TAX, told, f"menerima **{grouped(net)}**.")
    says(TAX, f"[ ] {rupiah(Fraction(15, 1000) * 13_320_000)}", f"[x] {rupiah(Fraction(15, 1000) * 12_000_000)}")
    says(
        TAX, f"[x] {rupiah(6_000_000 - Fraction(3, 100) * 6_000_000)}", f"**{rupiah(Fraction(15, 1000) * 5_400_000)}**"
    )
    assert 3 * 1_800_000 == 5_400_000


def test_wrong_taxes_and_taxes_held():
    bill, vat = 11_100_000, 1_100_000
    base = bill - vat
    tax = Fraction(2, 100) * base
    says(TAX, f"= **{rupiah(tax)}**", f"**{rupiah(base - tax)}**", f"= {grouped(bill - tax)}.")
    says(
        TAX,
        f"menerima {rupiah(Fraction(2, 100) * vat)} terlalu sedikit",
        f"{rupiah(tax - Fraction(15, 1000) * base)}, menjadi",
    )
    held = 0
    for sign, moved, rest in re.findall(r"(?m)^\| \d+ Mei, .* \| ([+−])([\d.]+) \| ([\d.]+) \|$", read(TAX)):
        held += exact(moved) if sign == "+" else -exact(moved)
        assert held == exact(rest)
    says(TAX, f"saldo titipan {rupiah(held)}")
    assert (2_200_000 + 300_000, 880_000 + 160_000) == (2_500_000, 1_040_000)


def test_a_year_of_a_small_government():
    cash, claims, stock, fixed, worn, owed = 200, 50, 20, 1000, 200, 30
    equity = cash + claims + stock + fixed - worn - owed
    income = 40 + 270 + 900
    spending = 500 + 260 + 40 + 350
    used = stock + 60 - 35
    burden = used + 170 + 25
    surplus = income - spending
    silpa_ = surplus + cash - 50
    result = 300 + 900 - (500 + burden + 40 + 80)
    operating = income - 500 - 260 - 40
    end = cash + operating - 350 - 50
    claims_end = claims - 40 + 300 - 270
    assets = end + claims_end + 35 + 50 + fixed + 350 - worn - 80
    assert 30 + 60 + 170 == 260
    assert silpa_ == end
    assert equity + result == assets - 25
    assert result + 80 + (claims - claims_end) + (stock - 35) + (25 - owed) == operating
    says(REPORTS, f"= **{grouped(equity)}**", f"= **{used}**", f"= **{burden}**", f"| {surplus} |", f"| {silpa_} |")
    says(REPORTS, f"| {result} |", f"| {grouped(equity + result)} |", f"| {grouped(assets)} |", f"| **{operating}** |")
    says(REPORTS, f"| **{end - cash}** |", f"Piutang akhir {claims_end}")
    assert 14 + 52 - 19 == 47
    says(REPORTS, "[x] 47,")


def test_stock_of_a_store():
    card, counted, price = 1240, 1195, 18_500
    says(REPORTS, f"senilai **{rupiah((card - counted) * price)}**", f"**{rupiah(counted * price)}**")
    assert card - counted == 30 + 12 + 3


def test_findings():
    paid, measured, price = Fraction("0.15") * 1000, Fraction("0.125") * 1000, 1_800_000
    short = paid - measured
    says(FINDINGS, f"= {paid} m³.", f"= {measured} m³.", f"**{short} m³**", f"**{rupiah(short * price)}**")
    asked, settled = 45_000_000 + 6_400_000, 30_000_000 + 6_400_000
    says(FINDINGS, f"**{rupiah(asked)}**", f"**{rupiah(settled)}**", f"**{rupiah(asked - settled)}**")
    says(FINDINGS, percent(Fraction(settled, asked), 1).replace("%", " persen"))


def test_five_points():
    depths = [exact(one) for one in ("15,0", "14,5", "12,0", "12,5", "13,5")]
    mean = sum(depths) / 5
    says(FINDINGS, f"{float(sum(depths)):.1f} ÷ 5 = **{float(mean):.1f} cm**".replace(".", ","))
    volume = 500 * 2 * mean / 100
    says(FINDINGS, f"**{grouped(volume)} m³**", f"kurang {grouped(150 - volume)} m³")


def test_model_answer():
    ceiling, provided, spent = 210_000_000, 120_000_000, 74_000_000
    bill = 6 * 5_550_000
    base = bill - 3_300_000
    tax = Fraction(2, 100) * base
    says(TASK, rupiah(ceiling - spent), rupiah(provided - spent), rupiah(bill), rupiah(provided - spent - bill))
    says(TASK, rupiah(base), f"= {rupiah(tax)}", rupiah(base - tax), f"{grouped(base - tax)} + 3.300.000 + 600.000")


# Worksheets: the values that a phone shows before it reckons are those of the formulas


def _sheets(name: str) -> list[dict[str, tuple[str, str]]]:
    """Formula and value of the cells of each sheet."""
    with zipfile.ZipFile(COURSE / "media" / name) as archive:
        sources = [
            archive.read(one).decode() for one in sorted(archive.namelist()) if one.startswith("xl/worksheets/s")
        ]
    cell = re.compile(r'<c r="([A-Z]+\d+)"[^>]*?>(?:<f>(.*?)</f>)?<v>(.*?)</v></c>')
    return [{at: (formula, value) for at, formula, value in cell.findall(source)} for source in sources]


def _value(formula: str, cells: dict[str, tuple[str, str]]) -> float:
    def number(at: str) -> float:
        return float(cells[at][1] or 0) if at in cells else 0.0

    def span(found: re.Match[str]) -> str:
        column, first, last = found[1], int(found[2]), int(found[4])
        return "(" + "+".join(str(number(f"{column}{row}")) for row in range(first, last + 1)) + ")"

    text = re.sub(r"SUM\(([A-Z]+)(\d+):([A-Z]+)(\d+)\)", span, formula.replace("$", "").replace("&gt;", ">"))
    text = re.sub(r"\b[A-Z]\d+\b", lambda found: f"({number(found[0])})", text)
    text = re.sub(r"(?<![<>=])=(?!=)", "==", text)
    return float(eval(text, {"IF": lambda a, b, c: b if a else c, "INT": floor, "MAX": max}))


@pytest.mark.parametrize(
    "name", ["baca-apbd.xlsx", "kalender-dan-rka.xlsx", "kendali-up-tu.xlsx", "lembar-pajak.xlsx", "tutup-bulan.xlsx"]
)
def test_worksheets(name):
    seen = 0
    for cells in _sheets(name):
        for at, (formula, value) in cells.items():
            if not formula or '""' in formula:
                continue
            assert _value(formula, cells) == pytest.approx(float(value)), f"{name} {at}"
            seen += 1
    assert seen > 5


def test_attachments_are_linked_and_open():
    text = "".join(path.read_text(encoding="utf-8") for path in COURSE.rglob("*.md"))
    for path in (COURSE / "media").iterdir():
        assert f"media/{path.name})" in text, path.name
        if path.suffix in (".xlsx", ".docx"):
            with zipfile.ZipFile(path) as archive:
                assert archive.testzip() is None
    assert sum(path.stat().st_size for path in COURSE.rglob("*") if path.is_file()) < 400_000


# Questions cannot be guessed by length or place, and pretest and posttest ask alike


def _single_choices() -> list[list[tuple[str, str]]]:
    offered = [re.findall(r"(?m)^- \[([ x])\] (.*)$", text) for text in QUESTIONS.values()]
    return [one for one in offered if [mark for mark, _ in one].count("x") == 1]


def test_right_choices_do_not_stand_out():
    questions = _single_choices()
    lengths = [([len(text) for _, text in one], [mark for mark, _ in one].index("x")) for one in questions]
    expected = sum(Fraction(1, len(sizes)) for sizes, _ in lengths)
    for outermost in (max, min):
        alone = [sizes for sizes, at in lengths if sizes[at] == outermost(sizes) and sizes.count(sizes[at]) == 1]
        assert len(alone) <= expected
    places = [at for _, at in lengths]
    assert max(map(places.count, range(4))) - min(map(places.count, range(4))) <= 2


def test_pairs_are_of_one_kind_and_difficulty():
    found: dict[str, list[list[str | None]]] = {}
    for text in QUESTIONS.values():
        head = text.split("\n", 1)[0]
        if pair := re.search(r" pair=([\w-]+)", head):
            said = [re.search(rf' {name}=("[^"]*"|\S+)', head) for name in ("type", "objective", "difficulty", "tags")]
            found.setdefault(pair[1], []).append([one and one[1].rstrip("}") for one in said])
    assert len(found) == 10
    for pair, (first, second) in found.items():
        assert first == second, pair
