"""Reading GIFT. Where its readers disagree, Moodle decides.

A blank line ends a question, the first pair of braces holds its answers, and one ``=`` among choices makes it a
question with one right answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from lms.content.exchange import structured_reading as structured
from lms.content.exchange.accepted_numbers import WeightedNumber, exact, numbers_of, weighted_numbers
from lms.content.exchange.accepted_texts import accepted_of, weighted_texts
from lms.content.exchange.bank import Bank, Entry, LeftOut, NotTaken, Reading, entry_of
from lms.content.exchange.choices import WHOLE, WeightedAnswer, choices_of, points_of
from lms.content.exchange.groups import difficulty_of, group_of, pair_of, rules_of, tags_of
from lms.content.exchange.pictures import PictureFiles, refuse_files
from lms.content.exchange.question_markdown import read_own_answers, read_own_files, read_own_rubric
from lms.content.exchange.texts import TextFormat, as_markdown, first_words
from lms.content.markdown.problems import Message, say
from lms.content.questions.base import Question
from lms.content.questions.choice import Choice
from lms.content.questions.essay import Essay
from lms.content.questions.number import Number
from lms.content.questions.short_answer import ShortAnswer
from lms.content.questions.true_false import TrueFalse
from lms.content.text import Text

NAME = "GIFT"

_FIRST = 0xF0000
"""Escaped characters are moved there while the text is taken apart."""
_ESCAPED = re.compile(r"\\([\\:#={}~n])")
_CATEGORY = "$CATEGORY:"
_FORMAT = re.compile(r"\[(html|moodle|plain|markdown)\]")
_WEIGHT = re.compile(r"%(-*)([0-9]{1,2})\.?([0-9]*)%")
_FACT = re.compile(
    r"\[(id|tag|objective|difficulty|pair|lint-off|points|scoring|keep-last|hint|answers|rubric|files|match|left|right):((?:[^\]\\]|\\.)*)\]"
)
_TRUE, _FALSE = ("T", "TRUE"), ("F", "FALSE")


@dataclass
class _Block:
    """The lines between two blank ones. ``line`` is that of the first that is no comment."""

    line: int
    lines: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip()


@dataclass(frozen=True)
class _Parts:
    """The parts of a question, with escaped characters moved away. ``answers`` is None without braces."""

    stem: str
    answers: str | None
    general_feedback: str


def read_gift(text: str, files: Mapping[str, bytes] | None = None) -> Bank:
    """:param files: what lies beside the text in a ZIP, by path."""
    pictures = PictureFiles(files or {})
    entries: list[Entry] = []
    group = ""
    for block in _blocks(text):
        body = _escaped(block.text)
        if body.startswith(_CATEGORY):
            first, _, body = body.partition("\n")
            group = group_of(_plain(first.removeprefix(_CATEGORY)))
            block.line += 1
        if body.strip():
            entries.append(_entry(block, body.strip(), group, pictures))
    return Bank(NAME, tuple(entries))


def _blocks(text: str) -> Iterator[_Block]:
    """An answer that a blank line cuts in two is kept together, to be named as one question."""
    block: _Block | None = None
    for number, raw in enumerate([*text.split("\n"), ""], start=1):
        line = raw.strip()
        if not line:
            if block and block.lines:
                yield block
            block = None
            continue
        block = block or _Block(number)
        if line.startswith("//"):
            block.comments.append(line)
        else:
            if not block.lines:
                block.line = number
            block.lines.append(line)


def _entry(block: _Block, body: str, group: str, pictures: PictureFiles) -> Entry:
    title, body = _title(body)
    draft = Reading(block.line, _plain(title or body))
    facts = _facts(block.comments)

    def read(draft: Reading) -> Question:
        parts = _parts(body)
        return _question(parts, facts, group, draft, pictures)

    entry = entry_of(draft, read)
    if isinstance(entry, LeftOut) and not entry.words:
        return LeftOut(entry.line, first_words(body), entry.what, entry.fix)
    return entry


def _title(body: str) -> tuple[str, str]:
    if body.startswith("::") and (end := body.find("::", 2)) >= 0:
        return body[2:end].strip(), body[end + 2 :].strip()
    return "", body.removeprefix("::")


def _facts(comments: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, value in (pair for line in comments for pair in _FACT.findall(line)):
        found.setdefault(key, []).append(re.sub(r"\\(.)", lambda one: "\n" if one[1] == "n" else one[1], value))
    return found


def _parts(body: str) -> _Parts:
    """:raises NotTaken: the braces do not fit together."""
    begins, ends = body.find("{"), body.find("}")
    if begins < 0 and ends < 0:
        return _Parts(body, None, "")
    if ends < 0:
        what = say("the brace { is not closed before the next blank line")
        raise NotTaken(what, say("write } after the last answer, and leave no blank line within a question"))
    if begins < 0 or ends < begins:
        what = say("there is a } without a { before it")
        raise NotTaken(what, say("take the blank line above out, or write \\} if the brace is text"))
    answers, rest = body[begins + 1 : ends].strip(), body[ends + 1 :]
    if "{" in rest or "}" in rest:
        what = say("a question has a second pair of braces")
        raise NotTaken(
            what, say("leave a blank line between two questions, or write \\{ and \\} if the braces are text")
        )
    stem = f"{body[:begins]}_____{rest}" if rest.strip() else body[:begins]
    answers, _, general = answers.rpartition("####") if "####" in answers else (answers, "", "")
    return _Parts(stem.strip(), answers.strip(), general.strip())


def _question(
    parts: _Parts, facts: dict[str, list[str]], group: str, draft: Reading, pictures: PictureFiles
) -> Question:
    text_format: TextFormat = "moodle"
    if found := _FORMAT.match(parts.stem):
        text_format = found[1]  # type: ignore[assignment]
    read = _Reader(text_format, draft, pictures)
    said = {key: values[0] for key, values in facts.items()}
    tags = tags_of(facts.get("tag", ()))
    note_changed_tags(facts.get("tag", ()), tags, draft)
    shared: dict[str, Any] = {
        "title": "",
        "stem": Text(_stem(read, parts.stem)),
        "explanation": Text(general) if (general := read.text(parts.general_feedback)) else None,
        "hints": tuple(Text(hint) for hint in facts.get("hint", ())),
        "points": points_of(said["points"]) if "points" in said else Fraction(1),
        "group": group or None,
        "tags": tags,
        "objective": said.get("objective") or None,
        "difficulty": difficulty_of(said.get("difficulty", "")),
        "pair": pair_of(said.get("pair", "")),
        "lint_off": rules_of(said.get("lint-off", "")),
    }
    if parts.answers is None:
        return structured.description_of(shared, draft)
    return _with_answers(parts.answers, shared, said, read, draft)


def _with_answers(
    answers: str, shared: dict[str, Any], said: dict[str, str], read: _Reader, draft: Reading
) -> Question:
    """A question whose kind follows from the form of its answers; points and credit are as in GIFT."""
    if answers.startswith(">"):
        return structured.order_in_gift(answers, shared, read.text, draft)
    if not answers:
        rubric, files = read_own_rubric(said.get("rubric", "")), read_own_files(said.get("files", ""))
        return Essay(**shared, rubric=rubric, files=files)
    if answers.startswith("#"):
        return _number(answers[1:], shared, said.get("answers", ""), read)
    if "~" in answers:
        return _choice(answers, shared, said, read, draft)
    if "=" in answers and "->" in answers:
        return structured.match_in_gift(answers, shared, read.text, _plain, said)
    if answers.partition("#")[0].strip() in (*_TRUE, *_FALSE):
        return TrueFalse(**shared, **_true_false(answers, read))
    return _short_answer(answers, shared, said.get("answers", ""), read)


def _number(answers: str, shared: dict[str, Any], own: str, read: _Reader) -> Number:
    """A question with the answers as this program wrote them (``own``), unless they were changed elsewhere since."""
    numbers = _numbers(answers, read)
    kept = read_own_answers(Number, own) if own else None
    return Number(**shared, accepted=kept if kept and weighted_numbers(kept) == numbers else numbers_of(numbers))


def _short_answer(answers: str, shared: dict[str, Any], own: str, read: _Reader) -> ShortAnswer:
    """A question with the answers in ``own``, as for ``_number``."""
    texts = _short_answers(answers, read)
    kept = read_own_answers(ShortAnswer, own) if own else None
    return ShortAnswer(**shared, accepted=kept if kept and weighted_texts(kept) == texts else accepted_of(texts))


def _choice(answers: str, shared: dict[str, Any], said: dict[str, str], read: _Reader, draft: Reading) -> Choice:
    made = choices_of(
        _choices(answers, read),
        draft,
        is_single="=" in answers,
        scoring=said.get("scoring", ""),
        last=said.get("keep-last", ""),
    )
    return Choice(**shared, options=made.options, takes_several=made.takes_several, scoring=made.scoring)


def note_changed_tags(written: Sequence[str], taken: Sequence[str], draft: Reading) -> None:
    if [" ".join(one.split()) for one in written] != list(taken):
        draft.note(say("The tags are not kept as they are: %(tags)s.", tags=", ".join(written)))


def _stem(read: _Reader, raw: str) -> str:
    """The blank of a missing word is no emphasis."""
    stem = read.text(raw)
    if not stem:
        raise NotTaken(say("the question has no text"), say("write what is asked above the answers"))
    return stem


@dataclass(frozen=True)
class _Reader:
    default: TextFormat
    draft: Reading
    pictures: PictureFiles

    def text(self, raw: str) -> str:
        """Escaped characters come back after the format is known."""
        raw, text_format = raw.strip(), self.default
        if found := _FORMAT.match(raw):
            raw, text_format = raw[found.end() :], found[1]  # type: ignore[assignment]
        made = as_markdown(_plain(raw), text_format, lambda source: self.pictures.place(source, self.draft))
        refuse_files(made.text)
        for note in made.notes:
            self.draft.note(note)
        return made.text


def _choices(answers: str, read: _Reader) -> list[WeightedAnswer]:
    pieces = [one.strip() for one in answers.replace("=", "~=").split("~")]
    if not pieces[0]:
        pieces.pop(0)
    found = []
    for piece in pieces:
        weight = Fraction(0)
        if piece.startswith("="):
            piece, weight = piece[1:], WHOLE
        elif match := _WEIGHT.match(piece):
            piece, weight = piece[match.end() :], _weight(match)
        words, _, feedback = piece.partition("#")
        found.append(WeightedAnswer(read.text(words), weight, read.text(feedback)))
    return found


def _true_false(answers: str, read: _Reader) -> dict[str, Any]:
    """The first feedback is that of the wrong answer."""
    word, wrong, right = [*(one.strip() for one in answers.split("#", 2)), "", ""][:3]
    is_true = word in _TRUE
    texts = [Text(text) if text else None for text in map(read.text, (right, wrong) if is_true else (wrong, right))]
    return {"is_true": is_true, "if_true": texts[0], "if_false": texts[1]}


def _numbers(answers: str, read: _Reader) -> list[WeightedNumber]:
    """:raises NotTaken: an answer is no number."""
    found = []
    for piece in (one.strip() for one in answers.split("=")):
        if not piece:
            continue
        weight = WHOLE
        if match := _WEIGHT.match(piece):
            piece, weight = piece[match.end() :], _weight(match)
        words, _, feedback = piece.partition("#")
        first, dots, last = words.partition("..")
        if dots:
            least, most = exact(first), exact(last)
            value, off = (least + most) / 2, (most - least) / 2
        else:
            first, _, tolerance = words.partition(":")
            value, off = exact(first), exact(tolerance or "0")
        found.append(WeightedNumber(value, off, weight, read.text(feedback), is_range=bool(dots)))
    return found


def _short_answers(answers: str, read: _Reader) -> list[WeightedAnswer]:
    pieces = [one.strip() for one in answers.split("=")]
    if not pieces[0]:
        pieces.pop(0)
    found = []
    for piece in pieces:
        weight = WHOLE
        if match := _WEIGHT.match(piece):
            piece, weight = piece[match.end() :], _weight(match)
        words, _, feedback = piece.partition("#")
        plain = words.strip()
        if match := _FORMAT.match(plain):
            plain = plain[match.end() :]
        found.append(WeightedAnswer(_plain(plain).strip(), weight, read.text(feedback)))
    return found


def _weight(match: re.Match[str]) -> Fraction:
    sign = -1 if match[1] else 1
    value = match[0].strip("%").lstrip("-")
    return sign * Fraction(value if not value.endswith(".") else value[:-1])


def unsupported(kind: str) -> tuple[Message, Message]:
    return (
        say("questions of the type “%(kind)s” are not supported yet", kind=kind),
        say("ask with a task list of choices or with short answers (= text)"),
    )


def _escaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(_FIRST + ord("\n" if found[1] == "n" else found[1])), text)


def _plain(text: str) -> str:
    return re.sub("[\U000f0000-\U000f00ff]", lambda found: chr(ord(found[0]) - _FIRST), text)
