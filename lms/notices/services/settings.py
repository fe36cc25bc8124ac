"""Settings for quiet hours and the help contact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from email_validator import EmailNotValidError, validate_email

from lms.core import settings
from lms.core.i18n import lazy, to_site_time
from lms.core.settings import Setting
from lms.notices import whatsapp
from lms.notices.quiet import next_awake
from lms.people import phones

MAIL = lazy("E-mail")
CONTACT = lazy("Contact admin")
MAX_LENGTH = 200


def _hour(value: int) -> str | None:
    return None if 0 <= value <= 23 else str(lazy("Enter an hour from 0 to 23."))


def _text(value: str) -> str | None:
    return None if len(value) <= MAX_LENGTH else str(lazy("At most %(most)s characters.", most=MAX_LENGTH))


def _phone(value: str) -> str | None:
    if not value or phones.normalise(value):
        return None
    return str(lazy("Not a valid phone number. It should look like 0812 3456 7890."))


def _address(value: str) -> str | None:
    try:
        if value:
            validate_email(value, check_deliverability=False)
    except EmailNotValidError:
        return str(lazy("Not a valid e-mail address. It should look like nama@contoh.go.id."))
    return None


QUIET_FROM = Setting(
    "quiet_from",
    20,
    group=MAIL,
    label=lazy("Stop e-mail at this hour"),
    hint=lazy("E-mail from the evening and the night is sent in the morning. The inbox on the site is not affected."),
    check=_hour,
)
QUIET_UNTIL = Setting(
    "quiet_until",
    7,
    group=MAIL,
    label=lazy("Resume e-mail at this hour"),
    hint=lazy("Enter the same hour in both fields to send e-mail at any time."),
    check=_hour,
)
CONTACT_NAME = Setting(
    "contact_name", "", group=CONTACT, label=lazy("Contact person"), hint=lazy("Name of a person."), check=_text
)
CONTACT_ROLE = Setting("contact_role", "", group=CONTACT, label=lazy("Position or office"), check=_text)
CONTACT_HOURS = Setting(
    "contact_hours",
    "",
    group=CONTACT,
    label=lazy("Opening hours"),
    hint=lazy("For example: Monday to Friday, 08.00–15.00 WIT."),
    check=_text,
)
CONTACT_WHATSAPP = Setting("contact_whatsapp", "", group=CONTACT, label=lazy("WhatsApp number"), check=_phone)
CONTACT_PHONE = Setting("contact_phone", "", group=CONTACT, label=lazy("Telephone"), check=_phone)
CONTACT_EMAIL = Setting("contact_email", "", group=CONTACT, label=lazy("E-mail"), check=_address)
CONTACT_PLACE = Setting(
    "contact_place", "", group=CONTACT, label=lazy("Place"), hint=lazy("Building, floor, room."), check=_text
)


def mail_from(moment: datetime) -> datetime:
    """The first moment from ``moment`` on at which a mail may be sent."""
    return next_awake(to_site_time(moment), settings.value(QUIET_FROM), settings.value(QUIET_UNTIL))


@dataclass(frozen=True)
class HelpContact:
    """The help contact, as set by an admin. Fields that are not set are empty."""

    name: str
    role: str
    hours: str
    whatsapp: str
    phone: str
    email: str
    place: str

    @property
    def is_set(self) -> bool:
        return any((self.whatsapp, self.phone, self.email, self.place))

    def whatsapp_link(self, text: str) -> str | None:
        digits = whatsapp.number(self.whatsapp)
        return whatsapp.link(digits, text) if digits else None


def help_contact() -> HelpContact:
    names = ("name", "role", "hours", "whatsapp", "phone", "email", "place")
    found = settings.values(settings.registered[f"contact_{name}"] for name in names)
    return HelpContact(*(found[f"contact_{name}"] for name in names))
