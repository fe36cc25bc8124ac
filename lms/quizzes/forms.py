"""The answer to a question as a page sends it; what instructors give and mark again, and what learners ask for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from wtforms import HiddenField, IntegerField, RadioField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional

from lms.content.items.base import MAX_ATTEMPTS
from lms.content.questions.base import ROW, AnswerReading, InvalidAnswer, Posted, Question
from lms.content.questions.essay import Essay
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy, ngettext, say_message, say_number
from lms.lib.digits import whole_number
from lms.quizzes.overrides import OverrideValues
from lms.quizzes.responses import Response
from lms.quizzes.scoring import COUNTS, FULL, LEFT_OUT, rounded
from lms.quizzes.services.marking import EssayDecision
from lms.quizzes.services.regrading import Voiding
from lms.web.fields import Form, SiteMoment, at_most, one_line, options, reason_field
from lms.web.rubric_form import RubricForm

MAX_CLIENT_SEQ = 40
ATTACH, REMOVE = "attach", "remove-"
"""``go`` of the button that uploads a file; the beginning of ``go`` of those that remove one."""


def changes_files(form: Mapping[str, str]) -> bool:
    """True if a button that uploads or removes a file was pressed."""
    return form.get("go", "").startswith((ATTACH, REMOVE))


class AnswerForm:
    """A form without WTForms, whose three hidden fields took a tenth of saving an answer.

    The token was checked before the view, as with every post.
    """

    def __init__(self, question: Question, posted: Posted) -> None:
        self._question, self._posted = question, posted
        self.go = self._one("go")
        """Where to go once the answer is saved."""
        self.client_seq = self._one("turn")
        if self.changes_answer:  # the script has not counted the button
            self.client_seq = self.client_seq.partition(".")[0]
        self.shown: Any = None
        """What the inputs hold when the form is shown again."""
        self.answer: Any = None
        self.error = ""
        try:
            self.answer = self.shown = question.answer_from(posted)
        except InvalidAnswer as invalid:
            self.shown, self.error = invalid.shown, say_message(invalid.message)

    @property
    def changes_answer(self) -> bool:
        """True for a button of the question's own inputs."""
        return self.go.startswith(ROW)

    @property
    def is_valid(self) -> bool:
        return not self.error and len(self.client_seq) <= MAX_CLIENT_SEQ

    def response(self, *, is_final: bool = False) -> Response:
        return Response(self.answer, is_final)

    @property
    def reading(self) -> AnswerReading | None:
        """How a typed answer was read."""
        return None if self.answer is None else self._question.reading(self.answer)

    def why_unready(self, *, has_answer: bool) -> str:
        """Why the answer cannot be checked: it would use up a try, or be locked, for what is not there yet."""
        if not has_answer:
            return str(_("There is nothing to check yet: answer first."))
        empty = 0 if self.answer is None else self._question.parts_left(self.answer)
        if empty:
            return ngettext(
                "Not checked yet: %(num)s part is still empty. Your answer is saved. Fill it in, then check.",
                "Not checked yet: %(num)s parts are still empty. Your answer is saved. Fill them in, then check.",
                empty,
            )
        if self.reading and not self.reading.is_understood:
            return str(_("Not checked yet: see ⚠ below your answer. It is saved. Correct it, then check."))
        return ""

    @property
    def base_event(self) -> int | None:
        """The id of the event that the page showed."""
        return whole_number(self._one("seen"))

    @property
    def to_remove(self) -> int | None:
        """The id of the file whose button was pressed."""
        return whole_number(self.go.removeprefix(REMOVE)) if self.go.startswith(REMOVE) else None

    @property
    def confirmed(self) -> tuple[int, int]:
        return confirmed_answer(self._one("confirmed"))

    @property
    def wants_next(self) -> bool:
        """True if the script has not got the next question yet."""
        return self._one("ask") == "next"

    def _one(self, name: str) -> str:
        return next(iter(self._posted.get(name, ())), "")


def confirmed_answer(field: str) -> tuple[int, int]:
    """Position and event of the answer that the script left as confirmed, without a request; 0 and 0 if none."""
    position, _, event_id = field.partition(".")
    return whole_number(position) or 0, whole_number(event_id) or 0


MAX_MINUTES = 7 * 24 * 60
MAX_EXTRA_TIME = 300
"""Percent."""
_MINUTES = NumberRange(0, MAX_MINUTES, lazy("Enter whole minutes, at most 10,080 (a week)."))
_ATTEMPTS = NumberRange(0, MAX_ATTEMPTS, lazy("Enter a number from 0 to 1,000."))
_PERCENT = NumberRange(0, MAX_EXTRA_TIME, lazy("Enter a percentage from 0 to 300."))


class _SeenForm(Form):
    seen = HiddenField()
    """The number of the newest row that the page showed: a double click adds nothing twice."""

    @property
    def seen_number(self) -> int:
        return whole_number(self.seen.data or "") or 0


class LimitsForm(_SeenForm):
    """Empty fields leave what the quiz says."""

    opens_at = SiteMoment(lazy("Opens"), [Optional()])
    closes_at = SiteMoment(lazy("Closes"), [Optional()])
    attempts = IntegerField(lazy("Attempts"), [Optional(), _ATTEMPTS])
    minutes = IntegerField(lazy("Time limit (minutes)"), [Optional(), _MINUTES])
    extra_time = IntegerField(lazy("Extra time (percent)"), [Optional(), _PERCENT])
    reason = reason_field()

    def values(self) -> OverrideValues:
        minutes = self.minutes.data
        return OverrideValues(
            opens_at=self.opens_at.data,
            closes_at=self.closes_at.data,
            time_limit=None if minutes is None else minutes * 60,
            attempts=self.attempts.data,
            extra_time=self.extra_time.data,
        )


class FurtherAttemptForm(_SeenForm):
    closes_at = SiteMoment(lazy("Open until"), [Optional()])
    reason = reason_field()


class ExtraTimeForm(_SeenForm):
    extra_time = IntegerField(lazy("Extra time (percent)"), [InputRequired(lazy("Enter a percentage.")), _PERCENT])
    reason = reason_field()


class RefuseRequestForm(Form):
    answer = StringField(
        lazy("Answer to the learner"), [DataRequired(lazy("Say why not, or what else is possible.")), at_most(500)]
    )


class AttemptObjectionForm(Form):
    reason = TextAreaField(
        lazy("What is wrong?"), [DataRequired(lazy("Say in a sentence what is wrong.")), at_most(1000)]
    )


class AskForAttemptForm(Form):
    reason = TextAreaField(lazy("Why do you ask?"), [DataRequired(lazy("Say why you ask.")), at_most(500)])


MODES = (
    ("improved", lazy("Only where it improves")),
    ("all", lazy("Everybody")),
    ("chosen", lazy("Those ticked below")),
)
RULES = {
    FULL: lazy("full marks for all who drew it"),
    LEFT_OUT: lazy("not in the total of those who drew it"),
    COUNTS: lazy("counts again, marked by its key"),
}
"""What may be decided about a question."""
_POINTS = re.compile(r"[0-9]{1,4}(?:[.,][0-9]{1,2})?")


def _told_reason(label: Any) -> TextAreaField:
    return TextAreaField(
        label,
        filters=[one_line],
        validators=[DataRequired(lazy("Write a reason. Those concerned read it.")), at_most(500)],
    )


class RegradeForm(Form):
    """``revision`` and ``number`` are what the page showed: the published item revision, and the newest regrade.

    ``question`` and ``rule`` are a decision that is taken together with the regrade.
    """

    mode = RadioField(lazy("Who is marked again?"), choices=options(MODES), default="improved")
    reason = _told_reason(lazy("Reason (participants read it, and it stays recorded)"))
    revision = HiddenField()
    number = HiddenField()
    question = HiddenField()
    rule = HiddenField()

    @property
    def seen(self) -> tuple[int, int]:
        """-1 for what is no number."""
        revision, number = whole_number(self.revision.data or ""), whole_number(self.number.data or "")
        return -1 if revision is None else revision, -1 if number is None else number


def voiding_from(question: str, rule: str, known: Any) -> Voiding | None:
    """A decision about one of the ``known`` questions; None if there is none, or its rule is unknown."""
    return Voiding(question, rule) if question in known and rule in RULES else None


class EssayMarkForm(RubricForm, _SeenForm):
    """``for_essay`` adds a field for each criterion of the rubric, or one for points."""

    reason = StringField(lazy("Reason for the correction"), [Optional(), at_most(500)], [one_line])

    essay: Essay

    @classmethod
    def for_essay(cls, essay: Essay) -> type[EssayMarkForm]:
        more: dict[str, Any] = {"essay": essay}
        if not essay.rubric:
            more["points"] = StringField(lazy("Points"), [InputRequired(lazy("Please enter the points."))], [one_line])
            more["validate_points"] = _points_of_essay
        return cls.with_levels(essay.rubric, **more)

    def decision(self) -> EssayDecision:
        return EssayDecision(
            picked=self.picked,
            points=Decimal(0) if self.essay.rubric else Decimal(self["points"].data.replace(",", ".")),
            feedback=self.feedback.data or "",
            reason=self.reason.data or "",
        )


def _points_of_essay(form: EssayMarkForm, field: StringField) -> None:
    if not _POINTS.fullmatch(field.data or "") or Decimal(field.data.replace(",", ".")) > form.essay.points:
        most = say_number(rounded(form.essay.points))
        raise ValidationError(_("Enter a number from 0 to %(most)s, with at most two decimals.", most=most))


class AnswerMarkForm(_SeenForm):
    """``points`` left empty: the key marks the answer again."""

    points = StringField(lazy("Points"), filters=[one_line])
    reason = _told_reason(lazy("Reason (the participant reads it)"))

    @property
    def given(self) -> Decimal | None:
        text = self.points.data or ""
        return Decimal(text.replace(",", ".")) if text else None

    def validate_points(self, field: StringField) -> None:
        if field.data and not _POINTS.fullmatch(field.data):
            raise ValidationError(_("Enter points such as 1 or 0,5, with at most two decimals."))
