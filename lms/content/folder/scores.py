"""Checks of what makes the final score over all items: weights, extra credit, and what is dropped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lms.content.folder.cover import ParsedCourseFile
from lms.content.folder.item_file import ItemFile
from lms.content.markdown.names import nearest, shorten
from lms.content.markdown.problems import say

WHOLE_WEIGHT = 100


def check_scores(course_file: ParsedCourseFile | None, item_files: Sequence[ItemFile]) -> None:
    _check_weights(item_files)
    _check_extra(item_files)
    if course_file:
        _check_dropped(course_file, item_files)


def _check_weights(item_files: Sequence[ItemFile]) -> None:
    """Report weights of ungraded items and sums other than 100, and warn of graded items without a weight. Extra credit
    comes on top of the 100."""
    weighted = []
    weightless = []
    for item_file in item_files:
        if not item_file.item or not item_file.fields or not item_file.fields.is_sound("weight"):
            continue
        if not item_file.item.is_graded:
            if item_file.item.weight is not None:
                item_file.fields.fault(
                    "weight", say("this item is not marked, so it has no weight"), say("take the line out")
                )
        elif item_file.item.is_extra:
            continue
        elif item_file.item.weight is None:
            weightless.append(item_file.findings)
        else:
            weighted.append((item_file.item.weight, item_file.fields))
    if not weighted:
        return
    total = round(sum(weight for weight, _ in weighted), 3)
    last = weighted[-1][1]
    if total == 0:
        last.fault("weight", say("no item has a weight above 0"), say("give those that count a weight above 0"))
    elif total != WHOLE_WEIGHT:
        last.findings.warn(
            last.position("weight"),
            say("the weights add up to %(total)s, not to 100", total=f"{total:g}"),
            say("correct them; otherwise each counts by its share of the sum"),
        )
    for findings in weightless:
        findings.warn(
            (1, 1),
            say("this item has no weight, while others have: it does not count"),
            say("write “weight: 0” if that is meant, otherwise its weight"),
        )


def _check_extra(item_files: Sequence[ItemFile]) -> None:
    """Report extra credit where nothing is marked, and a course in which nothing else is."""
    graded = [one for one in item_files if one.item and one.item.is_graded]
    extra = [one for one in item_files if one.item and one.item.is_extra]
    for one in extra:
        if one.item and one.fields and not one.item.is_graded:
            one.fields.fault("extra", say("this item is not marked, so it gives no credit"), say("take the line out"))
    if graded and all(one.item and one.item.is_extra for one in graded) and graded[-1].fields:
        graded[-1].fields.fault(
            "extra",
            say("all marked items are extra credit, so there is no final score to add to"),
            say("take “extra” out of those that count"),
        )


def _check_dropped(course_file: ParsedCourseFile, item_files: Sequence[ItemFile]) -> None:
    """Report groups without items, groups that nothing is dropped of, and drops that leave nothing."""
    drop: dict[str, int] = course_file.values["drop_lowest"] or {}
    for item_file in item_files:
        _check_score_group(item_file, drop)
    groups = {one.item.score_group for one in item_files if one.item}
    for group, number in drop.items():
        count = sum(_may_be_dropped(one, group) for one in item_files)
        if group and group not in groups:
            course_file.fields.fault(
                "drop_lowest",
                say("no item is in the group “%(group)s”", group=shorten(group)),
                say("write “score_group: %(group)s” into its items", group=shorten(group)),
            )
        elif number >= count:
            course_file.fields.fault(
                "drop_lowest",
                say("%(number)d of %(count)d scores are dropped: none is left", number=number, count=count),
                say("drop fewer"),
            )


def _check_score_group(item_file: ItemFile, drop: Mapping[str, int]) -> None:
    group = item_file.item.score_group if item_file.item else None
    if group is None or not item_file.fields or not item_file.item:
        return
    if not item_file.item.is_graded or item_file.item.is_extra:
        item_file.fields.fault(
            "score_group",
            say("the score of this item is never dropped: it is extra credit, or there is none"),
            say("take the line out"),
        )
    elif group not in drop:
        near = nearest(group, [key for key in drop if key])
        item_file.fields.fault(
            "score_group",
            say("nothing is dropped of the group “%(group)s”", group=shorten(group)),
            say("did you mean “%(near)s”?", near=near)
            if near
            else say("add it to “drop_lowest” of course.md: {%(group)s: 1}", group=shorten(group)),
        )


def _may_be_dropped(item_file: ItemFile, group: str) -> bool:
    """Whether an item's score counts and belongs to the group. An empty name stands for all items."""
    item = item_file.item
    if item is None or not item.is_graded or item.is_extra or item.weight == 0:
        return False
    return group in ("", item.score_group)
