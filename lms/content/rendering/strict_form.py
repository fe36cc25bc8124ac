"""Reading Markdown as a Git host does, plus boxes and formulas; for learners only a small part of it."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdformat.renderer import MDRenderer
from mdit_py_plugins.admon import admon_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote.index import footnote_def
from mdit_py_plugins.gfm import gfm_plugin
from mdit_py_plugins.gfm_autolink import gfm_autolink_plugin

from lms.content.rendering.emoji import with_emoji
from lms.content.rendering.sanitizing import MAX_BLOCKS, MAX_DEPTH, MAX_SIBLINGS, TextTooComplex
from lms.content.rendering.state import RenderState
from lms.content.rendering.strict_blocks import Strict

_LONG_PENDING, _LONGEST_NAME = 1_000, 100
_NAME = re.compile(r"\s*\{#([A-Za-z][\w-]{0,79})\}\s*$")
_MATH = re.compile(r"\$\$((?:[^\\$]|\\.)+)\$\$|\$(?!\s)((?:[^\\$]|\\.)+)(?<!\s)\$(?!\w|\$)", re.DOTALL)


def strict_form(source: str, state: RenderState, *, of_learner: bool = False) -> str:
    """Rewrite Markdown so that it can be read in only one way.

    :raises TextTooComplex: lists, quotes or emphasis are nested too deeply.
    """
    reader = _for_learners() if of_learner else _for_authors()
    env = {"state": state}
    tokens = reader.parse(source, env)
    _refuse_excess(tokens)
    state.shift = int(any(token.type == "heading_open" and token.tag == "h1" for token in tokens))
    written = reader.renderer.render(tokens, reader.options, env)
    assert isinstance(written, str)
    return written


@cache
def _for_authors() -> MarkdownIt:
    reader = _strict_writer()
    reader.use(gfm_plugin)
    reader.use(dollarmath_plugin, allow_labels=False, allow_blank_lines=False)
    reader.use(admon_plugin)
    reader.use(deflist_plugin)
    reader.inline.ruler.at("math_inline", _inline_math)
    reader.inline.ruler.before("gfm_autolink_protocol", "short_pending", _short_pending)
    reader.block.ruler.at("footnote_def", _footnote, {"alt": ["paragraph", "reference"]})
    reader.core.ruler.push("names_and_emoji", _names_and_emoji)
    return _warmed(reader)


@cache
def _for_learners() -> MarkdownIt:
    """Paragraphs, emphasis, lists and links; a line that starts with `#` or four spaces is plain text."""
    reader = _strict_writer()
    reader.use(gfm_autolink_plugin)
    reader.inline.ruler.before("gfm_autolink_protocol", "short_pending", _short_pending)
    reader.disable(["code", "fence", "heading", "hr", "html_block", "lheading", "reference", "blockquote"])
    reader.disable(["backticks", "html_inline", "image"])
    return _warmed(reader)


def _names_and_emoji(state: StateCore) -> None:
    """Take a heading's name, ``{#name}`` at its end, out of its text, and put emoji in the place of their codes."""
    for before, token in pairwise(state.tokens):
        if token.type != "inline" or not token.children:
            continue
        last = token.children[-1]
        if before.type == "heading_open" and last.type == "text" and (found := _NAME.search(last.content)):
            last.content = last.content[: found.start()]
            before.meta["name"] = found[1]
        for child in token.children:
            if child.type == "text" and ":" in child.content:
                child.content = with_emoji(child.content)


def _strict_writer() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"maxNesting": MAX_DEPTH + 1}, renderer_cls=MDRenderer)  # type: ignore[arg-type]
    reader.options["mdformat"] = {}
    reader.options["parser_extension"] = [Strict]
    return reader


def _warmed(reader: MarkdownIt) -> MarkdownIt:
    """Compile the rules now, so that no thread sees them half compiled by another."""
    reader.parse("a")
    return reader


def _refuse_excess(tokens: list[Token]) -> None:
    """Refuse texts with too many elements. An element has two tokens, one for its start and one for its end."""
    if len(tokens) > MAX_BLOCKS * 2:
        raise TextTooComplex("there are too many paragraphs, items or cells")
    siblings = [0] * (MAX_DEPTH + 1)
    for token in tokens:
        if max([token.level, *(child.level for child in token.children or ())]) >= MAX_DEPTH:
            raise TextTooComplex("lists, quotes or emphasis are nested too deeply")
        siblings[token.level] += 1
        siblings[token.level + 1] = 0
        if siblings[token.level] > MAX_SIBLINGS * 2 or len(token.children or ()) > MAX_SIBLINGS:
            raise TextTooComplex("there are too many paragraphs, items, cells or links")


def _inline_math(state: StateInline, silent: bool) -> bool:
    """Dollar signs touch the formula inside and no word outside, so `US$5 dan $6` is not a formula."""
    if state.src[state.pos] != "$" or state.src[max(0, state.pos - 1) : state.pos].isalnum():
        return False
    found = _MATH.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        token = state.push("math_inline", "math", 0)
        token.content = found[1] or found[2]
        token.markup = "$$" if found[1] else "$"
    state.pos = found.end()
    return True


def _footnote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A footnote inside a footnote stays text, because the plugin would break the tree."""
    if silent:
        return footnote_def(state, start, end, silent)
    if state.env.get("in_footnote"):
        return False
    state.env["in_footnote"] = True
    try:
        return footnote_def(state, start, end, silent)
    finally:
        state.env["in_footnote"] = False


def _short_pending(state: StateInline, silent: bool) -> bool:
    """Match nothing, but flush long pending text: the next rule searches all of it at every colon."""
    if not silent and len(state.pending) > _LONG_PENDING:
        kept = state.pending[-_LONGEST_NAME:]
        state.pending = state.pending[:-_LONGEST_NAME]
        state.pushPending()
        state.pending = kept
    return False
