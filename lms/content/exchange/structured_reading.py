"""Questions whose answers have parts, from GIFT and Moodle XML."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, get_args

from lms.content.exchange.bank import NotTaken, Reading
from lms.content.exchange.escaping import as_text
from lms.content.exchange.structured_writing import ARROW, GRADING, STAR
from lms.content.exchange.xml_tree import XmlElement
from lms.content.markdown.problems import say
from lms.content.questions.base import Question
from lms.content.questions.description import Description
from lms.content.questions.gap_text import gaps_in
from lms.content.questions.gaps import Gaps, GapScoring, gaps_of
from lms.content.questions.match import Match, MatchRow, MatchScoring, Partner, in_no_order
from lms.content.questions.order import Order, OrderScoring, id_of, steps_of
from lms.content.text import Text
from lms.lib.digits import whole_number

Shared = dict[str, Any]
_OF_GRADING = {moodle: ours for ours, moodle in GRADING.items()}
_HEAD_OF_ORDER = re.compile(
    r">\s*(?P<count>\d+)\s*(?P<select>ALL|EXACT|RANDOM|REL|CONTIGUOUS|CONTIG)?\s*(?:HORIZONTAL|HORI|H|VERTICAL|VERT|V)?"
    r"\s*(?P<grading>ALL_OR_NOTHING|ABSOLUTE_POSITION|ABSOLUTE|ABS|RELATIVE_[A-Z_]+|LONGEST_[A-Z_]+)?"
    r"\s*(?:SHOW|TRUE|YES|HIDE|FALSE|NO)?\s*(?:none|abc|ABCD|123|iii|IIII)?\s*"
)
_CLOZE = re.compile(r"\{([0-9]*):([A-Z_]+):((?:[^\\}]|\\.)*)\}", re.DOTALL)
_TYPED = ("SHORTANSWER", "SA", "MW")
_TYPED_AS_WRITTEN = ("SHORTANSWER_C", "SAC", "MWC")
_CHOSEN = re.compile(r"(?:MULTICHOICE|MC)(?:_?[VH]?S?)")
_SHARE = re.compile(r"=|%(-?[0-9.]+)%")
_TAG = re.compile(r"<[^<>]*>")


def order_of(shared: Shared, texts: Iterable[str], grading: str, draft: Reading) -> Question:
    scoring = _OF_GRADING.get(grading, "exact")
    if grading not in _OF_GRADING:
        draft.note(
            say(
                "Moodle's way of giving points for the order (%(name)s) is not known here: all or nothing.",
                name=grading,
            )
            if grading
            else say("The file does not say how an order earns points: all or nothing.")
        )
    assert scoring in get_args(OrderScoring)
    steps = steps_of((id_of(text), Text(text)) for text in texts)
    return Order(**shared, steps=steps, scoring=scoring)  # type: ignore[arg-type]


def _match_of(shared: Shared, pairs: Sequence[tuple[str, str]], facts: Mapping[str, str]) -> Question:
    """:param facts: what this site wrote into the file; partners of others are plain text."""
    is_markdown = facts.get("match") == "markdown"
    partners: dict[str, Partner] = {}
    rows = []
    for left, right in pairs:
        text = right if is_markdown else as_text(right)
        partners.setdefault(id_of(text), Partner(id_of(text), Text(text)))
        if left:
            rows.append(MatchRow(id_of(left), Text(left), id_of(text)))
    scoring = facts.get("scoring", "each-answer")
    return Match(
        **shared,
        rows=tuple(rows),
        partners=in_no_order(partners.values()),
        left_head=Text(facts["left"]) if facts.get("left") else None,
        right_head=Text(facts["right"]) if facts.get("right") else None,
        scoring=scoring if scoring in get_args(MatchScoring) else "each-answer",  # type: ignore[arg-type]
    )


def description_of(shared: Shared, draft: Reading) -> Question:
    if shared["explanation"] or shared["hints"]:
        draft.note(say("The feedback on a text without a question is not kept."))
    return Description(title="", stem=shared["stem"], points=Description.NO_POINTS)


# GIFT


def order_in_gift(answers: str, shared: Shared, text: Callable[[str], str], draft: Reading) -> Question:
    """``> 3 ALL VERTICAL ALL_OR_NOTHING HIDE``, then a line for each step."""
    first, *lines = answers.split("\n")
    found = _HEAD_OF_ORDER.fullmatch(first)
    if not found:
        raise NotTaken(
            say("the line with > does not say how many steps are shown and how they earn points"),
            say("write it as Moodle does: >3 ALL VERTICAL ALL_OR_NOTHING HIDE"),
        )
    steps = [text(line) for line in lines if line.strip()]
    _note_of_selection(found["select"] or "ALL", int(found["count"][:4]), len(steps), draft)
    grading = {"ABSOLUTE": "ABSOLUTE_POSITION", "ABS": "ABSOLUTE_POSITION"}
    return order_of(shared, steps, grading.get(found["grading"] or "", found["grading"] or ""), draft)


def match_in_gift(
    answers: str, shared: Shared, text: Callable[[str], str], plain: Callable[[str], str], facts: Mapping[str, str]
) -> Question:
    pairs = []
    for piece in (one.strip() for one in answers.split("=")):
        if piece:
            left, _, right = piece.partition(ARROW)
            pairs.append((text(left) if left.strip() else "", plain(right).strip()))
    return _match_of(shared, pairs, facts)


def _note_of_selection(kind: str, shown: int, there: int, draft: Reading) -> None:
    if kind in ("RANDOM", "REL", "CONTIGUOUS", "CONTIG") and shown < there:
        draft.note(say("In Moodle %(shown)d of the %(all)d steps are asked; here all of them.", shown=shown, all=there))


# Moodle XML


def order_in_xml(element: XmlElement, shared: Shared, read: Any, draft: Reading) -> Question:
    answers = list(element.all("answer"))
    if any(one.find("feedback") and read.text(one.find("feedback")) for one in answers):
        draft.note(say("The feedback on single steps is not kept."))
    count = whole_number(element.text_of("selectcount")) or 0
    _note_of_selection(element.text_of("selecttype"), count, len(answers), draft)
    return order_of(shared, [read.text(one) for one in answers], element.text_of("gradingtype"), draft)


def match_in_xml(element: XmlElement, shared: Shared, read: Any, draft: Reading) -> Question:
    own = element.find("lms")
    pairs = []
    for one in element.all("subquestion"):
        answer = one.find("answer")
        pairs.append((read.text(one), answer.text_of("text", answer.text) if answer else ""))
    return _match_of(shared, [pair for pair in pairs if any(pair)], own.attributes if own else {})


def description_in_xml(_element: XmlElement, shared: Shared, _read: Any, draft: Reading) -> Question:
    return description_of(shared, draft)


def gaps_in_xml(element: XmlElement, shared: Shared, _read: Any, _draft: Reading) -> Question:
    """The stem has its gaps already (``with_gaps``)."""
    own = element.find("lms")
    scoring = own.attributes.get("scoring", "each-answer") if own else "each-answer"
    gaps = gaps_of(shared["stem"].source)
    if not gaps:
        raise NotTaken(say("the question has no gap"), say("write each gap as Moodle does: {1:SHORTANSWER:=text}"))
    return Gaps(
        **shared,
        gaps=gaps,
        scoring=scoring if scoring in get_args(GapScoring) else "each-answer",  # type: ignore[arg-type]
    )


def with_gaps(source: str, convert: Callable[[str], str], draft: Reading) -> str:
    """The Markdown of a text with embedded answers: they are set aside while ``convert`` makes Markdown of the rest.

    :raises NotTaken: an answer is of a kind that no gap can have.
    """
    found = list(_CLOZE.finditer(source))
    if len({one[1] or "1" for one in found}) > 1:
        draft.note(say("In Moodle the gaps earn different points; here each has the same share."))
    number = 0
    while f"isian{number}x" in source:
        number += 1
    words = [f"isian{number}x{at}x" for at in range(len(found))]
    parts, at = [], 0
    for one, word in zip(found, words, strict=True):
        parts += [source[at : one.start()], word]
        at = one.end()
    markdown = convert("".join([*parts, source[at:]]))
    for one, word in zip(found, words, strict=True):
        markdown = markdown.replace(word, f"[[{_gap(one[2], one[3], draft)}]]")
    for gap in reversed(gaps_in(markdown)):
        if gap.is_in_table:
            inside = gap.inside.replace("|", "\\|")
            markdown = f"{markdown[: gap.start]}[[{inside}]]{markdown[gap.end :]}"
    return markdown


def _gap(kind: str, written: str, draft: Reading) -> str:
    is_chosen = _CHOSEN.fullmatch(kind) is not None
    if not is_chosen and kind not in (*_TYPED, *_TYPED_AS_WRITTEN):
        raise NotTaken(
            say("a gap of the type “%(kind)s” is not known here", kind=kind[:40]),
            say("make it a gap to type in (SHORTANSWER) or to choose from (MULTICHOICE)"),
        )
    if kind in _TYPED_AS_WRITTEN:
        draft.note(say("In Moodle capitals count; here they make no difference."))
    right: list[str] = []
    wrong: list[str] = []
    options: list[str] = []
    for piece in re.split(r"(?<!\\)~", written.removeprefix("~")):
        answer, hash_, _feedback = re.sub(r"\\#", "\0", piece).partition("#")
        if hash_:
            draft.note(say("The feedback on single answers of a gap is not kept."))
        found = _SHARE.match(answer.strip())
        share = "100" if found and found[0] == "=" else found[1] if found else "0"
        text = _text(answer.strip()[found.end() if found else 0 :], is_typed=not is_chosen)
        if float(share or 0) not in (0, 100):
            raise NotTaken(
                say("an answer of a gap earns part of the points"), say("let each answer of a gap earn all or nothing")
            )
        (right if float(share) else wrong).append(text)
        options.append(f"={text}" if float(share) else text)
    if not is_chosen:
        if wrong:
            draft.note(say("Wrong answers of a gap to type in are not kept: %(texts)s.", texts=", ".join(wrong)[:200]))
        return "|".join(right)
    if len(right) != 1:
        raise NotTaken(say("a gap to choose from needs one right answer"), say("mark one of its answers with ="))
    return "|".join(options)


def _text(raw: str, *, is_typed: bool) -> str:
    raw = html.unescape(_TAG.sub("", raw.replace("\0", "#"))) if "<" in raw or "&" in raw else raw.replace("\0", "#")
    if is_typed and "*" in raw.replace(STAR, ""):
        raise NotTaken(
            say("an answer has a * that stands for any text"), say("write each answer that is right on its own")
        )
    text = " ".join(re.sub(r"\\([}~\"/])", r"\1", raw.replace(STAR, "*")).split())
    if re.search(r"[\[\]|]", text) or not text:
        raise NotTaken(say("an answer of a gap is empty, or has a bracket or a bar"), say("reword this answer"))
    return text
