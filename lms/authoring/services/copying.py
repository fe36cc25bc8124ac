"""Questions copied from another course into a quiz, with the pictures and other files that they link to."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lms.authoring import queries
from lms.authoring.media_names import free_path
from lms.authoring.models import CourseDraftFile, QuestionOrigin
from lms.authoring.questions.copying import copied_text, with_copies
from lms.authoring.questions.reading import QuestionFile, SourceQuestion, read_questions
from lms.authoring.services import Source, SourceFile, refuse_long
from lms.authoring.services.outlining import change
from lms.authoring.structure import FolderEdit, linked_files, relinked
from lms.content.folder.ids import MAX_ID_LENGTH, NAMELESS
from lms.content.markdown.names import TakenNames, slugify
from lms.content.rendering.captions import captions_of
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import lazy

_ID = re.compile(r"[{\s]#([a-z0-9-]+)(?=[\s}])")


class NothingTicked(Refusal):
    message = lazy("Nothing is ticked, so nothing was copied. Tick the questions that you want.")
    status = 422


@dataclass(frozen=True)
class PickedQuestion:
    """A question to copy, and where it is from, as its row will say."""

    path: str
    number: int
    item: str


@dataclass(frozen=True)
class QuestionCopies:
    """The copies before they are written: the quiz, its files by their new paths, and the new ids in order."""

    text: bytes
    media: Mapping[str, SourceFile]
    ids: tuple[str, ...]
    from_ids: tuple[str, ...]
    items: tuple[str, ...]


def copies_of(
    theirs: Source, picked: Sequence[PickedQuestion], before: Source, path: str, taken_ids: Collection[str]
) -> QuestionCopies:
    """The questions of another course at the end of a quiz. Slow, and changes nothing.

    :param before: the source of the course, with its texts read.
    :param taken_ids: ids that rows name and no text has any more.
    :raises NothingTicked: none was picked.
    :raises lms.authoring.questions.editing.UnwritableQuestion: one of them would say something else there.
    """
    if not picked:
        raise NothingTicked
    file = read_questions(before.files[path].data)
    assert file is not None
    names = TakenNames({*_ids(before), *taken_ids})
    media: dict[str, SourceFile] = {}
    found: list[tuple[SourceQuestion, str]] = []
    texts: dict[str, QuestionFile | None] = {}
    ids = []
    for one in picked:
        if one.path not in texts:
            texts[one.path] = read_questions(theirs.files[one.path].data)
        older = texts[one.path]
        assert older is not None
        question = older.questions[one.number - 1]
        ids.append(names.take(slugify(question.title, MAX_ID_LENGTH) or NAMELESS))
        text = copied_text(older, question, ids[-1])
        found.append((question, _with_files(text, one.path, path, theirs, before, media)))
    return QuestionCopies(
        with_copies(file, found),
        media,
        tuple(ids),
        tuple(question.id for question, _text in found),
        tuple(one.item for one in picked),
    )


def _ids(found: Source) -> set[str]:
    """All ids that may be in use. Reading the texts properly would take seconds, so there may be one too many."""
    texts = (one.data.decode(errors="replace") for one in found.files.values() if one.is_text)
    return {id_ for text in texts for id_ in _ID.findall(text)}


def _with_files(text: str, path: str, new: str, theirs: Source, before: Source, media: dict[str, SourceFile]) -> str:
    """The text with links to files of this course. Files that the course lacks are put into ``media``."""
    others = [one.path for one in theirs.files.values() if not one.is_text]
    renames: dict[str, str] = {}
    for linked in linked_files(text, path, others):
        renames[linked] = _place(theirs.files[linked], before, media)
        for _language, captions in captions_of(linked, others):
            ending = captions[len(linked.rpartition(".")[0]) :]
            media.setdefault(renames[linked].rpartition(".")[0] + ending, theirs.files[captions])
    return relinked(text, path, new, others, renames)


def _place(file: SourceFile, before: Source, media: dict[str, SourceFile]) -> str:
    known = (*before.files.values(), *(SourceFile(path, one.sha256, None, one.key) for path, one in media.items()))
    there = next((one.path for one in known if one.sha256 == file.sha256 and not one.is_text), None)
    if there is not None:
        return there
    path = free_path(posixpath.basename(file.path), [*before.files, *media])
    media[path] = file
    return path


def copy(
    before: Source,
    course_id: int,
    state: str,
    path: str,
    made: QuestionCopies,
    from_course: tuple[int, str, int | None],
    *,
    actor_id: int,
    now: datetime,
) -> None:
    """Put the copies into the draft, which is made if there is none.

    :param before: the source that they were made for; ``state`` is that of the source that was shown.
    :param from_course: the id of the course, its title, and the number of the revision if it was not a draft.
    :raises lms.authoring.services.DraftChanged: the draft is another one now. Nothing was copied.
    :raises lms.authoring.services.SourceTooLong: nothing was copied.
    """
    refuse_long(made.text)
    change(before, course_id, state, FolderEdit(texts={path: made.text}), actor_id=actor_id, now=now)
    draft = queries.draft(course_id)
    assert draft is not None
    for new, file in made.media.items():
        row = CourseDraftFile(draft_id=draft.id, path=new, key=file.key, sha256=file.sha256, version=0)
        row.changed_at, row.changed_by = now, actor_id
        db.session.add(row)
    from_id, title, revision = from_course
    for new_id, old_id, item in zip(made.ids, made.from_ids, made.items, strict=True):
        db.session.add(
            QuestionOrigin(
                course_id=course_id,
                question_id=new_id,
                from_course_id=from_id,
                from_question_id=old_id,
                from_title=f"{title}: {item}"[:300],
                from_revision=revision,
                copied_at=now,
                copied_by=actor_id,
            )
        )
    db.session.flush()
