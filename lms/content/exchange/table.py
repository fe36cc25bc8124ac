"""Reading questions from a table, one in a row, and the template for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from string import ascii_uppercase
from typing import Any

from lms.content.exchange.accepted_numbers import typed_by_author
from lms.content.exchange.accepted_texts import accepted_of
from lms.content.exchange.bank import Bank, Entry, NotTaken, Reading, UnreadableBank, entry_of
from lms.content.exchange.choices import TRUE_FALSE, WHOLE, WeightedAnswer, choices_of, points_of
from lms.content.exchange.escaping import as_text
from lms.content.exchange.groups import MAX_GROUP_LENGTH, difficulty_of, tags_of
from lms.content.markdown.problems import say
from lms.content.questions.base import Difficulty, Question
from lms.content.questions.choice import Choice
from lms.content.questions.number import Number
from lms.content.questions.short_answer import ShortAnswer
from lms.content.questions.true_false import TrueFalse
from lms.content.text import Text
from lms.lib.folding import fold_text
from lms.lib.table_data import Cell, SheetData
from lms.lib.tables import Column

NAME = "Excel / CSV"
LETTERS = "ABCDEFGHIJ"
HEADINGS_WITHIN = 20
EXAMPLE = "contoh"
MAX_OBJECTIVE_LENGTH = 200

COLUMNS = (
    Column("Soal", "text", 50),
    *(Column(f"Pilihan {letter}", "text", 24) for letter in LETTERS[:5]),
    Column("Kunci", "text", 14),
    Column("Poin", "number", 8),
    Column("Kelompok", "text", 14),
    Column("Tag", "text", 20),
    Column("Tujuan", "text", 30),
    Column("Kesulitan", "text", 12),
    Column("Pembahasan", "text", 40),
    Column("Petunjuk", "text", 30),
    Column("Jenis", "text", 10),
)
EXAMPLE_ROWS = (
    ("CONTOH satu jawaban: ibu kota Papua Barat Daya?", "Sorong", "Manokwari", "Jayapura", None, None, "A", 1,
     "wilayah", "provinsi, ibu kota", "Menyebut ibu kota provinsi", "mudah", "Provinsi ini dibentuk pada 2022.", None,
     None),
    ("CONTOH beberapa jawaban: pilih bilangan genap", "2", "3", "4", "5", None, "A, C", 2,
     *[None] * 7),
    ("CONTOH isian singkat: 7 + 7 = …", None, None, None, None, None, "14 | empat belas", 1,
     *[None] * 5, "Hitung.", None),
    ("CONTOH benar atau salah: bumi itu bulat", None, None, None, None, None, "Benar", 1,
     *[None] * 7),
    ("CONTOH angka dengan satuan: berapa lama satu JP?", None, None, None, None, None, "45 ± 0,5 menit | 0,75 jam", 1,
     *[None] * 6, "angka"),
)  # fmt: skip
"""Rows that begin with CONTOH are passed over."""

_NAMES = {
    "stem": "soal, pertanyaan, butirsoal, naskahsoal, isisoal, question, questiontext, stem, pertanyaansoal",
    "key": "kunci, kuncijawaban, jawaban, jawabanbenar, answer, key, correct, correctanswer, rightanswer",
    "points": "poin, skor, nilai, bobot, points, point, score, mark, grade",
    "group": "kelompok, grup, group, kategori, category, topik, bab",
    "tags": "tag, tags, label, katakunci, keywords",
    "objective": "tujuan, tujuanpembelajaran, indikator, objective, learningobjective",
    "difficulty": "kesulitan, tingkatkesulitan, difficulty",
    "explanation": "pembahasan, penjelasan, explanation, feedback, umpanbalik, keterangan",
    "hint": "petunjuk, hint, hints, bantuan",
    "kind": "jenis, jenissoal, tipe, tipesoal, type, kind, questiontype",
}
_FIELD_OF = {name.strip(): field for field, names in _NAMES.items() for name in names.split(",")}
_OPTION = re.compile(r"(?:pilihan|opsi|opsijawaban|option|choice|jawaban|answer|pilihanjawaban)?([a-j]|\d{1,2})")
_NOT_IN_ATTRIBUTES = re.compile(r'["{}\n]')
_NOT_LETTERS = re.compile(r"[^0-9a-z]")
_LETTER_LIST = re.compile(r"[A-Ja-j](?:\s*(?:[,;/&+]|dan|and)?\s*[A-Ja-j])*")
_NUMBERS = ("angka", "number", "numeric", "numerical", "bilangan")
_TRUE, _FALSE = ("benar", "true", "betul", "b", "t"), ("salah", "false", "s", "f")


def field_of(heading: str) -> str | None:
    """The field of a column, or the letter of its choice."""
    plain = _NOT_LETTERS.sub("", fold_text(heading))
    if plain in _FIELD_OF:
        return _FIELD_OF[plain]
    if not (found := _OPTION.fullmatch(plain)):
        return None
    if found[1].isdigit():
        at = int(found[1])
        return LETTERS[at - 1] if 1 <= at <= len(LETTERS) and plain != found[1] else None
    return found[1].upper()


def sense(table: SheetData) -> float:
    """How much sense the rows make as a table of questions."""
    found = _headings(table)
    return len(found[1]) if found else 0.0


def _headings(table: SheetData) -> tuple[int, dict[str, int]] | None:
    """The index of the first row below the headings, and the column of each field."""
    for index, (_number, cells) in enumerate(table.rows[:HEADINGS_WITHIN]):
        columns: dict[str, int] = {}
        for at, cell in enumerate(cells):
            name = field_of(text_of(cell))
            if name:
                columns.setdefault(name, at)
        if "stem" in columns and "key" in columns:
            return index + 1, columns
    return None


def read_table(tables: list[SheetData]) -> Bank:
    """All visible sheets that have headings for the question and its key.

    :raises UnreadableBank: there is none.
    """
    found = [(table, headings) for table in tables if not table.is_hidden and (headings := _headings(table))]
    if found:
        return Bank(NAME, tuple(entry for table, headings in found for entry in _entries(table, *headings)))
    raise UnreadableBank(
        say("the table has no headings “Soal” and “Kunci”"),
        say("write the names of the columns into a row above the questions, as in the template"),
    )


def _entries(table: SheetData, begins: int, columns: Mapping[str, int]) -> list[Entry]:
    entries: list[Entry] = []
    for number, cells in table.rows[begins:]:
        row = {name: text_of(cells[at]) if at < len(cells) else "" for name, at in columns.items()}
        if any(row.values()) and not row["stem"].casefold().startswith(EXAMPLE):
            entries.append(entry_of(Reading(number, row["stem"] or row["key"]), _reader(row)))
    return entries


def _reader(row: Mapping[str, str]) -> Callable[[Reading], Question]:
    return lambda draft: _question(row, draft)


def _question(row: Mapping[str, str], draft: Reading) -> Question:
    if not row["stem"]:
        raise NotTaken(say("the question has no text"), say("fill in its cell in the column “Soal”"))
    if not row["key"]:
        raise NotTaken(say("the question has no key"), say("write the letter of the right choice, or the right answer"))
    shared = _shared(row, draft)
    kind = fold_text(row.get("kind", ""))
    if kind and kind not in _NUMBERS:
        raise NotTaken(
            say("“%(text)s” in the column “Jenis” is not known", text=row["kind"][:40]),
            say("write “angka” for a number; every other kind is seen from its key and its choices"),
        )
    options = {letter: row[letter] for letter in LETTERS if row.get(letter)}
    if kind and not options:
        return Number(**shared, accepted=tuple(typed_by_author(one.strip()) for one in row["key"].split("|")))
    if kind:
        raise NotTaken(say("a question with a number has choices"), say("take the choices out, or the word “angka”"))
    if not options:
        return _without_options(row["key"], shared, draft)
    if list(options) != list(LETTERS[: len(options)]):
        raise NotTaken(say("a choice is missing between two others"), say("fill the choices in from A on"))
    return _choice(_right_letters(row["key"], options), options, shared, draft)


def _shared(row: Mapping[str, str], draft: Reading) -> dict[str, Any]:
    """The fields that every kind of question has."""
    return {
        "title": "",
        "stem": Text(as_text(row["stem"])),
        "points": points_of(row["points"].replace(",", ".")) if row.get("points") else Fraction(1),
        "group": row["group"].replace('"', "")[:MAX_GROUP_LENGTH].strip() or None if row.get("group") else None,
        "tags": tags_of(row.get("tags", "").replace(";", ",").split(",")),
        "objective": _NOT_IN_ATTRIBUTES.sub("", row.get("objective", ""))[:MAX_OBJECTIVE_LENGTH].strip() or None,
        "difficulty": _difficulty(row.get("difficulty", ""), draft),
        "explanation": Text(as_text(row["explanation"])) if row.get("explanation") else None,
        "hints": (Text(as_text(row["hint"])),) if row.get("hint") else (),
    }


def _choice(right: set[str], options: Mapping[str, str], shared: dict[str, Any], draft: Reading) -> Choice:
    answers = [
        WeightedAnswer(as_text(text), Fraction(0) if letter not in right else WHOLE / len(right))
        for letter, text in options.items()
    ]
    is_single = len(right) == 1
    made = choices_of(answers, draft, is_single=is_single, scoring="" if is_single else "exact")
    return Choice(**shared, options=made.options, takes_several=made.takes_several, scoring=made.scoring)


def _difficulty(word: str, draft: Reading) -> Difficulty | None:
    found = difficulty_of(word)
    if word and found is None:
        draft.note(say("The difficulty “%(word)s” is not kept: mudah, sedang and sulit are.", word=word[:40]))
    return found


def _right_letters(key: str, options: Mapping[str, str]) -> set[str]:
    """The letters of the key, or the choice that says the same."""
    same = {letter for letter, text in options.items() if fold_text(text) == fold_text(key)}
    if len(same) == 1:
        return same
    if _LETTER_LIST.fullmatch(key):
        letters = set(re.sub(r"dan|and|[^A-Ja-j]", "", key).upper())
        if letters <= set(options):
            return letters
    raise NotTaken(
        say("the key “%(key)s” is none of the choices", key=key[:40]),
        say("write the letters of the right choices, such as A or A, C"),
    )


def _without_options(key: str, shared: dict[str, Any], draft: Reading) -> Question:
    word = fold_text(key)
    if word in (*_TRUE[:3], *_FALSE[:2]):
        return TrueFalse(**shared, is_true=word in _TRUE)
    if len(key) == 1 and key.upper() in ascii_uppercase[:5]:
        raise NotTaken(
            say("the key is a letter, but the row has no choices"),
            say("fill in the choices, with headings “Pilihan A”, “Pilihan B” …"),
        )
    accepted = accepted_of([WeightedAnswer(one.strip(), WHOLE) for one in key.split("|") if one.strip()])
    return ShortAnswer(**shared, accepted=accepted)


def text_of(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return TRUE_FALSE[0] if cell else TRUE_FALSE[1]
    if isinstance(cell, float) and cell == int(cell) and abs(cell) < 10**15:
        return str(int(cell))
    text = str(cell).strip()
    return text[1:] if text.startswith("'") else text
