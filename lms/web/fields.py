"""The base of all forms, saving one, and fields and validators that several packages use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import DateField, Field, SelectChoice, ValidationError
from wtforms.validators import Length

from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy

_NOT_OFFERED = lazy("This choice is no longer available. Nothing was changed. Please choose again.")
MESSAGES = {
    "Not a valid choice.": _NOT_OFFERED,
    "Invalid Choice: could not coerce.": _NOT_OFFERED,
    "Invalid choice(s): one or more data inputs could not be coerced.": _NOT_OFFERED,
    "'%(value)s' is not a valid choice for this field.": _NOT_OFFERED,
    "'%(value)s' are not valid choices for this field.": _NOT_OFFERED,
    "Not a valid date value.": lazy("Not a valid date. Choose it in the calendar or enter it in the form 2026-12-31."),
    "Not a valid integer value.": lazy("Enter a whole number, using digits only."),
    "This field is required.": lazy("This field is required."),
    "Field cannot be longer than %(max)d character.": lazy("At most %(max)d characters."),
    "Field cannot be longer than %(max)d characters.": lazy("At most %(max)d characters."),
}
"""Texts for the messages of WTForms, which has no Indonesian translation."""


class FormMessages:
    """Translates the messages of WTForms."""

    def gettext(self, text: str) -> str:
        return str(MESSAGES.get(text, text))

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return self.gettext(singular if number == 1 else plural)


class Form(FlaskForm):  # type: ignore[misc]
    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def get_translations(self, form: object) -> FormMessages:
            return FormMessages()


class saving:
    """Commit when the block ends or returns. If a service refuses, undo all of it and show why at a field or form.

    The view goes on after the block, where it shows the form again. ``others`` has the refusals that are not shown at
    ``at``.
    """

    def __init__(self, at: Field | Form, others: Mapping[type[Refusal], Field | Form] | None = None) -> None:
        self.at = at
        self.others = others or {}

    def __enter__(self) -> None:
        pass

    def __exit__(self, _type: object, error: BaseException | None, _traceback: object) -> bool:
        if error is None:
            db.session.commit()
        elif isinstance(error, Refusal):
            db.session.rollback()
            place = self.others.get(type(error), self.at)
            if isinstance(place, Form):
                place.form_errors.append(error.text)
            else:
                place.errors = [error.text]
        return isinstance(error, Refusal)


class Day(DateField):  # type: ignore[misc]
    """A date between 2000 and 2100."""

    def process_formdata(self, values: list[str]) -> None:
        super().process_formdata(values)
        if self.data is not None and not 2000 <= self.data.year <= 2100:
            raise ValueError(_("The year must be between 2000 and 2100."))


def not_before(name: str) -> Callable[[Any, Any], None]:
    """A validator: the day must not be before that of the field ``name``."""

    def check(form: Any, field: Any) -> None:
        first = form[name].data
        if field.data and first and field.data < first:
            raise ValidationError(_("The last day is before the first day."))

    return check


Choices = Iterable[tuple[int | str, str]]


def one_line(text: str | None) -> str:
    """Remove line breaks and repeated spaces, which pasted text often has."""
    return " ".join((text or "").split())


def id_or_none(value: Any) -> int | None:
    return None if value is None or value == "" else int(value)


def options(choices: Choices, first: str = "", group: str | None = None) -> list[SelectChoice]:
    """The options of a select. ``first`` is the label of the empty option."""
    none = [SelectChoice("", first)] if first else []
    return none + [SelectChoice(value, label, optgroup=group) for value, label in choices]


def at_most(length: int) -> Length:
    return Length(max=length, message=lazy("At most %(max)d characters."))
