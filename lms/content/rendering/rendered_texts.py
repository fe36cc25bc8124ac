"""The rendered texts of an item, in order: enough to restore the rendered item from a cache.

It can be kept as JSON. Each text is named by a hash of its source, so that what was kept of an item whose texts come
in another order, or are others, is not taken for it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from lms.content.items.base import Item, Renderer
from lms.content.questions.base import Question
from lms.content.rendering.check_yourself import check_yourself
from lms.content.text import Loss, PageTexts, Text

RenderedText = tuple[str, str, tuple[tuple[str, str], ...]]
"""The hash of the source, the HTML, and the kind and name of each loss."""


class TextsDiffer(Exception):
    """The recorded texts do not belong to this item."""


@dataclass(frozen=True)
class RecordingRenderer:
    """Renders with ``renderer`` and records the results."""

    renderer: Renderer
    texts: list[RenderedText] = field(default_factory=list)

    def passage(self, text: Text, prefix: str = "", page: PageTexts | None = None) -> Text:
        return self._noted(text, prefix, self.renderer.passage(text, prefix, page))

    def phrase(self, text: Text, prefix: str = "", page: PageTexts | None = None) -> Text:
        return self._noted(text, prefix, self.renderer.phrase(text, prefix, page))

    def check_yourself(self, question: Question) -> str:
        return self.renderer.check_yourself(question)

    def _noted(self, text: Text, prefix: str, done: Text) -> Text:
        lost = tuple((one.kind, one.what) for one in done.lost)
        self.texts.append((_name(text, prefix), done.html or "", lost))
        return done


@dataclass(frozen=True)
class _StoredRenderer:
    texts: Iterator[Sequence[Any]]
    language: str

    def passage(self, text: Text, prefix: str = "", page: PageTexts | None = None) -> Text:
        name, html, lost = next(self.texts, ("", "", ()))
        if name != _name(text, prefix):
            raise TextsDiffer
        return replace(text, html=html, lost=tuple(Loss(kind, what) for kind, what in lost))

    def phrase(self, text: Text, prefix: str = "", page: PageTexts | None = None) -> Text:
        return self.passage(text, prefix)

    def check_yourself(self, question: Question) -> str:
        return check_yourself(question, self.language)


def restored_item(item: Item, texts: Sequence[Sequence[Any]], language: str) -> Item:
    """The rendered item from its recorded texts.

    :raises TextsDiffer: it was recorded of another item.
    """
    return item.rendered(_StoredRenderer(iter(texts), language))


def _name(text: Text, prefix: str) -> str:
    return hashlib.sha256(f"{prefix}\0{text.source}".encode()).hexdigest()[:16]
