"""Periodic jobs: notify people of events and deadlines, send mails. Each may be repeated or interrupted."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from functools import partial
from operator import attrgetter
from urllib.parse import urlsplit

from flask import current_app

from lms.core import clock, mail
from lms.core.db import db, reading
from lms.core.mail import MailNotTaken, MailServer, MailServerGone
from lms.core.site import site_key
from lms.core.small_transactions import Parts
from lms.notices import queries
from lms.notices.notifications import Notification
from lms.notices.queries import OutgoingMail
from lms.notices.services import announcing, events, inbox, meetings, outbox

log = logging.getLogger(__name__)

BATCH_SIZE = 50
MAX_MAILS = 1000
"""Per run."""


def notify_new_events() -> int:
    """Notify people of new enrolments, marks and certificates; returns the number of new notices.

    While one of them causes an error, the next sweep begins where this one did: nobody is left out.
    """
    now, parts = clock.now(), Parts(log)
    with reading():
        since = inbox.sweep_from(now)
        found = events.new_events(since, now=now, parts=parts)
        db.session.rollback()
    count = _notify(found, parts)
    _renew_announcements(since, parts)
    parts.end()
    inbox.record_sweep(now)
    db.session.commit()
    return count


def notify_deadlines() -> int:
    """Notify people of deadlines that are near or have just passed, and of meetings that begin soon; returns the number
    of new notices."""
    now, parts = clock.now(), Parts(log)
    with reading():
        found = events.near_deadlines(now=now, parts=parts) + meetings.near_meetings(now=now, parts=parts)
        db.session.rollback()
    count = _notify(found, parts)
    parts.end()
    return count


def _notify(notifications: Sequence[Notification], parts: Parts) -> int:
    """Commit after each batch, so that other writers need not wait for all of them."""
    with reading():
        sent = queries.already_sent(one.key for one in notifications)
        db.session.rollback()
    new = [one for one in notifications if (one.person_id, one.key) not in sent]
    return parts.commit_batches(new, _notify_some, "making the notice %s", key=attrgetter("key"))


def _notify_some(notifications: list[Notification]) -> int:
    return len(inbox.notify(notifications, now=clock.now()))


def _renew_announcements(since: datetime, parts: Parts) -> None:
    """Notices of announcements that were corrected or withdrawn; after those that are new, which may have old words."""
    with reading():
        outdated = announcing.outdated_notices(since, parts)
        db.session.rollback()
    for facts, notice_ids in outdated:
        parts.commit_batches(notice_ids, partial(announcing.renew_facts, facts), "renewing notice %s", key=int)


def send_mails() -> int:
    """Send the mails that are due; returns how many were accepted. No transaction is open meanwhile."""
    server = mail.server(current_app.config["MAIL_URL"])
    count = 0
    while count < MAX_MAILS:
        with reading():
            batch = queries.mails_due(clock.now(), BATCH_SIZE)
            db.session.expunge_all()
            db.session.rollback()
        accepted = _send(server, batch) if batch else None
        if accepted is None:
            break
        count += accepted
    return count


def _send(server: MailServer, batch: Sequence[OutgoingMail]) -> int | None:
    """How many of the batch were accepted; None if the server cannot be reached."""
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
            outbox.postpone(one.notice, str(error), is_final=False, now=clock.now())
        db.session.commit()
        return None
    return done


def _sent(send: mail.Send, one: OutgoingMail, sender: str) -> bool:
    """True if the mail was accepted. Its row is committed at once, so that a crash repeats at most one mail."""
    is_accepted = False
    try:
        message = _composed(one, sender)
        if message is None:
            outbox.drop(one.notice.id)
        else:
            send(message)
            outbox.mark_sent(one.notice.id)
            is_accepted = True
    except MailNotTaken as error:
        log.warning("mail of notice %s: %s", one.notice.id, error)
        outbox.postpone(one.notice, str(error), is_final=error.is_final, now=clock.now())
    db.session.commit()
    return is_accepted


def _composed(one: OutgoingMail, sender: str) -> EmailMessage | None:
    """None if it is not to be sent any more.

    :raises MailNotTaken: composing failed, which is a bug and must not delay other mails.
    """
    config, secret = current_app.config, site_key()
    site, base_url = config["SITE_NAME"], config["BASE_URL"]
    try:
        if not one.is_wanted:
            return None
        return outbox.compose(one, site=site, base_url=base_url, sender=sender, secret=secret)
    except Exception as error:
        log.exception("mail of notice %s cannot be composed", one.notice.id)
        raise MailNotTaken(type(error).__name__, is_final=True) from error


def _sender(server: MailServer) -> str:
    return server.sender or f"belajar@{urlsplit(current_app.config['BASE_URL']).hostname}"
