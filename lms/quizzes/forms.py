"""The shape of an answer as a page sends it."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField
from wtforms.validators import Length

from lms.content.questions.base import InvalidAnswer, Posted, Question
from lms.core.i18n import say_message
from lms.quizzes.responses import Response
from lms.web.fields import Form


class AnswerForm(Form):
    """One question's answer; ``go`` is what to do once it is saved."""

    class Meta:
        csrf = False  # each post's token is checked before any view; a second look cost a tenth of saving an answer

        def get_translations(self, form: Form) -> None:
            """All words are ours: WTForms would look for its own on the disk, for a twentieth of the time."""

    seen = HiddenField()
    turn = HiddenField(validators=[Length(max=40)])
    go = HiddenField()

    def __init__(self, question: Question, posted: Posted) -> None:
        super().__init__()
        self.shown: Any = None
        """What the inputs hold when the form is sent back."""
        self.answer: Any = None
        self.complaint = ""
        """Why the answer was not taken."""
        try:
            self.answer = self.shown = question.answer_from(posted)
        except InvalidAnswer as invalid:
            self.shown, self.complaint = invalid.shown, say_message(invalid.message)

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        return not self.complaint and bool(super().validate(*args, **kwargs))

    def response(self, *, is_final: bool = False) -> Response:
        return Response(self.answer, is_final)

    @property
    def seen_event(self) -> int | None:
        text = self.seen.data or ""
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None
