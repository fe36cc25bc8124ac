"""What the agency decides: who is responsible for the data, whom to ask, and what it adds to the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lms.core import settings
from lms.core.i18n import LazyString, lazy
from lms.core.settings import Setting
from lms.records.services.settings import ISSUER

GROUP = lazy("Privacy")


def _text(most: int) -> Callable[[str], str | None]:
    return lambda value: None if len(value) <= most else str(lazy("At most %(most)s characters.", most=most))


def _setting(name: str, label: LazyString, hint: LazyString, most: int, default: str = "") -> Setting:
    return Setting(name, default, group=GROUP, label=label, hint=hint, check=_text(most), is_long=most > 200)


CONTROLLER = _setting(
    "privacy_controller",
    lazy("Who is responsible for the data"),
    lazy("The agency by its full name. Empty: the issuing organisation of certificates."),
    200,
)
OFFICER = _setting(
    "privacy_contact",
    lazy("Contact for questions about personal data"),
    lazy("Name or office, telephone, e-mail. Empty: the help contact."),
    200,
)
PURPOSE = _setting(
    "privacy_purpose",
    lazy("More about the purpose"),
    lazy("For example, the rules on which the agency bases its training. Shown on the privacy page."),
    1000,
    "Pelatihan diselenggarakan karena setiap ASN wajib mengembangkan kompetensinya secara terus-menerus"
    " (UU 20/2023 Pasal 49).",
)
RETENTION = _setting(
    "privacy_retention",
    lazy("How long records of training are kept"),
    lazy("By the agency's retention schedule (JRA). Empty: the page says that the agency has not stated it here."),
    1000,
)


@dataclass(frozen=True)
class PrivacySettings:
    controller: str
    officer: str
    purpose: str
    retention: str


def privacy_settings() -> PrivacySettings:
    found = settings.values((CONTROLLER, OFFICER, PURPOSE, RETENTION, ISSUER))
    return PrivacySettings(
        controller=found[CONTROLLER.name] or found[ISSUER.name],
        officer=found[OFFICER.name],
        purpose=found[PURPOSE.name],
        retention=found[RETENTION.name],
    )
