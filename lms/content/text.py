"""An author's Markdown: source while a course is read, HTML once it is rendered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any, Literal, TypeVar

from markupsafe import Markup

from lms.content.typography import unbound

T = TypeVar("T")


@dataclass(frozen=True)
class Loss:
    """What an author wrote and no page shows: the address of a ``picture`` (as a tag: ``img``) or a ``link``, or the
    name of a ``tag``."""

    kind: Literal["picture", "img", "link", "tag"]
    what: str


@dataclass
class PageTexts:
    """What the texts of one page have used so far: the names of headings, and numbers of footnotes."""

    anchors: dict[str, int] = field(default_factory=dict)
    footnotes: int = 0


@dataclass(frozen=True)
class Text:
    """Markdown as written and the line of its file on which it begins (from 1).

    ``html`` is safe HTML, known once the course was rendered; a stored revision has
    nothing else. ``lost`` is what is not in the HTML.
    """

    source: str
    line: int = 0
    html: str | None = None
    lost: tuple[Loss, ...] = ()

    def __html__(self) -> Markup:
        if self.html is None:
            raise ValueError(f"the text of line {self.line} was not rendered yet")
        return Markup(self.html)  # noqa: S704 - made by the renderer, which lets through what is safe

    @property
    def comparable(self) -> str:
        """What is the same in two revisions if the author wrote the same, whichever release rendered them."""
        return unbound(self.source if self.html is None else self.html)

    def __bool__(self) -> bool:
        return bool(self.source or self.html)


def with_html(value: T, render: Callable[[Text], Text]) -> T:
    """A copy of ``value`` in which ``render`` is applied to every ``Text``, at any depth."""
    return _with_html(value, render)  # type: ignore[no-any-return]


def _with_html(value: Any, render: Callable[[Text], Text]) -> Any:
    if isinstance(value, Text):
        return render(value)
    if isinstance(value, tuple):
        return tuple(_with_html(one, render) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: _with_html(getattr(value, one.name), render) for one in fields(value)})
    return value
