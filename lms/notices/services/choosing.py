"""Through which channels a person wants to be told. The inbox on the site is always there."""

from __future__ import annotations

from datetime import datetime

from lms.accounts.models import Person
from lms.core import ledger
from lms.core.db import db


def choose_channels(person: Person, *, wants_mail: bool, phone: str | None, now: datetime) -> None:
    """From now on. ``phone`` as ``phones.normalise`` gives it; None takes the number away."""
    before = {"wants_mail": person.wants_mail, "phone": person.phone}
    person.wants_mail, person.phone = wants_mail, phone
    changed = [name for name, value in before.items() if getattr(person, name) != value]
    if changed:
        ledger.record(person.id, "choose channels", f"person:{person.id}", now=now, changed=changed)
        db.session.flush()
