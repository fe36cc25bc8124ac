"""The shapes of what an admin says about a course."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from lms.core.i18n import lazy


class InstructorForm(FlaskForm):  # type: ignore[misc]
    login = StringField(lazy("NIP, NI PPPK or e-mail"), [DataRequired(lazy("Say who.")), Length(max=254)])


class ParticipantsForm(FlaskForm):  # type: ignore[misc]
    """One login name a line."""

    logins = TextAreaField(
        lazy("NIP, NI PPPK or e-mail, one a line"),
        [
            DataRequired(lazy("Name at least one person.")),
            Length(max=20_000, message=lazy("At most 20,000 characters.")),
        ],
    )

    def lines(self) -> list[str]:
        return [line.strip() for line in (self.logins.data or "").splitlines() if line.strip()]
