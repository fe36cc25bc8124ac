"""What all item types share, and their registry.

A type is one module here (a subclass of ``Item`` with ``@item_types.register``) and a
package of the activities layer with its pages; ``create_app`` says which view shows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, Protocol, Self

from lms.content.checks.questions import Suggestion
from lms.content.checks.rules import rule
from lms.content.markdown.attributes import Head
from lms.content.markdown.blocks import Passage
from lms.content.markdown.fields import Fields
from lms.content.markdown.links import Targets
from lms.content.markdown.problems import Message, term
from lms.content.markdown.schedule import refuse_disorder
from lms.content.markdown.values import boolean, name, number, or_unlimited, text_line, when, whole
from lms.content.questions.base import Question
from lms.content.registry import Registry
from lms.content.settings import read_settings, setting
from lms.content.text import PageTexts, Text
from lms.content.when import When

CompletesBy = Literal["result", "attendance", "read", "manual", "none"]
"""By a result that the type's own package records; by being there; by reading to the end; by a button; not at all."""
MarksTold = Literal["at-once", "together"]
"""``together``: learners are told nothing of a mark that a person gives until an instructor releases it with others."""

MAX_ATTEMPTS = 1000
MAX_JP = 1000
MAX_WEIGHT = 1000
MAX_MINUTES = 60_000
"""Those of ``MAX_JP`` lessons of an hour."""
attempts_limit = or_unlimited(whole(1, MAX_ATTEMPTS))
WORDS_PER_MINUTE = 200


class Renderer(Protocol):
    """Renders the texts of one file. ``prefix`` is put before every id, so that texts can share a page."""

    def passage(self, text: Text, prefix: str = "", page: PageTexts | None = None) -> Text:
        """Any Markdown. With ``page``, it goes on from the texts above it: footnotes are numbered through, and headings
        told apart by their names, without ``prefix``."""

    def phrase(self, text: Text, prefix: str = "", page: PageTexts | None = None) -> Text:
        """Like ``passage``, but a single paragraph has no ``<p>``, and headings keep the ``prefix``."""

    def check_yourself(self, question: Question) -> str:
        """A question with rendered texts as stored HTML has it."""


class HasId(Protocol):
    """A question of any item. ``line``: where it begins in its file."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def line(self) -> int: ...


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
    own_time: ClassVar[Message] = term("%(own)s min")
    """What ``own_minutes`` are needed for; for a place where they stand beside those of practice."""
    is_graded: ClassVar[bool] = False
    """True if items of this type give a mark."""
    is_marked_by_people: ClassVar[bool] = False
    """True if the mark is a person's, not that of a key."""
    registry: ClassVar[Registry[Any]] = Registry("type")

    path: str = field(default="", metadata={"stored": False})
    slug: str = field(metadata={"stored": False})
    title: str = setting(text_line(), "", required=True, stored=False)
    id: str | None = setting(name, None, stored=False)
    jp: int = setting(whole(0, MAX_JP), 0, stored=False)
    is_required: bool = setting(boolean, True, key="required", stored=False)
    after: tuple[str, ...] = setting(name, (), each=tuple, stored=False)
    opens: When | None = setting(when, None, stored=False)
    closes: When | None = setting(when, None, stored=False)
    weight: float | None = setting(number(0, MAX_WEIGHT), None, stored=False)
    is_extra: bool = setting(boolean, False, key="extra")
    """Extra credit: its score adds to the final score, in which the others count alone."""
    score_group: str | None = setting(name, None)
    """One of the groups of ``CompletionRule.drop_lowest``."""
    lint_off: tuple[str, ...] = setting(rule, (), each=tuple, key="lint-off", stored=False)
    """Rules of ``lms.content.checks.rules`` that the author has switched off for the whole item."""
    practice_minutes: int = setting(whole(0, MAX_MINUTES), 0, key="minutes")
    """What the item asks for beyond ``own_minutes``, as its author says."""

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
    def with_ids(self) -> tuple[HasId, ...]:
        """What has an id of its own in the file."""
        return self.questions

    @property
    def is_for_groups(self) -> bool:
        """True if one member of a group does it for all."""
        return False

    @property
    def asked(self) -> tuple[Question, ...]:
        """The questions, also of a module that was rendered."""
        return self.questions

    @property
    def shuffles_answers(self) -> bool:
        return False

    @property
    def purpose(self) -> str | None:
        """``pretest`` or ``posttest`` of the course, or neither."""
        return None

    def suggestions(self) -> Iterable[Suggestion]:
        """What the type has to say of its questions and settings together (``lms.content.checks``)."""
        return ()

    @property
    def prose(self) -> str:
        """The Markdown that learners read first, to tell how hard it is."""
        return ""

    @property
    def body_html(self) -> str:
        """The HTML that learners see first. Available once rendered."""
        return ""

    @property
    def pages_html(self) -> tuple[str, ...]:
        """The texts that learners read on pages of their own, ``body_html`` first. Available once rendered."""
        return (self.body_html,)

    @property
    def own_minutes(self) -> float:
        """Estimated minutes for what is on the item's pages, such as reading. Available once rendered."""
        return 0

    def total_minutes(self, jp_minutes: int) -> float:
        """Estimated minutes in all; ``jp_minutes`` are those of one JP. Available once rendered."""
        return self.own_minutes + self.practice_minutes

    @property
    def completes_by(self) -> CompletesBy:
        """How the item is completed. ``none``: it cannot be, and does not count towards completion."""
        return "result"

    @property
    def time_limit(self) -> int | None:
        """Seconds for one attempt, or None."""
        return None

    @property
    def attempts(self) -> int | None:
        """How many attempts a learner has; None if there is no limit."""
        return None

    @property
    def pass_mark(self) -> float | None:
        """Percent; None: the site's."""
        return None

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
    refuse_disorder(settings["opens"], settings["closes"], source.fields, "closes")
    body, heads = item_type.read_body(source, settings)
    source.fields.finish()
    return item_type(path=path, slug=slug, **(settings | body)), heads


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
