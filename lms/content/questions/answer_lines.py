"""Lines ``= answer {50%}`` with the quotes nested under them, as several kinds have them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from lms.content.markdown.blocks import Block, Passage
from lms.content.markdown.names import shorten
from lms.content.markdown.problems import Findings, SourcePosition, say
from lms.content.markdown.references import References
from lms.content.text import Text

_SHARE = re.compile(r"\{([0-9]{1,3}(?:\.[0-9]{1,3})?)%\}")
_LIKE_SHARE = re.compile(r"\{\s*[0-9.,]+\s*%?\s*\}")


@dataclass(frozen=True)
class AnswerLine:
    """``text`` begins at ``text_position``. ``share`` is from 0 to 1; 0 only where there is ``feedback``."""

    text: str
    share: Fraction
    feedback: Text | None
    position: SourcePosition
    text_position: SourcePosition


@dataclass(frozen=True)
class LinesOfAnswer:
    """The line of an answer in its file, from 1, and the quote nested under it."""

    number: int
    quote: Passage | None


def is_answer_lines(block: Block) -> bool:
    return block.kind == "paragraph" and block.text.startswith("= ")


def split_lines(block: Block, passage: Passage) -> list[LinesOfAnswer]:
    """Each line of the block that is no quote, with the quote below it, which still has its ``>``.

    Four spaces make a quote part of the paragraph: with fewer it would be a block of its own.
    """
    found: list[LinesOfAnswer] = []
    for number in range(block.first, block.last + 1):
        if found and passage.line(number).lstrip().startswith(">"):
            quote = passage.between(found[-1].number + 1, number)
            found[-1] = LinesOfAnswer(found[-1].number, quote)
        else:
            found.append(LinesOfAnswer(number, None))
    return found


def unquoted(quote: Passage) -> Passage:
    return Passage(tuple(line.lstrip() for line in quote.lines), quote.first).unquoted()


def read_answer_lines(
    block: Block, passage: Passage, references: References, findings: Findings
) -> tuple[list[AnswerLine], bool]:
    """The lines without errors, and whether that is all of them."""
    split = split_lines(block, passage)
    read = [_read_line(one, passage, references, findings) for one in split]
    _refuse_answers_in_a_quote(block, passage, findings)
    found = [one for one in read if one]
    return found, len(found) == len(read)


def _read_line(one: LinesOfAnswer, passage: Passage, references: References, findings: Findings) -> AnswerLine | None:
    raw = passage.line(one.number)
    line, indent = raw.strip(), len(raw) - len(raw.lstrip())
    position = passage.position(one.number, indent + 1)
    if not line.startswith("="):
        findings.error(
            position,
            say("this line does not begin with “= ”"),
            say("begin each answer with “= ”, and leave a blank line before other text"),
        )
        return None
    text, share = line.removeprefix("=").strip(), Fraction(1)
    feedback = unquoted(one.quote).text() if one.quote else None
    start = text.rfind("{") if text.endswith("}") else -1
    if start >= 0 and _LIKE_SHARE.fullmatch(text, start):
        found = _SHARE.fullmatch(text, start)
        share = Fraction(found[1]) / 100 if found else Fraction(-1)
        if not 0 <= share <= 1 or (not share and not feedback):
            findings.error(
                (position[0], position[1] + line.rfind("{")),
                say("“%(text)s” is not a share of the points", text=shorten(text[start:])),
                say(
                    "write a percentage above 0 and up to 100, such as {50%%}; {0%%} goes with feedback below it, "
                    "as a quote indented by four spaces"
                ),
            )
            return None
        text = text[:start].rstrip()
    if not text:
        findings.error(position, say("this answer has no text"), say("write the answer after the = sign"))
        return None
    return AnswerLine(
        text,
        share,
        references.completed(feedback) if feedback else None,
        position,
        (position[0], position[1] + line.index(text, 1)),
    )


def _refuse_answers_in_a_quote(block: Block, passage: Passage, findings: Findings) -> None:
    """Report an answer that a quote at the margin has taken in: Markdown reads on in the quote's paragraph."""
    is_in_quote = False
    for number in range(block.last + 1, passage.last + 1):
        line = passage.line(number).strip()
        if line.startswith(">"):
            is_in_quote = True
        elif not line or not is_in_quote:
            return
        elif line.startswith("= "):
            findings.error(
                passage.position(number),
                say("this answer reads as part of the quote above"),
                say("indent the feedback of an answer by four spaces; the explanation goes below the last answer"),
            )
            return


def refuse_no_full_answer(shares: list[Fraction], line: SourcePosition, findings: Findings) -> None:
    if all(share < 1 for share in shares):
        findings.error(
            line,
            say("no answer earns all points"),
            say("give at least one answer without a percentage"),
        )
