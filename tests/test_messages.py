"""The Indonesian catalogue is complete, and what is collected are all the texts that people read."""

from __future__ import annotations

import re

import messages
import pytest


def test_every_text_is_translated():
    assert messages.problems() == []


REPLACED = {
    r"jorok": "indentasi",
    r"pejabat sementara": "Plt./Plh.",
    r"surat[ -]?el": "surel",
    r"kesempatan": "percobaan, pengumpulan",
    r"[Kk]iriman": "pengumpulan",
    r"penyelenggara pelatihan\b|admin BKPSDM": "pengelola pelatihan",
    r"ketuntasan": "kelulusan",
    r"Rekam JP": "Riwayat pelatihan",
    r"Sisihkan daftar": "Batalkan impor ini",
    r"untuk seterusnya": "permanen",
    r"banjir permintaan": "membatasi permintaan",
    r"orang (tiruan|contoh)": "akun demo",
    r"\bbita\b": "byte",
    r"kecepatan Anda": "sesuai waktu Anda",
    r"[Dd]engan sendirinya|[Dd]icoba lagi sendiri": "otomatis",
    r"[Tt]erkumpul sebagai": "Tugas terkirim",
    r"sidik berkas": "checksum",
    r"\b[Bb]ila\b": "jika",
    r"[Mm]uat lagi": "muat ulang",
    r"ada yang menunggu Anda": "say what is the case",
}
"""Words that were on the screen, and what is said instead (docs/glossary.md)."""


@pytest.mark.parametrize("word", REPLACED)
def test_words_that_were_replaced_do_not_come_back(word):
    said = [form for one in messages.read(messages.PO) if one.id for form in messages.forms(one.string)]
    said += [path.read_text() for path in sorted(messages.ROOT.glob("lms/**/*.id.html"))]
    assert [text for text in said if re.search(word, text)] == [], f"better: {REPLACED[word]}"


@pytest.mark.parametrize(
    ("name", "source", "found"),
    [
        ("one.py", "_('Enrol')", "Enrol"),
        ("one.py", "lazy('Enrol %(name)s', name=1)", "Enrol %(name)s"),
        ("one.py", "say('a fault', place=1)", "a fault"),
        ("one.py", "ngettext('%(num)s day', '%(num)s days', n)", ("%(num)s day", "%(num)s days")),
        ("one.py", "lazy_ngettext('%(n)s day', '%(n)s days', 'n')", ("%(n)s day", "%(n)s days")),
        ("templates/one.html", "{{ ngettext('%(num)s day', '%(num)s days', 2) }}", ("%(num)s day", "%(num)s days")),
        ("templates/kinds/one.html", "{% trans %}\n  A\n  sentence\n{% endtrans %}", "A sentence"),
        ("beside_a_module.html", "{{ _('Enrol') }}", "Enrol"),
    ],
)
def test_what_is_collected(tmp_path, name, source, found):
    file = tmp_path / "lms" / name
    file.parent.mkdir(parents=True)
    file.write_text(source)
    messages.extract(tmp_path / "messages.pot", tmp_path / "lms")
    assert {message.id for message in messages.read(tmp_path / "messages.pot") if message.id} == {found}
