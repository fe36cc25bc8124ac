"""Templates of question kinds: ``questions/<kind>.html`` is the file next to the kind's module."""

from __future__ import annotations

import inspect
from pathlib import Path

from jinja2 import FunctionLoader

from lms.content.questions.base import Question, kinds

PREFIX, ENDING = "questions/", ".html"


def template_of(kind: type[Question]) -> Path:
    return Path(inspect.getfile(kind)).with_name(f"{kind.kind}{ENDING}")


def _source(name: str) -> tuple[str, str, None] | None:
    kind = kinds.get(name.removeprefix(PREFIX).removesuffix(ENDING))
    if not kind or name != f"{PREFIX}{kind.kind}{ENDING}":
        return None
    path = template_of(kind)
    return path.read_text(encoding="utf-8"), str(path), None


load_template = FunctionLoader(_source)
