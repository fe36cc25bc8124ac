"""The outbox: mails as they are written, and what becomes of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import urlsplit

from sqlalchemy import update

from lms.core import ledger
from lms.core.db import db
from lms.core.i18n import gettext as _
from lms.core.i18n import speaking
from lms.notices.models import Notice
from lms.notices.queries import Mail
from lms.notices.services.settings import mail_from
from lms.notices.services.wording import words

MOST_TRIES = 60
"""Two days and more: between two tries of the night lie the quiet hours."""
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(minutes=30)
"""A server that was down for a day is not long in hearing of it when it is back."""
CHOICES = "/account/notices"


def compose(mail: Mail, *, site: str, base_url: str, sender: str) -> EmailMessage:
    """The mail in its reader's language. Its Message-ID is the notice's own: one that is sent twice is seen once."""
    notice, person = mail.notice, mail.person
    assert person.email is not None
    with speaking(person.language):
        told = words(notice.kind, notice.facts)
        paragraphs = [
            _("Dear %(name)s,", name=person.full_name),
            f"{told.title}.\n{told.body}",
            f"{base_url}{notice.link}",
            "-- \n"
            + _(
                "%(site)s. You may choose at any time whether you get mail: %(url)s", site=site, url=base_url + CHOICES
            ),
        ]
    message = EmailMessage()
    message["Subject"] = " ".join(told.title.split())
    message["From"] = Address(site, addr_spec=sender)
    message["To"] = person.email
    message["Date"] = format_datetime(notice.created_at)
    message["Message-ID"] = f"<notice.{notice.id}.{int(notice.created_at.timestamp())}@{urlsplit(base_url).hostname}>"
    message["List-Unsubscribe"] = f"<{base_url}{CHOICES}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("\n\n".join(paragraphs), cte="quoted-printable")
    return message


def sent(notice_id: int) -> None:
    """The server took it."""
    _change(notice_id, state="sent", error=None)


def dropped(notice_id: int) -> None:
    """Meanwhile it is not true any more, or the person has no address, wants no mail, or cannot sign in."""
    _change(notice_id, state="dropped")


def not_sent(notice: Notice, error: str, *, is_final: bool, now: datetime) -> None:
    """Put it off, each time for longer; after ``MOST_TRIES``, or where it is refused for good, give it up."""
    tries = notice.tries + 1
    is_over = is_final or tries >= MOST_TRIES
    wait = min(FIRST_WAIT * 2 ** min(notice.tries, 10), LONGEST_WAIT)
    due_at = notice.due_at if is_over else mail_from(now + wait)
    _change(notice.id, state="failed" if is_over else "waiting", tries=tries, due_at=due_at, error=error[:200])


def _change(notice_id: int, **values: object) -> None:
    """Only what still waits: one that was sent meanwhile stays sent."""
    waits = Notice.id == notice_id, Notice.state == "waiting"
    db.session.execute(update(Notice).where(*waits).values(**values).execution_options(synchronize_session=False))


def try_again(notices: Sequence[Notice], *, actor_id: int, now: datetime) -> int:
    """Begin anew with mails that were given up; gives their number."""
    failed = [notice for notice in notices if notice.state == "failed"]
    for notice in failed:
        notice.state, notice.tries, notice.due_at = "waiting", 0, now
        ledger.record(actor_id, "send again", f"notice:{notice.id}", now=now, person=notice.person_id)
    db.session.flush()
    return len(failed)
