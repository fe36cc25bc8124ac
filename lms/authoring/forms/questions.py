"""A question's form as it was sent, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from werkzeug.datastructures import MultiDict

from lms.authoring.forms.rubrics import fault_of_rubric, table_from
from lms.authoring.questions.values import (
    ATTRIBUTES,
    CONVERTIBLE_KINDS,
    SIDES,
    AnswerValues,
    FormKind,
    OptionValues,
    PairValues,
    QuestionValues,
    canonical,
    cleaned,
)
from lms.authoring.rubric_grid import grid_of, pressed, table_of
from lms.content.file_limits import files_of_answer
from lms.content.markdown.frontmatter import YamlText
from lms.content.markdown.values import InvalidValue, fraction, listed, one_of, text_line
from lms.content.markdown.values import name as short_name
from lms.content.questions.base import DIFFICULTIES, MAX_POINTS, MAX_TAG_LENGTH, MAX_TAGS
from lms.content.questions.gap_text import gaps_in
from lms.content.questions.match import MIN_ROWS
from lms.content.questions.order import MIN_STEPS
from lms.core.i18n import gettext as _
from lms.core.i18n import say_message
from lms.lib.digits import whole_number

T = TypeVar("T")

EMPTY_ROWS = 2
"""Empty rows at the end, so that rows can be added without scripts."""
MAX_ROWS = 40
MAX_OPTIONS = 26
MAX_GROUP_LENGTH = 60


def question_from(form: MultiDict[str, Any], kind: FormKind, old_rubric: str = "") -> QuestionValues:
    """The question as it was sent. ``kind`` is what it was before, ``old_rubric`` the table in the file."""
    if kind in CONVERTIBLE_KINDS:
        kind = next((one for one in CONVERTIBLE_KINDS if one == form.get("kind")), kind)
    rows = form.getlist("row")[:MAX_ROWS]
    right = set(form.getlist("right"))
    values = QuestionValues(
        kind=kind,
        stem=form.get("stem", ""),
        explanation=form.get("explanation", ""),
        hints=tuple(form.getlist("hint")[:MAX_ROWS]),
        rubric=form["rubric"] if "rubric" in form else table_from(form, old_rubric),
        **{name: form.get(name, "") for name in ATTRIBUTES},
    )
    if values.has_pairs:
        pairs = (PairValues(_of(form, "text", row), _of(form, "right", row), _at(form, row)) for row in rows)
        return replace(values, pairs=tuple(pairs))
    if not values.is_choice:
        is_sides = values.shape == "sides"
        answers = (
            AnswerValues(
                _of(form, "text", row),
                _of(form, "share", row) if not is_sides else "" if row in right else "0",
                _of(form, "feedback", row),
                _at(form, row),
            )
            for row in rows
        )
        return replace(values, answers=tuple(answers))
    last = set(form.getlist("last"))
    options = (
        OptionValues(_of(form, "text", row), row in right, _of(form, "feedback", row), row in last, _at(form, row))
        for row in rows
    )
    return replace(values, options=tuple(options))


def with_known_rows(values: QuestionValues, count: int) -> QuestionValues:
    """With rows made new that name no row of the file, or one that another row has named."""
    seen: set[int | None] = set()

    def known(at: int | None) -> int | None:
        if at is None or at >= count or at in seen:
            return None
        seen.add(at)
        return at

    return replace(
        values,
        options=tuple(replace(one, at=known(one.at)) for one in values.options),
        answers=tuple(replace(one, at=known(one.at)) for one in values.answers),
        pairs=tuple(replace(one, at=known(one.at)) for one in values.pairs),
    )


def rubric_pressed(values: QuestionValues, button: str, old_rubric: str) -> QuestionValues | None:
    """The question with another grid; None for a button that is not one of the grid."""
    grid = grid_of(values.rubric)
    changed = pressed(grid, button) if grid else None
    return replace(values, rubric=table_of(changed, old_rubric)) if changed else None


def row_moved_up(values: QuestionValues, position: int) -> QuestionValues:
    return replace(values, options=_moved_up(values.options, position), pairs=_moved_up(values.pairs, position))


def _moved_up(rows: tuple[T, ...], position: int) -> tuple[T, ...]:
    if not 0 < position < len(rows):
        return rows
    return (*rows[: position - 1], rows[position], rows[position - 1], *rows[position + 1 :])


def with_empty_rows(values: QuestionValues, more: int = EMPTY_ROWS) -> QuestionValues:
    if values.is_choice:
        return replace(values, options=(*values.options, *[OptionValues()] * more))
    if values.shape == "sides":
        there = {one.text.casefold() for one in values.answers}
        missing = (AnswerValues(side, "0") for side in SIDES if side not in there)
        return replace(values, answers=(*values.answers, *missing))
    if values.has_pairs:
        return replace(values, pairs=(*values.pairs, *[PairValues()] * more))
    return replace(values, answers=(*values.answers, *[AnswerValues()] * more))


def with_empty_hint(values: QuestionValues) -> QuestionValues:
    """With one empty hint more than the form has anyway."""
    return replace(values, hints=(*values.hints, ""))


def errors_of(values: QuestionValues, old: QuestionValues | None) -> dict[str, str]:
    """By field. What was wrong in the file before and has not changed is no error here: the check says it."""
    new, before = cleaned(values), canonical(old) if old else QuestionValues()
    found = {} if new.stem else {"stem": _("Write what is asked.")}
    found |= _wrong_answers(new)
    if new.rubric != before.rubric and (fault := fault_of_rubric(new.rubric, "### Rubrik")):
        found["rubric"] = fault
    for name, read in _READERS.items():
        text = getattr(canonical(new), name)
        if text and text != getattr(before, name):
            found |= _unreadable(name, text, read)
    return found


def _wrong_answers(values: QuestionValues) -> dict[str, str]:
    if values.is_choice:
        return _wrong_options(values)
    if values.shape == "sides":
        is_one_true = sum(not one.share for one in values.answers) == 1
        return {} if is_one_true else {"answers": _("Choose whether the statement is true or false.")}
    if values.has_pairs:
        return _wrong_pairs(values)
    if values.kind == "gaps":
        is_without_gap = values.stem and not any(one.place == "text" for one in gaps_in(values.stem))
        return {"stem": _("Write at least one gap, such as [[answer]].")} if is_without_gap else {}
    if values.shape == "lines" and not values.answers:
        return {"answers": _("Write at least one accepted answer.")}
    return _wrong_shares(values)


def _wrong_options(values: QuestionValues) -> dict[str, str]:
    if not values.options:
        return {"options": _("Write at least one choice.")}
    if any(not one.text for one in values.options):
        return {"options": _("A choice with feedback has no text. Write the text, or empty its feedback too.")}
    if len(values.options) > MAX_OPTIONS:
        return {"options": _("At most %(most)s choices are possible.", most=MAX_OPTIONS)}
    if values.kind == "single" and sum(one.is_correct for one in values.options) > 1:
        return {"options": _("Several choices are marked as right. Leave one, or let people choose several answers.")}
    return {}


_READERS: dict[str, Callable[[YamlText], Any]] = {
    "points": fraction(0, MAX_POINTS, above=True),
    "group": text_line(MAX_GROUP_LENGTH),
    "tags": listed(MAX_TAG_LENGTH, MAX_TAGS),
    "objective": text_line(),
    "difficulty": one_of(DIFFICULTIES),
    "pair": short_name,
    "files": files_of_answer,
}


def _wrong_pairs(values: QuestionValues) -> dict[str, str]:
    if values.kind == "order" and len(values.pairs) < MIN_STEPS:
        return {"pairs": _("Write at least two steps.")}
    if values.kind == "match" and sum(bool(one.left and one.right) for one in values.pairs) < MIN_ROWS:
        return {"pairs": _("Write at least two rows with both sides.")}
    if values.kind == "match" and any(not one.right for one in values.pairs):
        return {"pairs": _("Write on the right what belongs to each left side.")}
    return {}


def _wrong_shares(values: QuestionValues) -> dict[str, str]:
    for one in values.answers:
        if one.share and _unreadable("", one.share, fraction(0, 100, above=not one.feedback)):
            return {"answers": _("“%(share)s” is not a share: write a number above 0 and up to 100.", share=one.share)}
    return {}


def _unreadable(name: str, text: str, read: Callable[[YamlText], Any]) -> dict[str, str]:
    try:
        read(YamlText(text, "str", False, (1, 1), 1))
    except InvalidValue as wrong:
        return {name: f"{say_message(wrong.what)}; {say_message(wrong.fix)}"}
    return {}


def _of(form: MultiDict[str, Any], name: str, row: str) -> str:
    return str(form.get(f"{name}-{row}", ""))


def _at(form: MultiDict[str, Any], row: str) -> int | None:
    return whole_number(_of(form, "at", row), most=999)
