"""Question banks: a file is kept between the look and the import, which appends to a quiz of the draft."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from lms.authoring.bank_look import BankPage, bank_page, quiz_file
from lms.authoring.media_names import link_from
from lms.authoring.services import Source, SourceFile, media, save
from lms.authoring.services.media import AcceptedFile, MediaRefused
from lms.authoring.splice import shown
from lms.content.exchange.bank import Taken, UnreadableBank
from lms.content.markdown.problems import say
from lms.core import isolated, storage
from lms.core.errors import Refusal
from lms.core.i18n import lazy
from lms.core.site import site_key
from lms.lib import sealed

FOLDER = "banks"
LARGEST = 20 * 1024 * 1024
READING_SECONDS = 60
READING_MEGABYTES = 1536
KEPT = timedelta(days=7)
_PURPOSE = "question bank"


class BankTooLarge(Refusal):
    message = lazy("The file is larger than 20 MB. Split it into several files. Nothing was imported.")
    status = 413


class QuizEndsOpen(Refusal):
    """What is appended would not be read as questions."""

    message = lazy(
        "The text of this quiz does not end cleanly (a code fence or a comment is open), so nothing was imported."
        " Mend the end of the quiz, then press the button again."
    )
    status = 422


class PictureNotTaken(Refusal):
    message = lazy("Picture %(name)s of “%(title)s”: %(why)s Untick this question to import the others.")
    status = 422


def keep(data: bytes, *, person_id: int, course_id: int, path: str, now: datetime) -> str:
    """Store a file for the person who looks at it, and return what its page hands back. Slow.

    :raises BankTooLarge: nothing was stored.
    """
    if len(data) > LARGEST:
        raise BankTooLarge
    facts = [storage.save(data, FOLDER).key, person_id, course_id, path, now.isoformat()]
    return sealed.seal(json.dumps(facts), _PURPOSE, site_key())


def kept(token: str, *, person_id: int, course_id: int, path: str, now: datetime) -> bytes | None:
    """The file; None if it was kept for somebody or something else, or too long ago."""
    text = sealed.opened(token, _PURPOSE, site_key())
    if text is None:
        return None
    key, *whose, at = json.loads(text)
    if whose != [person_id, course_id, path] or datetime.fromisoformat(at) < now - KEPT:
        return None
    try:
        return storage.read(key)
    except storage.FileMissing:
        return None


def look(data: bytes, file: SourceFile, number: int) -> BankPage:
    """Read a file in a process of its own. Slow.

    :raises UnreadableBank: with the reason.
    """
    try:
        return isolated.run(
            bank_page, data, file.path, file.data, number, seconds=READING_SECONDS, megabytes=READING_MEGABYTES
        )
    except (isolated.TookTooLong, isolated.BrokeDown) as error:
        what = say("it takes too long to read")
        raise UnreadableBank(what, say("split it into several files")) from error


def append(
    before: Source,
    course_id: int,
    file: SourceFile,
    questions: Sequence[Taken],
    pictures: Mapping[str, AcceptedFile],
    *,
    actor_id: int,
    now: datetime,
) -> SourceFile:
    """Append questions to a quiz of the draft and add their pictures. What stood there before keeps its bytes.

    :param pictures: by their links in the questions (``accepted``).

    :param before: with the texts read (``with_texts``).
    :raises QuizEndsOpen: nothing was saved.
    :raises lms.authoring.services.FileChanged: nothing was saved, nor with the refusals of ``save``.
    """
    sources = [one.source for one in questions]
    for link, picture in pictures.items():
        added = media.add(before, course_id, picture, actor_id=actor_id, now=now)
        sources = [one.replace(link, link_from(file.path, added.path)) for one in sources]
    text = with_questions(shown(file.data), sources)
    heads = quiz_file(file.path, file.data).heads
    after = quiz_file(file.path, text.encode())
    if after.document is not None and len(after.heads) != len(heads) + len(questions):
        raise QuizEndsOpen
    return save(before, course_id, file.path, text, file.sha256, actor_id=actor_id, now=now)


def accepted(questions: Iterable[Taken]) -> dict[str, AcceptedFile]:
    """The pictures of questions, stored and made ready for pages, by their links. Slow, and changes no rows.

    :raises PictureNotTaken: one of them cannot be part of a course.
    """
    found: dict[str, AcceptedFile] = {}
    for one in questions:
        for picture in one.pictures:
            if picture.link in found:
                continue
            try:
                found[picture.link] = media.accept(picture.name, picture.data)
            except MediaRefused as refusal:
                words = {"title": one.question.title[:80], "name": picture.name[:80], "why": refusal.text}
                raise PictureNotTaken(**words) from refusal
    return found


def with_questions(text: str, sources: Iterable[str]) -> str:
    """The text of a quiz with more questions at its end, a blank line before each."""
    gap = "" if text.endswith("\n\n") else "\n" if text.endswith("\n") else "\n\n"
    return text + gap + "\n".join(sources)


def delete_old(now: datetime) -> int:
    """Delete files whose look is over."""
    return storage.delete_before(FOLDER, now - KEPT)
