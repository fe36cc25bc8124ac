"""Questions to check oneself, as they stand in a module's stored HTML.

Pages show a form in the place of each, which answers what was chosen (``lms.learning.views.checking``). The words are
in the course's language, for they are part of its text. Elements, classes and attributes must stay as they are:
``lms.content.checks_in_html`` finds the questions by them, in every revision ever published.
"""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, Template
from markupsafe import Markup

from lms.content.questions.base import Question
from lms.content.questions.templates import template_of

WORDS = {
    "id": {
        "title": "Cek pemahaman",
        "show": "Periksa jawaban",
        "right": "Benar",
        "wrong": "Belum tepat",
        "accepted": "Jawaban",
        "yours": "Jawaban Anda",
        "true": "Benar",
        "false": "Salah",
    },
    "en": {
        "title": "Check yourself",
        "show": "Check the answer",
        "right": "Right",
        "wrong": "Not quite",
        "accepted": "Answer",
        "yours": "Your answer",
        "true": "True",
        "false": "False",
    },
}


def check_yourself(question: Question, language: str) -> str:
    """``question`` has its texts rendered."""
    words = WORDS.get(language, WORDS["id"])
    macros = _template(type(question)).module  # type: ignore[arg-type]
    return Markup(
        '<div class="check" role="group" aria-labelledby="{id}"><p class="check__title">{title}</p>'
        '<div class="check__stem" id="{id}">{stem}</div>{inputs}'
        "<details><summary>{show}</summary>{answer}{explanation}</details></div>"
    ).format(
        id=question.id,
        title=words["title"],
        stem=question.stem,
        inputs=macros.check_inputs(question, words),  # type: ignore[attr-defined]
        show=words["show"],
        answer=macros.check_solution(question, words),  # type: ignore[attr-defined]
        explanation=Markup("<div>{}</div>").format(question.explanation) if question.explanation else "",
    )


_ENVIRONMENT = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)


@cache
def _template(kind: type[Question]) -> Template:
    """Loaded by class, because courses are rendered in a process in which only built-in kinds are registered."""
    return _ENVIRONMENT.from_string(template_of(kind).read_text(encoding="utf-8"))
