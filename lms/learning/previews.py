"""How items are shown to those who teach them: connected by the packages of the item types."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

from lms.content.items.base import Item


class ItemPreview(Protocol):
    """The content of an item and its text as HTML, with or without the keys of its questions."""

    def __call__(self, item: Item, body_html: str, *, has_keys: bool = True) -> str: ...


class TeachersPage(NamedTuple):
    """A page of one item for those who teach it, with the variables ``slug`` and ``item`` in its address."""

    endpoint: str
    label: Any
    """Text that is translated when it is shown."""
    suits: Callable[[Item], bool]


_pages: dict[str, list[TeachersPage]] = {}


def list_page_with(
    item_type: type[Item], endpoint: str, label: Any, suits: Callable[[Item], bool] = lambda _item: True
) -> None:
    """Have a page linked from the previews of a type's items that it ``suits``, in ``create_app``."""
    page = TeachersPage(endpoint, label, suits)
    if page.endpoint not in {one.endpoint for one in _pages.get(item_type.type, [])}:
        _pages.setdefault(item_type.type, []).append(page)


def pages_of(item: Item) -> list[TeachersPage]:
    return [one for one in _pages.get(item.type, []) if one.suits(item)]


_previews: dict[str, ItemPreview] = {}


def preview_with(item_type: type[Item], preview: ItemPreview) -> None:
    """Connect the package of an item type, in ``create_app``."""
    _previews[item_type.type] = preview


def preview_of(item_type: str) -> ItemPreview | None:
    """None for a type that this site lacks."""
    return _previews.get(item_type)
