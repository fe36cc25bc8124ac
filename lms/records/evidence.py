"""Whether a record is what the ledger says was issued, and whether its revocation is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal, Protocol

from lms.records import snapshot

Disagreement = Literal["not-issued", "altered", "not-revoked", "revocation-undone"]
"""There is no entry of its issue; it differs from that entry; it was revoked without an entry; or the reverse."""

Facts = Sequence[Mapping[str, Any]]


class RecordColumns(Protocol):
    """The columns of a record."""

    enrolment_id: int
    person_id: int
    course_id: int
    number: str
    code: str
    jp: int
    completed_on: date
    snapshot: dict[str, Any]
    revoke_reason: str | None


def disagreement(record: RecordColumns, issued: Facts, revoked: Facts) -> Disagreement | None:
    """``issued`` and ``revoked`` are the facts of the ledger's entries about the record."""
    if len(issued) != 1:
        return "altered" if issued else "not-issued"
    values, [facts] = record.snapshot, issued
    stored = (snapshot.digest(values), record.number, record.enrolment_id, record.person_id)
    if stored != (facts["sha256"], facts["number"], facts["enrolment"], facts["person"]):
        return "altered"
    if "completed_on" in facts:  # earlier releases did not note it
        placed = record.course_id, record.completed_on.isoformat()
        if placed != (facts["course"], facts["completed_on"]):
            return "altered"
    if (record.number, record.code, record.jp) != (values["number"], values["code"], values["hours"]):
        return "altered"
    if revoked:
        return None if revoked[-1]["reason"] == record.revoke_reason else "revocation-undone"
    return "not-revoked" if record.revoke_reason is not None else None
