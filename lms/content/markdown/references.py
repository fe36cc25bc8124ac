"""Link targets and footnotes that are defined elsewhere in the file.

A file is cut into texts that are shown on their own; ``[label]: address`` and
``[^1]: note`` at its end would be lost to them. So each text takes along what
it mentions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from lms.content.markdown.blocks import Block, Passage
from lms.content.markdown.problems import Findings, say
from lms.content.text import Text

DEFINITIONS = ("definition", "footnote_reference")
MAX_COPIED = 200_000

_MENTION = re.compile(r"\[([^\[\]\n]{1,200})\]")
_DEFINITION = re.compile(r" {0,3}\[([^\[\]\n]{1,200})\]:")


class References:
    """The definitions of a file. If a label is defined twice, the first definition counts.

    A long note that is mentioned in very many questions would grow the course
    far beyond its files: copying stops, with an error, at ``MAX_COPIED`` characters.
    """

    def __init__(self, passage: Passage, blocks: Iterable[Block], findings: Findings) -> None:
        self._findings = findings
        self._left = MAX_COPIED
        self._sources: dict[str, str] = {}
        for block in blocks:
            if block.kind in DEFINITIONS and (found := _DEFINITION.match(passage.line(block.first))):
                self._sources.setdefault(_folded(found[1]), passage.between(block.first, block.last).text().source)

    def completed(self, text: Text) -> Text:
        """The text with the definitions that it mentions but does not contain appended."""
        if not self._sources or self._left < 0:
            return text
        held = {_folded(found[1]) for found in map(_DEFINITION.match, text.source.split("\n")) if found}
        wanted: dict[str, str] = {}
        waiting = [text.source]
        while waiting:
            for found in _MENTION.finditer(waiting.pop()):
                label = _folded(found[1])
                if label in self._sources and label not in held and label not in wanted:
                    wanted[label] = self._sources[label]
                    waiting.append(wanted[label])
        self._left -= sum(len(source) for source in wanted.values())
        if self._left < 0:
            self._findings.error(
                (text.line, 1),
                say("footnotes and link targets are mentioned too often in this file"),
                say("shorten them, or split the file"),
            )
        return replace(text, source="\n\n".join([text.source, *wanted.values()]))


def _folded(label: str) -> str:
    return " ".join(label.split()).casefold()
