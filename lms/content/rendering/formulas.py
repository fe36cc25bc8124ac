"""LaTeX formulas as MathML, which browsers display without a script.

The strings that `latex2mathml` writes let `\\text{<script>}` through. So we take its element tree and write it
here: listed elements and attributes, everything else as text. Invalid formulas are shown as their source.
"""

from __future__ import annotations

import html
import re
from xml.etree.ElementTree import Element

from latex2mathml.converter import Converter

from lms.content.rendering.sanitizing import TextTooComplex, names

MAX_FORMULA = 2_000

_CHILDREN: dict[str, int | None] = {
    **dict.fromkeys(names("menclose merror mi mn mo mpadded mphantom mrow ms mspace msqrt mstyle")),
    **dict.fromkeys(names("mtable mtd mtext mtr")),
    **dict.fromkeys(names("mfrac mroot msub msup munder mover"), 2),
    **dict.fromkeys(names("msubsup munderover"), 3),
}
"""The number of children that an element must have; None for any number."""
_ATTRIBUTES = names(
    "accent accentunder columnalign columnlines columnspacing depth displaystyle fence form height largeop"
    " linethickness lspace mathvariant maxsize minsize movablelimits notation rowlines rowspacing rspace"
    " scriptlevel separator stretchy voffset width"
)
_VALUE = re.compile(r"[\w.%+ -]{0,60}")
_MACRO = re.compile(r"\\(?:re|provide)?(?:new)?(?:def|command)(?![a-z])|\\(?:let|[egx]def)(?![a-z])")


class _NotAFormula(Exception):
    pass


def formula(latex: str, *, block: bool = False) -> str:
    """Write MathML, or the source as code if it is too long, defines macros or is invalid.

    Macros are refused because a few of them that double each other use up all memory.

    :raises TextTooComplex: the formula is nested too deeply.
    """
    latex = latex.strip()
    try:
        if len(latex) > MAX_FORMULA or _MACRO.search(latex):
            raise _NotAFormula
        inner = "".join(map(_written, _tree(latex)))
    except _NotAFormula:
        return f"<code>{html.escape(latex, quote=False)}</code>"
    return f'<math display="block">{inner}</math>' if block else f"<math>{inner}</math>"


def _tree(latex: str) -> Element:
    """The row that contains the whole formula."""
    try:
        return Converter().convert_to_element(latex)[0]
    except RecursionError:
        raise TextTooComplex("a formula is nested too deeply") from None
    except Exception as mistake:  # the library has a dozen unrelated exceptions, and plain IndexError too
        raise _NotAFormula from mistake


def _written(element: Element) -> str:
    name = element.tag
    children = list(element)
    text = html.unescape(element.text or "")
    wanted = _CHILDREN.get(name, -1)
    if wanted not in (None, len(children)) or text.startswith("\\"):
        raise _NotAFormula  # not on the list, a part is missing, or a command nobody knows
    inner = html.escape(text, quote=False) + "".join(map(_written, children))
    kept = {key: value for key, value in element.items() if key in _ATTRIBUTES and _VALUE.fullmatch(value)}
    attributes = "".join(f' {key}="{value}"' for key, value in kept.items())
    if name == "mrow" and len(children) == 1 and not attributes:
        return inner
    return f"<{name}{attributes}>{inner}</{name}>"
