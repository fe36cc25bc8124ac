"""Headings that are errors where questions are."""

from __future__ import annotations

from collections.abc import Iterable

from lms.content.markdown.blocks import Block, Passage
from lms.content.markdown.problems import Findings, say

QUESTION = "h2"


def is_large(block: Block) -> bool:
    return block.tag in ("h1", QUESTION)


def is_underlined(block: Block) -> bool:
    return block.kind == "heading" and not block.markup.startswith("#")


def refuse_large_headings(
    blocks: Iterable[Block], passage: Passage, findings: Findings, *, questions_too: bool
) -> None:
    """``#`` and underlined headings are errors; ``## `` as well where there is one question only."""
    for block in blocks:
        if not is_large(block):
            continue
        if is_underlined(block):
            findings.error(
                passage.position(block.last),
                say("this line makes the text above it a heading"),
                say("leave a blank line before it, or write a heading with ### in front"),
            )
        elif block.tag == "h1":
            findings.error(
                passage.position(block.first),
                say("a heading with a single # does not go here"),
                say("write ### for a heading")
                if questions_too
                else say("write ## to open a question, ### for a heading within it"),
            )
        elif questions_too:
            findings.error(
                passage.position(block.first),
                say("a second question does not go into this box"),
                say("give it a box of its own, or write ### for a heading"),
            )
