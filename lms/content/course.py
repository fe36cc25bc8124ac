"""A whole course: what it is, its sections and their items."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

from lms.content.items.base import MAX_JP, Item
from lms.content.markdown.fields import Fields
from lms.content.markdown.frontmatter import YamlText
from lms.content.markdown.names import shorten
from lms.content.markdown.problems import say
from lms.content.markdown.values import (
    InvalidValue,
    boolean,
    language,
    name,
    one_of,
    percent,
    text_line,
    whole,
    whole_percent,
)
from lms.content.settings import counts_by_group, read_settings, setting, setting_of_keys
from lms.content.text import Text

MAX_DROPPED = 100

Competency = Literal["teknis", "manajerial", "sosial-kultural", "pemerintahan"]


def _items_to_complete(value: YamlText) -> Any:
    if value.text in ("all", "required"):
        return value.text
    if not value.text.endswith("%"):
        raise InvalidValue(
            say("“%(text)s” does not say which items are to be completed", text=shorten(value.text)),
            say("write all, required, or a percentage such as 80%%"),
        )
    return whole_percent(value)


@dataclass(frozen=True)
class CompletionRule:
    """What is needed to complete the course: which items, and which final score (0-100).

    ``items`` is ``all``, ``required`` or a whole percentage as an int. ``score`` is None
    where the course leaves it to the site.
    """

    items: Literal["all", "required"] | int = setting(_items_to_complete, "all")
    score: float | None = setting(percent, None)
    drop_lowest: dict[str, int] | None = None
    """How many scores are left out of the final score, by group of items; of all items: ``{"": n}``. A file says it
    beside the rule."""


def _completion(fields: Fields, key: str) -> CompletionRule:
    inner = fields.inner(key)
    if not inner:
        return CompletionRule()
    rule = CompletionRule(**read_settings(CompletionRule, inner))
    if inner.ask("attendance") is not None:
        inner.fault(
            "attendance",
            say("what must be attended is said by each live session, not by the course"),
            say("write “attendance: 80%%” in the file of the session"),
        )
    inner.finish()
    return rule


@dataclass(frozen=True)
class Section:
    """A folder of items, in order.

    Items at the course's root stand between the folders by their numbers: each
    run of them is a section with slug and title ``""``.
    """

    slug: str
    title: str
    intro: Text | None = None
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CourseContent:
    """A course folder without errors."""

    slug: str
    title: str = setting(text_line(), "", required=True)
    summary: str = setting(text_line(300), "", required=True)
    description: Text = field(default=Text(""))
    code: str | None = setting(text_line(40), None)
    category: str | None = setting(name, None)
    competency: Competency | None = setting(one_of(get_args(Competency)), None)
    language: str = setting(language, "id")
    jp: int = setting(whole(0, MAX_JP), 0)
    prerequisites: tuple[str, ...] = setting(name, (), each=tuple)
    completion: CompletionRule = setting_of_keys(_completion, CompletionRule())
    drop_lowest: dict[str, int] | None = setting_of_keys(counts_by_group(MAX_DROPPED), None)
    certificate: bool = setting(boolean, True)
    sections: tuple[Section, ...] = ()

    @property
    def rule(self) -> CompletionRule:
        return replace(self.completion, drop_lowest=self.drop_lowest)

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for section in self.sections for item in section.items)

    @property
    def keys(self) -> dict[str, str]:
        """Item keys by slug and by key, since ``after`` can name either."""
        return {item.slug: item.key for item in self.items} | {item.key: item.key for item in self.items}
