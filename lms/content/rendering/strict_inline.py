"""Inline Markdown as HTML: emphasis, links, pictures, code, formulas and a few tags."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

from mdformat.renderer import RenderContext, RenderTreeNode
from mdformat.renderer.typing import Render

from lms.content.rendering.escaping import escape, one_line, tag
from lms.content.rendering.formulas import formula
from lms.content.rendering.sanitizing import names
from lms.content.rendering.state import RenderState

_MARKUP = re.compile(r"<!--(?:.*?-->|.*)|<[?!][^>]*>?|<(/?)([a-zA-Z][a-zA-Z0-9-]*)([^<>]*)>", re.DOTALL)
_PAIR = re.compile(r"<(/?)(abbr|b|del|i|ins|kbd|mark|sub|summary|sup|u)\b[^>]*>")
_TITLE = re.compile(r"""\stitle\s*=\s*(?:"([^"]+)"|'([^']+)')""", re.IGNORECASE)
_MAY_PASS = names("abbr b br del i ins kbd mark sub sup u")
_MAY_PASS_AS_BLOCK = _MAY_PASS | {"details", "summary"}
_NO_LOSS = names("article center details div em figure font p section small span strong summary")


def state_of(context: RenderContext) -> RenderState:
    state = context.env["state"]
    assert isinstance(state, RenderState)
    return state


def attribute(node: RenderTreeNode, name: str) -> str:
    return str(node.attrs.get(name) or "")


def children(node: RenderTreeNode, context: RenderContext) -> str:
    return "".join(child.render(context) for child in node.children)


def plain(node: RenderTreeNode) -> str:
    """The text alone, for a picture's description or an anchor."""
    if node.type in ("text", "code_inline", "math_inline"):
        return one_line(node.content)
    if node.type in ("softbreak", "hardbreak"):
        return " "
    return "".join(plain(child) for child in node.children)


def author_block(markup: str) -> str:
    return balanced(author_html(markup, _MAY_PASS_AS_BLOCK)).strip()


def author_html(markup: str, may_pass: frozenset[str] = _MAY_PASS) -> str:
    """Keep a few harmless tags without their attributes, drop comments and wrappers, show the rest as text.

    `<nomor surat>` is not a tag: its author wants readers to see it.
    """
    written, end = [], 0
    for found in _MARKUP.finditer(markup):
        written.append(_text(html.unescape(markup[end : found.start()])))
        end = found.end()
        closing, name, rest = found[1], (found[2] or "").lower(), found[3] or ""
        if name in may_pass:
            title = _title(rest) if name == "abbr" else None
            written.append(f"</{name}>" if closing else tag(name, title=title))
        elif name and name not in _NO_LOSS:
            written.append(_text(found[0]))
    written.append(_text(html.unescape(markup[end:])))
    return "".join(written)


def _title(attributes: str) -> str | None:
    found = _TITLE.search(attributes)
    return html.unescape(found[1] or found[2]) if found else None


def balanced(markup: str) -> str:
    """Drop tags that are not opened and closed in the same line: they would affect the rest of the page."""
    opened: dict[str, list[re.Match[str]]] = {}
    lonely: list[re.Match[str]] = []
    for found in _PAIR.finditer(markup):
        waiting = opened.setdefault(found[2], [])
        if not found[1]:
            waiting.append(found)
        elif waiting:
            waiting.pop()
        else:
            lonely.append(found)
    lonely += [found for waiting in opened.values() for found in waiting]
    for found in sorted(lonely, key=lambda found: found.start(), reverse=True):
        markup = markup[: found.start()] + markup[found.end() :]
    return markup


def _text(text: str) -> str:
    return html.escape(one_line(text), quote=False)


def _inline(node: RenderTreeNode, context: RenderContext) -> str:
    return escape(balanced(children(node, context)))


def _text_node(node: RenderTreeNode, context: RenderContext) -> str:
    return _text(node.content)


def _element(name: str) -> Render:
    return lambda node, context: tag(name, children(node, context))


def _code(node: RenderTreeNode, context: RenderContext) -> str:
    return tag("code", _text(node.content))


def _softbreak(node: RenderTreeNode, context: RenderContext) -> str:
    return "<br>" if state_of(context).breaks else " "


def _hardbreak(node: RenderTreeNode, context: RenderContext) -> str:
    return "<br>"


def _link(node: RenderTreeNode, context: RenderContext) -> str:
    inner = children(node, context)
    address = attribute(node, "href")
    target = state_of(context).target(address)
    if target is None or not inner:
        return inner
    leads_away = address.lower().startswith(("http:", "https:"))
    rel = "noopener nofollow" if leads_away else None
    return tag("a", inner, href=target.url, title=attribute(node, "title") or None, rel=rel)


def _image(node: RenderTreeNode, context: RenderContext) -> str:
    description = "".join(plain(child) for child in node.children)
    target = state_of(context).target(attribute(node, "src"), picture=True)
    if target is None:
        return tag("span", _text(description), class_="missing")
    return tag(
        "img",
        src=target.url,
        alt=description,
        title=attribute(node, "title") or None,
        width=target.width,
        height=target.height,
        loading="lazy",
        decoding="async",
    )


def _html(node: RenderTreeNode, context: RenderContext) -> str:
    return author_html(node.content)


def _math(node: RenderTreeNode, context: RenderContext) -> str:
    return state_of(context).part(formula(node.content, block=node.markup == "$$"))


def _footnote_reference(node: RenderTreeNode, context: RenderContext) -> str:
    state = state_of(context)
    number = node.meta["id"] + 1
    link = tag(
        "a",
        str(number),
        href=f"#{state.prefix}fn:{number}",
        role="doc-noteref",
        aria_label=f"{state.labels.footnote} {number}",
    )
    return tag("sup", link, id=f"{state.prefix}fnref:{number}:{node.meta['subId'] + 1}")


INLINE: Mapping[str, Render] = {
    "inline": _inline,
    "text": _text_node,
    "em": _element("em"),
    "strong": _element("strong"),
    "s": _element("del"),
    "code_inline": _code,
    "softbreak": _softbreak,
    "hardbreak": _hardbreak,
    "link": _link,
    "image": _image,
    "html_inline": _html,
    "math_inline": _math,
    "footnote_ref": _footnote_reference,
}
