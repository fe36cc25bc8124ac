"""Questions to check oneself in a module: what was chosen is answered, and nothing is recorded.

The forms are part of the text that is cached for all readers, with ``TOKENS`` where each needs the reader's own. The
answered form takes the place of the empty one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flask import flash, redirect, request, url_for
from flask_login import current_user
from markupsafe import Markup

from lms.content.checks_in_html import NearestHeading, pieces
from lms.content.items.base import Item
from lms.content.items.module import Module
from lms.content.questions.base import InvalidAnswer, Question
from lms.core.i18n import gettext as _
from lms.core.i18n import say_message
from lms.courses import queries as courses
from lms.web import form_recovery
from lms.web.fragments import macros
from lms.web.rate_limits import limiter

FIELD = "check"
"""The name of the field that says which question is asked."""
TOKENS = Markup('<input name="tokens">')
TEMPLATE = "learning/_check.html"


@dataclass(frozen=True)
class Check:
    """A question of a module. ``heading`` is the nearest one above, to read again."""

    question: Question
    heading: NearestHeading | None


@dataclass(frozen=True)
class CheckedAnswer:
    """``verdict`` is ``right``, ``partly`` or ``wrong``; ``none`` where nothing was chosen, with ``error`` why."""

    check: Check
    answer: Any
    verdict: str
    error: str = ""

    @property
    def tells_explanation(self) -> bool:
        """An explanation names the right answer: before one has it, only where nothing is said of what was chosen."""
        question = self.check.question
        return self.verdict == "right" or not question.feedback_on(self.answer)


def with_forms(item: Item, html: str) -> Markup:
    """The text of an item with a form for each of the questions in it."""
    checks = _checks(item, html)
    if not checks:
        return Markup(html)  # noqa: S704 - made by the renderer
    parts = (
        _form(checks[piece.key]) if piece.key in checks else Markup(piece.html)  # noqa: S704
        for piece in pieces(html)
    )
    return Markup("").join(parts)


def personal(html: Markup, checked: CheckedAnswer | None = None) -> Markup:
    """The text for one reader, with the question that was just answered."""
    if TOKENS not in html:
        return html
    if checked:
        html = html.replace(_form(checked.check), _form(checked.check, checked))
    return html.replace(TOKENS, form_recovery.form_tokens())


def is_asked() -> bool:
    return request.method == "POST" and FIELD in request.form


@limiter.limit("60/minute", key_func=lambda: str(current_user.id))
def answered(item_revision_id: int, page: Callable[[CheckedAnswer], str]) -> Any:
    """The reply to an answer: the page with it, or for the script what is said to it."""
    html = courses.item_version(item_revision_id).body_html
    check = _checks(courses.item_content(item_revision_id), html).get(request.form[FIELD])
    if check is None:
        return _is_gone()
    checked = _checked_answer(check, request.form)
    status = 422 if checked.error else 200
    if form_recovery.wants_json():
        return {"verdict": checked.verdict, "said": str(macros(TEMPLATE).said(checked))}, status
    return page(checked), status


def _checked_answer(check: Check, form: Any) -> CheckedAnswer:
    question = check.question
    try:
        answer = question.answer_from(form.to_dict(flat=False))
    except InvalidAnswer as invalid:
        return CheckedAnswer(check, None, "none", say_message(invalid.message))
    if answer is None:
        return CheckedAnswer(check, None, "none", _("Choose or write an answer first."))
    share = question.score(answer)
    return CheckedAnswer(check, answer, "right" if share == 1 else "partly" if share > Fraction(0) else "wrong")


def _is_gone() -> Any:
    """The module was published anew since the page was opened."""
    text = _("This question has changed meanwhile. Please read the module again.")
    if form_recovery.wants_json():
        return {"verdict": "none", "said": str(macros(TEMPLATE).problem(text))}, 422
    flash(text)
    return redirect(url_for(request.endpoint or "", **(request.view_args or {})))


def _checks(item: Item, html: str) -> Mapping[str, Check]:
    """The questions of a module by their keys."""
    questions = {one.id: one for one in item.checks} if isinstance(item, Module) else {}
    return {piece.key: Check(questions[piece.key], piece.heading) for piece in pieces(html) if piece.key in questions}


def _form(check: Check, checked: CheckedAnswer | None = None) -> Markup:
    form: Markup = macros(TEMPLATE).form(check, checked, TOKENS)
    return form
