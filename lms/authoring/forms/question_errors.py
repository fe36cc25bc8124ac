"""What is wrong with a question, at the fields of its form: what was sent, and what the check says of the draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from lms.authoring.forms.remedies import attribute_of, for_question_form
from lms.authoring.questions.reading import SourceQuestion
from lms.authoring.questions.values import QuestionValues
from lms.content.markdown.problems import Problem
from lms.core.i18n import gettext as _
from lms.core.i18n import say_message


class _Label(NamedTuple):
    text: str


class WrongField(NamedTuple):
    """An error of a field, as the list at the top of the page takes it."""

    errors: list[str]
    label: _Label
    id: str


class QuestionFaults(NamedTuple):
    """What the check says of a question in the draft, as the list at the top of the page takes it."""

    errors: dict[str, WrongField]
    form_errors: tuple[str, ...] = ()


def _of_field(name: str) -> tuple[_Label, str]:
    labels = {
        "": _("Source text"),
        "stem": _("Question"),
        "kind": _("Participants choose"),
        "options": _("Choices"),
        "answers": _("Accepted answers"),
        "pairs": _("Steps or rows"),
        "explanation": _("Explanation"),
        "hints": _("Hints"),
        "rubric": _("Rubric"),
        "points": _("Points"),
        "group": _("Group for drawing"),
        "tags": _("Tags"),
        "objective": _("Objective"),
        "difficulty": _("Difficulty"),
        "pair": _("Pair with the other test"),
        "scoring": _("Points with several answers"),
    }
    controls = {
        "": "outside",
        "options": "text-0",
        "answers": "text-0",
        "pairs": "text-0",
        "hints": "hint-1",
        "kind": "options",
    }
    return _Label(labels.get(name, "")), controls.get(name, name)


def wrong_fields(errors: Mapping[str, str]) -> dict[str, WrongField]:
    return {name: WrongField([text], *_of_field(name)) for name, text in errors.items() if name}


def faults_of(at_fields: dict[str, list[Problem]]) -> QuestionFaults | None:
    """Take the errors out of the lists. A problem at no field also stays in its list, with its line."""
    found: dict[str, WrongField] = {}
    for name, problems in at_fields.items():
        texts = [f"{say_message(one.what)}; {say_message(one.fix)}" for one in problems if not one.is_warning]
        if texts:
            found[name] = WrongField([". ".join(texts)], *_of_field(name))
        if name:
            at_fields[name] = [one for one in problems if one.is_warning]
    return QuestionFaults(found) if found else None


def by_field(found: SourceQuestion, values: QuestionValues | None, problems: list[Problem]) -> dict[str, list[Problem]]:
    """What the check says, at the field whose lines it names, with what is to be done in the form."""
    if found.spans is None or values is None:
        return {"": problems}
    spans = found.spans
    answers = "options" if values.is_choice else "pairs" if values.has_pairs else "answers"
    is_asked = values.kind != "description"
    rows: dict[str, list[Problem]] = {}

    def field_of(one: Problem) -> str:
        if attribute := attribute_of(one):
            return attribute
        if any(item.first <= one.line <= item.last for item in spans.items):
            return answers
        if not is_asked:
            return "" if one.line > found.head_line else "stem"
        if spans.explanation and spans.explanation.first <= one.line <= spans.explanation.last:
            return "explanation"
        if any(item.first <= one.line <= item.last for item in spans.hints):
            return "hints"
        if spans.rubric_heading and one.line >= spans.rubric_heading:
            return "rubric" if values.kind == "essay" else ""
        return "stem" if not spans.items or one.line < spans.items[0].first else ""

    for one in problems:
        rows.setdefault(field_of(one), []).append(for_question_form(one))
    return rows


class FieldOfFault(NamedTuple):
    """A fault as the form says it: the label of the field, the id of its control, and the words."""

    label: str
    control: str
    problem: Problem


def field_of_fault(found: SourceQuestion, one: Problem) -> FieldOfFault | None:
    """None where the form has no field for it, so that only the source text can be corrected."""
    ((name, (problem,)),) = by_field(found, found.values, [one]).items()
    if not name or found.spans is None or found.values is None:
        return None
    label, control = _of_field(name)
    if control == "text-0" and found.values.shape != "sides":
        rows = [at for at, item in enumerate(found.spans.items) if item.first <= one.line <= item.last]
        control = f"text-{rows[0]}" if rows else control
    return FieldOfFault(label.text, control, problem)
