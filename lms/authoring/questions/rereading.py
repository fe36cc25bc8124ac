"""Reading a question again after writing it, to see whether it says what was meant."""

from __future__ import annotations

from collections.abc import Sequence

from lms.authoring.questions.reading import QuestionFile, SourceQuestion, read_questions
from lms.authoring.questions.values import canonical


class UnwritableQuestion(Exception):
    """Markdown would read the texts of these fields as something else."""

    def __init__(self, fields: Sequence[str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = tuple(fields)


def says(raw: bytes, expected: Sequence[object]) -> bool:
    found = read_questions(raw)
    return found is not None and [fingerprint(found, one) for one in found.questions] == list(expected)


def fingerprint(file: QuestionFile, question: SourceQuestion) -> object:
    """What a question says, by its id."""
    return question.id, canonical(question.values) if question.values else file.text(question)
