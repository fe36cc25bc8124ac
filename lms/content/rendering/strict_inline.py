"""Inline Markdown as HTML: emphasis, links, pictures, code, formulas and a few tags."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import replace

from mdformat.renderer import RenderContext, RenderTreeNode
from mdformat.renderer.typing import Render

from lms.content.rendering.escaping import escape, one_line, tag
from lms.content.rendering.formulas import formula
from lms.content.rendering.players import elsewhere, host_of, picture, player, size
from lms.content.rendering.sanitizing import TextTooComplex, names
from lms.content.rendering.state import LinkTarget, RenderState
from lms.content.text import Loss
from lms.content.typography import bound

_MARKUP = re.compile(r"<!--(?:.*?-->|.*)|<[?!][^>]*>?|<(/?)([a-zA-Z][a-zA-Z0-9-]*)([^<>]*)>", re.DOTALL)
_ATTRIBUTE = re.compile(r"""\s([a-z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+))""", re.IGNORECASE)
_PIXELS = re.compile(r"([1-9][0-9]{0,3})(?:px)?")
_SPAN = re.compile(r"[1-9][0-9]?")
_MAY_PASS = names("a abbr b br code del em i img ins kbd mark strong sub sup u")
_TABLES = names("table caption thead tbody tr th td")
_BLOCKS = _TABLES | names("blockquote dd dl dt figcaption figure hr li ol ul")
_MAY_PASS_AS_BLOCK = _MAY_PASS | _BLOCKS | {"details", "summary"}
_STANDS_ALONE = re.compile(rf"</?(?:{'|'.join(sorted(_BLOCKS))}|details|div|summary)\b")
_NOT_PAIRED = names("br details hr img")
_PAIRED = "|".join(sorted(_MAY_PASS_AS_BLOCK - _NOT_PAIRED, key=len, reverse=True))
_PAIR = re.compile(rf"<(/?)({_PAIRED})\b[^>]*>")
_NO_LOSS = names(
    "article center col colgroup details div figcaption figure font header p picture section small span"
) | (names("source summary tfoot"))
_MOST_TAGS = 5_000


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


def author_block(markup: str, state: RenderState) -> str:
    written = _balanced(_author_html(markup, state, _MAY_PASS_AS_BLOCK), state).strip()
    scroll = tag("div", class_="scroll", tabindex="0", role="region", aria_label=state.labels.table)
    return written.replace("<table>", f"{scroll}<table>").replace("</table>", "</table></div>")


def stands_alone(markup: str) -> bool:
    """True for what cannot be within a paragraph."""
    return _STANDS_ALONE.match(markup) is not None


def _author_html(markup: str, state: RenderState, may_pass: frozenset[str] = _MAY_PASS) -> str:
    """Keep harmless tags with few of their attributes, drop comments and wrappers, show the rest as text.

    `<nomor surat>` is not a tag: its author wants readers to see it.

    :raises TextTooComplex: there are thousands of tags.
    """
    written, end = [], 0
    for number, found in enumerate(_MARKUP.finditer(markup)):
        if number > _MOST_TAGS:
            raise TextTooComplex("there are too many HTML tags in one place")
        written.append(_text(html.unescape(markup[end : found.start()])))
        end = found.end()
        closing, name, rest = found[1], (found[2] or "").lower(), found[3] or ""
        if name in may_pass:
            written.append(f"</{name}>" if closing else _author_tag(name, rest, state))
        elif name and name not in _NO_LOSS:
            written.append(_text(found[0]))
    written.append(_text(html.unescape(markup[end:])))
    return "".join(written)


def _author_tag(name: str, rest: str, state: RenderState) -> str:
    attributes = {one[1].lower(): html.unescape(one[2] or one[3] or one[4] or "") for one in _ATTRIBUTE.finditer(rest)}
    if name == "img":
        return image(attributes.get("src", ""), attributes.get("alt", ""), attributes.get("title"), state, attributes)
    if name == "a":
        target = state.target(attributes["href"]) if "href" in attributes else None
        if target is None and "href" in attributes:
            state.lost.append(Loss("link", attributes["href"]))
        return _anchor(target, attributes.get("title")) if target else ""
    if name in ("td", "th"):
        spans = {key: attributes[key] for key in ("colspan", "rowspan") if _SPAN.fullmatch(attributes.get(key, ""))}
        return tag(name, **spans)
    return tag(name, title=attributes.get("title") if name == "abbr" else None)


def _balanced(markup: str, state: RenderState) -> str:
    """Drop tags that are not opened and closed in the same place: they would affect the rest of the page."""
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
    state.lost += [Loss("tag", name) for name in sorted({found[2] for found in lonely} & _TABLES)]
    for found in sorted(lonely, key=lambda found: found.start(), reverse=True):
        markup = markup[: found.start()] + markup[found.end() :]
    return markup


def _text(text: str) -> str:
    return html.escape(one_line(text), quote=False)


def _inline(node: RenderTreeNode, context: RenderContext) -> str:
    return escape(_balanced(children(node, context), state_of(context)))


def _text_node(node: RenderTreeNode, context: RenderContext) -> str:
    if state_of(context).is_of_learner:
        return _text(node.content)
    before = node.previous_sibling if node.parent else None
    return _text(bound(node.content, plain(before) if before and before.type in ("strong", "em") else ""))


def _element(name: str) -> Render:
    return lambda node, context: tag(name, children(node, context))


def _code(node: RenderTreeNode, context: RenderContext) -> str:
    return tag("code", _text(node.content))


def _softbreak(node: RenderTreeNode, context: RenderContext) -> str:
    return "<br>" if state_of(context).is_of_learner else " "


def _hardbreak(node: RenderTreeNode, context: RenderContext) -> str:
    return "<br>"


def _link(node: RenderTreeNode, context: RenderContext) -> str:
    inner = children(node, context)
    address = attribute(node, "href")
    target = state_of(context).target(address)
    if target is None:
        state_of(context).lost.append(Loss("link", address))
    if target is None or not inner:
        return inner
    return _anchor(target, attribute(node, "title") or None) + _with_document(inner, target, state_of(context)) + "</a>"


def _with_document(inner: str, target: LinkTarget, state: RenderState) -> str:
    """The type and size of a document, after its name; an author who wrote ``(DOCX)`` reads it once."""
    if not target.document:
        return inner
    cost = bound(size(target.bytes, state.labels.decimal_mark))
    return f"{inner.removesuffix(f' ({target.document})')} ({target.document}, {cost})"


def _anchor(target: LinkTarget, title: str | None) -> str:
    leads_away = target.plain_url.lower().startswith(("http:", "https:"))
    return tag("a", href=target.plain_url, title=title, rel="noopener nofollow" if leads_away else None)


def _image(node: RenderTreeNode, context: RenderContext) -> str:
    description = "".join(plain(child) for child in node.children)
    state, source, title = state_of(context), attribute(node, "src"), attribute(node, "title")
    host = host_of(source)
    if host and not _is_in_link(node) and state.target(source):
        return state.part(elsewhere(source, host, description, title, state.labels))
    return image(source, description, title or None, state, in_link=_is_in_link(node))


def image(
    address: str,
    description: str,
    title: str | None,
    state: RenderState,
    attributes: Mapping[str, str] | None = None,
    *,
    in_link: bool = False,
) -> str:
    """The picture or player, or its description. ``attributes``: the attributes of a tag that stands for it."""
    target = state.target(address, picture=True)
    if target is None or (target.element and in_link):
        state.lost.append(Loss("picture" if attributes is None else "img", address))
        return tag("span", _text(description), class_="missing")
    if target.element:
        return state.part(player(target, address, description, state.labels))
    width, height = _size(attributes or {}, target)
    if target.versions:
        return state.part(picture(replace(target, width=width, height=height), description, title or ""))
    return tag(
        "img",
        src=target.url,
        alt=description,
        title=title or None,
        width=width,
        height=height,
        loading="lazy",
        decoding="async",
    )


def _size(attributes: Mapping[str, str], target: LinkTarget) -> tuple[int | None, int | None]:
    """The size that the author gives, in the proportions of the picture; else its own size."""
    width, height = (
        int(found[1]) if (found := _PIXELS.fullmatch(attributes.get(key, ""))) else None for key in ("width", "height")
    )
    if width and not height and target.width and target.height:
        height = round(width * target.height / target.width) or None
    elif height and not width and target.width and target.height:
        width = round(height * target.width / target.height) or None
    return (width, height) if width or height else (target.width, target.height)


def _is_in_link(node: RenderTreeNode) -> bool:
    """A player has controls and links of its own, which must not stand in a link."""
    while node.parent is not None:
        node = node.parent
        if node.type == "link":
            return True
    return False


def _html(node: RenderTreeNode, context: RenderContext) -> str:
    return _author_html(node.content, state_of(context))


def _math(node: RenderTreeNode, context: RenderContext) -> str:
    return state_of(context).part(formula(node.content, block=node.markup == "$$"))


def _footnote_reference(node: RenderTreeNode, context: RenderContext) -> str:
    state = state_of(context)
    number = state.page.footnotes + node.meta["id"] + 1
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
