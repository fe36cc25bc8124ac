"""The grid of a rubric as it was sent, and what is wrong with it."""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import MultiDict

from lms.authoring.forms.remedies import for_question_form
from lms.authoring.rubric_grid import GridCriterion, GridLevel, RubricGrid, grid_of, table_of
from lms.authoring.splice import plain
from lms.content.markdown.blocks import Passage
from lms.content.markdown.problems import Findings
from lms.content.rubric import read_rubric
from lms.core.i18n import say_message


def _grid_from(form: MultiDict[str, Any], old: str) -> RubricGrid:
    """``old``: the table of the file, whose first column keeps its head."""
    titles, points = _texts(form, "level-title"), _texts(form, "level-points")
    names, cells = _texts(form, "criterion"), _texts(form, "cell")
    width = len(titles)
    cells += [""] * (len(names) * width - len(cells))
    before = grid_of(old) or RubricGrid()
    return RubricGrid(
        tuple(GridLevel(title, one.replace(",", ".")) for title, one in zip(titles, points, strict=False)),
        tuple(GridCriterion(name, tuple(cells[at * width : (at + 1) * width])) for at, name in enumerate(names)),
        before.corner,
    )


def table_from(form: MultiDict[str, Any], old: str) -> str:
    return table_of(_grid_from(form, old), old)


def fault_of_rubric(table: str, heading: str) -> str:
    """Empty where nothing is wrong."""
    if not table:
        return ""
    findings = Findings("")
    passage = Passage(tuple(table.split("\n")), 1)
    read_rubric(heading, 1, passage.blocks(), passage, findings)
    fault = next((for_question_form(one) for one in findings.problems if not one.is_warning), None)
    return f"{say_message(fault.what)}; {say_message(fault.fix)}" if fault else ""


def _texts(form: MultiDict[str, Any], name: str) -> list[str]:
    return [" ".join(plain(text).split()) for text in form.getlist(name)]
