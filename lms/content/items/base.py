"""What all item types share, and their registry.

A type is one module here (a subclass of ``Item`` with ``@item_types.register``) and a
package of the activities layer with its pages; ``create_app`` says which view shows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, Protocol, Self

from lms.content.markdown.attributes import Head
from lms.content.markdown.blocks import Passage
from lms.content.markdown.fields import Fields
from lms.content.markdown.links import Targets
from lms.content.markdown.problems import Message, term
from lms.content.markdown.schedule import refuse_disorder
from lms.content.markdown.values import boolean, name, number, text_line, when, whole
from lms.content.questions.base import Question
from lms.content.registry import Registry
from lms.content.settings import read_settings, refuse_unsupported, setting
from lms.content.text import Text
from lms.content.when import When

CompletesBy = Literal["result", "read", "manual", "none"]
"""By a result that the type's own package records; by reading to the end; by a button; not at all."""

MOST_JP = 1000
MOST_WEIGHT = 1000
WORDS_PER_MINUTE = 200


class Renderer(Protocol):
    """Renders the texts of one file. ``prefix`` is put before every id, so that texts can share a page."""

    def passage(self, text: Text, prefix: str = "") -> Text:
        """Any Markdown."""

    def phrase(self, text: Text, prefix: str = "") -> Text:
        """Like ``passage``, but a single paragraph has no ``<p>``."""

    def check_yourself(self, question: Question) -> str:
        """A question with rendered texts as HTML that works without a server or a script."""


@dataclass(frozen=True)
class ItemSource:
    """An item's file: front matter and body."""

    fields: Fields
    body: Passage
    targets: Targets


@dataclass(frozen=True, kw_only=True)
class Item:
    """The fields that all items share. ``after`` holds the slugs of items that must be done first."""

    type: ClassVar[str]
    """The name of the type in files and in the database. It must never change."""
    label: ClassVar[Message]
    icon: ClassVar[str]
    """The path of an SVG line drawing on a grid of 24 by 24."""
    is_graded: ClassVar[bool] = False
    """True if items of this type give a mark."""
    unsupported: ClassVar[tuple[str, ...]] = ()
    """Keys that are part of the format but refused, because they have no effect yet."""
    registry: ClassVar[Registry[Any]] = Registry("type")

    path: str = field(default="", metadata={"stored": False})
    slug: str = field(metadata={"stored": False})
    title: str = setting(text_line(), "", required=True, stored=False)
    id: str | None = setting(name, None, stored=False)
    jp: int = setting(whole(0, MOST_JP), 0, stored=False)
    is_required: bool = setting(boolean, True, key="required", stored=False)
    after: tuple[str, ...] = setting(name, (), each=tuple, stored=False)
    opens: When | None = setting(when, None, stored=False)
    closes: When | None = setting(when, None, stored=False)
    weight: float | None = setting(number(0, MOST_WEIGHT), None, stored=False)

    def __init_subclass__(cls) -> None:
        for missing in {"type", "label", "icon"} - set(dir(cls)):
            raise TypeError(f"the item type {cls.__name__} has no {missing}")

    @property
    def key(self) -> str:
        """The id in the file, or else the slug. Progress is stored under it."""
        return self.id or self.slug

    @property
    def questions(self) -> tuple[Question, ...]:
        return ()

    @property
    def body_html(self) -> str:
        """The HTML that learners see first. Available once rendered."""
        return ""

    @property
    def minutes(self) -> float:
        """Estimated minutes. Available once rendered."""
        return 0

    @property
    def completes_by(self) -> CompletesBy:
        """How the item is completed. ``none``: it cannot be, and does not count towards completion."""
        return "result"

    @property
    def due(self) -> When | None:
        """The deadline, if it differs from the closing moment."""
        return None

    @classmethod
    def read_body(cls, source: ItemSource, settings: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Head, ...]]:
        """The values of fields that are not settings, and the heads of the questions.

        ``settings`` are the values of the front matter. Values that contradict each other are reported here.
        """
        return {}, ()

    def rendered(self, renderer: Renderer) -> Self:
        """The item with all texts as HTML."""
        return self


item_types: Registry[type[Item]] = Item.registry


def read_item(item_type: type[Item], path: str, slug: str, source: ItemSource) -> tuple[Item, tuple[Head, ...]]:
    """Read an item and the heads of its questions. Problems go into the findings of ``source.fields``."""
    settings = read_settings(item_type, source.fields)
    refuse_unsupported(item_type.unsupported, source.fields)
    refuse_disorder(settings["opens"], settings["closes"], source.fields, "closes")
    body, heads = item_type.read_body(source, settings)
    source.fields.finish()
    return item_type(path=path, slug=slug, **settings, **body), heads


@dataclass(frozen=True, kw_only=True)
class UnavailableItem(Item):
    """A stored item whose type is not registered on this site. It cannot be opened or completed."""

    type = "unavailable"
    label = term("Not available")
    icon = "M6 6l12 12M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18"

    @property
    def completes_by(self) -> CompletesBy:
        return "none"


def item_type_of(name: str) -> type[Item]:
    """The type of a stored item, or ``UnavailableItem`` if it is not registered."""
    return item_types.get(name) or UnavailableItem
