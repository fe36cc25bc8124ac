"""Reading Aiken: the question, its choices with capital letters, and ``ANSWER: B``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from string import ascii_uppercase

from lms.content.exchange.bank import Bank, Entry, NotTaken, Reading, entry_of
from lms.content.exchange.choices import WHOLE, WeightedAnswer, choices_of
from lms.content.exchange.escaping import as_text
from lms.content.markdown.problems import say
from lms.content.questions.base import Question
from lms.content.questions.choice import Choice
from lms.content.text import Text

NAME = "Aiken"

_CHOICE = re.compile(r"([A-Z])[).][ \t]+(.*)")
_KEY = re.compile(r"(?:ANSWER|JAWABAN|KUNCI)\s*:\s*(.*)")


@dataclass
class _Lines:
    line: int
    stem: list[str] = field(default_factory=list)
    choices: list[tuple[str, str]] = field(default_factory=list)
    key: str | None = None


def looks_like_aiken(text: str) -> bool:
    lines = [line.strip() for line in text.split("\n")]
    return any(_KEY.fullmatch(line) for line in lines) and any(_CHOICE.fullmatch(line) for line in lines)


def read_aiken(text: str) -> Bank:
    entries: list[Entry] = []
    current: _Lines | None = None
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.strip()
        if not line:
            continue
        key, choice = _KEY.fullmatch(line), _CHOICE.fullmatch(line)
        if current and current.choices and not key and not choice:
            entries.append(_entry(current))  # the next question begins without a key before it
            current = None
        current = current or _Lines(number)
        if key:
            current.key = key[1].strip()
            entries.append(_entry(current))
            current = None
        elif choice and (current.stem or current.choices):
            current.choices.append((choice[1], choice[2].strip()))
        else:
            current.stem.append(line)
    if current:
        entries.append(_entry(current))
    return Bank(NAME, tuple(entries))


def _entry(lines: _Lines) -> Entry:
    return entry_of(Reading(lines.line, " ".join(lines.stem)), lambda draft: _question(lines, draft))


def _question(lines: _Lines, draft: Reading) -> Question:
    if not lines.stem:
        raise NotTaken(say("the question has no text"), say("write what is asked above the answers"))
    if lines.key is None:
        raise NotTaken(say("the line with the key is missing"), say("write “ANSWER: B” below the choices"))
    letters = [letter for letter, _text in lines.choices]
    if letters != list(ascii_uppercase[: len(letters)]):
        raise NotTaken(
            say("the choices are not lettered A, B, C … in this order"), say("letter them from A on, none left out")
        )
    key = lines.key[:1]
    if key not in letters or len(lines.key.rstrip(".)")) != 1:
        raise NotTaken(
            say("the key “%(key)s” is not the letter of one choice", key=lines.key[:20]),
            say("write the letter of one choice after “ANSWER:”"),
        )
    answers = [WeightedAnswer(as_text(text), WHOLE if letter == key else Fraction(0)) for letter, text in lines.choices]
    made = choices_of(answers, draft, is_single=True)
    return Choice(title="", stem=Text(as_text("\n".join(lines.stem))), options=made.options)
