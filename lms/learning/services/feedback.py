"""What graders write to learners, as it is stored."""

from __future__ import annotations

from typing import NamedTuple

from lms.content.rendering.markdown_html import TextTooComplex, render_plain
from lms.core.errors import Refusal
from lms.core.i18n import lazy


class FeedbackTooComplex(Refusal):
    message = lazy("This feedback is too long or too complex to be shown. Please simplify it.")


class Feedback(NamedTuple):
    text: str
    html: str


def rendered_feedback(text: str) -> Feedback:
    """:raises FeedbackTooComplex:"""
    tidy = text.replace("\r\n", "\n").strip()
    try:
        return Feedback(tidy, render_plain(tidy) if tidy else "")
    except TextTooComplex as error:
        raise FeedbackTooComplex from error
