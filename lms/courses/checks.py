"""Questions to check oneself, as they stand in a module: plain HTML that answers without a server or script.

One marks an option, opens the answer, and reads what each option means. The
words are in the course's language, for they are part of its text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

WORDS = {
    "id": {
        "title": "Cek pemahaman",
        "show": "Periksa jawaban",
        "right": "Benar",
        "wrong": "Belum tepat",
        "accepted": "Jawaban",
        "yours": "Jawaban Anda",
    },
    "en": {
        "title": "Check yourself",
        "show": "Check the answer",
        "right": "Right",
        "wrong": "Not quite",
        "accepted": "Answer",
        "yours": "Your answer",
    },
}


def check_html(question: Mapping[str, Any], language: str) -> str:
    """``question`` as ``lms.courses.compiling`` makes it; its HTML parts are safe already."""
    words = WORDS.get(language, WORDS["id"])
    answer = _accepted(question, words) if question["kind"] == "short" else _options(question, words)
    explanation = _safe(question["explanation_html"])
    return Markup(
        '<div class="check" role="group" aria-labelledby="{id}"><p class="check__title">{title}</p>'
        '<div class="check__stem" id="{id}">{stem}</div>{inputs}'
        "<details><summary>{show}</summary>{answer}{explanation}</details></div>"
    ).format(
        id=question["id"],
        title=words["title"],
        stem=_safe(question["stem_html"]),
        inputs=_inputs(question, words),
        show=words["show"],
        answer=answer,
        explanation=_paragraph(explanation),
    )


def _inputs(question: Mapping[str, Any], words: Mapping[str, str]) -> Markup:
    if question["kind"] == "short":
        return Markup('<input name="{}" aria-label="{}" autocomplete="off">').format(question["id"], words["yours"])
    kind = "radio" if question["kind"] == "single" else "checkbox"
    return Markup("").join(
        Markup('<label class="choice"{right}><input type="{kind}" name="{id}"><span>{text}</span></label>').format(
            right=Markup(" data-right") if option["is_correct"] else "",
            kind=kind,
            id=question["id"],
            text=_safe(option["html"]),
        )
        for option in question["options"]
    )


def _options(question: Mapping[str, Any], words: Mapping[str, str]) -> Markup:
    lines = Markup("").join(
        Markup("<li><b>{sign} {word}:</b> {text}{feedback}</li>").format(
            sign="✓" if option["is_correct"] else "✗",
            word=words["right"] if option["is_correct"] else words["wrong"],
            text=_safe(option["html"]),
            feedback=Markup('<br><span class="soft">{}</span>').format(_safe(option["feedback_html"]))
            if option["feedback_html"]
            else "",
        )
        for option in question["options"]
    )
    return Markup('<ul class="check__answers">{}</ul>').format(lines)


def _accepted(question: Mapping[str, Any], words: Mapping[str, str]) -> Markup:
    texts = [text for text, share in question["accepted"] if share == 1]
    return Markup("<p><b>{}:</b> {}</p>").format(words["accepted"], " / ".join(texts))


def _safe(html: str | None) -> Markup:
    """HTML that ``lms.lib.prose`` made: clean already, so it goes in as it is."""
    return Markup(html or "")  # noqa: S704


def _paragraph(html: Markup) -> Markup:
    return html if not html or html.startswith("<p") else Markup("<p>{}</p>").format(html)
