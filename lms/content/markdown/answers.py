"""The answers of a question: a task list of choices, or lines that begin with ``= ``."""

from __future__ import annotations

import re
from string import ascii_lowercase

from lms.content.markdown.blocks import LISTS, Block, Passage
from lms.content.markdown.model import Option, Text
from lms.content.markdown.names import nearest, shorten
from lms.content.markdown.problems import Findings, Place, say
from lms.content.markdown.references import References

KEEP_LAST = "keep-last"

_TASK = re.compile(r"\[([ xX])\](?:\s+|$)")
_NEARLY_TASK = re.compile(r"\[\s*[xXvV✓✔√*]?\s*\]")
_IN_BRACES = re.compile(r"\{([^{}]{1,40})\}")
_SHARE = re.compile(r"\{([0-9]{1,3}(?:\.[0-9]{1,3})?)%\}")
_LIKE_SHARE = re.compile(r"\{\s*[0-9.,]+\s*%?\s*\}")
_PATTERN = re.compile(r"/.+/[a-z]*")


def is_choices(block: Block) -> bool:
    """Whether this is a task list, be it well written or nearly so."""
    return block.kind in LISTS and any(_NEARLY_TASK.match(_words(item)) for item in block.children)


def is_short_answers(block: Block) -> bool:
    return block.kind == "paragraph" and block.text.startswith("= ")


def hides_short_answers(block: Block) -> bool:
    """Whether lines with ``= `` hang on to a paragraph of other words."""
    return block.kind == "paragraph" and "\n= " in block.text


def read_choices(block: Block, passage: Passage, references: References, findings: Findings) -> tuple[Option, ...]:
    """The options of a task list; what is wrong with single ones is reported, and reading goes on."""
    if len(block.children) > len(ascii_lowercase):
        findings.error(
            passage.place(block.children[len(ascii_lowercase)].first),
            say("a question has at most %(limit)d choices", limit=len(ascii_lowercase)),
            say("take some choices out"),
        )
        return ()
    options = []
    for letter, item in zip(ascii_lowercase, block.children, strict=False):
        if option := _read_option(letter, item, passage, references, findings):
            options.append(option)
    texts: set[str] = set()
    for option in options:
        if option.text.source in texts:
            findings.warn(
                passage.place(option.text.line),
                say("this choice stands twice"),
                say("reword one of the two or take it out"),
            )
        texts.add(option.text.source)
    return tuple(options)


def _read_option(
    letter: str, item: Block, passage: Passage, references: References, findings: Findings
) -> Option | None:
    place = passage.place(item.first)
    task = _TASK.match(_words(item))
    if not task:
        findings.error(
            place,
            say("this choice does not begin with [ ] or [x]"),
            say("write “- [x] …” for a right choice and “- [ ] …” for a wrong one"),
        )
        return None
    _refuse_bad_indentation(item, passage, findings)
    inner = passage.inside_item(item)
    inner = Passage((inner.lines[0].lstrip()[task.end() :], *inner.lines[1:]), inner.first)
    quote_line = _feedback_line(item)
    words = inner if quote_line is None else inner.between(inner.first, quote_line - 1)
    feedback = None if quote_line is None else inner.between(quote_line, inner.last).unquoted().text()
    text, keeps_last = _without_keep_last(words.text(), place, findings)
    if not text.source:
        findings.error(place, say("this choice has no text"), say("write the choice behind the brackets"))
        return None
    return Option(
        id=letter,
        text=references.completed(text),
        is_correct=task[1] != " ",
        feedback=references.completed(feedback) if feedback else None,
        keeps_last=keeps_last,
    )


def _feedback_line(item: Block) -> int | None:
    """Where the quotes begin that end a choice."""
    line = None
    for child in reversed(item.children):
        if child.kind != "blockquote":
            break
        line = child.first
    return line


def _refuse_bad_indentation(item: Block, passage: Passage, findings: Findings) -> None:
    """What stands too far in reads as part of the choice's words, which nobody means."""
    for child in item.children:
        if is_choices(child):
            findings.error(
                passage.place(child.first),
                say("this choice stands within another one"),
                say("begin all choices in the same column"),
            )
        if child.kind != "paragraph":
            continue
        for number, line in enumerate(child.text.split("\n")[1:], child.first + 1):
            if line.lstrip().startswith(">"):
                findings.error(
                    passage.place(number),
                    say("the feedback is indented too far and reads as part of the choice"),
                    say("begin its line with four spaces and >"),
                )
                break


def _without_keep_last(text: Text, place: Place, findings: Findings) -> tuple[Text, bool]:
    start = text.source.rfind("{") if text.source.endswith("}") else -1
    found = _IN_BRACES.fullmatch(text.source, start) if start >= 0 else None
    if not found:
        return text, False
    if found[1].strip() == KEEP_LAST:
        return Text(text.source[:start].rstrip(), text.line), True
    if nearest(found[1], [KEEP_LAST]):
        findings.error(
            place,
            say("“%(text)s” is not known here", text=shorten(found[0])),
            say("did you mean “%(near)s”?", near="{keep-last}"),
        )
    return text, False


def read_short_answers(block: Block, passage: Passage, findings: Findings) -> tuple[tuple[str, float], ...]:
    """The accepted answers, each with its share of the points from 0 to 1."""
    accepted: dict[str, tuple[str, float]] = {}
    are_sound = True
    for number in range(block.first, block.last + 1):
        line = passage.line(number)
        place = passage.place(number, len(line) - len(line.lstrip()) + 1)
        answer = _read_short_answer(line.strip(), place, findings)
        if not answer:
            are_sound = False
            continue
        folded = " ".join(answer[0].split()).casefold()
        if folded in accepted:
            findings.error(
                place,
                say("the answer “%(text)s” stands twice", text=shorten(answer[0])),
                say("keep one of the two: capitals and spaces make no difference"),
            )
        accepted.setdefault(folded, answer)
    if are_sound and all(share < 1 for _, share in accepted.values()):
        findings.error(
            passage.place(block.first),
            say("no answer earns all points"),
            say("give at least one answer without a percentage"),
        )
    return tuple(accepted.values())


def _read_short_answer(line: str, place: Place, findings: Findings) -> tuple[str, float] | None:
    if not line.startswith("="):
        findings.error(
            place,
            say("this line does not begin with “= ”"),
            say("begin each answer with “= ”, and leave a blank line before other text"),
        )
        return None
    text, share = line.removeprefix("=").strip(), 1.0
    start = text.rfind("{") if text.endswith("}") else -1
    if start >= 0 and _LIKE_SHARE.fullmatch(text, start):
        found = _SHARE.fullmatch(text, start)
        share = float(found[1]) / 100 if found else 0
        if not 0 < share <= 1:
            findings.error(
                (place[0], place[1] + line.rfind("{")),
                say("“%(text)s” is not a share of the points", text=shorten(text[start:])),
                say("write a percentage above 0 and up to 100, such as {50%%}"),
            )
            return None
        text = text[:start].rstrip()
    if not text:
        findings.error(place, say("this answer has no text"), say("write the answer behind the = sign"))
        return None
    if _PATTERN.fullmatch(text):
        findings.error(
            place,
            say("answers given as a pattern (%(kind)s) are not supported yet", kind="= /…/"),
            say("write each answer that is right on a line of its own: = text"),
        )
        return None
    return text, share


def _words(item: Block) -> str:
    """The words with which a list item begins."""
    first = item.children[0] if item.children else None
    return first.text if first and first.kind == "paragraph" else ""
