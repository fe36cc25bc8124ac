"""What changes records, and the rules they are made by."""

from lms.records.services.issuing import (
    CannotBePrinted,
    HasLeft,
    Issued,
    NoCertificate,
    NoLongerComplete,
    NotCompleted,
    OwnRecord,
    StillValid,
    issue_record,
    issue_records,
    replace_record,
    what_lacks,
)
from lms.records.services.revoking import AlreadyRevoked, revoke_record
from lms.records.services.settings import jp_target, target

__all__ = [
    "AlreadyRevoked",
    "CannotBePrinted",
    "HasLeft",
    "Issued",
    "NoCertificate",
    "NoLongerComplete",
    "NotCompleted",
    "OwnRecord",
    "StillValid",
    "issue_record",
    "issue_records",
    "jp_target",
    "replace_record",
    "revoke_record",
    "target",
    "what_lacks",
]
