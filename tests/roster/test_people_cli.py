"""``lms people``: import and export on the command line."""

from __future__ import annotations

import pytest
from factories import make_person, make_unit
from people_files import nip, row, xlsx

from lms.core.db import db
from lms.core.ledger import LedgerEntry
from lms.people import queries
from lms.people.models import Placement
from lms.roster import cli
from lms.roster.models import PeopleImport


@pytest.fixture
def run(app):
    def call(*args):
        db.session.commit()
        return app.test_cli_runner().invoke(cli.people_group, [str(one) for one in args])

    return call


@pytest.fixture
def good(tmp_path):
    file = tmp_path / "pegawai.xlsx"
    file.write_bytes(xlsx([row(1), row(2)]))
    return file


@pytest.fixture
def half(tmp_path):
    file = tmp_path / "setengah.xlsx"
    file.write_bytes(xlsx([row(1), row(2, rank="V/x")]))
    return file


def test_a_sound_list_is_written_and_the_exit_code_is_0(run, good):
    answer = run("import", good)
    assert answer.exit_code == 0, answer.output
    person = queries.person_named(nip(1))
    assert person.name == "Pegawai 1"
    assert db.session.query(PeopleImport).one().state == "done"
    assert db.session.query(Placement).filter_by(person_id=person.id).one().source == "import:1"
    assert not [entry for entry in db.session.query(LedgerEntry) if nip(1) in entry.facts]


def test_a_dry_run_writes_nothing(run, good, half):
    assert run("import", good, "--dry-run").exit_code == 0
    assert run("import", half, "--dry-run").exit_code == 1
    assert queries.person_named(nip(1)) is None
    assert db.session.query(PeopleImport).count() == 0


def test_with_a_refused_row_nothing_is_written_unless_it_is_skipped(run, half, tmp_path):
    back = tmp_path / "kembali.xlsx"
    answer = run("import", half, "--refused", back)
    assert answer.exit_code == 1
    assert "Golongan: V/x" in answer.output
    assert queries.person_named(nip(1)) is None
    assert back.read_bytes().startswith(b"PK")
    assert run("import", half, "--skip-refused").exit_code == 0
    assert queries.person_named(nip(1))
    assert queries.person_named(nip(2)) is None


def test_who_is_missing_is_switched_off_only_by_the_switch(run, good):
    unit = make_unit("Dinas Contoh")
    gone = make_person(unit_id=unit.id, nip=nip(9))
    run("import", good)
    assert gone.is_active
    assert run("import", good, "--deactivate-missing", "Dinas Contoh").exit_code == 0
    db.session.expire_all()
    assert not queries.person_named(nip(9)).is_active


def test_missing_units_are_made_below_the_one_that_is_named(run, tmp_path):
    make_unit("Pemerintah Kota Sorong", kind="instansi")
    file = tmp_path / "a.xlsx"
    file.write_bytes(xlsx([row(1, unit="Dinas Kesehatan > Puskesmas Contoh")]))
    assert run("import", file).exit_code == 1
    assert run("import", file, "--create-units-under", "Pemerintah Kota Sorong").exit_code == 0
    path = queries.unit_path(queries.person_named(nip(1)).unit)
    assert path == ["Pemerintah Kota Sorong", "Dinas Kesehatan", "Puskesmas Contoh"]
    assert [unit.kind for unit, _depth in queries.units_in_order()] == ["instansi", "opd", "puskesmas"]


def test_a_unit_is_named_by_its_path_where_its_name_occurs_twice(run, tmp_path):
    city = make_unit("Pemerintah Kota Sorong", kind="instansi")
    offices = [make_unit(name, parent=city) for name in ("Dinas Sosial", "Dinas Kesehatan")]
    for office in offices:
        make_unit("Sekretariat", kind="bidang", parent=office)
    file = tmp_path / "a.xlsx"
    file.write_bytes(xlsx([row(1, unit="Dinas Sosial > Sekretariat > Seksi Umum")]))
    answer = run("import", file, "--create-units-under", "Sekretariat")
    assert (answer.exit_code, queries.person_named(nip(1))) == (1, None)
    assert run("import", file, "--create-units-under", "Dinas Sosial > Sekretariat").exit_code == 0
    path = queries.unit_path(queries.person_named(nip(1)).unit)
    assert path == ["Pemerintah Kota Sorong", "Dinas Sosial", "Sekretariat", "Seksi Umum"]


def test_a_file_that_is_no_list_is_told_in_a_line(run, tmp_path):
    file = tmp_path / "a.xlsx"
    file.write_bytes(b"%PDF-1.4")
    answer = run("import", file)
    assert answer.exit_code == 1
    assert "Traceback" not in answer.output


@pytest.mark.parametrize("name", ["semua.xlsx", "semua.csv"])
def test_what_is_exported_comes_in_again_unchanged(run, tmp_path, name):
    make_person(nip=nip(3), unit_id=make_unit("Dinas Contoh").id)
    file = tmp_path / name
    assert run("export", file).exit_code == 0
    assert run("import", file).exit_code == 0
    assert db.session.query(PeopleImport).one().report["counts"]["unchanged"] == 1


def test_the_template_is_written(run, tmp_path):
    make_unit("Dinas Contoh")
    assert run("template", tmp_path / "t.xlsx").exit_code == 0
    assert run("import", tmp_path / "t.xlsx").exit_code == 1


def test_who_has_a_new_number_is_named_by_options(run, tmp_path):
    person = make_person(nip=nip(1), name="Yohanis Mambrasar")
    file = tmp_path / "pegawai.xlsx"
    file.write_bytes(xlsx([row(3, name="Yohanis Mambrasar"), row(4)]))
    answer = run("import", file)
    assert answer.exit_code == 1
    assert "--same" in answer.output
    assert run("import", file, "--same", "3").exit_code == 1, "row 3 is not in question"
    assert run("import", file, "--same", "2", "--new", "2").exit_code == 1
    assert run("import", file, "--same", "2").exit_code == 0
    assert queries.person_named(nip(3)).id == person.id
