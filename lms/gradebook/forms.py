"""Forms of a gradebook."""

from __future__ import annotations

from decimal import Decimal

from flask_wtf.file import FileField, FileRequired
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from lms.assignments.rubric import read_points
from lms.core.i18n import lazy
from lms.gradebook.services import NewMark
from lms.gradebook.sheet import MAX_CHANGES
from lms.lib.digits import whole_number
from lms.web.fields import Form

MAX_BYTES = 5 * 1024 * 1024


class MarksFileForm(Form):
    file = FileField(lazy("The XLSX file"), validators=[FileRequired(lazy("Choose the file first."))])


class MarksForm(Form):
    reason = StringField(
        lazy("Reason"),
        validators=[
            DataRequired(lazy("Please give the reason: it stays with every changed mark.")),
            Length(max=500, message=lazy("Please shorten the reason to 500 characters.")),
        ],
    )


def tick(mark: NewMark) -> str:
    """The value of a change's checkbox: ``submission.seen=score``."""
    return f"{mark.submission_id}.{mark.seen}={mark.score}"


def ticked(values: list[str]) -> list[NewMark]:
    """The changes of ticked boxes, each submission once; what no page wrote is left out."""
    found: dict[int, NewMark] = {}
    for value in values[:MAX_CHANGES]:
        key, _, score = value.partition("=")
        submission_id, _, seen = key.partition(".")
        row_id, number, points = whole_number(submission_id), whole_number(seen), read_points(score, Decimal(100))
        if row_id is not None and number is not None and points is not None:
            found[row_id] = NewMark(row_id, number, points)
    return list(found.values())
