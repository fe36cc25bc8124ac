"""What a new item begins with, and which of its lines are examples that an author has to replace.

The texts are in Indonesian, as the courses are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from lms.content.markdown.problems import Message, say

TEXTS: dict[str, str] = {
    "module": """Tulis di sini apa yang akan dipelajari peserta dan mengapa itu berguna bagi pekerjaannya.

## Judul bagian pertama

Tulis isinya di sini. Biarkan satu baris kosong di antara paragraf.

- Hal penting pertama
- Hal penting kedua

## Ringkasan

Tulis dua atau tiga kalimat yang perlu diingat.
""",
    "quiz": """Kuis ini menanyakan isi modul sebelumnya. Bacalah pertanyaannya dengan teliti.

## Tulis pertanyaan di sini: mana jawaban yang benar?

- [x] Jawaban yang benar
- [ ] Jawaban yang keliru
    > Jelaskan mengapa jawaban ini keliru.
- [ ] Jawaban lain yang keliru

> Jelaskan mengapa jawaban pertama benar.
""",
    "assignment": """Tulis di sini apa yang dikerjakan peserta di tempat kerjanya, dan apa yang dikumpulkannya.

## Rubrik

| Kriteria | Baik (2) | Cukup (1) |
| --- | --- | --- |
| Ketepatan | Sesuai dengan keadaan di unit kerja | Masih umum |
| Langkah | Dapat dimulai besok | Belum jelas |
""",
    "session": """Tulis di sini apa yang dikerjakan bersama, dan apa yang dibawa peserta.

## Acara

- Tulis bagian pertama acara
- Tulis bagian kedua acara
""",
}
"""By the type of the item."""
READY: dict[str, str] = {
    "survey": """Pendapat Anda membantu kami memperbaiki pelatihan ini. Mengisinya sekitar tiga menit.

## Materi pelatihan berguna bagi pekerjaan saya. {scale=5 low="Sangat tidak setuju" high="Sangat setuju" required=true}

## Materi dijelaskan dengan jelas dan runtut. {scale=5 low="Sangat tidak setuju" high="Sangat setuju" required=true}

## Pengajar menguasai materi dan menjawab pertanyaan. {scale=5 low="Sangat tidak setuju" high="Sangat setuju"}

## Latihan dan tugas membantu saya memahami materi. {scale=5 low="Sangat tidak setuju" high="Sangat setuju"}

## Situs belajar ini mudah dipakai. {scale=5 low="Sangat tidak setuju" high="Sangat setuju" required=true}

## Bagaimana lamanya pelatihan ini?

- [ ] Terlalu singkat
- [ ] Cukup
- [ ] Terlalu lama

## Bagian mana yang paling berguna bagi Anda?

## Apa yang perlu diperbaiki?
"""
}
"""Texts that can be used as they are."""
OTHER = "Tulis di sini.\n"

_MARKS = re.compile(r"[ >]*(?:#{1,6} +|[-*+] +(?:\[[ xX]\] *)?)?")
_ATTRIBUTES = re.compile(r" *\{[^{}]*\}$")
_FENCE = re.compile(r"[ >]*(?:`{3}|~{3})")
_USABLE = re.compile(r"Kuis ini menanyakan|Ringkasan$|Rubrik$|Acara$|\|")
"""Lines of the texts that may stay as they are."""


class Example(NamedTuple):
    line: int
    text: str


class ExamplesLeft(NamedTuple):
    """Those that are left in one place, told together: whoever replaces the first is not told of the next then."""

    line: int
    texts: tuple[str, ...]

    @classmethod
    def of(cls, found: Sequence[Example]) -> ExamplesLeft:
        return cls(found[0].line, tuple(dict.fromkeys(one.text for one in found)))

    @property
    def what(self) -> Message:
        if len(self.texts) == 1:
            return say("this is still the example text: “%(text)s”", text=self.texts[0])
        return say("these are still example texts: %(texts)s", texts=" ".join(f"“{one}”" for one in self.texts))

    @property
    def fix(self) -> Message:
        if len(self.texts) == 1:
            return say("write your own text in its place, or take it out")
        return say("write your own texts in their place, or take them out")


def examples(lines: Iterable[str]) -> Iterator[Example]:
    """The lines that an author has not replaced yet; not those within code, where a text may speak of them."""
    is_code = False
    for number, line in enumerate(lines, 1):
        if _FENCE.match(line):
            is_code = not is_code
        elif not is_code and (words := _words(line)) in _EXAMPLES:
            yield Example(number, words)


def _words(line: str) -> str:
    text = line.rstrip()
    return _ATTRIBUTES.sub("", text[_MARKS.match(text).end() :])  # type: ignore[union-attr]  # it may be empty


_EXAMPLES = frozenset(
    words
    for text in (*TEXTS.values(), OTHER)
    for line in text.splitlines()
    if (words := _words(line)) and not _USABLE.match(words)
)
