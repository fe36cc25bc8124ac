"""What must be known before a certificate is issued: afterwards it is frozen."""

from __future__ import annotations

from lms.core.errors import Refusal
from lms.core.i18n import LazyString, lazy
from lms.core.settings import Setting
from lms.people import ranks
from lms.people.models import Person
from lms.records.services.settings import ISSUER, SIGNATORY_NAME, CertificateSettings, certificate_settings


class NotReady(Refusal):
    setting: Setting
    """Where an admin fills it in."""


class NoSignatory(NotReady):
    setting = SIGNATORY_NAME
    message = lazy(
        "No certificate is issued while it is not known who signs it. An admin enters the name of the signatory under"
        " Manage → Settings. Nothing is lost."
    )


class NoIssuer(NotReady):
    setting = ISSUER
    message = lazy(
        "No certificate is issued without the name of the agency. An admin enters the issuing organisation under"
        " Manage → Settings. Nothing is lost."
    )


def missing_settings(settings: CertificateSettings) -> list[NotReady]:
    """Why no certificate can be issued to anybody now."""
    missing: list[NotReady] = []
    if not settings.signatory.name.strip():
        missing.append(NoSignatory())
    if not settings.issuer.strip():
        missing.append(NoIssuer())
    return missing


def missing_data(person: Person) -> list[LazyString]:
    """What the certificate would leave out because it is not known. Nobody is refused for it."""
    missing = []
    if person.status in ranks.STATUSES and not person.rank:
        missing.append(lazy("rank"))
    if not person.position:
        missing.append(lazy("position"))
    if person.unit_id is None:
        missing.append(lazy("unit"))
    return missing


def missing_now() -> list[NotReady]:
    return missing_settings(certificate_settings())


def check_settings(settings: CertificateSettings) -> None:
    """:raises NotReady: ``NoSignatory``, ``NoIssuer``."""
    for refusal in missing_settings(settings):
        raise refusal
