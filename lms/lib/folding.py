"""Text as it is compared: what keyboards, phones and word processors write differently is the same.

``compose_text`` returns the form in which names are stored, ``fold_text`` the one in which texts are equal, and
``search_words`` what somebody looks for. Nothing folded is shown.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

MAX_WORDS = 8
SHORTEST_WITH_A_SLIP = 4
"""Letters of a word that is likely to be another one misspelled."""
LIKENESS = 0.75
"""A share: one slip in four letters, two in eight."""

_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)
"""Controls that are no white space, and what Unicode says to ignore where it is not known."""
_PLAIN = str.maketrans(
    dict.fromkeys("‘’‚‛`´ʹʻʼʽʾʿˈˊˋ′‵", "'")
    | dict.fromkeys("“”„‟«»″‶", '"')
    | dict.fromkeys("‐‑‒–—―−⁃˗", "-")
    | dict.fromkeys("⁄∕", "/")
    | {"ø": "o", "Ø": "o", "đ": "d", "Đ": "d", "ł": "l", "Ł": "l", "ħ": "h", "Ħ": "h", "ŧ": "t", "Ŧ": "t", "ı": "i"}
)
_RAISED = re.compile(r"(?<=\d)(?=[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽ⁿⁱ])")
_LOWERED = re.compile(r"(?<=\d)(?=[₀-₉₊₋₍])")
_PART = re.compile(r"(?<=\d)(?=[¼½¾⅐-⅟↉])")
_NO_ACCENT = frozenset({0, 7, 8, 9})
"""Combining classes of marks that make another letter: the dots of か and が, Indic nukta and virama."""
_SEPARATORS = str.maketrans({"'": None, '"': None, "-": " ", ",": " "})


def compose_text(text: str) -> str:
    """The same text with each letter and its accents as one character where there is one."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def visible(text: str) -> str:
    """Remove the characters that nobody sees."""
    return _INVISIBLE.sub("", text)


def fold_text(text: str) -> str:
    """The form in which texts are equal that differ in case, accents, white space, invisible characters, apostrophes,
    quotation marks, dashes, or in how a character is encoded.

    What means something else stays different: ``≠`` and ``=``, ``10²`` and ``102``, ``2½`` and ``21/2``.
    """
    if not text.isascii():
        text = _plain_letters(text)
    return " ".join(visible(text.translate(_PLAIN)).casefold().split())


def _plain_letters(text: str) -> str:
    text = visible(unicodedata.normalize("NFC", text)).translate(_PLAIN)  # before some fall apart
    text = _PART.sub(" ", _LOWERED.sub("_", _RAISED.sub("^", text)))
    text = unicodedata.normalize("NFKD", text).casefold().translate(_PLAIN)
    return "".join(_without_accents(unicodedata.normalize("NFKD", text)))


def _without_accents(text: str) -> Iterable[str]:
    is_operator = False
    for character in text:
        if unicodedata.combining(character) in _NO_ACCENT:
            is_operator = unicodedata.category(character) == "Sm"
            yield character
        elif is_operator:
            yield character  # a stroke through it means the opposite


def searchable(texts: Iterable[str]) -> str:
    """The words of these texts to look for ``search_words`` in, each between spaces. Apostrophes do not count in them,
    and dashes and commas are between words."""
    words = fold_text(" ".join(texts)).translate(_SEPARATORS).split()
    return f" {' '.join(words)} "


def search_words(text: str) -> list[str]:
    """The words to look for, at most ``MAX_WORDS``."""
    return searchable([text]).split()[:MAX_WORDS]


def neighbours(words: Iterable[str], known: Iterable[str]) -> list[str] | None:
    """The words with a known one for each that no known word contains.

    None if one has none that is nearly the same, or if all are known as they are.
    """
    words, known, found = list(words), sorted(set(known)), list[str]()
    for word in words:
        if not any(word in one for one in known):
            near = get_close_matches(word, known, n=1, cutoff=LIKENESS) if _may_be_a_slip(word) else []
            if not near:
                return None
            [word] = near
        found.append(word)
    return None if found == words else found


def _may_be_a_slip(word: str) -> bool:
    return len(word) >= SHORTEST_WITH_A_SLIP and not word.isdecimal()
