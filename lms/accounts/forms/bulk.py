"""The forms of lists: handing one in, choosing what it may do, printing slips."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from lms.accounts.forms.admin import Choices, id_or_none, options
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy


class ListForm(FlaskForm):  # type: ignore[misc]
    file = FileField(lazy("Your list"), validators=[FileRequired(lazy("Choose the file with your list."))])


class ChoicesForm(FlaskForm):  # type: ignore[misc]
    """What a list may do besides adding and changing people; ``units`` are those one may choose."""

    units_under = SelectField(lazy("Units that do not exist"), coerce=id_or_none)
    leaving = SelectField(lazy("People who are missing in the list"), coerce=id_or_none)

    def __init__(self, units: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = list(units)
        below = [(key, _("make them below: %(unit)s", unit=name.strip())) for key, name in units]
        within = [(key, _("switch off who is of: %(unit)s", unit=name.strip())) for key, name in units]
        self.units_under.choices = options(below, first=_("refuse their rows"))
        self.leaving.choices = options(within, first=_("leave them as they are"))


class ApprovalForm(FlaskForm):  # type: ignore[misc]
    """``digest`` tells which comparison was looked at."""

    digest = HiddenField()


class SlipsForm(FlaskForm):  # type: ignore[misc]
    """Who gets a slip, and how they are printed."""

    people = SelectMultipleField(
        lazy("People"), coerce=int, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    layout = RadioField(
        lazy("How to print"),
        choices=options(
            [("slips", lazy("Slips to cut out, four to a page")), ("list", lazy("One list for the head of the unit"))]
        ),
        default="slips",
    )

    def __init__(self, people: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people.choices = options(people)

    def validate_people(self, field: SelectMultipleField) -> None:
        """Here and not as ``InputRequired``, which would make the browser ask for every single box."""
        if not field.data:
            raise ValidationError(_("Choose at least one person."))
