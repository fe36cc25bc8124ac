"""What is wrong in a posted form: the base page lists it at its top, each error linked to its field.

Templates print an error with ``field_error``, which puts it on the list as well, so no form can forget to. The macros
of ``ui/forms.html`` do.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from flask import Flask, g
from markupsafe import Markup


class FieldError(NamedTuple):
    """``control`` is the id of what the reader is to correct."""

    label: str
    control: str
    text: str


@dataclass
class ErrorSummary:
    """``texts`` are about the form with the id ``form`` as a whole; ``sentence`` stands before the fields."""

    texts: list[str] = field(default_factory=list)
    fields: list[FieldError] = field(default_factory=list)
    has_errors: bool = False
    form: str = ""
    sentence: str = ""


def _summary() -> ErrorSummary:
    """All of this page; the base page prints it once its forms are rendered."""
    if "error_summary" not in g:
        g.error_summary = ErrorSummary()
    found: ErrorSummary = g.error_summary
    return found


def field_error(wrong: Any, control: str = "") -> str:
    """The first error of the field ``wrong``. ``control``: an id, where it is not the field's."""
    text = str(wrong.errors[0])
    _summary().fields.append(FieldError(str(wrong.label.text), control or wrong.id, text))
    return text


def list_errors(form: Any, form_id: str = "", sentence: str = "") -> Markup:
    """Errors of ``form`` as a whole, and that it has some, whatever fields it shows. Prints nothing itself."""
    if form.errors:  # those of the form as a whole are among them
        summary = _summary()
        summary.has_errors, summary.form, summary.sentence = True, form_id, sentence
        summary.texts += [str(text) for text in form.form_errors]
    return Markup("")


def set_up(app: Flask) -> None:
    functions = (field_error, list_errors)
    app.jinja_env.globals.update({one.__name__: one for one in functions})
