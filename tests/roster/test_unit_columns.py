"""Units of lists with several columns of units: each level is found or created below the one above it."""

from __future__ import annotations

import pytest
from people_files import nip

from lms.people.scopes import EVERYBODY, Scope
from lms.people.unit_kinds import kind_below, kind_of
from lms.people.unit_names import UnitRef
from lms.roster.list_file import read_people
from lms.roster.plan import ExistingData, plan

CITY = UnitRef(1, None, "Pemerintah Kota Sorong", "instansi")
HEALTH = UnitRef(2, 1, "Dinas Kesehatan", "opd")
CLINIC = UnitRef(3, 2, "Puskesmas Remu", "upt")
SOCIAL = UnitRef(4, 1, "Dinas Sosial", "opd")
OFFICE, ANOTHER = UnitRef(5, 2, "Sekretariat", "bidang"), UnitRef(6, 4, "Sekretariat", "bidang")
HOSPITAL = UnitRef(7, 2, "RSUD Contoh", "upt")
OF_HOSPITAL = UnitRef(8, 7, "Sekretariat", "bidang")
UNITS = [CITY, HEALTH, CLINIC, SOCIAL, OFFICE, ANOTHER, HOSPITAL, OF_HOSPITAL]


def planned(headings: str, *rows: str, units=UNITS, scope=EVERYBODY, **values):
    lines = [f"NIP;Nama;{headings}", *(f"{nip(number)};Budi;{row}" for number, row in enumerate(rows, 1))]
    file = read_people("\n".join(lines).encode())
    return plan(file.rows, ExistingData([], units, scope, **values))


def unit_ids(found):
    return [change.details.unit_id for change in found.changes]


def faults(found):
    return [(problem.code, problem.hint) for problem in found.problems]


def test_two_offices_have_a_secretariat_each():
    rows = ("Dinas Sosial;Sekretariat", "Dinas Perhubungan;Sekretariat", "Dinas Perhubungan;Sekretariat")
    found = planned("OPD;Unit kerja", *rows, units=[CITY], units_under=1)
    assert list(found.unit_paths.values()) == [
        "Pemerintah Kota Sorong > Dinas Sosial",
        "Pemerintah Kota Sorong > Dinas Sosial > Sekretariat",
        "Pemerintah Kota Sorong > Dinas Perhubungan",
        "Pemerintah Kota Sorong > Dinas Perhubungan > Sekretariat",
    ]
    assert unit_ids(found) == [-2, -4, -4]
    assert found.problems == []


def test_units_are_found_below_their_parents():
    found = planned("OPD;Unit kerja", "Dinas Kesehatan;Sekretariat", "Dinas Sosial;Sekretariat", "Dinas Sosial;")
    assert unit_ids(found) == [5, 6, 4]


def test_the_unit_directly_below_is_meant_if_others_are_further_down():
    headings = "OPD;UPT;Unit kerja"
    found = planned(headings, "Dinas Kesehatan;;Sekretariat", "Dinas Kesehatan;RSUD Contoh;Sekretariat")
    assert unit_ids(found) == [5, 8]


@pytest.mark.parametrize("name", ["Kota Sorong", "Pemkot Sorong", "PEMERINTAH KOTA SORONG", "Pemerintah Kota Sorong"])
def test_an_agency_is_known_by_its_short_names(name):
    found = planned("Instansi;Unit kerja", f"{name};Puskesmas Remu", f"{name};")
    assert unit_ids(found) == [3, 1]


def test_an_office_is_known_with_the_name_of_its_agency():
    others = [UnitRef(20, None, "Pemerintah Kabupaten Sorong", "instansi"), UnitRef(21, 20, "Dinas Sosial", "opd")]
    rows = ("Dinas Sosial Kota Sorong;Sekretariat", "Dinas Sosial Kabupaten Sorong;", "Dinas Sosial;")
    found = planned("OPD;Unit kerja", *rows, units=[*UNITS, *others])
    assert unit_ids(found) == [6, 21]
    [(code, hint)] = faults(found)
    assert code == "unit-ambiguous"
    assert hint == "Pemerintah Kota Sorong > Dinas Sosial; Pemerintah Kabupaten Sorong > Dinas Sosial"


def test_a_name_that_fits_several_places_is_asked():
    found = planned("OPD;Unit kerja", ";Sekretariat", units_under=1)
    [(code, hint)] = faults(found)
    assert (code, hint.count(";"), found.new_units) == ("unit-ambiguous", 2, [])


def test_a_parent_that_fits_several_places_is_asked():
    found = planned("Bidang;Seksi", "Sekretariat;Seksi Umum", units_under=1)
    assert [code for code, _hint in faults(found)] == ["unit-ambiguous"]
    found = planned("Bidang;Seksi", "Sekretariat;Seksi Umum", units_under=4, scope=Scope(frozenset({4, 6})))
    assert list(found.unit_paths.values()) == ["Pemerintah Kota Sorong > Dinas Sosial > Sekretariat > Seksi Umum"]


@pytest.mark.parametrize(
    ("row", "code", "hint"),
    [
        (";Bidang Umum;", "unit-without-office", "Pemerintah Kota Sorong"),
        (";;Seksi Umum", "unit-without-office", "Pemerintah Kota Sorong"),
        ("Dinas Sosial;;Puskesmas Remu", "unit-elsewhere", "Pemerintah Kota Sorong > Dinas Kesehatan > Puskesmas Remu"),
        ("Dinas Baru;;Puskesmas Remu", "unit-elsewhere", "Pemerintah Kota Sorong > Dinas Kesehatan > Puskesmas Remu"),
        ("Dinas Baru;;Dinas Kesehatan > Bidang A", "unit-elsewhere", "Pemerintah Kota Sorong > Dinas Kesehatan"),
        ("Dinas Sosial;;Dinas Baru > Bidang A", "unit-contradicts", "Pemerintah Kota Sorong > Dinas Sosial"),
        ("Dinas Satu;;Dinas Dua > Bidang A", "unit-contradicts", "Pemerintah Kota Sorong > Dinas Satu"),
        ("Pemkab Fakfak > Dinas Baru;;", "agency-unknown", "Pemkab Fakfak"),
    ],
)
def test_what_contradicts_or_lacks_its_office_is_asked_and_not_created(row, code, hint):
    found = planned("OPD;Bidang;Unit kerja", row, units_under=1)
    assert faults(found) == [(code, hint)]
    assert found.new_units == []


def test_units_are_created_only_where_the_importer_chose():
    assert faults(planned("OPD;Bidang", "Dinas Sosial;Bidang A")) == [("unit-unknown", "")]
    found = planned("OPD;Bidang", "Dinas Sosial;Bidang A", "Dinas Kesehatan;Bidang A", units_under=2)
    assert faults(found) == [("unit-beyond", "Pemerintah Kota Sorong > Dinas Sosial")]
    assert list(found.unit_paths.values()) == ["Pemerintah Kota Sorong > Dinas Kesehatan > Bidang A"]


def test_similar_names_count_only_below_the_same_parent():
    bidang = UnitRef(9, 2, "Bidang Pelayanan", "bidang")
    rows = ("Dinas Kesehatan;Bidang Pelayanann", "Dinas Sosial;Bidang Pelayanan")
    found = planned("OPD;Bidang", *rows, units=[*UNITS, bidang], units_under=1)
    assert [(one.row, one.code, one.hint) for one in found.problems] == [(2, "unit-nearly", "Bidang Pelayanan")]


def test_units_get_the_kinds_of_their_levels_and_names():
    headings = "OPD;Bidang;Seksi;Sekolah;Unit kerja"
    rows = ("Dinas Baru;Pencegahan;Tata Usaha;;", "Dinas Baru;;;Yayasan Kasih;", "Dinas Baru;;;;UPTD Baru")
    found = planned(headings, *rows, "Dinas Baru;;;;Puskesmas Baru", "Dinas Baru;;;;Kelompok Ahli", units_under=1)
    assert {unit.name: unit.kind for unit in found.new_units} == {
        "Dinas Baru": "opd",
        "Pencegahan": "bidang",
        "Tata Usaha": "seksi",
        "Yayasan Kasih": "sekolah",
        "UPTD Baru": "upt",
        "Puskesmas Baru": "puskesmas",
        "Kelompok Ahli": "bidang",
    }


def test_a_merged_unit_is_known_by_its_place_and_not_by_its_name_alone():
    ended = [UnitRef(30, 1, "Dinas Lama", "opd"), UnitRef(31, 30, "Tata Usaha", "bidang")]
    values = {"ended": ended, "successors": {30: 4, 31: 6}, "units_under": 1}
    rows = ("Dinas Lama;Tata Usaha", "Dinas Lama;Bidang A", "Dinas Kesehatan;Tata Usaha")
    found = planned("OPD;Unit kerja", *rows, **values)
    assert faults(found) == [
        ("unit-merged", "Pemerintah Kota Sorong > Dinas Sosial > Sekretariat"),
        ("unit-merged", "Pemerintah Kota Sorong > Dinas Sosial"),
    ]
    assert list(found.unit_paths.values()) == ["Pemerintah Kota Sorong > Dinas Kesehatan > Tata Usaha"]


def test_merged_units_with_the_same_name_and_two_successors_are_asked():
    ended = [UnitRef(30, 2, "Seksi Lama", "seksi"), UnitRef(31, 4, "Seksi Lama", "seksi")]
    found = planned("Unit kerja", "Seksi Lama", ended=ended, successors={30: 5, 31: 6})
    assert [code for code, _hint in faults(found)] == ["unit-ambiguous"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Pemerintah Kota Sorong", "instansi"), ("DINAS Sosial", "opd"), ("Badan Kepegawaian", "opd"),
        ("Sekretariat Daerah", "opd"), ("Sekretariat DPRK", "opd"), ("Inspektorat", "opd"), ("Distrik Sorong", "opd"),
        ("Inspektorat Pembantu I", "bidang"), ("Sekretariat", "bidang"), ("Bagian Hukum", "bidang"),
        ("Bidang Pembinaan SD", "bidang"), ("Sub Bagian Umum", "seksi"), ("Subbag. Umum", "seksi"),
        ("Seksi Gizi", "seksi"), ("UPTD Pelabuhan", "upt"), ("RSUD Sele Be Solu", "upt"),
        ("UPT. Puskesmas Remu", "puskesmas"), ("SD Negeri 1", "sekolah"), ("UPTD SMP Negeri 2", "sekolah"),
        ("Tata Usaha", None), ("Badan Layanan Umum", None), ("Seksikan", None),
    ],
)  # fmt: skip
def test_a_name_tells_the_kind(name, kind):
    assert kind_of(name) == kind


def test_a_new_unit_fits_below_its_parent_whatever_its_name_says():
    assert kind_below("Sekretariat", "instansi") == "opd"
    assert kind_below("Puskesmas Remu", "instansi") == "puskesmas"
    assert kind_below("Dinas Sosial", "opd") == "bidang"
