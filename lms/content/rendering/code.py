"""Syntax highlighting with a few one-letter classes, styled in `40-prose.css`."""

from __future__ import annotations

import html
from itertools import groupby

from pygments import lex
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Keyword, Name, Number, String, _TokenType, is_token_subtype
from pygments.util import ClassNotFound

from lms.content.rendering.sanitizing import names

MAX_COLOURED = 10_000

_LANGUAGES = names(
    "bash c cpp cs csharp css diff go html ini java javascript js json kotlin php powershell ps1 py python r"
    " rb ruby rust sh shell sql toml ts typescript xml yaml yml"
)
_CLASSES: tuple[tuple[_TokenType, str], ...] = (
    (Comment, "c"),
    (Keyword, "k"),
    (Name.Tag, "k"),
    (String, "s"),
    (Number, "n"),
)


def code_block(source: str, language: str = "") -> str:
    """Write a block that scrolls by keyboard. Long code, and code in unlisted languages, is not highlighted."""
    source = source.strip("\n")
    inner = _coloured(source, language.lower()) if len(source) <= MAX_COLOURED else None
    if inner is None:
        inner = html.escape(source, quote=False)
    return f'<pre tabindex="0"><code>{inner}</code></pre>'


def _coloured(source: str, language: str) -> str | None:
    if language not in _LANGUAGES:
        return None
    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None
    marked = ((_class_of(kind), text) for kind, text in lex(source, lexer))
    spans = []
    for name, run in groupby(marked, key=lambda pair: pair[0]):
        text = html.escape("".join(text for _, text in run), quote=False)
        spans.append(f'<span class="{name}">{text}</span>' if name and text.strip() else text)
    return "".join(spans)


def _class_of(kind: _TokenType) -> str:
    return next((name for family, name in _CLASSES if is_token_subtype(kind, family)), "")
