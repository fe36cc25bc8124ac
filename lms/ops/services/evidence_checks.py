"""Records the checks of the ledger, and mails the newest signed head to an address outside the site."""

from __future__ import annotations

import itertools
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from lms.core import ledger_heads, mail, settings
from lms.core.db import db, reading_snapshot
from lms.core.i18n import gettext as _
from lms.core.i18n import ngettext, say_moment
from lms.ops import queries
from lms.ops.models import EvidenceCheck
from lms.ops.services import evidence
from lms.ops.services.settings import HEAD_ADDRESS

MAX_STORED = 50


def begin_check(*, now: datetime) -> EvidenceCheck:
    row = EvidenceCheck(started_at=now, found=[])
    db.session.add(row)
    db.session.flush()
    return row


def found_disagreements() -> tuple[int, list[list[str]]]:
    """How many there are, and the first of them. Reads the whole ledger and all that rests on it."""
    with reading_snapshot():
        found = evidence.examine()
        first = [[one.what, one.reason] for one in itertools.islice(found, MAX_STORED)]
        return len(first) + sum(1 for _one in found), first


def finish_check(row: EvidenceCheck, count: int, first: list[list[str]], *, now: datetime) -> None:
    row.finished_at, row.disagreements, row.found = now, count, first
    db.session.flush()


def fail_check(row: EvidenceCheck, error: Exception, *, now: datetime) -> None:
    row.finished_at, row.error = now, type(error).__name__
    db.session.flush()


def mail_head(server: mail.MailServer, site: str, *, now: datetime) -> bool:
    """Mail the last check with the newest signed head, once. Returns whether a mail was sent.

    :raises MailServerGone: try again later.
    :raises MailNotTaken: the server refused the address.
    """
    address, check = settings.value(HEAD_ADDRESS), queries.last_evidence_check(is_finished=True)
    if not address or check is None or check.mailed_at is not None:
        return False
    with mail.sending(server) as send:
        send(_message(check, address, server.sender, site, now))
    check.mailed_at = now
    db.session.flush()
    return True


def _message(check: EvidenceCheck, address: str, sender: str, site: str, now: datetime) -> EmailMessage:
    count = check.disagreements or 0
    result = (
        ngettext("%(num)s disagreement.", "%(num)s disagreements.", count)
        if count
        else _("Certificates, grades and answers agree with the activity log.")
    )
    message = EmailMessage()
    message["Subject"] = _("%(site)s: activity log of %(moment)s", site=site, moment=say_moment(check.started_at))
    message["From"], message["To"] = sender, address
    message["Date"], message["Message-ID"] = format_datetime(now), make_msgid(domain="localhost")
    message.set_content(
        "\n\n".join(
            [
                str(result),
                _("Head of the log: %(head)s", head=ledger_heads.printed_head() or "–"),
                _("Keep this mail. It shows later that the log was not replaced: lms ledger verify --printed HEAD"),
            ]
        )
    )
    return message
