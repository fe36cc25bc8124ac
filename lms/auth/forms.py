"""Forms for signing in, passwords and the language."""

from __future__ import annotations

from typing import Any

from wtforms import PasswordField, StringField, ValidationError
from wtforms.validators import AnyOf, EqualTo, InputRequired, Length

from config import LANGUAGES
from lms.auth import one_time_codes
from lms.auth.password_rules import MAX_LENGTH
from lms.core.i18n import lazy
from lms.people import names
from lms.web.fields import Form

_LOGIN_MISSING = lazy("Enter your NIP, NI PPPK or e-mail address.")
_SHOWN = {"data-show": lazy("Show"), "data-hide": lazy("Hide")}
"""Labels for password.js, which can show the password."""


def _login_name(**values: str) -> StringField:
    return StringField(
        lazy("NIP, NI PPPK or e-mail address"),
        filters=[lambda text: names.login_name(text or "")],
        validators=[InputRequired(_LOGIN_MISSING), Length(max=254, message=_LOGIN_MISSING)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", **values},
    )


def _password(label: Any, autocomplete: str, *validators: Any) -> PasswordField:
    return PasswordField(
        label,
        validators=[InputRequired(lazy("Enter the password.")), *validators],
        render_kw={"autocomplete": autocomplete, "maxlength": str(MAX_LENGTH), **_SHOWN},
    )


class SignInForm(Form):
    username = _login_name()
    password = _password(lazy("Password"), "current-password")


class CodeForm(Form):
    username = _login_name()
    code = StringField(
        lazy("One-time code"),
        filters=[lambda text: one_time_codes.normalise(text or "")],
        validators=[InputRequired(lazy("Enter the code that you were given."))],
        render_kw={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"},
    )

    def validate_code(self, field: StringField) -> None:
        """A code of the wrong length is refused here, so that it does not count as a failed attempt."""
        if len(field.data) != one_time_codes.LENGTH:
            raise ValidationError(
                lazy("A code has 10 letters and digits, such as ABCD-EFG-HJK. Check the code and try again.")
            )


class NewPasswordForm(Form):
    new_password = _password(lazy("New password"), "new-password")
    again = _password(
        lazy("Repeat the new password"),
        "new-password",
        EqualTo("new_password", lazy("The two passwords do not match. Enter both again.")),
    )


class ChangePasswordForm(NewPasswordForm):
    present_password = _password(lazy("Current password"), "current-password")


class LanguageForm(Form):
    language = StringField(validators=[AnyOf(LANGUAGES)])
