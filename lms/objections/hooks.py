"""What the packages that store work tell of the subjects of objections; ``create_app`` registers it."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from lms.core.hooks import KeyedHook
from lms.objections.subjects import DescribeSubject, HiddenNames, ObjectionSubject, QuestionFigures

subject_descriptions: KeyedHook[DescribeSubject] = KeyedHook("subject_descriptions")
"""By the kind of work: ``attempt`` in the source ``attempt:12``."""
hidden_name_lookups: KeyedHook[HiddenNames] = KeyedHook("hidden_name_lookups")
"""By the kind of work; kinds that are always graded with names are left out."""
question_figures: KeyedHook[QuestionFigures] = KeyedHook("question_figures")
"""By the package."""


def subject_of(source: str, question: str) -> ObjectionSubject | None:
    kind, _, number = source.partition(":")
    return subject_descriptions[kind](int(number), question)


def hidden_names(sources: Iterable[str]) -> dict[str, str]:
    """What stands for the name, by source; those whose names are told are left out."""
    numbers: dict[str, set[int]] = {}
    for source in sources:
        kind, _, number = source.partition(":")
        numbers.setdefault(kind, set()).add(int(number))
    return {
        f"{kind}:{number}": name
        for kind, found in numbers.items()
        if (lookup := hidden_name_lookups.get(kind)) is not None
        for number, name in lookup(found).items()
    }


def figures_of(slug: str, item_id: int, question: str) -> Markup:
    return Markup("").join(figures(slug, item_id, question) for figures in question_figures)
