"""What journeys do in a quiz works with whatever the draw puts on the page."""

from __future__ import annotations

import pytest
from journey_steps import answer_somehow, give
from kind_samples import questions
from markupsafe import Markup

from lms.web.fragments import macros

pytestmark = [pytest.mark.browser, pytest.mark.once]
SENT = """() => [...new FormData(document.querySelector("#answer"))]
  .reduce((all, [name, value]) => ({...all, [name]: [...(all[name] || []), value]}), {})"""


@pytest.fixture
def page(chromium):
    with chromium.new_page() as page:
        yield page


@pytest.mark.parametrize("way", [answer_somehow, give])
def test_a_question_of_any_kind_is_answered(app, page, way):
    for question in questions():
        with app.test_request_context():
            inputs = macros(f"questions/{question.kind}.html").inputs(question, None, "")
        page.set_content(str(Markup('<form id="answer">{}</form>').format(inputs)))
        way(page, *((question,) if way is give else ()))
        answer = question.answer_from(page.evaluate(SENT))
        assert answer is not None, question.kind
        reading = question.reading(answer)
        assert way is answer_somehow or reading is None or reading.is_understood, question.kind
        assert way is answer_somehow or question.is_marked_by_people or question.score(answer) == 1, question.kind
