"""What only shows when all files of a course are looked at together."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from lms.content.markdown.course import Cover
from lms.content.markdown.item import Sheet
from lms.content.markdown.model import Assignment, Module, Question, Quiz
from lms.content.markdown.names import nearest, shorten
from lms.content.markdown.problems import say

WHOLE_WEIGHT = 100


def check_whole(slug: str, cover: Cover | None, sheets: Sequence[Sheet], known_courses: Collection[str] | None) -> None:
    """Check across files; what is wrong is added to the findings of the file where it can be mended."""
    _check_item_ids(sheets)
    _check_question_ids(sheets)
    _check_after(sheets)
    _check_weights(sheets)
    if cover:
        _check_prerequisites(slug, cover, known_courses)
        _check_jp(cover, sheets)
        _warn_of_unreachable_score(cover, sheets)


def _check_item_ids(sheets: Sequence[Sheet]) -> None:
    taken = {sheet.slug: sheet for sheet in sheets if not (sheet.item and sheet.item.id)}
    for sheet in sheets:
        if not sheet.fields or not sheet.item or not sheet.item.id:
            continue
        other = taken.setdefault(sheet.item.id, sheet)
        if other is not sheet:
            sheet.fields.fault(
                "id",
                say("the id “%(id)s” is taken by %(other)s", id=sheet.item.id, other=other.path),
                say("give this item another id, or take the line out to get one"),
            )


def questions_of(sheet: Sheet) -> tuple[Question, ...]:
    if isinstance(sheet.item, Quiz):
        return sheet.item.questions
    if isinstance(sheet.item, Module):
        return tuple(part for part in sheet.item.parts if isinstance(part, Question))
    return ()


def _check_question_ids(sheets: Sequence[Sheet]) -> None:
    taken: dict[str, str] = {}
    for sheet in sheets:
        for question in questions_of(sheet):
            if question.id is None:
                continue
            if question.id in taken:
                sheet.findings.error(
                    (question.line, 1),
                    say("the id “%(id)s” is taken by %(other)s", id=question.id, other=taken[question.id]),
                    say("give this question another id, or take it out to get one"),
                )
            taken.setdefault(question.id, f"{sheet.path}:{question.line}")


def _check_after(sheets: Sequence[Sheet]) -> None:
    """Each name after ``after`` is an item, and nobody waits for oneself in the end."""
    slugs = {sheet.slug: sheet for sheet in sheets}
    for sheet in sheets:
        for slug in _after(sheet):
            if slug in slugs or not sheet.fields:
                continue
            what = say("there is no item “%(slug)s” in the course", slug=shorten(slug))
            near = nearest(slug, slugs)
            mend = (
                say("did you mean “%(near)s”?", near=near) if near else say("write an item's name without its number")
            )
            sheet.fields.fault("after", what, mend, entry=slug)
    for circle in _circles(slugs):
        sheet = slugs[circle[0]]
        if sheet.fields:
            sheet.fields.fault(
                "after",
                say(
                    "these items wait for each other: %(circle)s",
                    circle=shorten(" → ".join([*circle, circle[0]]), 300),
                ),
                say("take one of them out of “after”"),
                entry=circle[1] if len(circle) > 1 else circle[0],
            )


def _after(sheet: Sheet) -> tuple[str, ...]:
    return sheet.item.after if sheet.item else ()


def _circles(slugs: dict[str, Sheet]) -> Iterator[list[str]]:
    """Items that wait for each other, each circle from its first item on; at most one for each last item."""
    order = {slug: number for number, slug in enumerate(slugs)}
    finished: set[str] = set()
    closed: set[str] = set()
    for start in slugs:
        path: list[str] = []
        on_path: set[str] = set()
        waiting = [iter([start])]
        while waiting:
            slug = next(waiting[-1], None)
            if slug is None:
                waiting.pop()
                if path:
                    finished.add(path[-1])
                    on_path.discard(path.pop())
            elif slug in on_path and path[-1] not in closed:
                closed.add(path[-1])
                circle = path[path.index(slug) :]
                first = circle.index(min(circle, key=order.__getitem__))
                yield circle[first:] + circle[:first]
            elif slug in slugs and slug not in finished and slug not in on_path:
                path.append(slug)
                on_path.add(slug)
                waiting.append(iter(_after(slugs[slug])))


def _check_weights(sheets: Sequence[Sheet]) -> None:
    """Only what is marked has a weight; where some have one, the others are told that they do not count."""
    weighted = []
    weightless = []
    for sheet in sheets:
        if not sheet.item or not sheet.fields or not sheet.fields.is_sound("weight"):
            continue
        if not _is_marked(sheet):
            if sheet.item.weight is not None:
                sheet.fields.fault(
                    "weight", say("a module is not marked, so it has no weight"), say("take the line out")
                )
        elif sheet.item.weight is None:
            weightless.append(sheet.findings)
        else:
            weighted.append((sheet.item.weight, sheet.fields))
    if not weighted:
        return
    total = round(sum(weight for weight, _ in weighted), 3)
    last = weighted[-1][1]
    if total == 0:
        last.fault("weight", say("no item has a weight above 0"), say("give those that count a weight above 0"))
    elif total != WHOLE_WEIGHT:
        last.findings.warn(
            last.place("weight"),
            say("the weights add up to %(total)s, not to 100", total=f"{total:g}"),
            say("correct them; otherwise each counts by its share of the sum"),
        )
    for findings in weightless:
        findings.warn(
            (1, 1),
            say("this item has no weight, while others have: it does not count"),
            say("write “weight: 0” if that is meant, otherwise its weight"),
        )


def _is_marked(sheet: Sheet) -> bool:
    return isinstance(sheet.item, Quiz | Assignment)


def _check_prerequisites(slug: str, cover: Cover, known_courses: Collection[str] | None) -> None:
    for needed in cover.values["prerequisites"]:
        if needed == slug:
            cover.fields.fault(
                "prerequisites",
                say("the course is its own prerequisite"),
                say("take it out of the list"),
                entry=needed,
            )
        elif known_courses is not None and needed not in known_courses:
            what = say("there is no course “%(slug)s”", slug=shorten(needed))
            near = nearest(needed, known_courses)
            mend = say("did you mean “%(near)s”?", near=near) if near else say("take it out of the list")
            cover.fields.fault("prerequisites", what, mend, entry=needed)


def _check_jp(cover: Cover, sheets: Sequence[Sheet]) -> None:
    """The items' jp make up the course's, where items give any and all could be read."""
    if not all(sheet.item and sheet.fields and sheet.fields.is_sound("jp") for sheet in sheets):
        return
    total = sum(sheet.item.jp for sheet in sheets if sheet.item)
    if total and cover.fields.is_sound("jp") and total != cover.values["jp"]:
        cover.fields.fault(
            "jp",
            say("the items add up to %(total)d jp, the course says %(jp)d", total=total, jp=cover.values["jp"]),
            say("write “jp: %(total)d” here, or correct the items", total=total),
        )


def _warn_of_unreachable_score(cover: Cover, sheets: Sequence[Sheet]) -> None:
    completion = cover.fields.inner("completion")
    if (
        completion
        and cover.values["completion"].score
        and all(sheet.item and not _is_marked(sheet) for sheet in sheets)
    ):
        cover.findings.warn(
            completion.place("score"),
            say("this final score cannot be reached: nothing in the course is marked"),
            say("take “score” out, or add a quiz or an assignment"),
        )
