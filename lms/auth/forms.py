"""Forms for signing in, passwords, the second factor and the language."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, HiddenField, PasswordField, StringField, ValidationError
from wtforms.validators import AnyOf, DataRequired, EqualTo, InputRequired, Length, Optional

from config import LANGUAGES
from lms.auth import one_time_codes, passkey, second_factor
from lms.auth.password_rules import MAX_LENGTH
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy
from lms.people import names
from lms.web.fields import Form, at_most, one_line

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


class ProofForm(Form):
    """A form whose fields are named with ``form_recovery.PROOF`` in front."""

    password = _password(lazy("Your password"), "current-password")


class LanguageForm(Form):
    language = StringField(validators=[AnyOf(LANGUAGES)])


def _app_code(*validators: Any) -> StringField:
    return StringField(
        lazy("6-digit code from the authenticator app"),
        filters=[lambda text: one_time_codes.normalise(text or "")],
        validators=list(validators),
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": "12"},
    )


class SetUpFactorForm(Form):
    sealed = HiddenField()
    """The secret in the picture of the page, encrypted for this person."""
    code = _app_code(InputRequired(lazy("Enter the 6 digits that the app shows.")))


class FactorForm(Form):
    """The second factor: one of the three fields."""

    passkey = HiddenField()
    """What passkey.js gets from the browser."""
    code = _app_code(Optional())
    recovery_code = StringField(
        lazy("Recovery code"),
        filters=[lambda text: one_time_codes.normalise(text or "")],
        validators=[Optional()],
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )
    has_app = True
    """Without an app, no code of one is asked for."""

    @property
    def typed(self) -> str:
        return str(self.recovery_code.data or self.code.data)

    def empty(self) -> None:
        """Each is good for one attempt."""
        self.passkey.data = self.code.data = self.recovery_code.data = ""

    def validate(self, extra_validators: Any = None) -> bool:
        """What cannot be a code is refused here, so that it does not count as a failed attempt."""
        if not super().validate(extra_validators):
            return False
        if self.passkey.data:
            return True
        if self.recovery_code.data and len(self.recovery_code.data) != one_time_codes.LENGTH:
            self.recovery_code.errors = [_("A recovery code has 10 letters and digits, such as ABCD-EFG-HJK.")]
            return False
        if not self.recovery_code.data and not self.has_app:
            self.recovery_code.errors = [_("Enter a recovery code.")]
            return False
        if not self.recovery_code.data and not second_factor.is_app_code(self.code.data):
            self.code.errors = [_("Enter the 6 digits that the app shows.")]
            return False
        return True


class SecondStepForm(FactorForm):
    remember = BooleanField(lazy("Remember this device for 30 days"))


class PasskeyForm(Form):
    answer = HiddenField()
    """What passkey.js gets from the browser."""
    name = StringField(
        lazy("Name of the passkey"),
        filters=[one_line],
        validators=[DataRequired(lazy("Enter a name, such as: my phone.")), at_most(passkey.MAX_NAME)],
        render_kw={"maxlength": str(passkey.MAX_NAME), "autocomplete": "off"},
    )
