"""Numbers as official Indonesian documents write them: in words and in Roman numerals."""

from __future__ import annotations

_DIGITS = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
_ROMAN = (
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)


def in_words(number: int) -> str:
    """``20`` is ``dua puluh``, ``1100`` is ``seribu seratus``.

    :raises ValueError: below 0 or above 999,999.
    """
    if not 0 <= number <= 999_999:
        raise ValueError(f"{number} is not between 0 and 999,999")
    return " ".join(_words(number)) or _DIGITS[0]


def roman(number: int) -> str:
    """``2026`` is ``MMXXVI``; as a month, ``9`` is ``IX``.

    :raises ValueError: below 1 or above 3,999, for which there are no letters.
    """
    if not 1 <= number <= 3999:
        raise ValueError(f"{number} has no Roman numeral")
    letters = ""
    for value, letter in _ROMAN:
        count, number = divmod(number, value)
        letters += letter * count
    return letters


def _words(number: int) -> list[str]:
    """The words of a number; none for zero, which is silent inside a larger number."""
    if number >= 1000:
        return _counted(number // 1000, "ribu") + _words(number % 1000)
    if number >= 100:
        return _counted(number // 100, "ratus") + _words(number % 100)
    if number >= 20:
        return _counted(number // 10, "puluh") + _words(number % 10)
    if number >= 12:
        return [_DIGITS[number - 10], "belas"]
    if number >= 10:
        return ["sepuluh" if number == 10 else "sebelas"]
    return [_DIGITS[number]] if number else []


def _counted(count: int, unit: str) -> list[str]:
    """``seratus`` and ``seribu`` are one word."""
    return [f"se{unit}"] if count == 1 else [*_words(count), unit]
