"""What all item types share, and their registry.

A type is one module here (a subclass of ``Item`` with ``@item_types.register``) and a
package of the activities layer with its pages; ``create_app`` says which view shows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol, Self

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

MOST_JP = 1000
MOST_WEIGHT = 1000
WORDS_PER_MINUTE = 200


class Renderer(Protocol):
    """Turns the texts of one file into HTML. ``prefix`` begins every id, so that texts can share a page."""

    def passage(self, text: Text, prefix: str = "") -> Text:
        """Any Markdown."""

    def phrase(self, text: Text, prefix: str = "") -> Text:
        """The same, but a single paragraph comes without its ``<p>``."""

    def check_yourself(self, question: Question) -> str:
        """A question whose texts are rendered, as HTML that answers without a server or a script."""


@dataclass(frozen=True)
class ItemSource:
    """An item's file: its front matter and, below it, its body."""

    fields: Fields
    body: Passage
    targets: Targets


@dataclass(frozen=True, kw_only=True)
class Item:
    """What all items have. ``after`` holds the slugs of the items to be done before, as written."""

    type: ClassVar[str]
    """The type's name in files and in the database: it never changes."""
    label: ClassVar[Message]
    is_graded: ClassVar[bool] = False
    """True if items of the type give marks."""
    unsupported: ClassVar[tuple[str, ...]] = ()
    """Keys that the format knows and that nothing keeps yet."""
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

    @property
    def key(self) -> str:
        """The id written in the file, else the slug: it outlives edits."""
        return self.id or self.slug

    @property
    def questions(self) -> tuple[Question, ...]:
        return ()

    @property
    def body_html(self) -> str:
        """What a reader sees first, once rendered."""
        return ""

    @property
    def minutes(self) -> float:
        """How long it takes, once rendered."""
        return 0

    @property
    def can_complete(self) -> bool:
        """False for what nobody can finish, so that no course waits for it."""
        return True

    @property
    def due(self) -> When | None:
        """By when it is to be done, where that is not when it closes."""
        return None

    @classmethod
    def read_body(cls, source: ItemSource, settings: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Head, ...]]:
        """The values of the fields that are no settings, and how each question begins.

        ``settings`` are the values of the front matter; what does not fit together is reported too.
        """
        return {}, ()

    def rendered(self, renderer: Renderer) -> Self:
        """The item with all its texts as HTML."""
        return self


item_types: Registry[type[Item]] = Item.registry


def read_item(item_type: type[Item], path: str, slug: str, source: ItemSource) -> tuple[Item, tuple[Head, ...]]:
    """An item of the type, and how each of its questions begins; faults are in the source's findings."""
    settings = read_settings(item_type, source.fields)
    refuse_unsupported(item_type.unsupported, source.fields)
    refuse_disorder(settings["opens"], settings["closes"], source.fields, "closes")
    body, heads = item_type.read_body(source, settings)
    source.fields.finish()
    return item_type(path=path, slug=slug, **settings, **body), heads


@dataclass(frozen=True, kw_only=True)
class Unavailable(Item):
    """An item of a stored revision whose type this site does not have: nobody can open or finish it."""

    type = "unavailable"
    label = term("Not available")

    @property
    def can_complete(self) -> bool:
        return False


def item_type_of(name: str) -> type[Item]:
    """The type of a stored item; ``Unavailable`` where the site does not have it."""
    return item_types.get(name) or Unavailable
