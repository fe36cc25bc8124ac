"""Forms for courses, cohorts and their participants."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from lms.core.i18n import gettext as _
from lms.core.i18n import lazy
from lms.enrolment.settings import CohortSettings
from lms.web.fields import Day, Form, name_text, not_before, one_line
from lms.web.open_forms import OpenForm

WAYS = {
    "open": lazy("Open: anyone signed in may enrol"),
    "approval": lazy("By approval: learners apply, heads of units propose, you decide"),
    "list": lazy("By list: only you add people"),
}
STATES = {
    "enrolling": lazy("enrolling"),
    "running": lazy("running"),
    "planned": lazy("planned"),
    "over": lazy("over"),
}
SHORT = 300


def _options(choices: Iterable[tuple[str, Any]], none: str = "") -> list[SelectChoice]:
    """``none`` labels the empty choice; without it, the field has no empty choice."""
    first = [SelectChoice("", none)] if none else []
    return first + [SelectChoice(value, label) for value, label in choices]


class InstructorForm(Form):
    login = StringField(
        lazy("NIP, NI PPPK or e-mail"), [DataRequired(lazy("Enter a NIP, NI PPPK or e-mail.")), Length(max=254)]
    )


class CommitteeForm(InstructorForm):
    starts_on = Day(lazy("From"), [Optional()])
    ends_on = Day(lazy("Until and including"), [Optional(), not_before("starts_on")])


class StartsOverForm(Form):
    """For people who take or have completed the course in another cohort."""

    starts_over = BooleanField(lazy("Start over if somebody takes or has completed this course"))


class FindForm(Form):
    name = StringField(
        lazy("Name, position or unit"), [DataRequired(lazy("Enter a part of the name.")), Length(max=160)]
    )


class ParticipantsForm(StartsOverForm):
    """One login name per line."""

    logins = TextAreaField(
        lazy("NIP, NI PPPK or e-mail, one per line"),
        [
            DataRequired(lazy("Enter at least one person.")),
            Length(max=50_000, message=lazy("At most about 2,500 numbers at once. Add the others afterwards.")),
        ],
    )

    def lines(self) -> list[str]:
        return [line.strip() for line in (self.logins.data or "").splitlines() if line.strip()]


class CohortFilter(Form):
    course = SelectField(lazy("Course"), validate_choice=False)
    state = SelectField(lazy("State"), validate_choice=False)
    q = StringField(lazy("Name contains"), [Length(max=160)])

    def __init__(self, courses: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.course.choices = _options(courses, _("all"))
        self.state.choices = _options(STATES.items(), _("all"))


class CohortForm(OpenForm):
    """With ``is_dated`` False (the cohort without dates), only the ways in and the number of places can be set."""

    name = StringField(lazy("Name"), [Length(max=80, message=lazy("At most %(max)d characters."))], [name_text])
    starts_on = Day(lazy("First day"), [InputRequired(lazy("Choose the first day."))])
    ends_on = Day(
        lazy("Last day of the cohort"), [InputRequired(lazy("Choose the last day.")), not_before("starts_on")]
    )
    way = RadioField(lazy("How people join"), [InputRequired(lazy("Choose one."))], choices=_options(WAYS.items()))
    enrols_until = Day(lazy("Last day to enrol or propose"), [Optional()])
    quota = IntegerField(
        lazy("Places"),
        [
            Optional(),
            NumberRange(1, 100_000, lazy("Enter a number from 1 to 100,000, or leave it empty for no limit.")),
        ],
    )

    def __init__(self, *args: Any, is_dated: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_dated:
            del self.name, self.starts_on, self.ends_on

    def validate_enrols_until(self, field: Day) -> None:
        last = self.ends_on.data if "ends_on" in self else None
        if field.data and last and field.data > last:
            raise ValidationError(_("The cohort is over by then."))

    def settings(self, name: str = "") -> CohortSettings:
        """``name`` is used if the field was left empty."""
        is_dated = "name" in self
        return CohortSettings(
            name=(self.name.data or name) if is_dated else "",
            starts_on=self.starts_on.data if is_dated else None,
            ends_on=self.ends_on.data if is_dated else None,
            way=self.way.data,
            enrols_until=self.enrols_until.data,
            quota=self.quota.data,
        )


class NewCohortForm(CohortForm):
    """``newest`` is the id of the newest cohort when the page was rendered. A page that is submitted twice therefore
    suggests the same name twice, and only one cohort is created."""

    newest = HiddenField()
    course = SelectField(lazy("Course"), [InputRequired(lazy("Choose a course."))])

    def __init__(self, courses: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.course.choices = _options(courses, _("– choose a course –"))


class DecisionForm(Form):
    """The request also has ``pick`` (ticked ids), ``all`` (ids shown on the page) and ``do`` (the button)."""

    reason = StringField(lazy("Reason, if you refuse"), [Length(max=SHORT)], [one_line])


def _reason(label: Any, hint: Any) -> StringField:
    too_long = Length(max=SHORT, message=lazy("At most %(max)d characters."))
    return StringField(label, [DataRequired(hint), too_long], [one_line])


class ExtendForm(Form):
    until = Day(lazy("New deadline"), [InputRequired(lazy("Choose a day."))])
    reason = _reason(lazy("Reason"), lazy("Give a reason; the person sees it."))


class LeaveForm(Form):
    reason = _reason(lazy("Reason"), lazy("Give a reason; it is recorded in the activity log."))


class SubstituteForm(StartsOverForm, LeaveForm):
    login = StringField(
        lazy("Substitute: NIP, NI PPPK or e-mail"), [DataRequired(lazy("Enter a NIP, NI PPPK or e-mail."))]
    )


class OwnLeaveForm(Form):
    reason = StringField(lazy("Reason"), [Length(max=SHORT)], [one_line])


class ProposeForm(Form):
    note = StringField(
        lazy("Note, such as the number of the letter"),
        [Length(max=SHORT, message=lazy("At most %(max)d characters."))],
        [one_line],
    )
