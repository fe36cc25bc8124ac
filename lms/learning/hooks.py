"""What the packages of the item types supply to this one; ``create_app`` registers it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from itertools import chain
from typing import Any

from lms.content.items.base import Item
from lms.core.hooks import KeyedHook
from lms.learning.previews import ItemPreview, TeachersPage
from lms.learning.work import GradedGroup, GradedGroups, LimitPages, WaitingGroup, WaitingGroups

item_previews: KeyedHook[ItemPreview] = KeyedHook("item_previews")
"""By the item type."""
limit_pages: KeyedHook[LimitPages] = KeyedHook("limit_pages")
"""By the item type; types without limits that can differ for one person are left out."""
waiting_group_lists: KeyedHook[WaitingGroups] = KeyedHook("waiting_group_lists")
"""By the item type."""
graded_group_lists: KeyedHook[GradedGroups] = KeyedHook("graded_group_lists")
"""By the item type."""
_teachers_pages: KeyedHook[TeachersPage] = KeyedHook("teachers_pages")
"""By the endpoint."""


def register_page(
    item_type: type[Item],
    endpoint: str,
    label: Any,
    suits: Callable[[Item], bool] = lambda _item: True,
    *,
    is_for_course: bool = False,
) -> None:
    """Have a page linked from the previews of a type's items that it ``suits``."""
    _teachers_pages.register(endpoint, TeachersPage(item_type.type, endpoint, label, suits, is_for_course))


def pages_of(item: Item) -> list[TeachersPage]:
    return [page for page in _teachers_pages if page.item_type == item.type and page.suits(item)]


def waiting_groups(course_ids: Collection[int], *, item_id: int | None, not_by: int) -> list[WaitingGroup]:
    """The groups of work that waits for a grader, of all item types, oldest first."""
    lists = [groups(course_ids, item_id=item_id, not_by=not_by) for groups in waiting_group_lists]
    return sorted(chain.from_iterable(lists), key=lambda group: group.since)


def graded_groups(course_ids: Collection[int], *, item_id: int | None, not_by: int) -> list[GradedGroup]:
    """The groups of graded work, of all item types, newest mark first."""
    lists = [groups(course_ids, item_id=item_id, not_by=not_by) for groups in graded_group_lists]
    return sorted(chain.from_iterable(lists), key=lambda group: group.newest_at, reverse=True)
