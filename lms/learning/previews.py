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

    item_type: str
    endpoint: str
    label: Any
    """Text that is translated when it is shown."""
    suits: Callable[[Item], bool]
    is_for_course: bool = False
    """It is linked from the page of the course's participants as well."""
