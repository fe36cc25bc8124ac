"""The health of one question: of what it asks, and of what it offers to choose from or to believe."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lms.content.checks.words import COMMON, plain, same, sentences, words
from lms.content.markdown.problems import Message, say
from lms.content.questions.base import OfferedAnswer, Question

LONG_BY = 1.6
"""The right answer is this many times as long as the next one."""
MIN_LETTERS = 40
"""Below that, nobody sees which is longer."""
LONG_QUESTION = 120
LONG_SENTENCE = 45

_ALL = re.compile(
    r"(semua|seluruh)(nya)?( (jawaban|pilihan|opsi|pernyataan))?( di ?atas)?( (adalah )?(benar|betul|salah))?"
    r"|(tidak|tak) ada( (jawaban|pilihan))? yang (benar|tepat|sesuai)|bukan salah satu di ?atas"
    r"|all( of)?( the)? above( are (true|correct))?|none( of)?( the)? above|all( answers)? are (true|correct)"
)
_LETTERS = re.compile(
    r"(jawaban |pilihan |opsi )?[a-f](,? ?(dan|atau|and|or|,|&) ?[a-f])+( saja)?( (adalah )?(benar|salah|betul))?"
)
_ONE = re.compile(
    r"paling (tepat|benar|sesuai|utama)|pilih(lah)? satu|satu jawaban|\b(choose|select) one\b|\bthe best\b"
)
_NEGATION = re.compile(r"\b(tidak|bukan|tanpa|kecuali|tak|jangan|not|except|never|without|cannot)\b|n't\b")
_NO_NEGATION = re.compile(
    r"\b(tidak|bukan) (hanya|saja|sekadar|lain|jarang)\b|\bnot only\b|\b(atau|or) (tidak|bukan|not)\b"
    r"|\btidak(nya)? langsung\b|\bmau tidak mau\b|\btidak sah\b"
)
_ABSOLUTE = re.compile(r"\b(selalu|tidak pernah|tak pernah|mutlak|sama sekali|tanpa kecuali|always|never)\b")


@dataclass(frozen=True)
class Suggestion:
    """What the check would do otherwise. ``line`` is of the file; 0: nowhere in particular."""

    rule: str
    line: int
    what: Message
    fix: Message


Lint = Callable[[Question, bool], Iterator[Suggestion]]


def of_question(question: Question, *, is_shuffled: bool) -> Iterator[Suggestion]:
    for lint in _LINTS:
        yield from (one for one in lint(question, is_shuffled) if one.rule not in question.lint_off)


def keys_of(question: Question) -> list[OfferedAnswer]:
    return [one for one in question.offered if one.is_correct]


def length(option: OfferedAnswer) -> int:
    return len(" ".join(plain(option.text.source).split()))


def _several_keys(question: Question, is_shuffled: bool) -> Iterator[Suggestion]:
    keys = keys_of(question)
    if len(keys) > 1 and (found := _ONE.search(same(question.stem.source))):
        yield Suggestion(
            "several-keys",
            question.line,
            say(
                "the question asks for one answer (“%(words)s”), but %(count)d are right",
                words=found[0],
                count=len(keys),
            ),
            say("mark one choice with [x], or ask for all that are right"),
        )
    if len(question.offered) > 1 and len(keys) == len(question.offered):
        yield Suggestion(
            "all-keys",
            question.line,
            say("every choice is marked as right"),
            say("add a choice that is wrong, or take the x out of the brackets of those that are"),
        )


def _longest_key(question: Question, is_shuffled: bool) -> Iterator[Suggestion]:
    keys = keys_of(question)
    others = [length(one) for one in question.offered if not one.is_correct]
    if len(keys) != 1 or len(others) < 2:
        return
    longest = length(keys[0])
    if longest >= MIN_LETTERS and longest >= LONG_BY * max(others):
        yield Suggestion(
            "longest-key",
            keys[0].text.line,
            say(
                "the right answer is visibly the longest: %(key)d letters, the next one has %(other)d",
                key=longest,
                other=max(others),
            ),
            say("shorten it, and put the reason into the explanation; or make another choice as detailed"),
        )


def _all_of_the_above(question: Question, is_shuffled: bool) -> Iterator[Suggestion]:
    for place, option in enumerate(question.offered, start=1):
        text = same(option.text.source)
        is_last = place == len(question.offered)
        if _LETTERS.fullmatch(text):
            yield Suggestion(
                "letters",
                option.text.line,
                say("this choice names others by letters, which learners do not see"),
                say("ask for several right answers instead, or name the choices by their words"),
            )
        elif _ALL.fullmatch(text) and not option.keeps_last and (is_shuffled or not is_last):
            yield Suggestion(
                "all-of-the-above",
                option.text.line,
                say("this choice is about all others, but can come before them"),
                say("write {keep-last} after it"),
            )


def _double_negative(question: Question, is_shuffled: bool) -> Iterator[Suggestion]:
    asked = [_negations(one) for one in sentences(question.stem.source)]
    if any(count > 1 for count in asked):
        yield Suggestion(
            "double-negative",
            question.stem.line,
            say("a sentence of the question has two negatives"),
            say("ask for what is the case, without “not” or “except”"),
        )
    elif asked and asked[-1]:
        for option in question.offered:
            text = same(option.text.source)
            if (found := _NEGATION.match(text)) and not _NO_NEGATION.match(text) and not _ALL.fullmatch(text):
                yield Suggestion(
                    "double-negative",
                    option.text.line,
                    say(
                        "the question asks what is not the case, and this choice is negative too (“%(word)s”)",
                        word=found[0],
                    ),
                    say("ask for what is the case, or word the choice without the negative"),
                )
                return


def _negations(sentence: str) -> int:
    return len(_NEGATION.findall(_NO_NEGATION.sub(" ", sentence.casefold())))


def _same_options(question: Question, is_shuffled: bool) -> Iterator[Suggestion]:
    seen: dict[str, str] = {}
    for option in question.offered:
        text = same(option.text.source)
        if text and seen.get(text, option.text.source) != option.text.source:
            yield Suggestion(
                "same-options",
                option.text.line,
                say("this choice says the same as another one"),
                say("reword one of the two or take it out"),
            )
        seen.setdefault(text, option.text.source)


def _absolute(question: Question, is_shuffled: bool) -> Iterator[Suggestion]:
    if any(_ABSOLUTE.search(same(one.text.source)) for one in keys_of(question)):
        return
    for text in question.wrong_claims:
        is_speech = text.source.startswith(('"', "“"))
        if not is_speech and (found := _ABSOLUTE.search(same(text.source))):
            yield Suggestion(
                "absolute",
                text.line,
                say("“%(word)s” gives away that this is wrong: hardly anything is so without exception", word=found[0]),
                say("describe an error that people really make"),
            )
            return


def _stem_word(question: Question, is_shuffled: bool) -> Iterator[Suggestion]:
    keys = keys_of(question)
    if len(keys) != 1 or len(question.offered) < 3:
        return
    last = sentences(question.stem.source)[-1:]  # the case that is told before has many words in common with answers
    asked = {word for one in last for word in words(one) if len(word) > 6 and word not in COMMON}
    others = {word for one in question.offered if not one.is_correct for word in words(one.text.source)}
    for word in words(keys[0].text.source):
        if word in asked and word not in others:
            yield Suggestion(
                "stem-word",
                keys[0].text.line,
                say("of all choices only the right one repeats “%(word)s” from the question", word=word),
                say("use the word in a wrong choice too, or in none"),
            )
            return


def _long_question(question: Question, is_shuffled: bool) -> Iterator[Suggestion]:
    count = len(words(question.stem.source))
    longest = max((len(words(one)) for one in sentences(question.stem.source)), default=0)
    if count > LONG_QUESTION:
        yield Suggestion(
            "long-question",
            question.stem.line,
            say("the question has %(count)d words", count=count),
            say("shorten it to %(limit)d words, or put the case into the introduction", limit=LONG_QUESTION),
        )
    elif longest > LONG_SENTENCE:
        yield Suggestion(
            "long-question",
            question.stem.line,
            say("a sentence of the question has %(count)d words", count=longest),
            say("make two or three sentences of it"),
        )


_LINTS: tuple[Lint, ...] = (
    _several_keys,
    _longest_key,
    _all_of_the_above,
    _double_negative,
    _same_options,
    _absolute,
    _stem_word,
    _long_question,
)
