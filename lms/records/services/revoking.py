"""Taking a record back: it stays, with who, when and why, and is never made good again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from lms.core import ledger
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import lazy
from lms.records.models import Record


class AlreadyRevoked(Refusal):
    message = lazy("This certificate was revoked before; the first reason stands.")


def revoke_record(record: Record, reason: str, *, actor_id: int, now: datetime) -> None:
    """From now on the check page says "revoked" and the JP do not count.

    :raises AlreadyRevoked: somebody was quicker.
    """
    db.session.scalars(
        select(Record).where(Record.id == record.id).with_for_update().execution_options(populate_existing=True)
    ).one()
    if record.revoked_at is not None:
        raise AlreadyRevoked
    record.revoked_at, record.revoked_by, record.revoke_reason = now, actor_id, reason
    ledger.record(actor_id, "revoke record", f"record:{record.id}", now=now, number=record.number, reason=reason)
    db.session.flush()
