"""Whom people can ask, as the admin has written it under settings."""

from __future__ import annotations

from dataclasses import dataclass

from lms.core import settings
from lms.notices import whatsapp
from lms.notices.services import settings as ours


@dataclass(frozen=True)
class Contact:
    """Empty texts where nothing is set."""

    name: str
    role: str
    hours: str
    whatsapp: str
    phone: str
    email: str
    place: str

    @property
    def is_set(self) -> bool:
        """Whether there is a way to reach anybody."""
        return any((self.whatsapp, self.phone, self.email, self.place))

    def whatsapp_link(self, text: str) -> str | None:
        digits = whatsapp.number(self.whatsapp)
        return whatsapp.link(digits, text) if digits else None


def contact() -> Contact:
    return Contact(
        name=settings.value(ours.CONTACT_NAME),
        role=settings.value(ours.CONTACT_ROLE),
        hours=settings.value(ours.CONTACT_HOURS),
        whatsapp=settings.value(ours.CONTACT_WHATSAPP),
        phone=settings.value(ours.CONTACT_PHONE),
        email=settings.value(ours.CONTACT_EMAIL),
        place=settings.value(ours.CONTACT_PLACE),
    )
