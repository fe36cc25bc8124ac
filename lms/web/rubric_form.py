"""The form of a grader, for papers and essays alike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol, Self

from flask import flash
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from lms.content.rubric import Criterion
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy
from lms.lib.digits import whole_number
from lms.web.fields import Form, unix_line_ends

MAX_FEEDBACK_LENGTH = 4_000


class CommentBank(Protocol):
    """The comments that a grader keeps (``lms.comments``)."""

    @property
    def texts(self) -> dict[int, str]: ...

    def text(self, comment_id: int) -> str: ...

    def keep(self, text: str, *, in_all_courses: bool, now: datetime) -> None: ...


class RubricForm(Form):
    """``do`` is a pressed button that saves no mark: ``put-12`` puts a comment into the feedback, ``keep-0`` keeps the
    feedback as a comment for all courses and ``keep-1`` for this one, ``all-2`` picks one level for all criteria."""

    feedback = TextAreaField(
        lazy("Feedback"),
        filters=[unix_line_ends],
        validators=[
            Optional(),
            Length(max=MAX_FEEDBACK_LENGTH, message=lazy("Please shorten the feedback to 4,000 characters.")),
        ],
    )

    do = HiddenField()

    rubric: Sequence[Criterion] = ()

    @property
    def button(self) -> tuple[str, int]:
        """The verb and the number of the pressed button; -1 without a number."""
        verb, _dash, number = (self.do.data or "").partition("-")
        found = whole_number(number)
        return verb, -1 if found is None else found

    def press(self, bank: CommentBank, *, now: datetime) -> None:
        """Do what the button asks for; what was typed and picked stays.

        :raises Refusal: the comment is gone, or cannot be kept.
        """
        verb, number = self.button
        if verb == "put":
            self.feedback.data = put_in(self.feedback.data or "", bank.text(number))
            self.feedback.validate(self)
        elif verb == "keep":
            bank.keep(self.feedback.data or "", in_all_courses=number == 0, now=now)
            flash(_("Kept as a comment, with {nama} for the participant's name."), "done")
        elif verb == "all" and 0 <= number < len(self.common_levels):
            for field in self.levels:
                field.data = number

    @property
    def common_levels(self) -> list[str]:
        """The levels that can be picked for all criteria at once: none unless each has the same number of them. Where
        criteria call them otherwise, a level is called by its number."""
        if len(self.rubric) < 2 or len({len(one.levels) for one in self.rubric}) != 1:
            return []
        names = [{one.levels[at].title for one in self.rubric} for at in range(len(self.rubric[0].levels))]
        return [one.pop() if len(one) == 1 else str(at) for at, one in enumerate(names, 1)]

    @classmethod
    def with_levels(cls, rubric: Sequence[Criterion], **more: Any) -> type[Self]:
        """A form with a field for each criterion, and ``more`` attributes."""
        fields: dict[str, Any] = {"rubric": rubric, **more}
        for position, criterion in enumerate(rubric):
            fields[f"level_{position}"] = RadioField(
                criterion.title,
                choices=[SelectChoice(number, level.title) for number, level in enumerate(criterion.levels)],
                coerce=_level,
                validators=[InputRequired(lazy("Please choose a level."))],
            )
        return type(cls.__name__, (cls,), fields)

    @property
    def levels(self) -> list[RadioField]:
        """One field for each criterion, in order."""
        return [self[f"level_{position}"] for position in range(len(self.rubric))]

    @property
    def picked(self) -> dict[int, int]:
        """The level of each criterion, both from 0."""
        return {position: field.data for position, field in enumerate(self.levels)}


def _level(value: Any) -> int | None:
    """The picked level, or None."""
    return whole_number(str(value))


def put_in(feedback: str, comment: str) -> str:
    """A comment at the end of what was written."""
    gap = " " if feedback and not feedback[-1].isspace() else ""
    return feedback + gap + comment
