"""Plans of imports, without a database."""

from __future__ import annotations

import pytest
from people_files import nip, row

from lms.people.scopes import EVERYBODY, Scope
from lms.people.unit_names import UnitNames, UnitRef
from lms.roster.columns import COLUMNS
from lms.roster.list_file import FileRow
from lms.roster.plan import ExistingData, ExistingPerson, plan

CITY = UnitRef(1, None, "Pemerintah Kota Sorong", "instansi")
HEALTH = UnitRef(2, 1, "Dinas Kesehatan", "opd")
CLINIC = UnitRef(3, 2, "Puskesmas Contoh", "upt")
SOCIAL = UnitRef(4, 1, "Dinas Sosial", "opd")
OFFICE, ANOTHER = UnitRef(5, 2, "Sekretariat", "bidang"), UnitRef(6, 4, "Sekretariat", "bidang")
PLACED = {"unit": "Dinas Sosial"}
UNITS = [CITY, HEALTH, CLINIC, SOCIAL, OFFICE, ANOTHER]


def known(number: int, **values) -> ExistingPerson:
    defaults = {"name": f"Pegawai {number}", "rank": "III/a", "position": "Analis", "unit_id": 2}
    return ExistingPerson(id=number, nip=nip(number), status="pns", **(defaults | values))


def planned(*rows, people=(), **values):
    listed = [
        FileRow(place, {field: str(cell) for field, cell in zip(COLUMNS, cells, strict=True) if cell})
        for place, cells in enumerate(rows, start=2)
    ]
    return plan(listed, ExistingData(**{"people": people, "units": UNITS, "scope": EVERYBODY} | values))


def codes(found):
    return [problem.code for problem in found.problems]


def kinds(found):
    return [change.kind for change in found.changes]


@pytest.mark.parametrize(
    ("values", "before", "kind"),
    [
        ({"unit": "Dinas Kesehatan"}, {}, "unchanged"),
        ({}, {}, "unchanged"),
        ({"rank": "III/b"}, {}, "update"),
        ({"unit": "Dinas Sosial"}, {}, "move"),
        ({"unit": "Dinas Sosial", "rank": "III/b"}, {}, "move"),
        ({}, {"is_active": False}, "activate"),
    ],
)
def test_each_row_is_of_one_kind(values, before, kind):
    assert kinds(planned(row(1, **values), people=[known(1, **before)])) == [kind]


def test_an_empty_cell_changes_nothing_and_a_filled_one_only_its_own_value():
    person = known(1, title_after="M.Si.", email="a@contoh.go.id", phone="+62812345678")
    cells = {"name": "", "status": "", "rank": "IV/a", "position": ""}
    details = planned(row(1, **cells), people=[person]).changes[0].details
    assert (details.title_after, details.email, details.phone) == ("M.Si.", "a@contoh.go.id", "+62812345678")
    assert (details.name, details.position, details.rank) == ("Pegawai 1", "Analis", "IV/a")


def test_who_is_new_needs_a_name_and_gets_the_status_of_the_number():
    found = planned(row(1, name=""), [nip(2, "pppk"), "Ani", *[""] * 5, "Dinas Sosial", "", ""])
    assert codes(found) == ["no-name"]
    assert found.changes[0].details.status == "pppk"


def test_without_a_number_the_address_tells_who_it_is():
    person = ExistingPerson(id=9, email="ani@contoh.go.id", name="Ani", status="non-asn")
    found = planned(row(1, nip="", email="ani@contoh.go.id", name="Ani", status="Non-ASN"), people=[person])
    assert found.changes[0].person_id == 9


def test_an_address_of_somebody_else_is_refused():
    owner = known(2, email="ani@contoh.go.id")
    assert codes(planned(row(1, email="ani@contoh.go.id"), people=[owner])) == ["email-taken"]
    found = planned(row(1, email="x@contoh.go.id", **PLACED), row(2, email="x@contoh.go.id", **PLACED))
    assert codes(found) == ["email-twice"]


def test_a_number_stands_in_a_list_once():
    found = planned(row(1, **PLACED), row(1, name="Orang Lain", **PLACED))
    assert codes(found) == ["twice"]
    assert (found.problems[0].hint, found.counts()["create"]) == ("2", 1)


@pytest.mark.parametrize(
    ("text", "unit_id", "code"),
    [
        ("dinas  KESEHATAN", 2, None),
        ("Dinas Kesehatan > Puskesmas Contoh", 3, None),
        ("Pemerintah Kota Sorong › Puskesmas Contoh", 3, None),
        ("Dinas Sosial > Sekretariat", 6, None),
        ("Sekretariat", None, "unit-ambiguous"),
        ("Dinas Sosial > Puskesmas Contoh", None, "unit-elsewhere"),
        ("Dinas Kesehata", None, "unit-unknown"),
    ],
)
def test_units_are_found_by_name_or_path(text, unit_id, code):
    found = planned(row(1, unit=text))
    assert [change.details.unit_id for change in found.changes] == ([unit_id] if unit_id else [])
    assert codes(found) == ([code] if code else [])


def test_the_nearest_names_are_told_where_a_unit_is_not_found():
    assert planned(row(1, unit="Dinas Kesehata")).problems[0].hint.startswith("Dinas Kesehatan")


def test_missing_units_are_made_below_the_one_that_was_chosen_each_once():
    text = "Dinas Perikanan > UPTD Pelabuhan"
    found = planned(row(1, unit=text), row(2, unit=text), row(3, unit="Dinas Perikanan"), units_under=1)
    assert [(unit.name, unit.kind) for unit in found.new_units] == [
        ("Dinas Perikanan", "opd"),
        ("UPTD Pelabuhan", "upt"),
    ]
    assert found.unit_paths[-2] == "Pemerintah Kota Sorong > Dinas Perikanan > UPTD Pelabuhan"
    assert found.new_units[1].parent_id == found.new_units[0].id


def test_units_of_refused_rows_are_not_made_and_nearly_known_names_are_doubted():
    assert planned(row(1, unit="Dinas Baru", rank="V/x"), units_under=1).new_units == []
    found = planned(row(1, unit="Dinas Kesehata"), units_under=1)
    assert codes(found) == ["unit-nearly"]
    assert found.counts()["refused"] == 0


def test_who_is_missing_is_switched_off_but_no_admin_and_not_oneself():
    people = [known(1), known(2), known(3, is_admin=True), known(4), known(5, unit_id=4), known(6, is_active=False)]
    found = planned(row(1), people=people, leaving=frozenset({2, 3}), importer_id=4)
    assert found.leaving == [2]


def test_nobody_is_switched_off_while_rows_are_refused():
    found = planned(row(1), row(2, nip="1,98609E+17"), people=[known(1), known(2)], leaving=frozenset({2}))
    assert (found.leaving, found.has_blocked_leaving) == ([], True)


def test_an_office_changes_only_its_own_people():
    people = [known(1), known(2, unit_id=4), known(3, unit_id=None)]
    rows = [row(1, unit="Dinas Sosial"), row(2, unit="Dinas Kesehatan"), row(3, unit="Dinas Kesehatan"), row(4)]
    found = planned(*rows, row(5, unit="Puskesmas Contoh"), people=people, scope=Scope(frozenset({2, 3, 5})))
    assert codes(found) == ["unit-outside", "outside", "outside", "unit-missing"]
    assert kinds(found) == ["create"]


def test_who_has_rights_that_the_importer_lacks_is_not_changed_by_a_list():
    people = [known(1, is_protected=True), known(2, is_protected=True)]
    found = planned(row(1, rank="IV/a"), row(2), people=people, leaving=frozenset({2}))
    assert codes(found) == ["reaches-beyond"]
    assert kinds(found) == ["unchanged"]
    assert planned(row(9), people=people, leaving=frozenset({2})).leaving == []


def test_a_name_that_fits_one_of_ones_own_units_is_not_ambiguous():
    found = planned(row(1, unit="Sekretariat"), scope=Scope(frozenset({2, 3, 5})))
    assert found.changes[0].details.unit_id == 5


def test_warnings_do_not_refuse_a_row():
    found = planned(row(1, status="PPPK", **PLACED), row(2, name="Siapa Ini"), people=[known(2, name="Budi Santoso")])
    assert set(codes(found)) == {"number-is-pns", "rank-of-another-status", "name-differs"}
    assert (found.counts()["refused"], found.counts()["doubtful"]) == (0, 2)


def test_plans_that_do_the_same_are_alike_and_others_are_not():
    same = planned(row(1), people=[known(2)])
    assert same.digest() == planned(row(1), people=[known(3)]).digest()
    assert same.digest() != planned(row(1), people=[known(1)]).digest()
    assert same.digest() != planned(row(1), row(2, rank="V/x")).digest()


def test_a_plan_that_would_replace_other_values_is_another_plan():
    """Somebody has corrected the rank or the name since the plan was shown: it must not be overwritten unseen."""
    shown = planned(row(1, rank="III/b"), people=[known(1)])
    assert shown.digest() != planned(row(1, rank="III/b"), people=[known(1, rank="III/c")]).digest()
    assert shown.digest() != planned(row(1, rank="III/b"), people=[known(1, name="Pegawai Lain")]).digest()


def test_a_new_number_with_the_birth_date_and_name_of_somebody_is_asked_about():
    person = known(1)
    found = planned(row(2, name="Pegawai 1"), people=[person])
    assert (codes(found), kinds(found)) == (["duplicate"], [])
    assert [(one.row, one.person_id, one.nip) for one in found.duplicates] == [(2, 1, nip(2))]
    same = planned(row(2, name="Pegawai 1"), people=[person], identities={2: 1})
    assert (same.duplicates, same.changes[0].person_id, same.changes[0].changed) == ([], 1, ("nip",))
    new = planned(row(2, name="Pegawai 1", **PLACED), people=[person], identities={2: 0})
    assert (new.duplicates, codes(new), kinds(new)) == ([], [], ["create"])
    assert len({one.digest() for one in (found, same, new)}) == 3


def test_whose_own_number_is_in_the_list_is_somebody_else():
    found = planned(row(2, name="Pegawai 1", **PLACED), row(1), people=[known(1)])
    assert (found.duplicates, kinds(found)) == ([], ["create", "unchanged"])


def test_nobody_is_two_rows_of_a_list():
    rows = [row(2, name="Pegawai 1"), row(3, name="Pegawai 1", **PLACED)]
    assert [one.row for one in planned(*rows, people=[known(1)]).duplicates] == [2]
    found = planned(*rows, people=[known(1)], identities={2: 1, 3: 1})
    assert kinds(found) == ["update", "create"]


def test_who_was_registered_by_address_gets_the_first_number():
    person = ExistingPerson(id=9, email="ani@contoh.go.id", name="Ani Kambu", status="non-asn", unit_id=4)
    found = planned(row(1, name="Ani Kambu", status="PPPK", rank="", email="ani@contoh.go.id"), people=[person])
    assert codes(found) == ["first-number", "number-is-pns"]
    assert (kinds(found), found.changes[0].person_id) == (["update"], 9)
    assert codes(planned(row(1, name="Budi", email="ani@contoh.go.id", **PLACED), people=[person])) == ["email-taken"]


def test_who_has_only_the_name_in_common_is_asked_about_too():
    person = ExistingPerson(id=9, email="ani@contoh.go.id", name="Ani Kambu", status="non-asn", unit_id=4)
    found = planned(row(1, name="Ani Kambu", **PLACED), people=[person])
    assert [one.person_id for one in found.duplicates] == [9]


def test_people_of_other_agencies_are_mentioned_and_never_changed():
    found = planned(
        row(2, name="Pegawai 1", unit="Puskesmas Contoh"), people=[known(1, unit_id=4)], scope=Scope(frozenset({2, 3}))
    )
    assert (codes(found), kinds(found), found.duplicates) == (["duplicate-outside"], ["create"], [])


def test_nobody_is_deactivated_while_it_is_open_who_is_who():
    found = planned(row(2, name="Pegawai 1"), people=[known(1), known(5)], leaving=frozenset({2}))
    assert (found.leaving, found.has_blocked_leaving) == ([], True)
    found = planned(row(2, name="Pegawai 1"), people=[known(1), known(5)], leaving=frozenset({2}), identities={2: 1})
    assert found.leaving == [5]


@pytest.mark.parametrize(
    ("registered", "listed", "is_doubted"),
    [
        ("Muhammad Rizal", "Muhammad Yusuf", True),
        ("A. Rahman", "A. Yusuf", True),
        ("Dr. Siti Aminah", "Siti Rahma", True),
        ("Muh. Rizal", "Muhammad Rizal", False),
        ("Siti", "Siti", False),
        ("Muhammad", "Muhammad", False),
        ("H. Budi", "Budi Santoso", False),
        ("José Ma’ruf", "Jose\u0301", False),
        ("Maʼruf", "MA'RUF Hidayat", False),
    ],
)
def test_common_words_do_not_make_two_people_one(registered, listed, is_doubted):
    found = planned(row(1, name=listed), people=[known(1, name=registered)])
    assert ("name-differs" in codes(found)) == is_doubted


@pytest.mark.parametrize(
    "written", ["dinas kesehatan", "Dínas Kesehatan", "Dinas\u00a0Kese\u00adhatan", "ＤＩＮＡＳ Kesehatan"]
)
def test_a_unit_is_found_however_it_is_written(written):
    found = planned(row(1, unit=written), people=[known(1)])
    assert (codes(found), kinds(found), found.new_units) == ([], ["unchanged"], [])


def test_a_unit_cannot_be_made_without_a_name():
    names = UnitNames(UNITS)
    assert names.create_below(1, " > ") is None
    assert names.create_below(1, "x" * 161) is None
    assert names.create_below(1, "Pemerintah Kota Sorong") is None


def test_progress_is_told():
    heard: list[int] = []
    listed = [FileRow(number, {"nip": nip(number), "name": "A"}) for number in range(1, 1001)]
    plan(listed, ExistingData([], UNITS, EVERYBODY), heard.append)
    assert heard == [500, 1000]


def test_who_is_new_and_has_no_unit_is_pointed_out():
    found = planned(row(1), row(2, status="Non-ASN"), row(3, **PLACED), row(4), people=[known(4, unit_id=None)])
    pointed_out = [problem for problem in found.problems if problem.code == "without-unit"]
    assert [(problem.row, problem.is_doubt) for problem in pointed_out] == [(2, True)]
    assert len(found.changes) == 4


def test_a_unit_that_was_merged_leads_to_the_one_that_took_over_and_is_not_made_again():
    ended = {"ended": [UnitRef(90, 1, "Dinas Sosial Lama", "opd")], "successors": {90: SOCIAL.id}}
    for under in (None, CITY.id):
        found = planned(row(1, unit="Dinas  Sosial LAMA"), **ended, units_under=under)
        [problem] = found.problems
        assert (problem.code, problem.is_doubt) == ("unit-merged", False)
        assert problem.hint == "Pemerintah Kota Sorong > Dinas Sosial"
        assert found.new_units == []


def test_of_units_that_differ_in_capitals_the_one_that_is_written_so_is_meant():
    twins = [*UNITS, UnitRef(7, 1, "DINAS sosial", "opd")]
    for name, unit_id in (("Dinas Sosial", 4), ("DINAS sosial", 7), ("Pemerintah Kota Sorong > DINAS sosial", 7)):
        assert planned(row(1, unit=name), units=twins).changes[0].details.unit_id == unit_id
    assert codes(planned(row(1, unit="dinas sosial"), units=twins)) == ["unit-ambiguous"]
