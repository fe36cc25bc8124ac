"""The form for notification settings."""

from __future__ import annotations

from wtforms import BooleanField, StringField, ValidationError
from wtforms.validators import Length

from lms.core.i18n import gettext as _
from lms.core.i18n import lazy
from lms.people import phones
from lms.web.fields import Form


class ChannelsForm(Form):
    wants_mail = BooleanField(lazy("Also send by e-mail"))
    phone = StringField(
        lazy("WhatsApp number"), validators=[Length(max=40, message=lazy("At most %(max)d characters."))]
    )

    @property
    def number(self) -> str | None:
        """The number as stored; None if the field is empty."""
        return phones.normalise(self.phone.data or "")

    def validate_phone(self, field: StringField) -> None:
        if (field.data or "").strip() and self.number is None:
            raise ValidationError(_("Not a valid phone number. It should look like 0812 3456 7890."))
