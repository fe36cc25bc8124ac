"""Reads of the files of answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select

from lms.core.db import db
from lms.quizzes.attempt_state import AttemptQuestion
from lms.quizzes.models import AnswerFile


def answer_file(file_id: int) -> AnswerFile | None:
    return db.session.get(AnswerFile, file_id)


def answer_files(file_ids: Sequence[int]) -> list[AnswerFile]:
    """In their order. Makes no query for none."""
    if not file_ids:
        return []
    found = {one.id: one for one in db.session.scalars(select(AnswerFile).where(AnswerFile.id.in_(file_ids)))}
    return [found[id] for id in file_ids if id in found]


def files_by_question(questions: Iterable[AttemptQuestion]) -> Mapping[str, list[AnswerFile]]:
    """Those of the answers that count, by question id. Most attempts have none, and this makes no query for them."""
    owners = {id: one.asked.id for one in questions for id in one.response.files}
    found: dict[str, list[AnswerFile]] = {}
    for file in answer_files(list(owners)):
        found.setdefault(owners[file.id], []).append(file)
    return found
