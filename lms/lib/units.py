"""Units of measurement as people write them: which spellings are the same unit."""

from __future__ import annotations

import re
import unicodedata

MAX_UNIT_LENGTH = 40

_UNIT = re.compile(
    r"(?![-\d·*^ .)]|[ex]\^?[23])(?:[^\W\d_]|[-%‰°′″'\"$€£/·*^ .()]|(?<=[^\W\d_^])\^?[23](?!\d))+", re.IGNORECASE
)
_SAYS_SOMETHING = re.compile(r"[^\W\d_]|[%‰°′″$€£]")
_POWERS = "23²³"
_PER = re.compile(r"\s*(?:/|\bper\b)\s*")
_SCALES = {"ribu": 3, "rb": 3, "juta": 6, "jt": 6, "miliar": 9, "milyar": 9, "triliun": 12}
_SPELLINGS = (
    "%, persen, percent, prosen, pct",
    "km, kilometer, kilometre",
    "m, meter, metre, mtr",
    "cm, sentimeter, centimeter",
    "mm, milimeter, millimeter",
    "km2, kilometer persegi, kilometer2",
    "m2, meter persegi, meter2",
    "cm2, sentimeter persegi, sentimeter2",
    "m3, meter kubik, meter3",
    "cm3, sentimeter kubik, sentimeter3",
    "ha, hektare, hektar, hectare",
    "t, ton",
    "kg, kilogram, kilo",
    "g, gr, gram",
    "mg, miligram",
    "l, liter, litre, ltr",
    "ml, mililiter",
    "detik, dtk, dt, s, sekon",
    "menit, mnt, min",
    "jam, j",
    "hari, hr",
    "minggu, mgg",
    "bulan, bln",
    "tahun, thn, th",
    "rp, rupiah, idr",
    "usd, us$, $, dolar, dolar as",
    "eur, €, euro",
    "orang, org",
    "jp, jam pelajaran",
    "°c, derajat celsius, derajat celcius, celsius, derajat c",
    "kb, kilobita, kilobyte",
    "mb, megabita, megabyte",
    "gb, gigabita, gigabyte",
)
_MONTH = re.compile(
    "januari|februari|maret|april|mei|juni|juli|agustus|september|oktober|november|desember"
    "|january|february|march|may|june|july|august|october|december",
    re.IGNORECASE,
)
_KEYS = {word.strip().replace(" ", ""): line.partition(",")[0] for line in _SPELLINGS for word in line.split(",")}


def is_month(text: str) -> bool:
    """True for the name of a month, which makes the number before it a day."""
    return _MONTH.fullmatch(text) is not None


def is_unit(text: str) -> bool:
    """True for what may come after a number as its unit, with or without words such as ``ribu``."""
    if len(text) > MAX_UNIT_LENGTH or text[:1].isnumeric():
        return False
    is_number = any(character.isnumeric() and character not in _POWERS for character in text)
    return not is_number and bool(_UNIT.fullmatch(text)) and bool(_SAYS_SOMETHING.search(text))


def scale_of(unit: str) -> tuple[int, str]:
    """How many zeros the first word stands for, and the unit without it: ``juta rupiah`` is 6 and ``rupiah``."""
    word, _space, rest = unit.partition(" ")
    zeros = _SCALES.get(word.casefold().rstrip("."), 0)
    return (zeros, rest.strip()) if zeros else (0, unit)


def unit_key(unit: str) -> str:
    """The same for all spellings of a unit: ``KM`` and ``kilometer``; ``m²``, ``m^2`` and ``meter persegi``."""
    plain = unicodedata.normalize("NFKC", unit).casefold().replace("^", "").replace(".", "")
    return "/".join(_key_of(part) for part in _PER.split(plain))


def _key_of(part: str) -> str:
    word = "".join(part.split())
    return _KEYS.get(word, word)
