"""Forms for people and units."""

from __future__ import annotations

from typing import Any

from wtforms import SelectField, StringField, SubmitField, ValidationError
from wtforms.validators import DataRequired, Email, InputRequired, Optional, Regexp

from lms.core.i18n import gettext as _
from lms.core.i18n import lazy
from lms.people import names, nip, phones, ranks
from lms.people.details import PersonDetails, likely_status
from lms.people.services import numbers
from lms.people.services.statuses import STATUSES, UNIT_KINDS
from lms.web.fields import Choices, Form, at_most, id_or_none, name_text, one_line, options
from lms.web.open_forms import OpenForm


class PersonForm(OpenForm):
    """``units`` are the choices for the unit, which is required if ``needs_unit``.

    ``save_anyway`` is the button that saves in spite of the warnings shown.
    """

    nip = StringField(lazy("NIP or NI PPPK"))
    email = StringField(
        lazy("E-mail address"),
        filters=[lambda text: names.address(text or "")],
        validators=[
            Optional(),
            Email(lazy("Not a valid e-mail address. It should look like nama@contoh.go.id.")),
            at_most(254),
        ],
    )
    phone = StringField(lazy("WhatsApp number"), filters=[one_line])
    name = StringField(
        lazy("Name without titles"),
        filters=[name_text],
        validators=[
            DataRequired(lazy("Enter the person's name.")),
            at_most(160),
        ],
    )
    title_before = StringField(
        lazy("Titles before the name"),
        filters=[name_text],
        validators=[at_most(60)],
    )
    title_after = StringField(
        lazy("Titles after the name"),
        filters=[name_text],
        validators=[at_most(100)],
    )
    status = SelectField(lazy("Employment status"))
    rank = SelectField(lazy("Rank"))
    position = StringField(
        lazy("Position"),
        filters=[name_text],
        validators=[at_most(160)],
    )
    unit_id = SelectField(lazy("Unit"), coerce=id_or_none)
    save_anyway = SubmitField()

    def __init__(
        self, units: Choices, *args: Any, is_new: bool = False, needs_unit: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if self.nip.data and not self.is_submitted():
            self.nip.data = nip.formatted(self.nip.data)
        self.status.choices = options(STATUSES.items(), first=_("Detect from the number") if is_new else "")
        self.status.flags.required = not is_new
        written = [(rank, ranks.written(rank)) for rank in ranks.PNS_RANKS]
        plain = [(rank, rank) for rank in ranks.PPPK_RANKS]
        self.rank.choices = [
            *options(written, first=_("– none –"), group=_("PNS and CPNS")),
            *options(plain, group=_("PPPK")),
        ]
        self.unit_id.choices = options(units, first=_("– choose a unit –") if needs_unit else _("– none –"))
        if needs_unit:
            self.unit_id.validators = [InputRequired(lazy("Choose a unit."))]
            self.unit_id.flags.required = True

    def validate_nip(self, field: StringField) -> None:
        if nip.normalise(field.data or ""):
            problem = nip.problem_of(field.data)
            if problem is not None:
                raise ValidationError(numbers.nip_problem_text(problem, field.data))
        elif not self.email.data:
            raise ValidationError(_("Enter a NIP, a NI PPPK or an e-mail address. One of them is needed to sign in."))

    def validate_phone(self, field: StringField) -> None:
        if field.data and phones.normalise(field.data) is None:
            raise ValidationError(_("Not a valid phone number. It should look like 0812 3456 7890."))

    def details(self) -> PersonDetails:
        """Call this only on a valid form."""
        number = nip.normalise(self.nip.data or "") or None
        return PersonDetails(
            nip=number,
            email=self.email.data or None,
            name=self.name.data,
            title_before=self.title_before.data,
            title_after=self.title_after.data,
            status=self.status.data or likely_status(number),
            rank=self.rank.data,
            position=self.position.data,
            unit_id=self.unit_id.data,
            phone=phones.normalise(self.phone.data or ""),
        )


class DeactivationForm(Form):
    reason = StringField(
        lazy("Reason"),
        filters=[one_line],
        validators=[
            DataRequired(lazy("Enter a short reason, such as “retired” or “moved to another agency”.")),
            at_most(200),
        ],
    )


class UnitForm(OpenForm):
    """``is_top``: the unit is an agency, and its kind is not asked for."""

    name = StringField(
        lazy("Name of the unit"),
        filters=[name_text],
        validators=[
            DataRequired(lazy("Enter the name of the unit.")),
            at_most(160),
            Regexp(
                "^[^>›»]*$", message=lazy("Leave out the character >. Lists use it to separate the units of a path.")
            ),
        ],
    )
    kind = SelectField(lazy("Kind"), validators=[InputRequired(lazy("Choose a kind."))])

    def __init__(self, *args: Any, is_top: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fitting = [(kind, label) for kind, label in UNIT_KINDS.items() if (kind == "instansi") == is_top]
        self.kind.choices = options(fitting)


class MoveForm(Form):
    """The new parent of a unit."""

    parent_id = SelectField(lazy("Move under"), coerce=id_or_none, validators=[InputRequired(lazy("Choose a unit."))])

    def __init__(self, units: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"prefix": "move-", **kwargs})
        self.parent_id.choices = options(units, first=_("– choose a unit –"))


class MergeForm(Form):
    """The unit that another one is merged into."""

    into = SelectField(lazy("Merge into"), coerce=id_or_none, validators=[InputRequired(lazy("Choose a unit."))])

    def __init__(self, units: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.into.choices = options(units, first=_("– choose a unit –"))


class PeopleFilter(Form):
    """Filters of the list of people. Sent by POST, because a whole NIP must not appear in a URL."""

    q = StringField(lazy("Name, NIP, position or unit"))
    unit = SelectField(lazy("Unit"), coerce=id_or_none)
    state = SelectField(
        lazy("State"),
        choices=options(
            [
                ("active", lazy("active")),
                ("inactive", lazy("inactive")),
                ("all", lazy("all")),
                ("demo", lazy("active demo accounts")),
            ]
        ),
        default="active",
    )

    def __init__(self, units: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit.choices = options(units, first=_("all units"))
