"""The answer to a question as a page sends it."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField
from wtforms.validators import Length

from lms.content.questions.base import InvalidAnswer, Posted, Question
from lms.core.i18n import say_message
from lms.quizzes.responses import Response
from lms.web.fields import Form


class AnswerForm(Form):
    """``go`` says where to go once the answer is saved."""

    class Meta:
        csrf = False  # every post's token is checked before the view; a second check took a tenth of saving an answer

        def get_translations(self, form: Form) -> None:
            """None: WTForms has no messages here. Looking for them on disk took a twentieth of saving an answer."""

    base_event_id = HiddenField(name="seen")
    client_seq = HiddenField(name="turn", validators=[Length(max=40)])
    go = HiddenField()

    def __init__(self, question: Question, posted: Posted) -> None:
        super().__init__()
        self.shown: Any = None
        """What the inputs hold when the form is shown again."""
        self.answer: Any = None
        self.error = ""
        try:
            self.answer = self.shown = question.answer_from(posted)
        except InvalidAnswer as invalid:
            self.shown, self.error = invalid.shown, say_message(invalid.message)

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        return not self.error and bool(super().validate(*args, **kwargs))

    def response(self, *, is_final: bool = False) -> Response:
        return Response(self.answer, is_final)

    @property
    def base_event(self) -> int | None:
        """The id of the event that the page showed."""
        text = self.base_event_id.data or ""
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None
