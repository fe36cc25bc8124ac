"""One form for all settings that packages declare."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from wtforms import BooleanField, Field, HiddenField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired

from lms.admin import setting_text
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy
from lms.core.settings import Setting
from lms.web.fields import Choices, Form, options


class SettingsForm(Form):
    """A field per setting, with the text that was shown: settings that the admin did not change stay unchanged,
    even if somebody else has changed it meanwhile."""

    def field_of(self, rule: Setting) -> Field:
        return self[f"rule_{rule.name}"]

    def shown_of(self, rule: Setting) -> Field:
        return self[f"shown_{rule.name}"]

    def new_value(self, rule: Setting) -> Any | None:
        """What the admin wrote for a rule; None where nothing was touched."""
        new = setting_text.read(_written(self.field_of(rule)), rule.kind)
        return None if new == setting_text.read(_written(self.shown_of(rule)), rule.kind) else new


def settings_form(values: Mapping[Setting, Any]) -> SettingsForm:
    """The form with the present ``values``."""
    fields: dict[str, Any] = {}
    for rule, value in values.items():
        needed = [] if _may_be_empty(rule) else [InputRequired(lazy("This setting needs a value."))]
        text = setting_text.shown(rule.kind(value))
        more: dict[str, Any] = {"validators": [*needed, _checked_by(rule)], "default": text}
        fields[f"rule_{rule.name}"] = _field(rule, **more)
        fields[f"shown_{rule.name}"] = HiddenField(default=text)
    form = type("AllSettings", (SettingsForm,), fields)()
    assert isinstance(form, SettingsForm)
    return form


def _field(rule: Setting, **more: Any) -> Field:
    if rule.kind is bool:
        return BooleanField(rule.label, **more)
    if rule.choices:
        return SelectField(rule.label, choices=options(rule.choices), **more)
    return (TextAreaField if rule.is_long else StringField)(rule.label, **more)


def _written(field: Field) -> str:
    return setting_text.shown(field.data or "")


def _may_be_empty(rule: Setting) -> bool:
    return rule.kind is bool or (rule.kind is str and rule.check("") is None)


def _checked_by(rule: Setting) -> Callable[[Form, Field], None]:
    def check(_form: Form, field: Field) -> None:
        try:
            value = setting_text.read(_written(field), rule.kind)
        except setting_text.NotANumber as error:
            text = _("Write a whole number.") if error.is_whole else _("Write a number, such as 70 or 70,5.")
            raise ValidationError(text) from None
        complaint = rule.check(value)
        if complaint:
            raise ValidationError(complaint)

    return check


class AuditFilter(Form):
    """Which entries of the ledger are listed. Sent by post, as ``PeopleFilter`` is."""

    name = StringField(lazy("Name or NIP of a person"))
    kind = SelectField(lazy("Kind of thing"), default="")

    def __init__(self, kinds: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = options(kinds, first=_("all kinds"))
