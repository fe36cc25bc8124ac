"""The forms of those who ask and of those who answer."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField, TextAreaField
from wtforms.validators import DataRequired

from lms.core.i18n import lazy
from lms.inquiries.models import MAX_ANSWER_LENGTH, MAX_TEXT_LENGTH
from lms.lib.digits import whole_number
from lms.web.fields import Form, not_longer_than, stripped_text


class InquiryForm(Form):
    text = TextAreaField(
        lazy("Your question"),
        [DataRequired(lazy("Write what you would like to know.")), not_longer_than(MAX_TEXT_LENGTH)],
        [stripped_text],
    )
    number = HiddenField()

    @property
    def own_number(self) -> int | None:
        return whole_number(self.number.data or "")


class AnswerInquiryForm(Form):
    answer = TextAreaField(
        lazy("Answer"),
        [DataRequired(lazy("Write an answer. The participant reads it.")), not_longer_than(MAX_ANSWER_LENGTH)],
        [stripped_text],
    )
    is_shared = BooleanField(lazy("All participants of the course may read it, without the name of who asked"))
    version = HiddenField()

    @property
    def seen_version(self) -> int:
        return whole_number(self.version.data or "") or 0
