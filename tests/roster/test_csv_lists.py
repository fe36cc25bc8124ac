"""Lists as CSV: the separator, the quotation marks, the headings and the encoding are those that make sense."""

from __future__ import annotations

import pytest
from people_files import nip, xlsx

from lms.lib.table_data import Unreadable, UnreadableReason
from lms.roster.list_file import FirstRowIsData, NoHeadings, read_people
from lms.roster.parsed_row import parse_row

NAME = "Dr. Contoh, S.Sos., M.Si., M.A.P., CGCAE, Ph.D."


def people(text: str | bytes) -> list[dict[str, str]]:
    return [row.cells for row in read_people(text if isinstance(text, bytes) else text.encode()).rows]


def listed(*cells: str) -> dict[str, str]:
    return dict(zip(("nip", "name", "unit"), cells, strict=True))


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_names_full_of_commas_hide_no_headings(separator):
    lines = [["NIP", "Nama", "Unit kerja"], *([nip(number), NAME, "Dinas Sosial"] for number in range(1, 6))]
    found = people("\n".join(separator.join(cells) for cells in lines))
    assert found == [listed(nip(number), NAME, "Dinas Sosial") for number in range(1, 6)]


def test_semicolons_within_quoted_cells_hide_no_commas():
    rows = "".join(f'{nip(number)},Budi,"Analis; a; b; c; d"\n' for number in range(1, 4))
    assert [row["position"] for row in people(f"NIP,Nama,Jabatan\n{rows}")] == ["Analis; a; b; c; d"] * 3


@pytest.mark.parametrize(
    "above",
    [
        "PEMERINTAH KOTA SORONG\n",
        "DAFTAR PEGAWAI, KEADAAN AGUSTUS 2026, SEMUA OPD, PNS, CPNS, PPPK, PPPK PARUH WAKTU\n\n",
        "Kepada: Kepala BKPSDM, Kota Sorong;;\nPerihal; Daftar pegawai, lengkap, per 1 Agustus, final\n",
        "Keterangan, a, b, c\nNIP dan Nama, wajib diisi\n",
        "sep=;\nDaftar, a, b, c, d\n",
    ],
)
def test_lines_above_the_headings_do_not_decide(above):
    assert people(f"{above}NIP;Nama;Unit kerja\n{nip(1)};{NAME};Dinas Sosial\n") == [
        listed(nip(1), NAME, "Dinas Sosial")
    ]


def test_the_headings_are_those_that_fit_the_rows_below():
    legend = "NIP;Nama;Golongan;Unit kerja\n18 angka;tanpa gelar;III/b;nama\n\n"
    found = people(f"{legend}Nama;NIP;Unit kerja\nBudi;{nip(1)};Dinas Sosial\nAni;{nip(2)};Dinas Sosial\n")
    assert found == [
        {"name": name, "nip": number, "unit": "Dinas Sosial"} for name, number in (("Budi", nip(1)), ("Ani", nip(2)))
    ]


@pytest.mark.parametrize(
    "data",
    [f"{nip(1)};{NAME};Dinas Sosial\n{nip(2)};Ani;Dinas Sosial\n".encode(), xlsx([[nip(2), "Ani"]], [nip(1), "Budi"])],
)
def test_a_file_that_begins_with_a_person_lacks_its_headings(data):
    with pytest.raises(FirstRowIsData):
        read_people(data)


def test_a_file_without_people_or_headings_is_told_as_before():
    with pytest.raises(NoHeadings) as refusal:
        read_people(b"Kursus;JP\nKepemimpinan;20\n")
    assert not isinstance(refusal.value, FirstRowIsData)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_an_encoding_makes_sense_of_the_names(encoding):
    text = f"NIP;Nama;Unit kerja\n{nip(1)};Renée – “Né”;Dinas Sosial\n"
    assert people(text.encode(encoding)) == [listed(nip(1), "Renée – “Né”", "Dinas Sosial")]


def test_a_list_put_together_from_two_encodings_is_read_line_by_line():
    lines = [b"NIP;Nama;Unit kerja\n", f"{nip(1)};Renée;A\n".encode(), f"{nip(2)};Renée;B\n".encode("cp1252")]
    assert [row["name"] for row in people(b"".join(lines))] == ["Renée", "Renée"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (f'NIP;Nama;Unit kerja\n{nip(1)};"Aceng" Santoso;A\n', '"Aceng" Santoso'),
        (f'NIP;Nama;Unit kerja\n"{nip(1)}";"Budi ""Aceng"" S";"A"\n', 'Budi "Aceng" S'),
        (f"'NIP';'Nama';'Unit kerja'\n'{nip(1)}';'Budi; S.Kom';'A'\n", "Budi; S.Kom"),
        (f"NIP;Nama;Unit kerja\n'{nip(1)};Ma'ruf;A\n", "Ma'ruf"),
        (f'"NIP;Nama;Unit kerja"\n"{nip(1)};Budi, ""Aceng"";A"\n', 'Budi, "Aceng"'),
        (f'NIP;Nama;Unit kerja\n"{nip(1)};Budi, S.Kom;A"\n', "Budi, S.Kom"),
        (f'NIP;Nama;Unit kerja\n{nip(1)};"Budi\nSantoso";A\n', "Budi Santoso"),
    ],
)
def test_quotation_marks_are_those_that_make_sense(text, name):
    assert [row["name"] for row in people(text)] == [name]


def test_an_open_quotation_mark_is_asked_with_its_line():
    with pytest.raises(Unreadable) as refusal:
        people(f'sep=;\nNIP;Nama\n{nip(1)};"Budi\n{nip(2)};Ani\n')
    assert (refusal.value.why, refusal.value.line) == (UnreadableReason.QUOTES, 3)


def test_a_row_with_more_cells_than_headings_is_asked():
    file = read_people(f'NIP,Nama,Unit kerja\n{nip(1)},Budi, S.Kom.,A\n{nip(2)},"Ani, S.Kom.",B,,\n'.encode())
    first, second = map(parse_row, file.rows)
    assert [problem.code for problem in first.problems] == ["surplus"]
    assert (second.values["name"], second.unit, second.is_refused) == ("Ani, S.Kom.", "B", False)
    notes = read_people(xlsx([[nip(1), "Budi", "catatan"]], ["NIP", "Nama"]))
    assert not parse_row(notes.rows[0]).is_refused, "a spreadsheet has its cells apart"
