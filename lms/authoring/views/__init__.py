"""Pages for editing a course: its outline, one file, the look before publishing, its revisions."""

from __future__ import annotations

from lms.authoring.views import (
    bank,
    bringing_back,
    editor,
    incoming,
    learner_preview,
    media,
    new,
    outline,
    publishing,
    question_banks,
    questions,
    reviewing,
    revisions,
    rubrics,
    sandbox,
    settings,
    structuring,
    teachers,
)
from lms.authoring.views.blueprint import bp

__all__ = [
    "bank",
    "blueprints",
    "bringing_back",
    "editor",
    "incoming",
    "learner_preview",
    "media",
    "new",
    "outline",
    "publishing",
    "question_banks",
    "questions",
    "reviewing",
    "revisions",
    "rubrics",
    "sandbox",
    "settings",
    "structuring",
    "teachers",
]

blueprints = [bp]
