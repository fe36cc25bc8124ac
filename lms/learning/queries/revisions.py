"""Work that is to be revised: its item ends for the learner on another day."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from lms.core.hooks import Hook
from lms.courses.contents import Contents
from lms.learning.completion import ItemProgress

revision_days: Hook[[Collection[int]], Mapping[tuple[int, int], date]] = Hook("revision_days")
"""By enrolment and item, the last day of work that was returned and not handed in again."""


def own_revision_days(enrolment_id: int, contents: Contents, progress: Mapping[int, ItemProgress]) -> dict[int, date]:
    """The days until which returned work is to be revised, by item id. Queries only for an item that has an end."""
    timed = [progress.get(item.item_id) for item in contents.items if item.ends and item.is_graded]
    if not any(own and own.state in {"started", "failed"} for own in timed):
        return {}
    return {item_id: day for (_enrolment_id, item_id), day in revision_days([enrolment_id]).items()}
