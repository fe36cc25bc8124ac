"""Forms for site settings and for filters of the activity log."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from wtforms import BooleanField, Field, HiddenField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Optional

from lms.admin import setting_text
from lms.core import settings as site_settings
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy
from lms.core.settings import Setting
from lms.web.fields import Choices, Day, Form, options
from lms.web.open_forms import saved_by_others


class SettingsForm(Form):
    """A field per setting, and a hidden field with the value that was shown.

    A setting that the admin did not edit is not saved, even if somebody else has changed it meanwhile.
    """

    def field_of(self, setting: Setting) -> Field:
        return self[f"rule_{setting.name}"]

    def shown_of(self, setting: Setting) -> Field:
        return self[f"shown_{setting.name}"]

    def saved_by_others(self, values: Mapping[str, Any], in_words: Callable[[Setting, Any], str]) -> bool:
        """Whether a setting that was edited here has another value by now, one of ``values``; then the form says so.

        What was entered stays, and can be saved over it.
        """
        changes = []
        for setting in site_settings.registered.values():
            if setting.has_own_page or (new := self.new_value(setting)) is None:
                continue
            shown, now = self.shown_of(setting), values[setting.name]
            if now not in (new, setting_text.read(_text_of(shown), setting.kind)):
                changes.append(f"{setting.label}: {in_words(setting, now)}")
                shown.data = setting_text.shown(setting.kind(now))
        if changes:
            self.form_errors.append(saved_by_others("; ".join(changes)))
        return bool(changes)

    def new_value(self, setting: Setting) -> Any | None:
        """The value that the admin entered, or None if it was not edited."""
        new = setting_text.read(_text_of(self.field_of(setting)), setting.kind)
        return None if new == setting_text.read(_text_of(self.shown_of(setting)), setting.kind) else new


def settings_form(values: Mapping[Setting, Any]) -> SettingsForm:
    """The form, filled with the current ``values``."""
    fields: dict[str, Any] = {}
    for setting, value in values.items():
        required = [] if _may_be_empty(setting) else [InputRequired(lazy("This setting needs a value."))]
        text = setting_text.shown(setting.kind(value))
        more: dict[str, Any] = {"validators": [*required, _checked_by(setting)], "default": text}
        fields[f"rule_{setting.name}"] = _field(setting, **more)
        fields[f"shown_{setting.name}"] = HiddenField(default=text)
    form = type("AllSettings", (SettingsForm,), fields)()
    assert isinstance(form, SettingsForm)
    return form


def _field(setting: Setting, **more: Any) -> Field:
    if setting.kind is bool:
        return BooleanField(setting.label, **more)
    if setting.choices:
        return SelectField(setting.label, choices=options(setting.choices), **more)
    return (TextAreaField if setting.is_long else StringField)(setting.label, **more)


def _text_of(field: Field) -> str:
    return setting_text.shown(field.data or "")


def _may_be_empty(setting: Setting) -> bool:
    return setting.kind is bool or (setting.kind is str and setting.check("") is None)


def _checked_by(setting: Setting) -> Callable[[Form, Field], None]:
    def check(_form: Form, field: Field) -> None:
        try:
            value = setting_text.read(_text_of(field), setting.kind)
        except setting_text.NotANumber as error:
            text = _("Enter a whole number.") if error.is_whole else _("Enter a number, such as 70 or 70,5.")
            raise ValidationError(text) from None
        problem = setting.check(value)
        if problem:
            raise ValidationError(problem)

    return check


class AuditFilter(Form):
    """Filters of the activity log. Sent by POST, like ``PeopleFilter``."""

    name = StringField(lazy("Name or NIP of a person"))
    kind = SelectField(lazy("Object type"), default="")
    verb = SelectField(lazy("Action"), default="")
    since = Day(lazy("From"), [Optional()])
    until = Day(lazy("Until"), [Optional()])

    def __init__(self, kinds: Choices, verbs: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = options(kinds, first=_("all types"))
        self.verb.choices = options(verbs, first=_("all actions"))

    @property
    def asked(self) -> dict[str, Any]:
        """For an address; the name goes there only if it is no number."""
        return {
            "kind": self.kind.data or None,
            "verb": self.verb.data or None,
            "since": self.since.data.isoformat() if self.since.data else None,
            "until": self.until.data.isoformat() if self.until.data else None,
        }
