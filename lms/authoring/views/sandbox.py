"""Markdown or a question is pasted, shown, answered and marked. Nothing is stored."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask_login import current_user
from markupsafe import Markup

from lms.authoring.services import sandbox
from lms.authoring.services.checking import NoPreview
from lms.authoring.views.blueprint import bp
from lms.content.checks_in_html import pieces
from lms.content.items.module import Module
from lms.content.questions.base import InvalidAnswer, Question
from lms.core.i18n import gettext as _
from lms.core.i18n import say_message
from lms.quizzes.disclosure import EVERYTHING
from lms.web.access import role
from lms.web.rate_limits import limiter


@bp.route("/teach/sandbox", methods=["GET", "POST"])
@role("instructor", "admin")
@limiter.limit("30/minute", methods=["POST"], key_func=lambda: str(current_user.id))
def try_out() -> Any:
    text = request.form.get("source", "")
    if not text.strip():
        return _page(text)
    if len(text) > sandbox.MAX_LENGTH:
        message = _(
            "This text is longer than %(most)s characters. Paste a shorter part of it.", most=sandbox.MAX_LENGTH
        )
        return _page(text, message=message), 422
    try:
        result = sandbox.try_text(text)
    except NoPreview:
        message = _("This text takes too long to render: simplify lists, quotes and brackets.")
        return _page(text, message=message), 422
    return _page(text, result=result, **_answered(result))


def _answered(result: sandbox.SandboxResult) -> dict[str, Any]:
    key = request.form.get("question", "")
    question = next((one for one in result.questions if one.id == key), None)
    if question is None:
        return {}
    try:
        answer = question.answer_from(request.form.to_dict(flat=False))
    except InvalidAnswer as invalid:
        return {"asked": key, "refused": say_message(invalid.message)}
    if answer is None:
        return {"asked": key, "refused": _("Choose or write an answer first.")}
    return {"asked": key, "marked": sandbox.mark_answer(question, answer)}


def _page(text: str, *, result: sandbox.SandboxResult | None = None, **more: Any) -> str:
    parts: list[tuple[Markup, Question | None]] = []
    if result and isinstance(result.item, Module):
        by_id = {one.id: one for one in result.questions}
        parts = [(Markup(one.html), by_id.get(one.key)) for one in pieces(result.item.body_html)]  # noqa: S704  (rendered)
    elif result and result.item:
        parts = [
            *((Markup(html), None) for html in result.item.pages_html),  # noqa: S704  (rendered)
            *((Markup(), one) for one in result.questions),
        ]
    return render_template(
        "authoring/sandbox.html",
        source=text,
        result=result,
        parts=parts,
        longest=sandbox.MAX_LENGTH,
        everything=EVERYTHING,
        **more,
    )
