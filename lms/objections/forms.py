"""The form of those who answer."""

from __future__ import annotations

from wtforms import RadioField, TextAreaField
from wtforms.validators import DataRequired

from lms.core.i18n import lazy
from lms.web.fields import Form, at_most, options

OUTCOMES = (
    ("unchanged", lazy("Nothing changes")),
    ("changed", lazy("Put right: the question or the mark was changed")),
)


class AnswerObjectionForm(Form):
    outcome = RadioField(lazy("Outcome"), [DataRequired(lazy("Choose what comes of it."))], choices=options(OUTCOMES))
    answer = TextAreaField(
        lazy("Answer to the participant"),
        [DataRequired(lazy("Write an answer. The participant reads it.")), at_most(1000)],
    )
