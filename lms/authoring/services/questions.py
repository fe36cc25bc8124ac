"""Questions of a draft's file: found again after somebody else's edit, and shown as learners see them."""

from __future__ import annotations

import hashlib

from lms.authoring.questions.reading import QuestionFile, SourceQuestion, read_questions
from lms.authoring.services import Source, SourceFile, of_revision
from lms.authoring.services.checking import PREVIEW_SECONDS, CheckedDraft, NoPreview, media_base, media_named_in
from lms.content.folder.outline import lay_out
from lms.content.items.quiz import Quiz
from lms.content.questions.base import Question
from lms.content.rendering.course import render_item
from lms.content.rendering.markdown_html import TextTooComplex
from lms.core import isolated


def digest(file: QuestionFile, question: SourceQuestion) -> str:
    """The SHA-256 of the question's own lines."""
    return hashlib.sha256(file.text(question).encode()).hexdigest()


def same_question(file: QuestionFile, wanted: str, number: int) -> SourceQuestion | None:
    """The question whose lines are those of ``wanted``; of several, the nearest to ``number``."""
    found = [one for one in file.questions if digest(file, one) == wanted]
    return min(found, key=lambda one: abs(one.number - number)) if found else None


def removed_questions(
    revision_id: int | None, path: str, file: QuestionFile
) -> tuple[QuestionFile, list[SourceQuestion]]:
    """The published questions with an id that the draft no longer has, also if their file lies elsewhere by now."""
    published = _published_file(of_revision(revision_id), path) if revision_id else None
    older = read_questions(published.data) if published else None
    if older is None or older.type != "quiz":
        return file, []
    ids = {one.id for one in file.questions}
    return older, [one for one in older.questions if one.id and one.id not in ids]


def _published_file(published: Source, path: str) -> SourceFile | None:
    """The file of the same item: moving it changes its number and folder, and never the name after the number."""
    names = {item.slug: item.path for item in lay_out(published.files).items}
    here = next(iter(lay_out([path]).items), None)
    return published.files.get(names.get(here.slug, path) if here else path)


def place_of(older: QuestionFile, question: SourceQuestion, file: QuestionFile) -> int:
    """The number at which a removed question is put back: after the last of its predecessors that is still there."""
    numbers = {one.id: one.number for one in file.questions if one.id}
    before = [numbers[one.id] for one in older.questions[: question.number] if one.id in numbers]
    return before[-1] + 1 if before else 0


def preview_question(slug: str, draft: Source, checked: CheckedDraft, path: str, line: int) -> Question | None:
    """The question with rendered texts, made in a process of its own; None where it cannot be read.

    :raises NoPreview: it cannot be rendered.
    """
    found = checked.item_file(path)
    question = next((one for one in found.questions if one.line == line), None) if found else None
    if question is None:
        return None
    slugs = {one.path: one.slug for one in checked.folder.outline.items}
    item = Quiz(path=path, slug="", title="", questions=(question,))
    media = media_named_in(draft, path, media_base(slug))
    try:
        return isolated.run(render_item, item, slug, slugs, media, "id", seconds=PREVIEW_SECONDS).questions[0]
    except (TextTooComplex, isolated.TookTooLong, isolated.BrokeDown) as error:
        raise NoPreview from error
