"""How hard a text is to read, in years of school. A suggestion, no measurement: nobody has calibrated it for officials.

The grade level of Kincaid, Fishburne, Rogers and Chissom (1975, Research Branch Report 8-75, Naval Technical Training
Command). Indonesian words have more syllables than English ones of the same difficulty, because of their affixes. So
syllables count 0.6 of what they would in English, as Harjasujana and Mulyati (Membaca 2, Depdikbud 1996/1997) have it
for the graph of Fry, which looks at the same two things. That the factor also fits this formula is our assumption.
"""

from __future__ import annotations

import re

from lms.content.checks.words import sentences, words

INDONESIAN = 0.6
MIN_WORDS = 100
"""Shorter texts say too little."""
HARD = 13
"""Beyond secondary school."""

_VOWELS = {
    "id": re.compile(r"ai(?![a-z])|au(?![a-z])|oi(?![a-z])|[aeiouéè]"),
    "en": re.compile(r"[aeiouy]+(?!\b)|[aiouy]\b"),
}


def syllables(word: str, language: str = "id") -> int:
    return max(1, len(_VOWELS.get(language, _VOWELS["id"]).findall(word.casefold())))


def grade(source: str, language: str = "id") -> float | None:
    """Years of school; None for a text of fewer than ``MIN_WORDS`` words."""
    parts = [words(one) for one in sentences(source)]
    count = sum(len(part) for part in parts)
    if count < MIN_WORDS:
        return None
    weight = INDONESIAN if language == "id" else 1
    per_word = sum(syllables(word, language) for part in parts for word in part) / count * weight
    return 0.39 * count / len(parts) + 11.8 * per_word - 15.59
