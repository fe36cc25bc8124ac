"""The base of all forms, saving one, and fields and validators that several packages use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_wtf import FlaskForm
from wtforms import DateField, DateTimeLocalField, Field, SelectChoice, SelectField, StringField, ValidationError
from wtforms.validators import DataRequired, Length
from wtforms.widgets import Select

from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import LazyString, lazy, say_number, to_site_time, zone
from lms.core.i18n import gettext as _
from lms.lib.folding import compose_text, visible

_NOT_OFFERED = lazy("This choice is no longer available. Nothing was changed. Please choose again.")
MESSAGES = {
    "Not a valid choice.": _NOT_OFFERED,
    "Invalid Choice: could not coerce.": _NOT_OFFERED,
    "Invalid choice(s): one or more data inputs could not be coerced.": _NOT_OFFERED,
    "'%(value)s' is not a valid choice for this field.": _NOT_OFFERED,
    "'%(value)s' are not valid choices for this field.": _NOT_OFFERED,
    "Not a valid date value.": lazy("Not a valid date. Choose it in the calendar or enter it in the form 2026-12-31."),
    "Not a valid datetime value.": lazy(
        "Not a valid date and time. Choose them in the calendar or enter them in the form 2026-12-31 16:00."
    ),
    "Not a valid time value.": lazy("Not a valid time. Enter it in the form 07:30."),
    "Not a valid integer value.": lazy("Enter a whole number, using digits only."),
    "This field is required.": lazy("This field is required."),
    "Field cannot be longer than %(max)d character.": lazy("At most %(max)d characters."),
    "Field cannot be longer than %(max)d characters.": lazy("At most %(max)d characters."),
}
"""Texts for the messages of WTForms, which has no Indonesian translation."""


def unix_line_ends(text: str | None) -> str:
    """Browsers send CR LF for a line end, but count one character towards ``maxlength``."""
    return (text or "").replace("\r\n", "\n")


def stripped_text(text: str | None) -> str:
    return unix_line_ends(text).strip()


def not_longer_than(most: int) -> Callable[[Any, Field], None]:
    """For texts of several lines, instead of ``at_most``: with ``maxlength`` browsers silently cut what is pasted."""

    def check(_form: Any, field: Field) -> None:
        over = len(field.data) - most
        if over > 0:
            text = _("%(over)s characters too long: at most %(most)s. Shorten it, then go on.")
            raise ValidationError(text % {"over": say_number(over), "most": say_number(most)})

    return check


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

        def render_field(self, field: Field, render_kw: dict[str, Any]) -> Any:
            """Make only those selects ``required`` that begin with an empty choice; others always have a value."""
            if isinstance(field.widget, Select) and not _begins_empty(field):
                render_kw = {"required": False, **render_kw}
            return super().render_field(field, render_kw)


def _begins_empty(field: SelectField) -> bool:
    first = next(iter(field.iter_choices()), None) if not field.has_groups() else None
    return first is not None and first.value == ""


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


class SiteMoment(DateTimeLocalField):  # type: ignore[misc]
    """A date and a time of day in the site's zone, between 2000 and 2100; ``data`` is in UTC."""

    data: datetime | None

    def __init__(self, label: str | LazyString, validators: Any, **values: Any) -> None:
        super().__init__(label, validators, format=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d %H.%M"], **values)

    def process_formdata(self, values: list[str]) -> None:
        super().process_formdata(values)
        here = self.data
        if here is None:
            return
        if not 2000 <= here.year <= 2100:
            self.data = None
            raise ValueError(_("The year must be between 2000 and 2100."))
        self.data = here.replace(tzinfo=ZoneInfo(zone())).astimezone(UTC)

    def _value(self) -> str:
        if self.raw_data:
            return " ".join(map(str, self.raw_data))
        return to_site_time(self.data).strftime("%Y-%m-%dT%H:%M") if self.data else ""


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


def name_text(text: str | None) -> str:
    """One line as names are stored (``ComposedText``). Not for titles: some signs in them have invisible parts."""
    return one_line(visible(compose_text(text or "")))


def id_or_none(value: Any) -> int | None:
    return None if value is None or value == "" else int(value)


def options(choices: Choices, first: str = "", group: str | None = None) -> list[SelectChoice]:
    """The options of a select. ``first`` is the label of the empty option."""
    none = [SelectChoice("", first)] if first else []
    return none + [SelectChoice(value, label, optgroup=group) for value, label in choices]


def reason_field() -> StringField:
    """Why people are given other limits or dates."""
    return StringField(
        lazy("Reason"), [DataRequired(lazy("Say why: it stays in the record.")), at_most(300)], [one_line]
    )


def at_most(length: int) -> Length:
    return Length(max=length, message=lazy("At most %(max)d characters."))
