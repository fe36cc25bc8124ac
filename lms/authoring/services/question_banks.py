"""Question banks: a look at a file, and its import, which appends to a quiz of the draft."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from lms.authoring.bank_look import BankPage, bank_page, quiz_file
from lms.authoring.media_names import link_from
from lms.authoring.services import Source, SourceFile, media, save
from lms.authoring.services.media import AcceptedFile, MediaRefused
from lms.authoring.splice import editable_text
from lms.content.exchange.bank import ImportedQuestion, UnreadableBank
from lms.content.markdown.problems import say
from lms.core import isolated
from lms.core.errors import Refusal
from lms.core.i18n import lazy

MAX_BYTES = 20 * 1024 * 1024
READING_SECONDS = 60
READING_MEGABYTES = 1536


class BankTooLarge(Refusal):
    message = lazy("The file is larger than 20 MB. Split it into several files. Nothing was imported.")
    status = 413


class QuizEndsOpen(Refusal):
    """The end of the quiz is open: what follows would not be read as questions."""

    message = lazy(
        "The text of this quiz does not end cleanly (a code fence or a comment is open), so nothing was imported."
        " Fix the end of the quiz, then press the button again."
    )
    status = 422


class PictureNotTaken(Refusal):
    message = lazy("Picture %(name)s of “%(title)s”: %(why)s Untick this question to import the others.")
    status = 422


def preview_bank(data: bytes, file: SourceFile, number: int) -> BankPage:
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
    questions: Sequence[ImportedQuestion],
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
    text = with_questions(editable_text(file.data), sources)
    heads = quiz_file(file.path, file.data).heads
    after = quiz_file(file.path, text.encode())
    if after.document is not None and len(after.heads) != len(heads) + len(questions):
        raise QuizEndsOpen
    return save(before, course_id, file.path, text, file.sha256, actor_id=actor_id, now=now)


def accepted(questions: Iterable[ImportedQuestion]) -> dict[str, AcceptedFile]:
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
