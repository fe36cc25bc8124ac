"""The form of a grader, for papers and essays alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from lms.content.rubric import Criterion
from lms.core.i18n import lazy
from lms.web.fields import Form, unix_line_ends

LONGEST_FEEDBACK = 4_000


class RubricForm(Form):
    feedback = TextAreaField(
        lazy("Feedback"),
        filters=[unix_line_ends],
        validators=[
            Optional(),
            Length(max=LONGEST_FEEDBACK, message=lazy("Please shorten the feedback to 4,000 characters.")),
        ],
    )

    rubric: Sequence[Criterion] = ()

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
    """None if nothing is picked."""
    text = str(value)
    return int(text) if text.isdecimal() else None
