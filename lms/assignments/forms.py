"""Input of learners and graders."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_wtf.file import FileField
from wtforms import HiddenField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from lms.assignments.plain_text import LONGEST_LINK
from lms.assignments.rubric import read_points
from lms.assignments.services.drafts import DraftContent, Upload
from lms.assignments.services.grading import GradeDecision
from lms.content.items.assignment import Assignment
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy
from lms.web.fields import Form

LONGEST_TEXT = 8_000
LONGEST_FEEDBACK = 4_000
LONGEST_REASON = 500
MOST_TRIES = 100_000


def _unix_line_ends(text: str | None) -> str:
    """Browsers send CR LF for a line end, but count one character towards ``maxlength``."""
    return (text or "").replace("\r\n", "\n")


class SubmissionForm(Form):
    """``do`` is the pressed button: ``upload``, ``submit``, ``again``, ``remove-7``; anything else saves the draft."""

    text = TextAreaField(
        lazy("Your answer"),
        filters=[_unix_line_ends],
        validators=[
            Optional(),
            Length(
                max=LONGEST_TEXT,
                message=lazy(
                    "Please shorten the text to 8,000 characters, or hand in a longer one as a file. "
                    "Nothing of it is lost on this page."
                ),
            ),
        ],
    )
    link = StringField(
        lazy("Link to your work"),
        validators=[Optional(), Length(max=LONGEST_LINK, message=lazy("This address is too long."))],
    )
    file = FileField(lazy("Add a file"))
    number = IntegerField(validators=[Optional(), NumberRange(1, MOST_TRIES)])
    seen = IntegerField(validators=[Optional(), NumberRange(0)])
    turn = HiddenField(validators=[Length(max=40)])
    do = HiddenField()

    def content(self, most_bytes: int) -> DraftContent:
        """``most_bytes``: no more of a file is read than shows that it is too large."""
        chosen = self.file.data
        upload = Upload(chosen.filename or "", chosen.stream.read(most_bytes + 1)) if chosen else None
        return DraftContent(self.text.data or "", self.link.data or "", upload, self.seen.data, self.turn.data or "")

    @property
    def to_remove(self) -> int | None:
        """The id of the file whose button was pressed."""
        verb, _dash, number = (self.do.data or "").partition("-")
        return int(number) if verb == "remove" and number.isdecimal() and len(number) <= 10 else None


class GradeForm(Form):
    """``for_assignment`` adds a field per criterion of the rubric, or one for points."""

    feedback = TextAreaField(
        lazy("Feedback"),
        filters=[_unix_line_ends],
        validators=[
            Optional(),
            Length(max=LONGEST_FEEDBACK, message=lazy("Please shorten the feedback to 4,000 characters.")),
        ],
    )
    reason = StringField(
        lazy("Reason for the correction"),
        validators=[
            Optional(),
            Length(max=LONGEST_REASON, message=lazy("Please shorten the reason to 500 characters.")),
        ],
    )
    seen = IntegerField(default=0, validators=[InputRequired()])

    assignment: Assignment

    @classmethod
    def for_assignment(cls, assignment: Assignment) -> type[GradeForm]:
        fields: dict[str, Any] = {"assignment": assignment}
        for position, criterion in enumerate(assignment.rubric):
            fields[f"level_{position}"] = RadioField(
                criterion.title,
                choices=[SelectChoice(number, level.title) for number, level in enumerate(criterion.levels)],
                coerce=_level,
                validators=[InputRequired(lazy("Please choose a level."))],
            )
        if not assignment.rubric:
            fields["points"] = StringField(lazy("Points"), validators=[InputRequired(lazy("Please enter the points."))])
            fields["validate_points"] = _validate_points
        return type("AssignmentGradeForm", (cls,), fields)

    @property
    def levels(self) -> list[RadioField]:
        """One field per criterion, in order."""
        return [self[f"level_{position}"] for position in range(len(self.assignment.rubric))]

    def decision(self) -> GradeDecision:
        return GradeDecision(
            picked={position: field.data for position, field in enumerate(self.levels)},
            points=Decimal(0)
            if self.assignment.rubric
            else read_points(self["points"].data, self.assignment.points) or Decimal(0),
            feedback=self.feedback.data or "",
            reason=self.reason.data or "",
        )


def _level(value: Any) -> int | None:
    """None if nothing is picked."""
    text = str(value)
    return int(text) if text.isdecimal() else None


def _validate_points(form: GradeForm, field: StringField) -> None:
    if read_points(field.data, form.assignment.points) is None:
        raise ValidationError(_("Please enter a number from 0 to %(most)s.", most=_plain(form.assignment.points)))


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}".replace(".", ",")
