"""The form on the page before publishing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from wtforms import HiddenField, RadioField, SelectChoice, StringField, TimeField
from wtforms.validators import Optional

from lms.core.i18n import at_site_time, lazy
from lms.core.i18n import gettext as _
from lms.web.fields import Day, Form, at_most, one_line

NOW, LATER = "now", "later"


class PublicationForm(Form):
    """``digest`` and ``revision`` name what the page has shown."""

    digest = HiddenField()
    revision = HiddenField()
    enrolment = RadioField(
        lazy("Who may enrol?"), choices=[SelectChoice("open", ""), SelectChoice("list", "")], validate_choice=False
    )
    reason = StringField(lazy("Why must the course be this heavy?"), [Optional(), at_most(300)], [one_line])
    when = RadioField(lazy("When?"), choices=[SelectChoice(NOW, ""), SelectChoice(LATER, "")], default=NOW)
    day = Day(lazy("Day"), [Optional()])
    at = TimeField(lazy("Time of day"), [Optional()], format=["%H:%M", "%H.%M", "%H:%M:%S"])

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if self.when.data == NOW and self._has_moment:
            self.day.errors = [_("You chose “now” and entered a moment too. Choose one of the two.")]
        elif self.when.data == LATER and self.day.data is None:
            self.day.errors = [_("Enter the day on which it is to be published.")]
        elif self.when.data == LATER and self.at.data is None:
            self.at.errors = [_("Enter the time at which it is to be published.")]
        return not self.errors

    @property
    def _has_moment(self) -> bool:
        return self.day.data is not None or self.at.data is not None

    @property
    def opens(self) -> bool:
        return bool(self.enrolment.data == "open")

    @property
    def seen(self) -> tuple[str, str]:
        return self.digest.data or "", self.revision.data or ""

    @property
    def publish_at(self) -> datetime | None:
        """The moment that was chosen, in the site's zone. None: now."""
        if self.when.data != LATER:
            return None
        return at_site_time(self.day.data, self.at.data)
