"""Forms for checking a code, issuing, searching and revoking."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_wtf.file import FileField
from wtforms import HiddenField, IntegerField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from lms.core.i18n import gettext as _
from lms.core.i18n import lazy
from lms.lib.digits import whole_number
from lms.records import codes
from lms.records.numbering import HIGHEST
from lms.web.fields import Form, one_line


class CertificateCodeForm(Form):
    """Sent by GET without a token, so that it works on a page that has been open for long."""

    class Meta:
        csrf = False

    code = StringField(
        lazy("Code on the certificate"),
        validators=[InputRequired(lazy("Type the code next to the QR code."))],
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )

    def validate_code(self, field: StringField) -> None:
        if not codes.normalise(field.data or ""):
            raise ValidationError(_("The code has letters and digits; type them as they are printed."))


class IssueToAllForm(Form):
    """``newest`` is the id of the newest batch when the page was rendered: sent twice, it starts one batch.

    ``seen`` is the mark of what was on the page (``preview.mark_of_all``). ``complete`` leaves out people whose data
    are incomplete.
    """

    newest = HiddenField()
    seen = HiddenField()
    complete = HiddenField()

    @property
    def newest_id(self) -> int | None:
        return whole_number(self.newest.data or "")


class IssueForm(IssueToAllForm):
    """The enrolments to issue certificates for."""

    enrolment = SelectMultipleField(
        lazy("Participants"), coerce=int, validators=[InputRequired(lazy("Choose at least one participant."))]
    )

    def __init__(self, enrolment_ids: Sequence[int], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.enrolment.choices = [(one, "") for one in enrolment_ids]


class SearchForm(Form):
    """Sent by POST: a NIP must not be in an address."""

    q = StringField(lazy("Number, code, name or NIP"), filters=[one_line])


class LastNumberForm(Form):
    year = HiddenField()
    last = IntegerField(
        lazy("Last running number that was printed"),
        validators=[
            InputRequired(lazy("Enter a whole number, using digits only.")),
            NumberRange(0, HIGHEST, lazy("A whole number from %(least)s to %(most)s.", least=0, most=HIGHEST)),
        ],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )


class EmblemForm(Form):
    """``do`` is ``remove``, or empty to upload ``file``."""

    do = HiddenField()
    file = FileField(lazy("PNG or JPEG picture, at most 1 MB"), render_kw={"accept": "image/png,image/jpeg"})

    def validate_file(self, field: FileField) -> None:
        if self.do.data != "remove" and not field.data:
            raise ValidationError(_("Choose the picture."))


class ReplaceForm(Form):
    """``seen``: see ``IssueToAllForm``."""

    seen = HiddenField()


class RevokeForm(Form):
    reason = TextAreaField(
        lazy("Reason"),
        filters=[one_line],
        validators=[
            DataRequired(lazy("Write a reason. It stays with the certificate for good.")),
            Length(max=500, message=lazy("At most %(max)d characters.")),
        ],
    )
