"""The course ``manajemen-proyek``: every number that it states is computed again from the data that it gives."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "content" / "manajemen-proyek"
NEED = "01-kebutuhan-dan-lingkup/02-dari-masalah-ke-rup.md"
SCOPE = "01-kebutuhan-dan-lingkup/03-mengurai-lingkup.md"
NETWORK = "02-jadwal-dan-biaya/01-jalur-kritis.md"
CURVE = "02-jadwal-dan-biaya/02-kurva-s-nilai-hasil.md"
BUYING = "03-pengadaan-dan-kontrak/01-memilih-cara-pengadaan.md"
CONTRACT = "03-pengadaan-dan-kontrak/02-kontrak-perubahan-denda.md"
RISK = "04-risiko-mutu-keselamatan/01-risiko-mutu-laut.md"
HANDOVER = "05-pengendalian-serah-terima/01-kontrak-kritis-serah-terima.md"
TASK = "05-pengendalian-serah-terima/03-tugas-rencana-kendali.md"
MONTHS = {1: "Januari", 3: "Maret", 4: "April"}

Activities = dict[str, tuple[int, tuple[str, ...]]]


@cache
def text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


@dataclass(frozen=True)
class Asked:
    """A question of a quiz, as its file has it. ``answers`` earn all points, ``options`` say whether they are right."""

    id: str
    stem: str
    attributes: dict[str, str]
    answers: tuple[str, ...]
    options: tuple[tuple[bool, str], ...]
    source: str

    @property
    def kind(self) -> str:
        count = sum(is_right for is_right, _ in self.options)
        return self.attributes.get("type") or ("single" if count == 1 else "multiple" if count else "gaps")


def quizzes() -> list[str]:
    paths = sorted(one.relative_to(ROOT).as_posix() for one in ROOT.rglob("*.md"))
    return [path for path in paths if "\ntype: quiz\n" in text(path)]


def asked_in(path: str) -> list[Asked]:
    found = []
    for block in re.split(r"^## ", text(path), flags=re.MULTILINE)[1:]:
        head, _, body = block.partition("\n")
        words, _, inside = head.rpartition(" {#")
        name, *_ = inside.rstrip("}").split(" ")
        pairs = re.findall(r'([a-z]+)=("[^"]*"|[^ ]+)', inside.rstrip("}"))
        lines = [line for line in body.splitlines() if re.match(r"= |- \[[ x]\] ", line)]
        one = Asked(
            id=name,
            stem=f"{words}\n{body.split(lines[0])[0] if lines else body}",
            attributes={key: value.strip('"') for key, value in pairs},
            answers=tuple(line[2:] for line in lines if line[0] == "=" and not line.endswith("%}")),
            options=tuple((line[3] == "x", line[6:]) for line in lines if line[0] == "-"),
            source=body,
        )
        found.append(one)
    return found


@cache
def questions() -> dict[str, Asked]:
    """With the texts between them."""
    return {one.id: one for path in quizzes() for one in asked_in(path)}


def asked() -> list[Asked]:
    return [one for one in questions().values() if one.kind != "description"]


def key(question_id: str) -> Fraction:
    """The number that earns all points, in the first spelling that has no unit."""
    return Fraction(next(one for one in questions()[question_id].answers if re.fullmatch(r"-?[\d.]+", one)))


def chosen(question_id: str) -> str:
    (option,) = (words for is_right, words in questions()[question_id].options if is_right)
    return option


def indonesian(value: Fraction | float, places: int = 0) -> str:
    """As the course writes numbers: ``1.250,5``; places that are not needed are left out."""
    written = f"{float(value):,.{places}f}".translate(str.maketrans(",.", ".,"))
    return written.rstrip("0").rstrip(",") if places else written


def number(cell: str) -> Fraction:
    return Fraction(cell.strip("*% ").replace("−", "-").replace(".", "").replace(",", "."))


def rows(source: str) -> list[list[str]]:
    """The cells of every row of every table."""
    lines = (line.strip() for line in source.splitlines())
    cells = ([cell.strip() for cell in line[1:-1].split("|")] for line in lines if line.startswith("|"))
    return [row for row in cells if not set("".join(row)) <= set("- ")]


def activities(source: str) -> Activities:
    """A network from a table of code and name, days, and what must be done before."""
    found = {}
    for row in rows(source):
        if len(row) >= 3 and re.fullmatch(r"\*{0,2}[A-Z]\b.*", row[0]) and any(cell == "-" for cell in row):
            break
    else:
        return {}
    days, before = (2, 3) if not row[1].isdigit() else (1, 2)
    for row in rows(source):
        if len(row) > before and re.match(r"[A-Z]\b", row[0]) and row[days].isdigit():
            names = tuple(re.findall(r"[A-Z]", row[before]))
            found[row[0][0]] = int(row[days]), names
    return found


def early_finish(net: Activities) -> dict[str, int]:
    done: dict[str, int] = {}
    while len(done) < len(net):
        for code, (days, before) in net.items():
            if code not in done and all(one in done for one in before):
                done[code] = max((done[one] for one in before), default=0) + days
    return done


def length(net: Activities) -> int:
    return max(early_finish(net).values())


def changed(net: Activities, **extra: int) -> Activities:
    return {code: (days + extra.get(code, 0), before) for code, (days, before) in net.items()}


def schedule(net: Activities) -> dict[str, tuple[int, int, int, int, int]]:
    """ES, EF, LS, LF and float of each activity."""
    ends = early_finish(net)
    late: dict[str, int] = {}
    for code in sorted(net, key=lambda one: -ends[one]):
        after = [late[one] - net[one][0] for one, (_, before) in net.items() if code in before]
        late[code] = min(after, default=max(ends.values()))
    return {
        code: (ends[code] - days, ends[code], late[code] - days, late[code], late[code] - ends[code])
        for code, (days, _) in net.items()
    }


def path(net: Activities) -> str:
    plan = schedule(net)
    return "-".join(sorted((code for code in net if plan[code][4] == 0), key=lambda code: plan[code][0]))


def stem(question_id: str) -> str:
    return questions()[question_id].stem


def penalty(base: float, days: int) -> Fraction:
    return Fraction(str(base)) * days / 1000


def bond(estimate: int, contract: int) -> Fraction:
    """In the unit of what is given: 5 % of the contract, or of the estimate where the offer is below 80 % of it."""
    return Fraction(5, 100) * (contract if contract * 100 >= 80 * estimate else estimate)


# The boat landing that goes through all modules


@cache
def landing() -> Activities:
    return activities(text(NETWORK).split("## Maju")[0])


@cache
def weights() -> dict[str, Fraction]:
    costs = {row[0][0]: number(row[1]) for row in rows(text(SCOPE)) if re.match(r"[A-H] ", row[0]) and len(row) == 3}
    return {code: cost / sum(costs.values()) * 100 for code, cost in costs.items()}


@cache
def planned() -> list[Fraction]:
    """The share of the work that is planned for each week of six days, from the earliest start of each activity."""
    weeks = [Fraction(0)] * (length(landing()) // 6)
    for code, (start, end, *_) in schedule(landing()).items():
        for week in range(start // 6, end // 6):
            weeks[week] += weights()[code] / ((end - start) // 6)
    return weeks


def cumulative(weekly: list[Fraction]) -> list[Fraction]:
    return [sum(weekly[: week + 1], Fraction(0)) for week in range(len(weekly))]


def test_the_last_days_before_the_season():
    contract = date(2026, 5, 20) - timedelta(weeks=3)
    selection = contract - timedelta(weeks=6)
    assert f"kontrak paling lambat **{contract.day} {MONTHS[contract.month]}**" in text(NEED)
    assert f"mulai **{selection.day} {MONTHS[selection.month]}**" in text(NEED)


def test_the_work_packages_are_a_hundred_per_cent():
    stated = {row[0][0]: number(row[2]) for row in rows(text(SCOPE)) if re.match(r"[A-H] ", row[0]) and len(row) == 3}
    assert stated == weights()
    assert sum(stated.values()) == 100
    assert f"B + C = 30 + 10 = **{stated['B'] + stated['C']}%**" in text(SCOPE)
    assert f"adalah {round(8 / 12 * 100)}%" in text(SCOPE)
    svg = text("media/wbs.svg")
    for parts, branch in (("A", 5), ("BC", 40), ("DE", 33), ("FG", 18), ("H", 4)):
        assert sum(stated[one] for one in parts) == branch
        assert f">{branch}%<" in svg


def test_the_network_table_is_what_its_durations_give():
    plan = schedule(landing())
    table = text(NETWORK).split("## Maju")[1]
    stated = {row[0].strip("*"): row[2:] for row in rows(table) if len(row) == 5 and row[0].strip("*") in plan}
    assert len(stated) == 8
    for code, (start, end, late_start, late_end, slack) in plan.items():
        wanted = [f"{start}–{end}", f"{late_start}–{late_end}", str(slack)]
        assert [cell.strip("*") for cell in stated[code]] == wanted
    assert path(landing()) == "B-C-D-F-H"
    assert "B-C-D-F-H = 18 + 6 + 12 + 12 + 6 = **54 hari**" in text(NETWORK)
    assert length(landing()) == 54


@pytest.mark.parametrize(
    ("delays", "said"),
    [
        ({"C": 4}, "menjadi hari ke-{}"),
        ({"E": 6}, "tetap hari ke-{}"),
        ({"E": 8}, "akhir mundur 2, hari ke-{}"),
        ({"A": 19}, "A-D-F-H = {}"),
        ({"G": 9}, "Menjadi hari ke-{}"),
    ],
)
def test_what_the_module_says_of_delays(delays, said):
    assert said.format(length(changed(landing(), **delays))) in text(NETWORK)


def test_a_longer_site_preparation_moves_the_critical_path():
    assert path(changed(landing(), A=19)) == "A-D-F-H"
    assert path(changed(landing(), E=6)) == "B-C-E-D-F-H"  # E is critical too, beside C and D


def test_days_crashing_and_three_points_of_the_schedule_module():
    assert f"= 9 minggu = **{54 // 6 * 7} hari kalender**" in text(NETWORK)
    cost = 3 * Fraction("2.5") + 1 * 4
    assert f"Jumlah **Rp{indonesian(cost, 1)} juta**, selesai hari ke-{length(changed(landing(), F=-3, D=-1))}" in text(
        NETWORK
    )
    assert f"36 ÷ 6 = **{(4 + 4 * 5 + 12) // 6} hari**" in text(NETWORK)
    assert (6 + 4 * 7 + 14) / 6 == 8


def test_the_plan_of_the_curve_follows_from_schedule_and_weights():
    stated = [(number(row[2]), number(row[3])) for row in rows(text(CURVE)) if len(row) == 4 and row[0].isdigit()]
    assert [share for share, _ in stated] == planned()
    assert [total for _, total in stated] == cumulative(planned())
    table = {row[0]: [number(cell) for cell in row[1:]] for row in rows(text(CURVE)) if row[0] in REPORTED}
    assert table["Rencana"] == cumulative(planned())[:4]
    assert table["Deviasi"] == [done - plan for plan, done in zip(table["Rencana"], table["Realisasi"], strict=True)]


REPORTED = ("Rencana", "Realisasi", "Deviasi")


def test_earned_value_of_the_fourth_week():
    total, spent = 600, 240
    value, earned = cumulative(planned())[3] * total / 100, Fraction(38 * total, 100)
    module = text(CURVE)
    assert f"49% × 600 = **{value}**" in module
    assert f"38% × 600 = **{earned}**" in module
    assert f"228 − 294 = −{value - earned}" in module
    assert f"228 ÷ 294 = **{indonesian(earned / value, 2)}**" in module
    assert f"228 − 240 = −{spent - earned}" in module
    assert f"228 ÷ 240 = **{indonesian(earned / spent, 2)}**" in module
    at_end = total / (earned / spent)
    assert f"600 ÷ 0,95 = **Rp{indonesian(at_end, 2)} juta**" in module
    assert f"VAC = 600 − 631,58 = −{indonesian(at_end - total, 2)} juta" in module
    assert f"240 + {total - earned} = **Rp{spent + total - earned} juta**" in module
    assert f"9 ÷ {indonesian(earned / value, 4)} = **{indonesian(9 / (earned / value), 1)} minggu**" in module
    assert f"8 ÷ 12 × 25% = {indonesian(Fraction(8, 12) * 25, 2)}%" in module
    for wanted in (value, spent, earned):
        assert f">{wanted} · " in text("media/tiga-angka.svg")


def test_check_questions_of_the_curve_module():
    assert Fraction("65.5") == cumulative(planned())[4]
    assert f"- [x] −{indonesian(Fraction('65.5') - (38 + 10 + 4 + 1), 1)} poin" in text(CURVE)
    earned, value, spent = Fraction(110, 200) * 200, Fraction(120, 200) * 200, Fraction(80, 100) * 200
    assert f"CPI {indonesian(earned / spent, 2)} dan SPI {indonesian(earned / value, 2)}" in text(CURVE)


def test_prices_and_bonds_of_the_procurement_module():
    module = text(BUYING)
    base = 85_000 + 18_000 + 4_000
    assert f"÷ 0,97 = **Rp{indonesian(base / 0.97)}**" in module
    assert f"× 1,03 = Rp{indonesian(base * 1.03)}" in module
    assert f"107.000 ÷ 0,80 = Rp{indonesian(base / 0.8)}" in module
    assert f"107.000 × 1,20 = Rp{indonesian(base * 1.2)}" in module
    assert f"= {indonesian(666 / 700 * 100, 1)}% HPS → 5% × 666 = **Rp{indonesian(bond(700, 666), 1)} juta**" in module
    assert f"= {525 * 100 // 700}% HPS → 5% × 700 = **Rp{bond(700, 525)} juta**" in module
    assert f"- [x] Rp{bond(500, 380)} juta" in module


def test_changes_penalties_and_payment_of_the_contract_module():
    module = text(CONTRACT)
    assert f"**Rp{600 // 10} juta**" in module
    assert f"57 ÷ 600 = **{indonesian((24 + 33) / 6, 1)}%**" in module
    assert f"69 ÷ 600 = {indonesian((24 + 33 + 12) / 6, 1)}%" in module
    assert f"- [x] Rp{60 - 24 - 33} juta" in module
    for base, days, said in (
        (600, 12, "= **Rp{}**"),
        (36, 12, "= **Rp{}**"),
        (666, 12, "= Rp{}"),
        (600, 17, "**Rp{}**"),
    ):
        assert said.format(indonesian(penalty(base, days) * 1_000_000)) in module
    assert f"11 × 12,5 = **Rp{indonesian(11 * 12.5, 1)} juta**" in module
    assert (40 * 120 // 100, 5 * 240 // 100) == (48, 12)
    assert f"= **Rp{240 - 48 - 12} juta**, sebelum pajak" in module
    assert f">12 hari = Rp{indonesian(penalty(600, 12) * 1_000_000)}<" in text("media/dasar-denda.svg")


def test_risks_and_days_at_sea():
    module = text(RISK)
    scores = re.findall(r"(\d) × (\d) = (\d+)\.", module)
    assert len(scores) == 8
    assert all(int(chance) * int(harm) == int(score) for chance, harm, score in scores)
    assert f"12 ÷ 0,80 = **{12 / 0.8:g} hari**, bukan 12 × 1,20 = {indonesian(12 * 1.2, 1)}" in module
    assert f"hari ke-{length(changed(landing(), D=3))}, bukan {length(landing())}" in module


def test_the_critical_contract_and_the_handover():
    module = text(HANDOVER)
    assert "terlambat **11 poin**" in module
    assert f"−11 ÷ 49 = −{indonesian(11 / 49 * 100, 1)}%" in module
    assert f"97% × Rp600 juta = Rp{97 * 6} juta kumulatif. Sisa nilai pekerjaan Rp{600 - 97 * 6} juta" in module
    assert f"5% × Rp666 juta = **Rp{indonesian(666 * 0.05, 1)} juta**" in module
    assert date(2026, 10, 14) + timedelta(180) == date(2027, 4, 12)
    assert "dari 14 Oktober 2026 sampai 12 April 2027" in module


def test_the_model_answer_of_the_assignment():
    source = text(TASK).split("## Contoh jawaban")[1]
    table = [row for row in rows(source) if re.match(r"[A-F] ", row[0])]
    costs = [number(row[1]) for row in table]
    assert sum(costs) == 80
    assert [number(row[2]) for row in table] == [cost / 80 * 100 for cost in costs]
    net: Activities = {row[0][0]: (int(row[3]), tuple(re.findall("[A-F]", row[4]))) for row in table}
    plan = schedule(net)
    assert [[int(cell) for cell in row[5:]] for row in table] == [
        [plan[row[0][0]][at] for at in (0, 2, 4)] for row in table
    ]
    assert f"{path(net)} = 10 + 2 + 6 + 4 = {length(net)} hari" in source
    assert f"hari ke-{length(changed(net, C=6))}" in source
    daily = [Fraction(0)] * 25
    for row in table:
        start, end = plan[row[0][0]][:2]
        for day in range(start, end):
            daily[day] += number(row[2]) / (end - start)
    for week in range(1, 6):
        total = sum(daily[: week * 5], Fraction(0))
        assert f"minggu {week} {indonesian(total, 1)}%" in source
    assert f"denda sehari Rp{indonesian(80_000_000 / 1000)}, batas kenaikan Rp{80 // 10} juta" in source


def cells(name: str) -> dict[str, Fraction]:
    """The numbers on the first sheet of a workbook, by their cells."""
    with zipfile.ZipFile(ROOT / "media" / name) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    return {cell: Fraction(value) for cell, value in re.findall(r'<c r="([A-Z]+\d+)"[^>]*? t="n"><v>([^<]+)<', sheet)}


def test_the_worksheets_have_the_same_example():
    costs = cells("kamus-wbs.xlsx")
    assert [costs[f"D{row}"] / 6 for row in range(5, 13)] == list(weights().values())
    stated, plan = cells("jalur-kritis.xlsx"), schedule(landing())
    for row, code in enumerate("ABCDEFGH", start=5):
        assert [stated[f"{column}{row}"] for column in "CEG"] == [landing()[code][0], plan[code][0], plan[code][2]]
    weekly = cells("kurva-s-nilai-hasil.xlsx")
    assert [weekly[f"B{row}"] for row in range(5, 14)] == planned()


# The keys of the questions


@pytest.mark.parametrize(
    ("question_id", "asked"),
    [
        ("pre-jalur", length),
        ("pos-jalur", length),
        ("jd-lama", length),
        ("jd-es", lambda net: schedule(net)["E"][0]),
        ("jd-float", lambda net: schedule(net)["R"][4]),
        ("jd-pindah", lambda net: length(changed(net, L=5))),
    ],
)
def test_keys_about_networks_follow_from_their_tables(question_id, asked):
    net = activities(stem(question_id))
    assert len(net) == 5
    assert key(question_id) == asked(net)


def test_the_critical_path_to_be_written():
    net = activities(stem("jd-jalur"))
    assert len(net) == 6
    assert questions()["jd-jalur"].answers[0] == path(net)


@pytest.mark.parametrize(("question_id", "branch"), [("pre-seratus", 64), ("pos-seratus", 58), ("lk-anak", 45)])
def test_the_missing_child_makes_its_parent_whole(question_id, branch):
    assert f"berbobot {branch}%" in stem(question_id)
    others = sum(number(row[1]) for row in rows(stem(question_id)) if row[1].endswith("%"))
    assert key(question_id) == branch - others


def share(value: float) -> Fraction:
    return Fraction(str(value))


KEYS = {
    "pre-evm": share(200) / 250,
    "pos-evm": share(240) / 320,
    "pre-denda": penalty(400_000_000, 9),
    "pos-denda": penalty(700_000_000, 8),
    "pre-adendum": share(800) / 10 - 35,
    "pos-adendum": share(650) / 10 - 28,
    "pre-risiko": share(4 * 5 - 2 * 3),
    "pos-risiko": share(5 * 4 - 2 * 2),
    "lk-bobot": share(42) / 240 * 100,
    "lk-kemajuan": share(16) / 24 * 30,
    "jd-percepat": share(3 * 2 + 2 * 3),
    "jd-tiga": share(3 + 4 * 6 + 15) / 6,
    "jd-spi": share(44) / 55,
    "jd-cpi": share(36) * 250 / 100 / 100,
    "jd-eac": 450 / share(0.9),
    "jd-eac-normal": share(150 + 300 - 120),
    "jd-kumulatif": share(24) / 3 * 2 + 10 + share(30) / 3,
    "pk-pecah": share(370 + 350),
    "pk-susut": (150_000 + 22_000 + 8_000) / share(0.9),
    "pk-jaminan": bond(900, 666),
    "pk-jaminan-biasa": bond(650, 585),
    "pk-denda": penalty(500, 21),
    "pk-denda-bagian": penalty(140, 15),
    "pk-hari-nyata": penalty(350, 26),
    "pk-kumulatif": (18 + share(22.5)) / 450 * 100,
    "pk-termin": share(200) - share(0.5) * 80 - share(0.05) * 200,
    "rk-sisa": share(2 * 3),
    "rk-hari-laut": 18 / share(0.75),
    "rk-mundur": 9 / share(0.6) - 9,
    "kk-jaminan": share(520) * 5 / 100,
    "kk-banding": share(51 - 60) / 60 * 100,
    "ka-denda": penalty(400, 14),
    "ka-jaminan": bond(500, 444),
    "kb-bayar": share(96) * 300 / 100 - 210,
    "kb-denda": penalty(300, 9),
}


@pytest.mark.parametrize("question_id", KEYS)
def test_numeric_keys(question_id):
    assert key(question_id) == KEYS[question_id]


@pytest.mark.parametrize("question_id", KEYS)
def test_every_spelling_of_a_key_is_the_same_amount(question_id):
    amounts = {Fraction(re.sub(r"[^\d.-]", "", one)) for one in questions()[question_id].answers}
    assert amounts <= {KEYS[question_id], KEYS[question_id] * 1_000_000}


@pytest.mark.parametrize(("question_id", "source"), [("jd-deviasi", "jd-deviasi"), ("ka-deviasi", "kk-kasus-a")])
def test_deviations_follow_from_their_tables(question_id, source):
    table = rows(stem(source))
    plan, done = (sum(map(number, row[1:])) for row in table if row[0].startswith(("Rencana", "Realisasi")))
    assert key(question_id) == done - plan


def test_no_numeric_key_is_left_unchecked():
    numeric = {one.id for one in asked() if one.kind == "number"}
    networks = {"pre-jalur", "pos-jalur", "jd-lama", "jd-es", "jd-float", "jd-pindah"}
    assert numeric == {*KEYS, *networks, "pre-seratus", "pos-seratus", "lk-anak", "jd-deviasi", "ka-deviasi"}


def test_choices_and_dates_that_rest_on_a_calculation():
    earned, value, spent = Fraction(54, 120) * 240, Fraction(60, 120) * 240, 180
    assert chosen("jd-serapan") == f"SPI {float(earned / value):.2f} dan CPI {float(earned / spent):.2f}".replace(
        ".", ","
    )
    assert chosen("pk-satuan").startswith(f"Harga satuan Rp{88 // 2} juta; lumsum Rp0 ")
    selection = date(2026, 6, 10) - timedelta(weeks=4 + 5)
    assert chosen("lk-rup-kapan").startswith(f"Sebelum {selection.day} {MONTHS[selection.month]}")
    assert chosen("pre-float").startswith(f"Mundur {6 - 4} hari")
    assert chosen("pos-float").startswith(f"Mundur {8 - 5} hari")
    end = date(2026, 8, 3) + timedelta(180)
    assert questions()["kk-fho"].answers[0] == f"{end.day} {MONTHS[end.month]} {end.year}"
    for row in rows(text("02-jadwal-dan-biaya/03-latihan-jadwal-biaya.md")):
        if found := re.fullmatch(r"PV (\d+), EV (\d+), AC (\d+)", row[0]):
            value, earned, spent = map(int, found.groups())
            assert ("terlambat" in row[1]) == (earned < value)
            assert ("boros" in row[1]) == (earned < spent)


def test_risks_are_put_in_order_by_their_scores():
    scores = [int(k) * int(d) for k, d in re.findall(r"^\d\. .*K (\d), D (\d)$", stem("rk-urut-skor"), re.MULTILINE)]
    assert scores == sorted(set(scores), reverse=True)
    assert f"> Skor {', '.join(map(str, scores))}." in stem("rk-urut-skor")


def is_critical(plan: int, done: int) -> bool:
    return plan - done > (10 if plan <= 70 else 5)


@pytest.mark.parametrize(
    ("question_id", "plan", "done"), [("pre-kritis", 82, 75), ("pos-kritis", 66, 58), ("kk-tahun", 91, 88)]
)
def test_which_contracts_are_critical(question_id, plan, done):
    assert f"{plan}%, realisasi {done}%" in stem(question_id)
    is_late_in_the_year = question_id == "kk-tahun"
    assert chosen(question_id).startswith("Kritis") == (is_critical(plan, done) or is_late_in_the_year)


def test_a_deviation_of_exactly_ten_is_not_critical_yet():
    assert not is_critical(64, 54)
    assert not is_critical(70, 60)
    assert "- [x] Tepat 10 poin" in text(HANDOVER)


# The questions as a whole


def test_the_two_of_a_pair_ask_for_the_same_in_the_same_way():
    before, after = (
        {one.attributes["pair"]: one for one in asked_in(path)}
        for purpose in ("pretest", "posttest")
        for path in quizzes()
        if f"\npurpose: {purpose}\n" in text(path)
    )
    assert before.keys() == after.keys()
    assert len(before) == 10
    for pair, one in before.items():
        other = after[pair]
        assert one.kind == other.kind
        assert one.attributes == other.attributes
        assert one.stem != other.stem
        assert one.kind == "single" or one.answers[-1] != other.answers[-1]


def test_the_right_choice_is_neither_long_nor_short_nor_in_a_favoured_place():
    singles = [one for one in asked() if one.kind == "single"]
    places: Counter[int] = Counter()
    longest = shortest = 0
    for one in singles:
        sizes = [len(words) for _, words in one.options]
        (at,) = (place for place, (is_right, _) in enumerate(one.options) if is_right)
        places[at] += 1
        longest += sizes[at] > max(sizes[:at] + sizes[at + 1 :])
        shortest += sizes[at] < min(sizes[:at] + sizes[at + 1 :])
    assert len(singles) >= 25
    assert longest <= len(singles) / 4
    assert shortest <= len(singles) / 4
    assert max(places.values()) - min(places.values()) <= 3


def test_every_question_is_tagged_and_explained():
    assert len(asked()) >= 100
    for one in asked():
        assert {"tags", "objective", "difficulty"} <= one.attributes.keys(), one.id
        assert "Lihat [modul](" in one.source, one.id


@pytest.mark.parametrize("path", [NEED, SCOPE, NETWORK, CURVE, BUYING, CONTRACT, RISK, HANDOVER, TASK])
def test_the_steps_take_the_minutes_that_are_stated(path):
    (stated,) = re.findall(r"^minutes: (\d+)$", text(path), re.MULTILINE)
    steps = re.findall(r"^\d+\. .*?\((\d+) menit\)", text(path), re.MULTILINE)
    assert sum(map(int, steps)) == int(stated)
