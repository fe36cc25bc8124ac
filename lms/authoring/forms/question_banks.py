"""The form for a question bank."""

from __future__ import annotations

from flask_wtf.file import FileField
from wtforms import TextAreaField

from lms.core.i18n import lazy
from lms.web.fields import Form


class QuestionBankForm(Form):
    """A file, or pasted text."""

    file = FileField(lazy("File with questions"))
    text = TextAreaField(lazy("Or paste the questions"))
