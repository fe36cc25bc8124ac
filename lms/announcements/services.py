"""Announce, correct and withdraw."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import update

from lms.announcements import queries
from lms.announcements.models import Announcement
from lms.core import ledger
from lms.core.db import db, insert_if_missing
from lms.core.errors import Refusal
from lms.core.i18n import lazy

KEY = ("course_id", "author_id", "number")


class AnnouncementSent(Refusal):
    message = lazy(
        "From this page “%(title)s” was sent already, with other words or to others; it stands in the list below. To"
        " change it, correct it there. To send what is here as a further announcement, press the button once more."
    )


class AnnouncementChanged(Refusal):
    message = lazy(
        "Somebody has corrected this announcement in the meantime. Nothing was changed, and your text is still here."
        " What participants read now: “%(title)s”, %(text)s"
    )


class AnnouncementWithdrawn(Refusal):
    message = lazy("This announcement was withdrawn in the meantime. Nothing was changed; write a new one instead.")


class AnnouncementWords(NamedTuple):
    title: str
    text: str


def announce(
    course_id: int, cohort_id: int | None, words: AnnouncementWords, *, number: int, actor_id: int, now: datetime
) -> Announcement:
    """Sent twice under the same ``number``, it is announced once.

    :raises AnnouncementSent: under this number, other words were announced or to others.
    """
    values: dict[str, Any] = {"course_id": course_id, "author_id": actor_id, "number": number}
    values |= {"cohort_id": cohort_id, **words._asdict(), "created_at": now, "told_at": now}
    added = insert_if_missing(Announcement, KEY, **values, version=1, told_number=1)
    found = queries.by_number(course_id, actor_id, number)
    assert found is not None
    if added is None:
        if (found.cohort_id, *_words(found)) != (cohort_id, *words):
            raise AnnouncementSent(title=found.title)
        return found
    _record("announce", found, actor_id=actor_id, now=now)
    return found


def correct(
    one: Announcement, words: AnnouncementWords, *, version: int, tells_again: bool, actor_id: int, now: datetime
) -> None:
    """``version`` is the one that was corrected. With ``tells_again``, the participants are notified once more.

    :raises Refusal: one of ``AnnouncementWithdrawn``, ``AnnouncementChanged``.
    """
    if _words(one) == words and one.version == version and not tells_again and one.withdrawn_at is None:
        return
    values: dict[str, Any] = {**words._asdict(), "version": version + 1, "corrected_at": now}
    if tells_again:
        values |= {"told_number": Announcement.told_number + 1, "told_at": now}
    same = Announcement.id == one.id, Announcement.version == version, Announcement.withdrawn_at.is_(None)
    done = db.session.connection().execute(update(Announcement).where(*same).values(**values))
    db.session.refresh(one)
    if done.rowcount:
        _record("correct announcement", one, actor_id=actor_id, now=now)
    elif one.withdrawn_at is not None:
        raise AnnouncementWithdrawn
    elif _words(one) != words:
        raise AnnouncementChanged(title=one.title, text=one.text)


def withdraw(one: Announcement, *, actor_id: int, now: datetime) -> None:
    open_one = update(Announcement).where(Announcement.id == one.id, Announcement.withdrawn_at.is_(None))
    done = db.session.connection().execute(open_one.values(withdrawn_at=now))
    db.session.refresh(one)
    if done.rowcount:
        _record("withdraw announcement", one, actor_id=actor_id, now=now)


def _words(one: Announcement) -> AnnouncementWords:
    return AnnouncementWords(one.title, one.text)


def _record(verb: str, one: Announcement, *, actor_id: int, now: datetime) -> None:
    cohort = {"cohort": one.cohort_id} if one.cohort_id else {}
    ledger.record(actor_id, verb, f"course:{one.course_id}", now=now, title=one.title, **cohort)
