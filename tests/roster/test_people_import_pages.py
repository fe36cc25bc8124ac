"""Import pages: upload, review, approve; the test runs the job."""

from __future__ import annotations

import io

import pytest
from factories import grant, make_person, make_unit
from pages import csrf_token
from people_files import nip, row, xlsx
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from lms.core import scheduler, storage
from lms.core.db import db
from lms.people import queries
from lms.roster.jobs import process_people_lists
from lms.roster.models import PeopleImport

PATH = "/admin/people/import"


def hand_in(client, data: bytes, name: str = "pegawai.xlsx"):
    token = csrf_token(client.get(PATH).get_data(as_text=True))
    return client.post(PATH, data={"csrf_token": token, "file": (io.BytesIO(data), name)})


def run_job() -> None:
    db.session.commit()
    process_people_lists()


def checked(client, data: bytes) -> str:
    """Upload a list and run the job; returns the URL of its page."""
    path = hand_in(client, data).location
    run_job()
    return path


def do(client, path: str, deed: str, **values: str):
    digest = db.session.query(PeopleImport).order_by(PeopleImport.id.desc()).first().digest
    return client.post_form(path, PATH, do=deed, **{"digest": digest, **values})


def test_a_list_is_looked_at_first_and_written_at_a_word(client, admin):
    path = hand_in(client, xlsx([row(1, unit="Dinas Kesehatan"), row(2)])).location
    waiting = client.get(path).get_data(as_text=True)
    assert 'http-equiv="refresh"' in waiting
    assert "<progress" in waiting
    run_job()
    page = client.get(path).get_data(as_text=True)
    assert "refresh" not in page
    assert 'value="write"' in page
    assert queries.person_named(nip(1)) is None
    assert do(client, path, "write").status_code == 303
    run_job()
    assert "note--done" in client.get(path).get_data(as_text=True)
    person = queries.person_named(nip(1))
    assert (person.name, person.rank, person.unit.name) == ("Pegawai 1", "III/a", "Dinas Kesehatan")
    assert person.password_hash is None


def test_the_worker_is_rung_for_when_a_list_waits_for_it(client, admin, monkeypatch):
    rings = []
    monkeypatch.setattr(scheduler, "wake", lambda: rings.append(db.session().in_transaction()))
    path = hand_in(client, xlsx([row(1)])).location
    assert rings == [False], "once the row is there for others to see"
    run_job()
    do(client, path, "write")
    assert rings == [False, False]


def test_problems_name_row_column_value_and_remedy_and_come_back_as_a_file(client, admin):
    rows = [row(1), row(2, unit="Dinas Kesehata"), [1.98609262015051e17, "Budi"], row(3, rank="V/x")]
    path = checked(client, xlsx(rows))
    page = client.get(path).get_data(as_text=True)
    for text in ("Dinas Kesehata", "1,98609E+17", "V/x", "Golongan"):
        assert text in page
    answer = client.get(f"{path}/refused.xlsx")
    assert answer.headers["Cache-Control"] == "private, no-store"
    table = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert table[0][-1] == "Alasan ditolak"
    assert [line[0] for line in table[1:]] == [nip(2), "1,98609E+17", nip(3)]
    assert all(line[-1] for line in table[1:])


def test_a_thousand_rows_with_one_cause_are_one_question(client, admin):
    path = checked(client, xlsx([row(number, unit="Dinas Kesehata") for number in range(1, 31)]))
    page = client.get(path).get_data(as_text=True)
    assert page.count("Dinas Kesehata</td>") == 1
    assert "2, 3, 4, 5, 6, 7, 8, 9, 10, 11, dan 20 lainnya" in page
    answer = client.get(f"{path}/refused.xlsx")
    table = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert len(table) == 31
    assert all(line[-1] for line in table[1:]), "each row of the file has its reason"


def test_a_file_that_is_no_list_is_told_in_words(client, admin):
    path = checked(client, b"<html><table><tr><td>NIP</td></tr></table></html>")
    page = client.get(path).get_data(as_text=True)
    assert "note--fail" in page
    assert "XLSX" in page
    assert hand_in(client, b"").status_code == 422
    assert client.post_form(PATH).status_code == 422


def test_another_plan_than_the_one_shown_is_not_written(client, admin):
    path = checked(client, xlsx([row(1), row(2)]))
    make_person(nip=nip(2), name="Pegawai 2")
    do(client, path, "write")
    run_job()
    page = client.get(path).get_data(as_text=True)
    assert "note--wait" in page
    assert queries.person_named(nip(1)) is None
    do(client, path, "write")
    run_job()
    assert queries.person_named(nip(1))
    assert do(client, path, "write").status_code == 409
    assert do(client, path, "withdraw").status_code == 409


def test_two_lists_approved_at_once_do_not_mix(client, admin):
    paths = [checked(client, xlsx([row(1, rank=rank), row(2)])) for rank in ("III/a", "III/b")]
    digests = [one.digest for one in db.session.query(PeopleImport).order_by(PeopleImport.id)]
    for path, digest in zip(paths, digests, strict=True):
        do(client, path, "write", digest=digest)
    run_job()
    first, second = db.session.query(PeopleImport).order_by(PeopleImport.id)
    assert (first.state, second.state) == ("done", "checked")
    assert second.report["has_changed"]
    assert (second.report["counts"]["create"], second.report["counts"]["update"]) == (0, 1)
    assert queries.person_named(nip(1)).rank == "III/a"


def test_a_stale_page_cannot_approve_what_it_did_not_show(client, admin):
    path = checked(client, xlsx([row(1)]))
    assert do(client, path, "write", digest="0" * 64).status_code == 409
    run_job()
    assert queries.person_named(nip(1)) is None


def test_a_list_is_put_away_and_compared_by_other_choices(client, admin):
    unit = queries.units_in_order()[0].unit
    path = checked(client, xlsx([row(1, unit="Puskesmas Baru")]))
    assert db.session.query(PeopleImport).one().report["counts"]["refused"] == 1
    do(client, path, "compare", units_under=str(unit.id), leaving="")
    run_job()
    counts = db.session.query(PeopleImport).one().report["counts"]
    assert (counts["create"], counts["units"], counts["refused"]) == (1, 1, 0)
    do(client, path, "withdraw")
    assert client.get(path).status_code == 200
    run_job()
    assert queries.person_named(nip(1)) is None


def test_a_csv_list_with_two_columns_of_units_makes_a_unit_for_each_office(client, admin):
    city = queries.units_in_order()[0].unit
    lines = ["DAFTAR PEGAWAI, PNS, CPNS, PPPK, PER AGUSTUS", "NIP;Nama;OPD;Unit kerja"]
    offices = ("Dinas Sosial", "Dinas Perhubungan", "Dinas Sosial", "")
    lines += [f"{nip(n)};Dr. Contoh, S.Sos., M.Si.;{office};Sekretariat" for n, office in enumerate(offices, 1)]
    path = checked(client, "\n".join(lines).encode())
    do(client, path, "compare", units_under=str(city.id), leaving="")
    run_job()
    page = client.get(path).get_data(as_text=True)
    assert "Pemerintah Kota Sorong &gt; Dinas Perhubungan &gt; Sekretariat" in page
    assert "OPD &gt; Unit kerja" in page
    [refused] = [one for one in db.session.query(PeopleImport).one().report["problems"] if not one["is_doubt"]]
    assert (refused["row"], refused["code"]) == (6, "unit-ambiguous")
    do(client, path, "write")
    run_job()
    paths = [queries.unit_path(queries.person_named(nip(n)).unit) for n in (1, 2, 3)]
    assert paths == [["Pemerintah Kota Sorong", office, "Sekretariat"] for office in offices[:3]]
    kinds = {unit.name: unit.kind for unit, _depth in queries.units_in_order()}
    assert (kinds["Dinas Perhubungan"], kinds["Sekretariat"]) == ("opd", "bidang")
    assert queries.person_named(nip(4)) is None


def test_a_list_without_headings_is_told_what_to_add(client, admin):
    path = checked(client, f"{nip(1)};Budi, S.Kom.;Dinas Sosial\n".encode())
    assert "judul kolomnya tidak ada" in client.get(path).get_data(as_text=True)


def test_the_list_of_one_agency_admin_is_nobody_elses_business(client, admin):
    path = checked(client, xlsx([row(1)]))
    other = make_person()
    grant(other, "agency-admin", unit=make_unit("Pemerintah Provinsi", kind="instansi"))
    stranger = client.application.test_client().sign_in(other)
    assert stranger.get(path).status_code == 404
    assert stranger.get(PATH).status_code == 200
    assert "pegawai.xlsx" not in stranger.get(PATH).get_data(as_text=True)
    assert client.application.test_client().sign_in(make_person()).get(PATH).status_code == 404


def test_an_agency_admin_brings_in_only_people_of_the_own_agency(client, admin):
    own = make_unit("Pemerintah Provinsi", kind="instansi")
    office = make_person()
    grant(office, "agency-admin", unit=own)
    make_person(nip=nip(5), name="Pegawai 5", unit_id=queries.units_in_order()[0].unit.id)
    client.sign_in(office)
    rows = [row(1, unit="Pemerintah Provinsi"), row(2, unit="Dinas Kesehatan"), row(3), row(5)]
    path = checked(client, xlsx(rows))
    report = db.session.query(PeopleImport).one().report
    assert report["counts"]["create"] == 1
    assert [problem["code"] for problem in report["problems"]] == ["unit-outside", "unit-missing", "outside"]
    assert client.get(path).status_code == 200


def test_who_is_no_admin_any_more_brings_nobody_in(client, admin):
    hand_in(client, xlsx([row(1)]))
    db.session.delete(admin.grants[0])
    run_job()
    list_ = db.session.query(PeopleImport).one()
    assert (list_.state, list_.report["code"]) == ("refused", "no-right")


def test_a_list_whose_file_is_gone_fails_without_harm_and_the_next_is_read(client, admin, monkeypatch):
    hand_in(client, xlsx([row(1)]))
    db.session.query(PeopleImport).one().key = "imports/00/" + "0" * 64
    path = checked(client, xlsx([row(2)]))
    states = [one.state for one in db.session.query(PeopleImport).order_by(PeopleImport.id)]
    assert states == ["failed", "checked"]
    assert client.get(path).status_code == 200
    assert client.get(path.replace("2", "1")).status_code == 200


def test_the_template_brings_nobody_in_and_has_text_cells_and_the_units(client, admin):
    data = client.get("/admin/people/template.xlsx").data
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert len(book.sheet_names) == 3
    assert ["Pemerintah Kota Sorong > Dinas Kesehatan"] in book.get_sheet_by_index(2).to_python()
    explained = dict(row[:2] for row in book.get_sheet_by_index(1).to_python())
    assert f"“{book.sheet_names[2]}”" in explained["Unit kerja"]
    path = checked(client, data)
    assert db.session.query(PeopleImport).one().report["code"] == "no-rows"
    assert client.get(path).status_code == 200


def test_what_is_exported_comes_in_again_as_unchanged(client, admin):
    unit = queries.units_in_order()[1].unit
    make_person(nip=nip(7), name="Abdul =1+1", title_before="Dr.", unit_id=unit.id, phone="+6281234567890")
    for kind in ("xlsx", "csv"):
        answer = client.get(f"/admin/people/export.{kind}?unit={unit.id}")
        assert answer.headers["Cache-Control"] == "private, no-store"
        checked(client, answer.data)
        counts = db.session.query(PeopleImport).order_by(PeopleImport.id.desc()).first().report["counts"]
        assert (counts["unchanged"], counts["refused"], counts["update"]) == (1, 0, 0)
    assert client.get("/admin/people/export.xlsx?unit=99999").status_code == 404


def test_files_are_kept_in_the_storage_by_their_content(client, admin):
    data = xlsx([row(1)])
    hand_in(client, data)
    assert storage.read(db.session.query(PeopleImport).one().key) == data


def test_people_of_a_second_sheet_are_not_switched_off_for_not_being_read(client, admin):
    unit = make_unit("Dinas Contoh")
    stays = make_person(nip=nip(2), unit_id=unit.id)
    out = io.BytesIO()
    with Workbook(out) as book:
        for name, number in (("PNS", 1), ("PPPK", 2)):
            page = book.add_worksheet(name)
            page.write_row(0, 0, ["NIP", "Nama", "Unit kerja"])
            page.write_row(1, 0, [nip(number), f"Pegawai {number}", "Dinas Contoh"])
    path = checked(client, out.getvalue())
    do(client, path, "compare", leaving=str(unit.id))
    run_job()
    page = client.get(path).get_data(as_text=True)
    assert 'id="other-sheets"' in page
    assert "PPPK" in page
    do(client, path, "write")
    run_job()
    db.session.expire_all()
    assert stays.is_active


@pytest.mark.parametrize("deed", ["write", "withdraw", "compare"])
def test_a_second_submission_says_that_the_list_was_decided(client, admin, deed):
    path = checked(client, xlsx([row(1, unit="Dinas Kesehatan")]))
    do(client, path, "write")
    run_job()
    again = do(client, path, deed)
    assert again.status_code == 409
    page = again.get_data(as_text=True)
    assert "sudah disetujui atau dibatalkan" in page
    assert "Tidak ada yang diimpor" not in page


def test_who_has_a_new_number_is_asked_about_and_stays_one_person(client, admin):
    unit = make_unit("Dinas Contoh")
    same = make_person(nip=nip(1), name="Yohanis Mambrasar", unit_id=unit.id)
    other = make_person(nip=nip(2), name="Maria Kambu", unit_id=unit.id)
    rows = [row(3, name="Yohanis A. Mambrasar"), row(4, name="Maria Kambu", unit="Dinas Contoh")]
    path = checked(client, xlsx(rows))
    page = client.get(path).get_data(as_text=True)
    assert page.count('name="same"') == 2
    assert 'value="write"' not in page, "both rows are rejected until it is said who they are"
    assert do(client, path, "identify", same="2").status_code == 303
    run_job()
    page = client.get(path).get_data(as_text=True)
    assert 'name="same"' not in page
    assert "1 sudah terdaftar, 1 orang baru" in page
    do(client, path, "write")
    run_job()
    assert queries.person_named(nip(3)).id == same.id
    assert queries.person_named(nip(4)).id != other.id
    assert queries.person_named(nip(1)) is None


def test_an_answer_to_another_plan_than_the_one_shown_is_not_taken(client, admin):
    make_person(nip=nip(1), name="Yohanis Mambrasar", unit_id=make_unit("Dinas Contoh").id)
    path = checked(client, xlsx([row(3, name="Yohanis Mambrasar")]))
    assert do(client, path, "identify", same="2", digest="another").status_code == 409
    do(client, path, "identify", same="2")
    run_job()
    do(client, path, "ask-again")
    run_job()
    assert 'name="same"' in client.get(path).get_data(as_text=True)


def test_only_who_was_shown_can_be_chosen(client, admin):
    person = make_person(nip=nip(1), name="Yohanis Mambrasar", unit_id=make_unit("Dinas Contoh").id)
    path = checked(client, xlsx([row(3, name="Yohanis Mambrasar"), row(4, unit="Dinas Contoh")]))
    do(client, path, "identify", same=["3", "x", "99"])
    run_job()
    do(client, path, "write")
    run_job()
    assert queries.person_named(nip(1)).id == person.id
    assert queries.person_named(nip(3)).id != person.id
