"""What the clock does about notices. Each run finds its work in rows; run twice or cut short, it harms nothing."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from email.message import EmailMessage
from urllib.parse import urlsplit

from flask import current_app

from lms.core import clock, mail
from lms.core.db import db, reading
from lms.core.mail import MailNotTaken, MailServer, MailServerGone
from lms.notices import queries, services
from lms.notices.occasions import Occasion
from lms.notices.parts import in_parts
from lms.notices.queries import Mail

log = logging.getLogger(__name__)

MAILS_AT_ONCE = 50
MOST_MAILS = 1000
"""In one run; the next follows soon."""


def notice_what_happened() -> int:
    """Tell of new enrolments, marks and certificates; gives how many notices were new."""
    now = clock.now()
    with reading():
        found = services.what_happened(services.told_since(now), now=now)
        db.session.rollback()
    count = _tell(found)
    services.note_told_until(now)
    db.session.commit()
    return count


def notice_deadlines() -> int:
    """Tell of ends that are near or just gone by; gives how many notices were new."""
    with reading():
        found = services.what_ends(now=clock.now())
        db.session.rollback()
    return _tell(found)


def _tell(occasions: Sequence[Occasion]) -> int:
    """A part at a time, each committed on its own: other writers come between."""
    with reading():
        told = queries.told_already(occasion.key for occasion in occasions)
        db.session.rollback()
    new = [occasion for occasion in occasions if (occasion.person_id, occasion.key) not in told]
    count = 0
    for few in in_parts(new):
        count += len(services.tell(few, now=clock.now()))
        db.session.commit()
    return count


def send_mails() -> int:
    """Send what is due; gives how many mails the server took. No transaction is open while it is spoken to."""
    server = mail.server(current_app.config["MAIL_URL"])
    count = 0
    while count < MOST_MAILS:
        with reading():
            batch = queries.mails_due(clock.now(), MAILS_AT_ONCE)
            db.session.expunge_all()
            db.session.rollback()
        taken = _send(server, batch) if batch else None
        if taken is None:
            break
        count += taken
    return count


def _send(server: MailServer, batch: Sequence[Mail]) -> int | None:
    """How many of the batch were taken; None where there is no server to speak to."""
    done = 0
    left = list(batch)
    try:
        with mail.sending(server) as send:
            while left:
                done += _sent(send, left[0], _sender(server))
                left.pop(0)
    except MailServerGone as error:
        log.warning("mail server: %s; %s mails wait", error, len(left))
        for one in left:
            services.not_sent(one.notice, str(error), is_final=False, now=clock.now())
        db.session.commit()
        return None
    return done


def _sent(send: mail.Send, one: Mail, sender: str) -> bool:
    """Whether this mail was taken. Its row is committed at once: a crash then repeats at most this one."""
    taken = False
    if not one.is_wanted:
        services.dropped(one.notice.id)
    else:
        try:
            send(_composed(one, sender))
            services.sent(one.notice.id)
            taken = True
        except MailNotTaken as error:
            log.warning("mail of notice %s: %s", one.notice.id, error)
            services.not_sent(one.notice, str(error), is_final=error.is_final, now=clock.now())
    db.session.commit()
    return taken


def _composed(one: Mail, sender: str) -> EmailMessage:
    """:raises MailNotTaken: it cannot be written; a fault of ours, which holds up no other mail."""
    config = current_app.config
    try:
        return services.compose(one, site=config["SITE_NAME"], base_url=config["BASE_URL"], sender=sender)
    except Exception as error:
        log.exception("mail of notice %s cannot be written", one.notice.id)
        raise MailNotTaken(type(error).__name__, is_final=True) from error


def _sender(server: MailServer) -> str:
    return server.sender or f"belajar@{urlsplit(current_app.config['BASE_URL']).hostname}"
