"""Reading Moodle XML. What a quiz of this site cannot have is named."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from lms.content.exchange import structured_reading as structured
from lms.content.exchange.accepted_numbers import WeightedNumber, exact, numbers_of, weighted_numbers
from lms.content.exchange.accepted_texts import accepted_of, weighted_texts
from lms.content.exchange.bank import Bank, Entry, NotTaken, Reading, UnreadableBank, entry_of
from lms.content.exchange.choices import WHOLE, WeightedAnswer, choices_of, points_of
from lms.content.exchange.gift import note_changed_tags, unsupported
from lms.content.exchange.groups import difficulty_of, group_of, pair_of, rules_of, tags_of
from lms.content.exchange.pictures import PictureFiles, from_base64, picture_of, refuse_files
from lms.content.exchange.question_markdown import read_own_answers, read_own_rubric
from lms.content.exchange.texts import TextFormat, as_markdown
from lms.content.exchange.xml_tree import XmlElement, read_xml
from lms.content.file_limits import MAX_FILES_OF_ANSWER, FileLimits
from lms.content.markdown.problems import say
from lms.content.questions.base import Question
from lms.content.questions.choice import Choice
from lms.content.questions.essay import Essay
from lms.content.questions.number import Number
from lms.content.questions.short_answer import ShortAnswer
from lms.content.questions.true_false import TrueFalse
from lms.content.text import Text

NAME = "Moodle XML"
OWN = "lms"
"""An element of our own in a question: what Moodle has no place for. Moodle passes over it."""

_FORMATS: dict[str, TextFormat] = {
    "moodle_auto_format": "moodle",
    "html": "html",
    "plain_text": "plain",
    "markdown": "markdown",
}
_COMBINED = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")
_USUAL = re.compile(
    r"\W*(your answer is (partially )?(in)?correct|jawaban anda (benar|salah|benar sebagian))?\W*", re.I
)
_CLOZE = ("cloze", "multianswer")
_TAG = re.compile(r"<[^<>]*>")


def read_moodle_xml(data: bytes) -> Bank:
    """:raises UnreadableBank: it is not the XML of a question bank."""
    root = read_xml(data)
    if root.tag != "quiz":
        raise UnreadableBank(
            say("the file is XML, but not the question bank of Moodle: it begins with <%(tag)s>", tag=root.tag[:40]),
            say("choose “Moodle XML” when you export from the question bank"),
            root.line,
        )
    entries: list[Entry] = []
    group = ""
    for element in root.all("question"):
        if element.attributes.get("type") == "category":
            category = element.find("category")
            group = group_of(category.text_of("text")) if category else ""
        else:
            entries.append(_entry(element, group))
    return Bank(NAME, tuple(entries))


def _entry(element: XmlElement, group: str) -> Entry:
    name, stem = element.find("name"), element.find("questiontext")
    words = (name.text_of("text") if name else "") or (stem.text_of("text") if stem else "")
    return entry_of(Reading(element.line, words), lambda draft: _question(element, group, draft))


@dataclass(frozen=True)
class _Reader:
    default: TextFormat
    draft: Reading

    def text(self, element: XmlElement | None, *, is_cloze: bool = False) -> str:
        if element is None:
            return ""
        text = element.text_of("text")
        if is_cloze:
            return structured.with_gaps(text, lambda rest: self._markdown(element, rest), self.draft)
        return self._markdown(element, text)

    def _markdown(self, element: XmlElement, text: str) -> str:
        found = element.attributes.get("format", "")
        pictures = PictureFiles(dict(_files(element)))
        text_format = _FORMATS.get(found, self.default)
        made = as_markdown(text, text_format, lambda source: pictures.place(source, self.draft))
        refuse_files(made.text)
        for note in made.notes:
            self.draft.note(note)
        return made.text

    def optional(self, element: XmlElement | None) -> Text | None:
        text = self.text(element)
        return Text(text) if text else None


def _files(element: XmlElement) -> Iterator[tuple[str, bytes]]:
    for one in element.all("file"):
        name = one.attributes.get("name", "")
        if one.attributes.get("encoding", "base64") == "base64":
            yield f"{one.attributes.get('path', '/').strip('/')}/{name}", from_base64(name, one.text)


def _question(element: XmlElement, group: str, draft: Reading) -> Question:
    kind = element.attributes.get("type", "")
    read_answers = _ANSWERS.get(kind)
    if read_answers is None:
        raise NotTaken(*unsupported(kind[:40]))
    stem_element = element.find("questiontext")
    stem_format = stem_element.attributes.get("format", "") if stem_element else ""
    read = _Reader(_FORMATS.get(stem_format, "html"), draft)
    stem = read.text(stem_element, is_cloze=kind in _CLOZE)
    if not stem:
        raise NotTaken(say("the question has no text"), say("write what is asked above the answers"))
    if older := element.text_of("image_base64"):
        name = posixpath.basename(element.text_of("image")) or "gambar.png"
        stem += f"\n\n![]({picture_of(name, older, draft)})"
    _note_what_is_lost(element, draft)
    tags = [one.text_of("text") for found in element.all("tags") for one in found.all("tag")]
    own = {key: value for found in element.all(OWN) for key, value in found.attributes.items()}
    shared: dict[str, Any] = {
        "title": "",
        "stem": Text(stem),
        "explanation": read.optional(element.find("generalfeedback")),
        "hints": tuple(hint for one in element.all("hint") if (hint := read.optional(one.find("hintcontent") or one))),
        "points": Fraction(0) if kind == "description" else points_of(element.text_of("defaultgrade", "1")),
        "group": group or None,
        "tags": tags_of(tags),
        "objective": own.get("objective") or None,
        "difficulty": difficulty_of(own.get("difficulty", "")),
        "pair": pair_of(own.get("pair", "")),
        "lint_off": rules_of(own.get("lint-off", "")),
    }
    note_changed_tags(tags, shared["tags"], draft)
    return read_answers(element, shared, read, draft)


def _note_what_is_lost(element: XmlElement, draft: Reading) -> None:
    combined = (one for name in _COMBINED for one in element.all(name))
    if not all(_USUAL.fullmatch(_TAG.sub("", one.text_of("text"))) for one in combined):
        draft.note(say("The feedback on right, partly right and wrong answers together is not kept."))


def _choice(element: XmlElement, shared: dict[str, Any], read: _Reader, draft: Reading) -> Question:
    own = element.find(OWN)
    facts = own.attributes if own else {}
    answers = [
        WeightedAnswer(read.text(one), _weight(one), read.text(one.find("feedback"))) for one in element.all("answer")
    ]
    stays = facts.get("keep-last", "" if own else _all_letters(len(answers)) if _is_fixed(element) else "")
    made = choices_of(
        answers,
        draft,
        is_single=element.text_of("single", "true").casefold() not in ("false", "0", ""),
        scoring=facts.get("scoring", ""),
        last=stays,
    )
    return Choice(**shared, options=made.options, takes_several=made.takes_several, scoring=made.scoring)


def _essay(element: XmlElement, shared: dict[str, Any], read: _Reader, draft: Reading) -> Question:
    info = element.find("graderinfo")
    said = info.text_of("text").strip() if info else ""
    rubric = read_own_rubric(said)
    if said and not rubric:
        draft.note(say("What Moodle tells graders is not kept: write it as a rubric."))
    template = element.find("responsetemplate")
    if template and template.text_of("text").strip():
        draft.note(say("The text that an answer begins with is not kept."))
    files = _attachments(element.text_of("attachments", "0"))
    if files and element.text_of("filetypeslist"):
        draft.note(say("Which files may be attached is not kept: the usual types are accepted."))
    if any(element.text_of(name) not in ("0", "") for name in ("minwordlimit", "maxwordlimit")):
        draft.note(say("The limits of words are not kept: an answer has at most 8,000 characters."))
    return Essay(**shared, rubric=rubric, files=files)


def _attachments(said: str) -> FileLimits | None:
    """Moodle writes -1 for any number."""
    count = MAX_FILES_OF_ANSWER if said == "-1" else int(said) if said.isdecimal() and len(said) < 4 else 0
    return FileLimits(most=min(count, MAX_FILES_OF_ANSWER)) if count else None


def _is_fixed(element: XmlElement) -> bool:
    """The element is there and says no; without it, nothing was said about the order."""
    return element.text_of("shuffleanswers", "true").casefold() in ("false", "0")


def _all_letters(count: int) -> str:
    return "".join(chr(ord("a") + at) for at in range(min(count, 26)))


def _true_false(element: XmlElement, shared: dict[str, Any], read: _Reader, draft: Reading) -> Question:
    by_word = {one.text_of("text").casefold(): one for one in element.all("answer")}
    sides = [by_word.get("true"), by_word.get("false")]
    weights = [_weight(one) if one else 0 for one in sides]
    if sorted(weight == WHOLE for weight in weights) != [False, True]:
        raise NotTaken(say("no answer is marked as right"), say("mark the right answer with all points (100%%)"))
    feedback = [read.optional(one.find("feedback")) if one else None for one in sides]
    return TrueFalse(**shared, is_true=weights[0] == WHOLE, if_true=feedback[0], if_false=feedback[1])


def _short_answer(element: XmlElement, shared: dict[str, Any], read: _Reader, draft: Reading) -> Question:
    if element.text_of("usecase", "0") not in ("0", "false", ""):
        draft.note(say("In Moodle capitals count; here they make no difference."))
    answers = [
        WeightedAnswer(one.text_of("text"), _weight(one), read.text(one.find("feedback")))
        for one in element.all("answer")
    ]
    own = _own_answers(element, ShortAnswer)
    return ShortAnswer(**shared, accepted=own if own and weighted_texts(own) == answers else accepted_of(answers))


def _number(element: XmlElement, shared: dict[str, Any], read: _Reader, draft: Reading) -> Question:
    answers = []
    for one in element.all("answer"):
        text, weight, feedback = one.text_of("text"), _weight(one), read.text(one.find("feedback"))
        if text == "*" and weight <= 0:
            draft.note(say("What is said to all other numbers is not kept."))
            continue
        answers.append(WeightedNumber(exact(text), exact(one.text_of("tolerance") or "0"), weight, feedback))
    own = _own_answers(element, Number)
    if own and [replace(one, is_range=False) for one in weighted_numbers(own)] == answers:
        return Number(**shared, accepted=own)
    return Number(**shared, accepted=numbers_of(answers, _units(element, draft)))


def _units(element: XmlElement, draft: Reading) -> list[str]:
    """The units that an answer may have, ``""`` where it may have none.

    :raises NotTaken: Moodle converts between units.
    """
    holder = element.find("units")
    units = list(holder.all("unit")) if holder else []
    if not units or element.text_of("showunits", "0") == "3":
        return [""]
    if any(exact(one.text_of("multiplier") or "1") != 1 for one in units):
        raise NotTaken(
            say("Moodle converts the answer from one unit to another"),
            say("leave one unit, or write the question here with a line for each unit: = 7 km, = 7000 m"),
        )
    is_graded = element.text_of("unitgradingtype", "0") != "0"
    if is_graded and exact(element.text_of("unitpenalty") or "1") < 1:
        draft.note(say("In Moodle a wrong unit takes a part off; here the answer earns nothing, and you are shown it."))
    return [*(one.text_of("unit_name") for one in units), *([] if is_graded else [""])]


def _own_answers(element: XmlElement, kind: type[Question]) -> Any:
    own = element.find(OWN)
    source = own.text_of("answers") if own else ""
    return read_own_answers(kind, source) if source else None


def _weight(answer: XmlElement) -> Fraction:
    written = answer.attributes.get("fraction", "0").strip()
    if not re.fullmatch(r"-?\d{1,4}(?:\.\d{0,12})?", written, re.ASCII):
        raise NotTaken(
            say("“%(text)s” is no percentage of the points", text=written[:20]), say("write a number such as 50")
        )
    return Fraction(written)


_ANSWERS: dict[str, Callable[[XmlElement, dict[str, Any], _Reader, Reading], Question]] = {
    "multichoice": _choice,
    "truefalse": _true_false,
    "shortanswer": _short_answer,
    "numerical": _number,
    "essay": _essay,
    "ordering": structured.order_in_xml,
    "matching": structured.match_in_xml,
    "description": structured.description_in_xml,
    **dict.fromkeys(_CLOZE, structured.gaps_in_xml),
}
