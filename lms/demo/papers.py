"""Files that the demo's people hand in and give back."""

from __future__ import annotations

from functools import cache

import typst

PLAN = """= Contoh: rencana perbaikan loket

Antrean di loket rata-rata dua jam, karena syarat baru diketahui warga di depan petugas. Dari 30 orang yang dicatat,
11 orang harus pulang untuk melengkapi berkas.

+ Papan syarat dipasang di pintu masuk.
+ Satu petugas penyambut memeriksa berkas pada jam sibuk.
+ Nomor antrean diberikan setelah berkas lengkap.
"""
CORRECTED = (
    PLAN
    + """
#block(stroke: 1pt, inset: 8pt)[Catatan penilai: tambahkan ukuran, misalnya rata-rata waktu tunggu setelah 60 hari.]
"""
)


@cache
def pdf(text: str) -> bytes:
    return typst.compile(text.encode())
