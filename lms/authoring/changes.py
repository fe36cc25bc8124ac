"""What differs between the published revision of a course and the one that would be published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from difflib import SequenceMatcher
from fractions import Fraction
from typing import Any

from lms.content.course import CourseContent
from lms.content.folder.outline import lay_out
from lms.content.items.base import Item
from lms.content.questions.base import Question
from lms.content.settings import settings_of
from lms.content.text import Text
from lms.courses.contents import Contents, ItemSummary

NOT_MARKED_BY = {
    "title",
    "stem",
    "explanation",
    "hints",
    "rubric",
    "feedback",
    "group",
    "tags",
    "objective",
    "difficulty",
    "points",
}
"""Fields of a question and of its choices that never change what an answer earns."""
TOLD_APART = {"title", "id", "jp", "required", "weight", "pass", "after"}
"""Settings of an item that have a field of their own in ``ItemChange``, or are compared under another name."""


@dataclass(frozen=True, kw_only=True)
class QuestionChange:
    """A question that is marked differently from before."""

    title: str
    is_new: bool = False
    is_gone: bool = False
    has_another_key: bool = False
    """The key, or the choices."""
    points: tuple[Fraction, Fraction] | None = None
    """Before and after, where they differ."""


@dataclass(frozen=True, kw_only=True)
class ItemChange:
    """An item that differs. ``item_id`` is None for a new one, ``path`` for one that is gone."""

    title: str
    item_id: int | None = None
    path: str | None = None
    slug: str | None = None
    """None for one that is gone."""
    is_new: bool = False
    is_gone: bool = False
    is_edited: bool = False
    is_moved: bool = False
    old_title: str | None = None
    questions: tuple[QuestionChange, ...] = ()
    weight: tuple[float | None, float | None] | None = None
    """Before and after, if they differ; likewise below."""
    pass_mark: tuple[float | None, float | None] | None = None
    jp: tuple[int, int] | None = None
    is_required: bool | None = None
    """Set where it differs."""
    settings: tuple[str, ...] = ()
    """The keys of other settings that differ, as an author writes them."""

    @property
    def has_another_share(self) -> bool:
        """True if its part in the final score is another one."""
        return bool(self.weight or self.pass_mark)

    @property
    def changes_marks(self) -> bool:
        return bool(self.questions) or self.has_another_share


@dataclass(frozen=True, kw_only=True)
class CourseChanges:
    items: tuple[ItemChange, ...]
    other_files: tuple[str, ...]
    """Paths of files that differ and are no items: the course's own text, sections, media."""
    has_another_rule: bool = False
    """What it takes to complete the course differs."""

    def __bool__(self) -> bool:
        return bool(self.items or self.other_files)


@dataclass(frozen=True)
class PublishedRevision:
    """The published revision: its contents, the content of its items by id, and the hashes of its files by path."""

    contents: Contents
    items: Mapping[int, Item]
    files: Mapping[str, str]


def course_changes(old: PublishedRevision, new: CourseContent, files: Mapping[str, str]) -> CourseChanges:
    """``files`` are the hashes of the new files by path."""
    before = {item.key: item for item in old.contents.items}
    after = {item.key: item for item in new.items}
    moved = _moved(old.contents, new)
    paths = {one.slug: one.path for one in lay_out(old.files).items}
    found = []
    for item in new.items:
        known = before.get(item.key)
        if known is None:
            found.append(
                ItemChange(
                    title=item.title,
                    path=item.path,
                    slug=item.slug,
                    is_new=True,
                    jp=(0, item.jp) if item.jp else None,
                )
            )
            continue
        is_edited = old.files.get(paths.get(known.slug, "")) != files.get(item.path)
        if is_edited or item.key in moved:
            is_after = tuple(new.keys[name] for name in item.after)
            settings = [*_settings(old.items[known.item_id], item), *(["after"] if known.after != is_after else [])]
            change = _change(known, old.items[known.item_id], item, is_edited, item.key in moved)
            found.append(replace(change, settings=tuple(settings)))
    found += [
        ItemChange(title=one.title, item_id=one.item_id, is_gone=True, jp=(one.jp, 0) if one.jp else None)
        for key, one in before.items()
        if key not in after
    ]
    own = {*paths.values(), *(item.path for item in new.items)}
    names = sorted({*old.files, *files} - own)
    others = tuple(name for name in names if old.files.get(name) != files.get(name))
    has_another_rule = old.contents.rule != new.rule
    return CourseChanges(items=tuple(found), other_files=others, has_another_rule=has_another_rule)


def _change(known: ItemSummary, stored: Item, item: Item, is_edited: bool, is_moved: bool) -> ItemChange:
    marks = getattr(stored, "pass_mark", None), getattr(item, "pass_mark", None)
    return ItemChange(
        title=item.title,
        item_id=known.item_id,
        path=item.path,
        slug=item.slug,
        is_edited=is_edited,
        is_moved=is_moved,
        old_title=known.title if known.title != item.title else None,
        questions=tuple(_changed_questions(stored.questions, item.questions)) if item.is_graded else (),
        weight=(known.weight, item.weight) if known.weight != item.weight else None,
        pass_mark=marks if marks[0] != marks[1] else None,
        jp=(known.jp, item.jp) if known.jp != item.jp else None,
        is_required=item.is_required if known.is_required != item.is_required else None,
    )


def _settings(stored: Item, item: Item) -> list[str]:
    if type(stored) is not type(item):
        return ["type"]
    pairs = {key: one.name for key, one in settings_of(type(item)).items() if key not in TOLD_APART}
    return [key for key, name in pairs.items() if getattr(stored, name) != getattr(item, name)]


def _moved(old: Contents, new: CourseContent) -> set[str]:
    """Keys of items whose order changed among the items that both have, or that are in another section."""
    titles = {section.position: section.title for section in old.sections}
    before = {item.key: titles[item.section] for item in old.items}
    after = {item.key: section.title for section in new.sections for item in section.items}
    first, second = [key for key in before if key in after], [key for key in after if key in before]
    kept: set[str] = set()
    for block in SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks():
        kept |= set(first[block.a : block.a + block.size])
    renamed = _renamed(before, after)
    return {key for key in first if key not in kept or renamed.get(before[key], before[key]) != after[key]}


def _renamed(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """Sections that only have another title, by the old one: their items, as far as they are left, stayed together."""
    targets: dict[str, set[str]] = {}
    for key, title in before.items():
        if key in after:
            targets.setdefault(title, set()).add(after[key])
    return {title: found.pop() for title, found in targets.items() if len(found) == 1}


def _changed_questions(old: Sequence[Question], new: Sequence[Question]) -> Iterator[QuestionChange]:
    before = {question.id: question for question in old}
    after = {question.id for question in new}
    for question in new:
        known = before.get(question.id)
        if known is None:
            yield QuestionChange(title=question.title, is_new=True)
            continue
        points = (known.points, question.points) if known.points != question.points else None
        has_another_key = _marking(known) != _marking(question)
        if points or has_another_key:
            yield QuestionChange(title=question.title, has_another_key=has_another_key, points=points)
    yield from (QuestionChange(title=one.title, is_gone=True) for one in old if one.id not in after)


def _marking(value: Any) -> Any:
    """What decides what an answer earns. That includes the texts of choices: swapping two of them changes the key."""
    if isinstance(value, Text):
        return value.comparable
    if isinstance(value, tuple):
        return tuple(_marking(one) for one in value)
    if is_dataclass(value):
        names = [one.name for one in fields(value) if one.metadata.get("stored", True)]
        return type(value), {name: _marking(getattr(value, name)) for name in names if name not in NOT_MARKED_BY}
    return value
