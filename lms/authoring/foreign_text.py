"""Texts that were written for another system, converted to our Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from textwrap import indent
from typing import Any

import yaml
from markdown_it import MarkdownIt

from lms.content.markdown.from_html import HtmlPicture, from_html
from lms.content.markdown.inline_writing import picture

Decide = Callable[[str, str], None]
"""Called with the name of a decision and what it was about."""

BOXES = {
    **dict.fromkeys(["tip", "success", "hint"], "tip"),
    **dict.fromkeys(["warning", "caution", "danger", "prereq"], "warning"),
    **dict.fromkeys(["example", "challenge", "exercise", "solution"], "example"),
}
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_HEADING = re.compile(r"\A\s*(?:#[ \t]+(.+?)[ \t]*#*[ \t]*\n|([^\n>#*+\-|`][^\n]*)\n=+[ \t]*\n)")
_OPENS = re.compile(r"^(:{3,})\s*\{?\.?([A-Za-z][\w-]*)\}?\s*(?:\[([^\]]*)\]|(.*?))\s*:*\s*$")
_ENDS = re.compile(r"^:{3,}\s*$")
_KRAMDOWN = re.compile(r"^(?:> ?)*\{:.*\}\s*$")
_LIQUID = re.compile(r"\{%.*?%\}", re.DOTALL)
_MDBOOK = re.compile(r"\{\{\s*#[a-z_]+[^}]*\}\}")
_MDX = re.compile(r"^(?:import\s.+\sfrom\s+['\"].*['\"];?|export\s+(?:const|default)\s.*)$")
_FENCE = re.compile(r"^\s{0,3}(`{3,}|~{3,})")
_FRAME = re.compile(
    r"<(?:iframe|video|embed|audio)\b[^>]*\bsrc\s*=\s*[\"']([^\"']+)[\"'][^>]*>(?:.*?</(?:iframe|video|audio)>)?",
    re.IGNORECASE | re.DOTALL,
)
_IMAGE = re.compile(r"<img\b[^>]*>", re.I)
_MADE_OF_HTML = re.compile(r"<(?:img|table|p|h[1-6]|div|center|figure|ul|ol|a|span|font|section|iframe|video)\b", re.I)


@dataclass
class ForeignText:
    title: str
    body: str
    values: dict[str, Any] = field(default_factory=dict)


def read_foreign(data: bytes, decide: Decide) -> ForeignText:
    text = _decoded(data, decide)
    values: dict[str, Any] = {}
    if found := _FRONT_MATTER.match(text):
        values, text = _values(found[1], decide), text[found.end() :]
    title = _line(values.get("title"))
    heading = _HEADING.match(text)
    if heading:
        words = re.sub(r"\s*\{[#:.][^}]*\}$", "", heading[1] or heading[2]).strip()
        if not title or _folded(words) == _folded(title):
            decide("heading", words)
            title, text = title or words, text[heading.end() :]
    return ForeignText(title, text.strip("\n"), values)


def converted(text: str, decide: Decide) -> str:
    """Convert boxes, raw HTML and leftovers of templates. Code stays as it is."""
    lines: list[str] = []
    fence = ""
    for line in text.split("\n"):
        found = _FENCE.match(line)
        if fence:
            if found and found[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
            lines.append(line)
            continue
        if found:
            fence = found[1]
        elif _MDX.match(line):
            decide("template", line)
            continue
        elif _KRAMDOWN.match(line):
            decide("template", line.strip("> "))
            continue
        lines.append(line)
    text = _boxed(lines, decide)
    return _without_html(text, decide).strip("\n")


def _decoded(data: bytes, decide: Decide) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        decide("encoding", "")
        text = data.decode("cp1252", "replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return re.sub("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff]", "", text)


def _values(source: str, decide: Decide) -> dict[str, Any]:
    try:
        found = yaml.load(source, yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        decide("front matter", "")
        return {}
    for key in found:
        if key != "title":
            decide("key", str(key)[:40])
    return {str(key): value for key, value in found.items()}


def _line(value: Any) -> str:
    return " ".join(str(value).split())[:150] if isinstance(value, str | int | float) else ""


def _folded(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()


def _boxed(lines: list[str], decide: Decide) -> str:
    """``:::tip Title`` of Docusaurus and ``:::: challenge`` of the Carpentries as boxes."""
    stack: list[tuple[str, list[str]]] = [("", [])]
    fence = ""
    for line in lines:
        found = _FENCE.match(line)
        if found and not fence:
            fence = found[1]
        elif found and found[1].startswith(fence):
            fence = ""
        if fence or found:
            stack[-1][1].append(line)
        elif opened := _OPENS.match(line):
            words = (opened[3] or opened[4] or "").strip()
            words = words or ("" if opened[2].lower() in BOXES or opened[2] in ("note", "info") else opened[2])
            kind = BOXES.get(opened[2].lower(), "note")
            title = f' "{words}"' if words else ""
            decide("box", opened[2])
            stack.append((f"!!! {kind}{title}", []))
        elif _ENDS.match(line) and len(stack) > 1:
            _close(stack)
        else:
            stack[-1][1].append(line)
    while len(stack) > 1:
        _close(stack)
    return "\n".join(stack[0][1])


def _close(stack: list[tuple[str, list[str]]]) -> None:
    head, inner = stack.pop()
    body = "\n".join(inner).strip("\n")
    around = stack[-1][1]
    if around and around[-1].strip():
        around.append("")
    around.extend([head, *indent(body or "…", "    ").split("\n"), ""])


def _without_html(text: str, decide: Decide) -> str:
    if "<" not in text and "{" not in text:
        return text
    lines = text.split("\n")
    for token in reversed(MarkdownIt("commonmark").enable("table").parse(text)):
        if token.map is None or token.type not in ("html_block", "inline"):
            continue
        first, end = token.map
        old = "\n".join(lines[first:end])
        new = _block(old, decide) if token.type == "html_block" and token.level == 0 else _within(old, decide)
        if new != old:
            lines[first:end] = new.split("\n")
    return "\n".join(lines)


def _block(source: str, decide: Decide) -> str:
    source = _frames(source, decide)
    if "<details" in source.lower() or not _MADE_OF_HTML.search(source):
        return _within(source, decide) if not source.lstrip().startswith("<!--") else source
    decide("html", source.strip().split("\n")[0])
    return from_html(source, lambda found: found.source) or ""


def _within(source: str, decide: Decide) -> str:
    for pattern in (_LIQUID, _MDBOOK):
        for found in pattern.findall(source):
            decide("template", found)
        source = pattern.sub("", source)
    source = _frames(source, decide)

    def shown(found: re.Match[str]) -> str:
        decide("html", found[0])
        seen: list[HtmlPicture] = []
        from_html(found[0], lambda one: seen.append(one))
        return picture(seen[0].alt, seen[0].source) if seen else ""

    return _IMAGE.sub(shown, source)


def _frames(source: str, decide: Decide) -> str:
    def link(found: re.Match[str]) -> str:
        decide("frame", found[1])
        return f"<{found[1]}>" if found[1].startswith("http") else f"[{found[1]}]({found[1]})"

    return _FRAME.sub(link, source)
