"""The shape of an answer as a page sends it."""

from __future__ import annotations

from wtforms import HiddenField, SelectMultipleField, StringField
from wtforms.validators import Length, ValidationError

from lms.core.i18n import gettext as _
from lms.core.i18n import lazy
from lms.quizzes.quiz import Question
from lms.quizzes.scoring import MOST_CHARACTERS, Response
from lms.web.fields import Form


class AnswerForm(Form):
    """One question's answer; ``go`` is what to do once it is saved."""

    class Meta:
        csrf = False  # each post's token is checked before any view; a second look cost a tenth of saving an answer

        def get_translations(self, form: Form) -> None:
            """All words are ours: WTForms would look for its own on the disk, for a twentieth of the time."""

    picked = SelectMultipleField(validate_choice=False)
    text = StringField(
        validators=[
            Length(
                max=MOST_CHARACTERS,
                message=lazy("This answer is longer than %(max)d characters. It was not saved yet: please shorten it."),
            )
        ]
    )
    seen = HiddenField()
    turn = HiddenField(validators=[Length(max=40)])
    go = HiddenField()

    def __init__(self, question: Question) -> None:
        super().__init__()
        self.question = question

    def validate_picked(self, field: SelectMultipleField) -> None:
        picked = set(field.data or ())
        if not picked <= self.question.option_ids:
            raise ValidationError(_("This choice is not part of the question. It was not saved: please choose again."))
        if self.question.kind == "single" and len(picked) > 1:
            raise ValidationError(_("Only one choice is possible here. Nothing was saved: please choose one."))

    def response_of(self, *, is_final: bool = False) -> Response:
        """The answer as it was sent."""
        if self.question.kind == "short":
            return Response(text=(self.text.data or "").replace("\0", ""), is_final=is_final)
        return Response(picked=frozenset(self.picked.data or ()), is_final=is_final)

    @property
    def seen_event(self) -> int | None:
        text = self.seen.data or ""
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None

    @property
    def complaint(self) -> str:
        """The first thing that is wrong."""
        return next((str(found[0]) for found in self.errors.values() if found), "")
