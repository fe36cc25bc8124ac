"""Forms to grant roles and to change their terms."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Optional

from lms.core.i18n import gettext as _
from lms.core.i18n import lazy
from lms.people import names
from lms.web.fields import Choices, Day, id_or_none, not_before, options
from lms.web.open_forms import OpenForm


class TermForm(OpenForm):
    """The term of a role, and for heads whether they are deputies."""

    is_deputy = BooleanField(lazy("Deputy head (Plt. or Plh.)"))
    starts_on = Day(lazy("From"), validators=[Optional()])
    ends_on = Day(lazy("Until and including"), validators=[Optional(), not_before("starts_on")])

    def term(self) -> dict[str, Any]:
        return {name: self[name].data for name in ("is_deputy", "starts_on", "ends_on")}


class HeadForm(TermForm):
    """Make a person head of a unit."""

    unit_id = SelectField(lazy("Head of"), coerce=id_or_none, validators=[InputRequired(lazy("Choose a unit."))])

    def __init__(self, units: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"prefix": "head-", **kwargs})
        self.unit_id.choices = options(units, first=_("– choose a unit –"))


class AgencyForm(TermForm):
    """Make a person admin of an agency (instansi)."""

    is_deputy = None
    unit_id = SelectField(lazy("Admin of"), coerce=id_or_none, validators=[InputRequired(lazy("Choose an agency."))])

    def __init__(self, agencies: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"prefix": "agency-", **kwargs})
        self.unit_id.choices = options(agencies, first=_("– choose an agency –"))

    def term(self) -> dict[str, Any]:
        return {"starts_on": self.starts_on.data, "ends_on": self.ends_on.data}


class UnitHeadForm(TermForm):
    """Make somebody, identified by login name, head of a unit."""

    login = StringField(
        lazy("NIP, NI PPPK or e-mail address"),
        filters=[lambda text: names.login_name(text or "")],
        validators=[DataRequired(lazy("Enter the number or the e-mail address."))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"prefix": "head-", **kwargs})
