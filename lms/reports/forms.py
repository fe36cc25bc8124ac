"""The filters of boards, and the forms for extending and enrolling many people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from lms.core.i18n import LazyString, lazy
from lms.learning import services as learning
from lms.people.scopes import WITHOUT_UNIT
from lms.people.services.statuses import STATUSES
from lms.reports.filters import RUNNING
from lms.reports.states import FILTERS
from lms.web.fields import Day, Form

WORDS: dict[str, LazyString] = {
    "not-enrolled": lazy("not enrolled"),
    **learning.STATUS_LABELS,
    "unfinished": lazy("not finished"),
    "taking": lazy("enrolled"),
}
SELF_PACED = lazy("without dates")
"""Shown instead of the name of a cohort without dates."""
Choices = Sequence[tuple[Any, Any]]


def _id(value: Any) -> int | None:
    return int(value) if value not in (None, "") else None


class FilterForm(Form):
    """``units``, ``courses`` and ``cohorts`` are the viewer's choices. Cohorts can be chosen only within a course."""

    q = StringField(lazy("Name"), validators=[Length(max=160)])
    unit = SelectField(lazy("Unit"), coerce=_id)
    course = SelectField(lazy("Course"), coerce=_id)
    cohort = SelectField(lazy("Cohort"), coerce=_id, validate_choice=False)
    state = SelectField(lazy("State"))
    period = SelectField(lazy("Enrolled in"))
    status = SelectField(lazy("Employment"))

    def __init__(self, units: Choices, courses: Choices, cohorts: Choices, years: Iterable[int], **values: Any) -> None:
        super().__init__(**values)
        self.unit.choices = [("", lazy("all units")), *units]
        self.course.choices = [("", lazy("all courses")), *courses]
        self.cohort.choices = [("", lazy("all cohorts")), *cohorts]
        self.state.choices = [("", lazy("all states")), *((state, WORDS[state]) for state in FILTERS)]
        self.period.choices = [("", lazy("all years")), (RUNNING, lazy("running now"))]
        self.period.choices += [(str(year), str(year)) for year in years]
        self.status.choices = [("", lazy("all")), *STATUSES.items()]


def unit_choices(lines: Iterable[tuple[int, str, int]], *, with_nobody: bool) -> Choices:
    """Units as (id, name, depth), indented to show the tree."""
    found: list[tuple[Any, Any]] = [(unit_id, "\u2003" * depth + name) for unit_id, name, depth in lines]
    return [*found, (WITHOUT_UNIT, lazy("without a unit"))] if with_nobody else found


class BoardExtendForm(Form):
    until = Day(lazy("New deadline"), validators=[InputRequired(lazy("Choose a day."))])
    reason = StringField(
        lazy("Reason"),
        validators=[
            DataRequired(lazy("Write the reason: the participants read it.")),
            Length(max=300, message=lazy("At most %(max)d characters.")),
        ],
    )


class EnrolForm(Form):
    cohort = SelectField(lazy("Cohort"), coerce=_id, validators=[InputRequired(lazy("Choose a cohort."))])

    def __init__(self, cohorts: Choices, **values: Any) -> None:
        super().__init__(**values)
        self.cohort.choices = [("", lazy("choose")), *cohorts]
