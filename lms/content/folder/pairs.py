"""Pretests and posttests: each pair of questions stands in both."""

from __future__ import annotations

from collections.abc import Sequence

from lms.content.folder.item_file import ItemFile
from lms.content.markdown.names import nearest, shorten
from lms.content.markdown.problems import say

OTHER = {"pretest": "posttest", "posttest": "pretest"}


def check_pairs(item_files: Sequence[ItemFile]) -> None:
    """Problems are added to the findings of the file in which they can be fixed."""
    tests = _tests(item_files)
    for purpose, one in tests.items():
        other = tests.get(OTHER[purpose])
        if other is None and one.fields:
            one.findings.warn(
                one.fields.position("purpose"),
                say("the course has a %(one)s and no %(other)s: no gain is shown", one=purpose, other=OTHER[purpose]),
                say("write “purpose: %(other)s” in the quiz that belongs to it", other=OTHER[purpose]),
            )
        _check_partners(one, other)
    for item_file in item_files:
        if item_file.item and not item_file.item.purpose:
            _refuse_pairs(item_file)


def _tests(item_files: Sequence[ItemFile]) -> dict[str, ItemFile]:
    """The pretest and the posttest by their purpose; a second one of a kind is refused."""
    found: dict[str, ItemFile] = {}
    for item_file in item_files:
        purpose = item_file.item.purpose if item_file.item else None
        if purpose is None or item_file.fields is None:
            continue
        first = found.setdefault(purpose, item_file)
        if first is not item_file:
            item_file.fields.fault(
                "purpose",
                say("the course has a %(purpose)s already: %(other)s", purpose=purpose, other=first.path),
                say("take the line out of one of the two"),
            )
    return found


def _refuse_pairs(item_file: ItemFile) -> None:
    for question in item_file.questions:
        if question.pair:
            item_file.findings.error(
                (question.line, 1),
                say("“pair” goes with questions of a pretest or a posttest only"),
                say("take it out, or write “purpose: pretest” or “purpose: posttest” in the front matter"),
            )


def _check_partners(one: ItemFile, other: ItemFile | None) -> None:
    theirs = [question.pair for question in other.questions if question.pair] if other else []
    seen: set[str] = set()
    for question in one.questions:
        if not question.pair:
            continue
        if question.pair in seen:
            one.findings.error(
                (question.line, 1),
                say("the pair “%(pair)s” appears twice in this quiz", pair=shorten(question.pair)),
                say("give one of the two questions another pair"),
            )
        elif other and question.pair not in theirs:
            near = nearest(question.pair, theirs)
            one.findings.error(
                (question.line, 1),
                say("no question of %(other)s has the pair “%(pair)s”", other=other.path, pair=shorten(question.pair)),
                say("did you mean “%(near)s”?", near=near)
                if near
                else say("write pair=%(pair)s at the question there that asks for the same", pair=question.pair),
            )
        seen.add(question.pair)
