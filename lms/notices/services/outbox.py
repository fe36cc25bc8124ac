"""The outbox: composing mails and recording whether they were sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import urlsplit

from sqlalchemy import update

from lms.core import ledger
from lms.core.db import db
from lms.core.i18n import gettext as _
from lms.core.i18n import in_language
from lms.notices import unsubscribe_tokens
from lms.notices.models import Notice
from lms.notices.notice_text import sentence
from lms.notices.queries import OutgoingMail
from lms.notices.services.settings import mail_from
from lms.notices.services.wording import translate

MAX_TRIES = 60
"""More than two days, since nothing is sent in quiet hours."""
FIRST_WAIT = timedelta(minutes=1)
MAX_WAIT = timedelta(minutes=30)
"""Short enough to send the mails soon after a long outage of the mail server."""


def compose(mail: OutgoingMail, *, site: str, base_url: str, sender: str, secret: str) -> EmailMessage:
    """The mail in the recipient's language. A repeat has the same Message-ID, so that mail clients show it once."""
    from email.headerregistry import Address  # only the worker sends mails

    notice, person = mail.notice, mail.person
    assert person.email is not None
    unsubscribe_url = f"{base_url}/unsubscribe/{unsubscribe_tokens.token(person.id, secret)}"
    with in_language(person.language):
        text = translate(notice.kind, mail.facts)
        paragraphs = [
            _("Dear %(name)s,", name=person.full_name),
            f"{sentence(text.title)}\n{text.body}",
            f"{base_url}{notice.link}",
            "-- \n" + _("%(site)s. To get no more e-mail, without signing in: %(url)s", site=site, url=unsubscribe_url),
        ]
    message = EmailMessage()
    message["Subject"] = " ".join(text.title.split())
    message["From"] = Address(site, addr_spec=sender)
    message["To"] = person.email
    message["Date"] = format_datetime(notice.created_at)
    message["Message-ID"] = f"<notice.{notice.id}.{int(notice.created_at.timestamp())}@{urlsplit(base_url).hostname}>"
    message["List-Unsubscribe"] = f"<{unsubscribe_url}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("\n\n".join(paragraphs), cte="quoted-printable")
    return message


def mark_sent(notice_id: int) -> None:
    _change(notice_id, state="sent", error=None)


def drop(notice_id: int) -> None:
    """Do not send it: it is out of date, or the person has no address, wants no mail or has been deactivated."""
    _change(notice_id, state="dropped")


def postpone(notice: Notice, error: str, *, is_final: bool, now: datetime) -> None:
    """Try again later, waiting longer each time. Give up after ``MAX_TRIES``, or at once if ``is_final``."""
    tries = notice.tries + 1
    is_over = is_final or tries >= MAX_TRIES
    wait = min(FIRST_WAIT * 2 ** min(notice.tries, 10), MAX_WAIT)
    due_at = notice.due_at if is_over else mail_from(now + wait)
    _change(notice.id, state="failed" if is_over else "waiting", tries=tries, due_at=due_at, error=error[:200])


def _change(notice_id: int, **values: object) -> None:
    """Change a waiting notice; one that was sent in the meantime stays sent."""
    still_waiting = Notice.id == notice_id, Notice.state == "waiting"
    db.session.execute(
        update(Notice).where(*still_waiting).values(**values).execution_options(synchronize_session=False)
    )


def try_again(notices: Sequence[Notice], *, actor_id: int, now: datetime) -> int:
    """Put failed mails back into the outbox; returns how many."""
    failed = [notice for notice in notices if notice.state == "failed"]
    for notice in failed:
        notice.state, notice.tries, notice.due_at = "waiting", 0, now
        ledger.record(actor_id, "send again", f"notice:{notice.id}", now=now, person=notice.person_id)
    db.session.flush()
    return len(failed)
