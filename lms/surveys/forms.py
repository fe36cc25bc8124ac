"""The form of a survey, made of its questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Label

from lms.content.items.survey import Survey
from lms.content.items.survey_questions import SurveyQuestion
from lms.content.questions.base import InvalidAnswer
from lms.core.i18n import gettext as _
from lms.core.i18n import say_message
from lms.lib.digits import whole_number

ANONYMOUS, NAMED = "anonymous", "named"


class AskedQuestion:
    """A question with what was sent for it, or what is stored. It has the parts of a field that pages look at."""

    def __init__(self, question: SurveyQuestion, sent: Sequence[str]) -> None:
        self.question, self.sent = question, tuple(sent)
        self.id = self.name = f"q-{question.id}"
        self.label = Label(self.id, question.title)
        self.errors: list[str] = []

    @property
    def text(self) -> str:
        return self.sent[0] if self.sent else ""


class SurveyForm:
    def __init__(self, survey: Survey, answers: Mapping[str, Any], sent: MultiDict[str, str] | None = None) -> None:
        """``answers`` are the stored ones, which a new form shows; ``sent`` is a posted form."""
        self.sent, self.form_errors = sent, list[str]()
        self.asked = [AskedQuestion(one, self._values(one, answers)) for one in survey.asks]

    def _values(self, question: SurveyQuestion, answers: Mapping[str, Any]) -> Sequence[str]:
        if self.sent is not None:
            return self.sent.getlist(f"q-{question.id}")
        stored = answers.get(question.id)
        return question.shown(stored) if stored and question.fits(stored) else ()

    @property
    def errors(self) -> list[str]:
        return [*self.form_errors, *(text for one in self.asked for text in one.errors)]

    @property
    def promised(self) -> str:
        """What the page said of names."""
        return self.sent.get("known", "") if self.sent is not None else ""

    @property
    def seen(self) -> int:
        return whole_number(self.sent.get("seen", "")) or 0 if self.sent is not None else 0

    def read(self) -> dict[str, Any]:
        """The answers by the id of the question. What is wrong is put at its question."""
        found = {}
        for one in self.asked:
            try:
                answer = one.question.answer_from(one.sent)
            except InvalidAnswer as refused:
                one.errors.append(say_message(refused.message))
                continue
            if answer is not None:
                found[one.question.id] = answer
            elif one.question.is_required:
                one.errors.append(_("This question needs an answer. What you chose and wrote is still here."))
        return found
