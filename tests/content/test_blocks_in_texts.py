"""Lists, quotes and boxes in whatever text of a question they are written: what surrounds them may hold them."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from kind_samples import SAMPLES, questions
from markupsafe import escape
from pages import misnested

from lms.content.questions.base import Question, kinds
from lms.content.questions.match import Match
from lms.content.rendering.check_yourself import check_yourself
from lms.content.text import Text, with_html
from lms.learning.views.checking import TEMPLATE, Check, CheckedAnswer
from lms.quizzes.disclosure import Disclosure
from lms.web.fragments import macros

BLOCKS = ["<ul><li>a</li></ul>", "<blockquote><p>a</p></blockquote>", "<pre>a</pre>", "<p>a</p><ol><li>b</li></ol>"]
ALL_TOLD = Disclosure(*[True] * 8)


def with_blocks(question: Question, html: str) -> Question:
    """Cells of a table hold none, and the stem of gaps is in pieces."""
    told = {"stem": Text("x"), "explanation": Text("x"), "hints": (Text("x"),)}
    if question.kind in ("match", "gaps"):
        told.pop("stem")
        made = replace(question, **told)
        return replace(made, explanation=Text("", html=html), hints=(Text("", html=html),))
    return with_html(replace(question, **told), lambda text: replace(text, html=html))


@pytest.mark.parametrize("html", BLOCKS)
@pytest.mark.parametrize("kind", [kind for kind in SAMPLES if kinds.get(kind)])
def test_blocks_stand_wherever_a_question_is_shown(app, kind, html):
    asked = [with_blocks(one, html) for one in questions() if one.kind == kind]
    assert asked
    for question in asked:
        shown = [] if question.is_marked_by_people else [check_yourself(question, "id")]
        with app.test_request_context():
            of_kind = macros(f"questions/{kind}.html")
            for is_right in (True, False):
                answer = question.example(is_right=is_right, rng=Random(1))
                verdict = "right" if is_right else "wrong"
                checked = CheckedAnswer(Check(question, None), answer, verdict)
                shown += [
                    of_kind.inputs(question, answer, ""),
                    of_kind.review(question, answer, ALL_TOLD),
                    macros(TEMPLATE).form(checked.check, checked, ""),
                ]
            shown += [getattr(of_kind, name)(question, "a") for name in ("on_paper",) if hasattr(of_kind, name)]
        assert [fault for one in shown for fault in misnested(str(one))] == []


@pytest.mark.parametrize("words", ["> sehari", "1. Persiapan", "- 40", "# 3", "***"])
def test_a_cell_of_a_table_is_a_line(words):
    table = f"| kiri | kanan |\n| --- | --- |\n| {words} | satu |\n| b | {words} |\n"
    question = next(one for one in questions({"match": [table]}) if isinstance(one, Match))
    assert words in [one.text.source for one in question.rows]
    assert escape(words) in [one.text.html for one in question.rows]
    assert words in [one.words for one in question.partners]
