"""The phonetic alphabet for reading out codes: a well-known word for each letter and digit."""

from __future__ import annotations

WORDS = {
    "A": "Ambon",
    "B": "Bandung",
    "C": "Cirebon",
    "D": "Denpasar",
    "E": "Ende",
    "F": "Fakfak",
    "G": "Garut",
    "H": "Halmahera",
    "I": "Irian",
    "J": "Jayapura",
    "K": "Kaimana",
    "L": "Lombok",
    "M": "Manokwari",
    "N": "Nabire",
    "O": "Ogan",
    "P": "Padang",
    "Q": "Qatar",
    "R": "Riau",
    "S": "Sorong",
    "T": "Ternate",
    "U": "Ungaran",
    "V": "Vietnam",
    "W": "Wamena",
    "X": "Xenia",
    "Y": "Yogyakarta",
    "Z": "Zebra",
}
DIGITS = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")


def spelled(code: str) -> list[tuple[str, str]]:
    """Each letter and digit of ``code`` with its word."""
    return [(one, DIGITS[int(one)] if one.isdecimal() else WORDS[one]) for one in code if one.isalnum()]
