"""Forms for importing lists and printing slips."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from lms.core.i18n import gettext as _
from lms.core.i18n import lazy
from lms.web.fields import Choices, Form, id_or_none, options


class PeopleListForm(Form):
    file = FileField(lazy("Your list"), validators=[FileRequired(lazy("Choose the file with your list."))])


class ChoicesForm(Form):
    """What an import may do besides adding and changing people. ``units`` are the choices of both fields."""

    units_under = SelectField(lazy("Unknown units"), coerce=id_or_none)
    leaving = SelectField(lazy("People missing from the list"), coerce=id_or_none)

    def __init__(self, units: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = list(units)
        below = [(key, _("create them below: %(unit)s", unit=name.strip())) for key, name in units]
        within = [(key, _("deactivate people of: %(unit)s", unit=name.strip())) for key, name in units]
        self.units_under.choices = options(below, first=_("reject their rows"))
        self.leaving.choices = options(within, first=_("leave them as they are"))


class ApprovalForm(Form):
    """``digest`` identifies the plan that was shown."""

    digest = HiddenField()


class SlipsForm(Form):
    opened = HiddenField()
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

    def opened_at(self, now: datetime) -> datetime:
        """When the submitted page was rendered; ``now`` if unknown."""
        try:
            moment = datetime.fromisoformat(self.opened.data or "")
        except ValueError:
            return now
        return moment if moment.tzinfo else now

    def leave_only(self, ids: Collection[int]) -> int:
        """Untick everybody else; returns how many were unticked."""
        ticked = self.people.data or []
        self.people.data = [one for one in ticked if one in ids]
        return len(ticked) - len(self.people.data)

    def validate_people(self, field: SelectMultipleField) -> None:
        """Require at least one person. ``InputRequired`` would make the browser require every single box."""
        if not field.data:
            raise ValidationError(_("Choose at least one person."))
