"""The columns of a list of people: headings of the template, and headings that other lists use."""

from __future__ import annotations

import re
from typing import Literal, get_args

from lms.lib.folding import fold_text
from lms.lib.tables import Column
from lms.people import ranks

Field = Literal["nip", "name", "title_before", "title_after", "status", "rank", "position", "unit", "email", "phone"]
FIELDS: tuple[Field, ...] = get_args(Field)

STATUSES = {
    "pns": "PNS",
    "cpns": "CPNS",
    "pppk": "PPPK",
    "pppk-paruh-waktu": "PPPK Paruh Waktu",
    "non-asn": "Non-ASN",
}
"""As written in files."""
COLUMNS: dict[Field, Column] = {
    "nip": Column("NIP/NI PPPK", "text", 24),
    "name": Column("Nama (tanpa gelar)", "text", 32),
    "title_before": Column("Gelar depan", "text", 12),
    "title_after": Column("Gelar belakang", "text", 16),
    "status": Column("Status", "text", 18, tuple(STATUSES.values())),
    "rank": Column("Golongan", "text", 11),
    "position": Column("Jabatan", "text", 34),
    "unit": Column("Unit kerja", "text", 44),
    "email": Column("Surel", "text", 28),
    "phone": Column("No. WhatsApp", "text", 18),
}
REASON = "Alasan ditolak"
"""Heading of the last column in the file of refused rows."""
EXAMPLE = "contoh"
"""A row whose number begins with this word is skipped."""
EXAMPLE_ROW = (
    "CONTOH 19900101 201503 1 001", "CONTOH (baris ini dilewati)", "Dr.", "M.Si.", "PNS", "III/b",
    "Analis SDM Aparatur", "Dinas Kesehatan > Puskesmas Contoh", "nama@contoh.go.id", "0812-0000-0000",
)  # fmt: skip

_UNIT_NAMES = {
    "instansi": "instansi, instansikerja, namainstansi, pemda, pemerintahdaerah",
    "opd": "opd, skpd, perangkatdaerah, dinas, badan, dinasbadan, badandinas, namaopd, namaskpd, opdskpd, skpdopd,"
    "unorinduk, namaunorinduk, unorinduknama, unitkerjainduk, unitinduk, unitorganisasiinduk",
    "bidang": "bidang, bagian, namabidang, bidangbagian, bagianbidang, bidangsekretariat, sekretariatbidang",
    "upt": "upt, uptd, namaupt, namauptd",
    "puskesmas": "puskesmas, namapuskesmas",
    "sekolah": "sekolah, namasekolah, unitsekolah, satuanpendidikan",
    "seksi": "seksi, subbagian, subbag, subbidang, subbid, seksisubbag, seksisubbagian, subbagseksi, subbagianseksi",
    "": "unitkerja, unit, unor, unornama, namaunor, satuankerja, satker, unitorganisasi, unitkerjaopd, unitkerjaskpd,"
    "tempattugas, namaunitkerja, subunit",
}
"""Headings of columns of units by the kind of unit that they name."""
_NAMES: dict[Field, str] = {
    "nip": "nip, nippppk, nipbaru, nipnippppk, nipnipppk, nomorindukpegawai, nip18digit, nippegawai, nipppk,"
    "nomorindukpppk, nippnspppk",
    "name": "nama, namalengkap, namapegawai, namatanpagelar, namaasn, namapeserta, namapns, namapppk, name, fullname",
    "title_before": "gelardepan, gelard, gelardidepan, glrdepan",
    "title_after": "gelarbelakang, gelarb, gelardibelakang, glrbelakang",
    "status": "status, statuspegawai, statuskepegawaian, statusasn, jenispegawai, jenisasn, kedudukan,"
    "statuspnspppk, jenis",
    "rank": "golongan, gol, golruang, golonganruang, pangkat, pangkatgol, pangkatgolongan, pangkatgolruang,"
    "pangkatgolonganruang, golru, golakhir, golonganakhir, pangkatgolonganruangakhir",
    "position": "jabatan, namajabatan, jabatanakhir, jabatansaatini, position, jabatanterakhir",
    "unit": ", ".join(_UNIT_NAMES.values()),
    "email": "surel, email, alamatemail, alamatsurel, posel, emailaddress",
    "phone": "nowhatsapp, whatsapp, wa, nowa, nohp, hp, nomorhp, nohpwa, nohandphone, handphone, telepon, notelepon,"
    "nomorwhatsapp, nomorwa, telp, notelp, ponsel, noponsel, nomorponsel, nohpwhatsapp, nomortelepon",
}
_FIELD_OF: dict[str, Field] = {name.strip(): field for field, names in _NAMES.items() for name in names.split(",")}
_UNIT_KIND_OF = {name.strip(): kind for kind, names in _UNIT_NAMES.items() for name in names.split(",")}
_STATUS_OF = {
    "pns": "pns", "cpns": "cpns", "calonpns": "cpns", "pppk": "pppk", "p3k": "pppk", "pppkpenuhwaktu": "pppk",
    "pppkparuhwaktu": "pppk-paruh-waktu", "p3kparuhwaktu": "pppk-paruh-waktu", "pppkpw": "pppk-paruh-waktu",
    "nonasn": "non-asn", "honorer": "non-asn", "honor": "non-asn", "kontrak": "non-asn", "tenagakontrak": "non-asn",
    "tenagahonorer": "non-asn", "thl": "non-asn", "pegawainegerisipil": "pns", "calonpegawainegerisipil": "cpns",
}  # fmt: skip
_PNS_RANK = re.compile(r"\b(IV|I{1,3})\s*[/.\-]?\s*([a-e])\b", re.IGNORECASE)
_LETTERS = re.compile(r"[^0-9a-z]")


def normalise(text: str) -> str:
    """Normalise a heading: only lower-case letters and digits remain."""
    return _LETTERS.sub("", fold_text(text))


def field_of(heading: str) -> Field | None:
    """The field of a column; text in brackets may be ignored."""
    return _FIELD_OF.get(normalise(heading)) or _FIELD_OF.get(_without_brackets(heading))


def unit_kind_of(heading: str) -> str:
    """The kind of unit that the heading of a column of units names; empty if it names none."""
    return _UNIT_KIND_OF.get(normalise(heading)) or _UNIT_KIND_OF.get(_without_brackets(heading), "")


def _without_brackets(heading: str) -> str:
    return normalise(re.sub(r"\(.*?\)", "", heading))


def status_of(text: str) -> str | None:
    """The status as stored, or None if the text is not a known status."""
    return _STATUS_OF.get(normalise(text))


def rank_of(text: str) -> str | None:
    """The golongan in ``Penata Muda Tk. I (III/b)``, ``iii b``, ``IX``, or of a pangkat name; None if there is none."""
    rank = ranks.normalise(text)
    if rank in ranks.PANGKAT or rank in ranks.PPPK_RANKS:
        return rank
    found = _PNS_RANK.search(text)
    if found:
        rank = f"{found[1].upper()}/{found[2].lower()}"
        return rank if rank in ranks.PANGKAT else None
    plain = " ".join(fold_text(text).replace("tk.", "tingkat ").replace("tk ", "tingkat ").split())
    return next((rank for rank, name in ranks.PANGKAT.items() if fold_text(name) == plain), None)
