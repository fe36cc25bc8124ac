"""Checks that concern several files of a course."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from lms.content.folder.cover import ParsedCourseFile
from lms.content.folder.item_file import ItemFile
from lms.content.folder.loops import loops
from lms.content.folder.pairs import check_pairs
from lms.content.folder.scores import check_scores
from lms.content.markdown.names import nearest, shorten
from lms.content.markdown.problems import say
from lms.content.starter_texts import Example, ExamplesLeft, examples


def check_whole(
    slug: str,
    course_file: ParsedCourseFile | None,
    item_files: Sequence[ItemFile],
    known_courses: Mapping[str, Collection[str]] | None,
) -> None:
    """Check across files. Problems are added to the findings of the file in which they can be fixed."""
    _check_item_ids(item_files)
    _check_question_ids(item_files)
    _check_after(item_files)
    check_scores(course_file, item_files)
    check_pairs(item_files)
    _refuse_examples(item_files)
    if course_file:
        _check_prerequisites(slug, course_file, known_courses)
        _check_jp(course_file, item_files)
        _warn_of_unreachable_score(course_file, item_files)


def _check_item_ids(item_files: Sequence[ItemFile]) -> None:
    taken = {item_file.slug: item_file for item_file in item_files if not (item_file.item and item_file.item.id)}
    for item_file in item_files:
        if not item_file.fields or not item_file.item or not item_file.item.id:
            continue
        other = taken.setdefault(item_file.item.id, item_file)
        if other is not item_file:
            item_file.fields.fault(
                "id",
                say("the id “%(id)s” is taken by %(other)s", id=item_file.item.id, other=other.path),
                say("give this item another id, or take the line out to get one"),
            )


def _check_question_ids(item_files: Sequence[ItemFile]) -> None:
    taken: dict[str, str] = {}
    for item_file in item_files:
        for question in item_file.with_ids:
            if not question.id:
                continue
            if question.id in taken:
                item_file.findings.error(
                    (question.line, 1),
                    say("the id “%(id)s” is taken by %(other)s", id=question.id, other=taken[question.id]),
                    say("give this question another id, or take it out to get one"),
                )
            taken.setdefault(question.id, f"{item_file.path}:{question.line}")


def _refuse_examples(item_files: Sequence[ItemFile]) -> None:
    """Refuse the example texts of each question that gives a mark. ``lms.content.checks`` suggests the others."""
    for item_file in item_files:
        if item_file.document is None or item_file.item is None or not item_file.item.is_graded:
            continue
        by_question: dict[int, list[Example]] = {}
        for one in examples(item_file.document.lines):
            by_question.setdefault(sum(head.line <= one.line for head in item_file.heads), []).append(one)
        for found in by_question.values():
            left = ExamplesLeft.of(found)
            item_file.findings.error((left.line, 1), left.what, left.fix)


def _check_after(item_files: Sequence[ItemFile]) -> None:
    """Report names in ``after`` that are not items, and items that wait for themselves."""
    slugs = {item_file.slug: item_file for item_file in item_files}
    for item_file in item_files:
        for slug in _after(item_file):
            if slug in slugs or not item_file.fields:
                continue
            what = say("there is no item “%(slug)s” in the course", slug=shorten(slug))
            near = nearest(slug, slugs)
            fix = say("did you mean “%(near)s”?", near=near) if near else say("write an item's name without its number")
            item_file.fields.fault("after", what, fix, entry=slug)
    for loop in loops({slug: _after(item_file) for slug, item_file in slugs.items()}):
        item_file = slugs[loop[0]]
        if item_file.fields:
            item_file.fields.fault(
                "after",
                say(
                    "these items wait for each other: %(circle)s",
                    circle=shorten(" → ".join([*loop, loop[0]]), 300),
                ),
                say("take one of them out of “after”"),
                entry=loop[1] if len(loop) > 1 else loop[0],
            )


def _after(item_file: ItemFile) -> tuple[str, ...]:
    return item_file.item.after if item_file.item else ()


def _check_prerequisites(
    slug: str, course_file: ParsedCourseFile, known_courses: Mapping[str, Collection[str]] | None
) -> None:
    """Report prerequisites that are not courses, and courses that require themselves."""
    wanted = course_file.values["prerequisites"]
    for needed in wanted:
        if needed == slug:
            course_file.fields.fault(
                "prerequisites",
                say("the course is its own prerequisite"),
                say("take it out of the list"),
                entry=needed,
            )
        elif known_courses is not None and needed not in known_courses:
            what = say("there is no course “%(slug)s”", slug=shorten(needed))
            near = nearest(needed, known_courses)
            fix = say("did you mean “%(near)s”?", near=near) if near else say("take it out of the list")
            course_file.fields.fault("prerequisites", what, fix, entry=needed)
    for loop in loops({**(known_courses or {}), slug: [one for one in wanted if one != slug]}):
        if slug in loop:
            here = loop.index(slug)
            around = [*loop[here:], *loop[:here]]
            course_file.fields.fault(
                "prerequisites",
                say(
                    "these courses are prerequisites of each other: %(loop)s",
                    loop=shorten(" → ".join([*around, slug]), 300),
                ),
                say("take one of them out of “prerequisites”"),
                entry=around[1],
            )


def _check_jp(course_file: ParsedCourseFile, item_files: Sequence[ItemFile]) -> None:
    """Report a course's JP that is not the sum of its items' JP, if any item has some."""
    if not all(item_file.item and item_file.fields and item_file.fields.is_sound("jp") for item_file in item_files):
        return
    total = sum(item_file.item.jp for item_file in item_files if item_file.item)
    if total and course_file.fields.is_sound("jp") and total != course_file.values["jp"]:
        course_file.fields.fault(
            "jp",
            say("the items add up to %(total)d jp, the course says %(jp)d", total=total, jp=course_file.values["jp"]),
            say("write “jp: %(total)d” here, or correct the items", total=total),
        )


def _warn_of_unreachable_score(course_file: ParsedCourseFile, item_files: Sequence[ItemFile]) -> None:
    completion = course_file.fields.inner("completion")
    if (
        completion
        and course_file.values["completion"].score
        and all(item_file.item and not item_file.item.is_graded for item_file in item_files)
    ):
        course_file.findings.warn(
            completion.position("score"),
            say("this final score cannot be reached: nothing in the course is marked"),
            say("take “score” out, or add a quiz or an assignment"),
        )
